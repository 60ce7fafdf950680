"""Every wish for a person ends as one case with a promised time."""

from bot.conversations import repository as conversations
from bot.tickets.models import Ticket, TicketKind
from tests.fixtures.desk import Desk, together


def _call_back(desk: Desk, conversation_id: str, message_id: str) -> tuple[str, bool]:
    with desk.db.write() as session:
        conversation = conversations.lock(session, conversation_id)
        assert conversation is not None
        ticket, opened = desk.handoff.call_back(session, conversation, message_id, "要找人")
        return ticket.no, opened


def test_the_first_wish_opens_a_call_back_by_the_next_working_day(desk: Desk) -> None:
    conversation = desk.open()
    _call_back(desk, conversation, desk.hear(conversation, "转人工").message_id)

    (case,) = desk.cases()
    assert case.kind == TicketKind.CALL_BACK
    assert desk.tickets.promise(case) == "11月24日（周二）21:00"


def test_a_second_wish_names_the_case_that_is_open(desk: Desk) -> None:
    conversation = desk.open()
    first = _call_back(desk, conversation, desk.hear(conversation, "转人工").message_id)
    second = _call_back(desk, conversation, desk.hear(conversation, "人呢").message_id)

    assert first == (second[0], True)
    assert second[1] is False


def test_the_same_line_tried_again_still_counts_as_the_one_that_opened_it(desk: Desk) -> None:
    conversation = desk.open()
    line = desk.hear(conversation, "转人工").message_id

    assert _call_back(desk, conversation, line) == _call_back(desk, conversation, line)


def test_wishes_at_once_open_one_case(desk: Desk) -> None:
    conversation = desk.open()
    lines = [desk.hear(conversation, "转人工", f"c{n}").message_id for n in range(6)]

    results = together(lambda index: _call_back(desk, conversation, lines[index]), 6)

    assert len(desk.cases()) == 1
    assert sum(opened for _, opened in results) == 1


def test_after_a_call_back_was_taken_back_a_new_wish_opens_a_new_one(desk: Desk) -> None:
    conversation = desk.open()
    _call_back(desk, conversation, desk.hear(conversation, "转人工").message_id)
    with desk.db.write() as session:
        for ticket in session.query(Ticket):
            assert desk.tickets.withdraw(session, ticket, "不用了")

    _, opened = _call_back(desk, conversation, desk.hear(conversation, "转人工").message_id)

    assert opened
    assert len(desk.cases()) == 2


def test_another_shopper_has_a_case_of_their_own(desk: Desk) -> None:
    numbers = set()
    for _ in range(2):
        conversation = desk.open()
        line = desk.hear(conversation, "转人工").message_id
        numbers.add(_call_back(desk, conversation, line)[0])

    assert len(numbers) == 2
