"""A line is accepted once, whatever the network does."""

from contextlib import suppress

from bot.conversations import service as conversations
from bot.inbox import service as inbox
from bot.messages import Line
from tests.fixtures.desk import SHOP, Desk, together


def test_twenty_deliveries_of_one_line_at_once_give_one_row_and_one_answer(desk: Desk) -> None:
    conversation = desk.open()

    accepted = together(lambda _: desk.hear(conversation, "在吗", "one"), 20)

    assert len({(one.message_id, one.seq) for one in accepted}) == 1
    assert sum(one.new for one in accepted) == 1
    assert len(desk.turns()) == 1
    assert [line.text for line in desk.lines(conversation)] == ["在吗"]


def test_a_line_delivered_again_after_its_turn_is_not_answered_again(desk: Desk) -> None:
    conversation = desk.open()
    with desk.lanes() as lanes:
        for _ in range(3):
            assert desk.hear(conversation, "在吗", "one").seq == 2
            lanes.wake(conversation)
            assert desk.settled()

    assert desk.said(conversation) == ["答：在吗"]


def test_the_same_client_id_in_two_conversations_is_two_lines(desk: Desk) -> None:
    first, second = desk.open(), desk.open()

    assert desk.hear(first, "在吗", "one").new
    assert desk.hear(second, "在吗", "one").new
    assert len(desk.turns()) == 2


def test_lines_sent_at_once_through_the_token_check_are_numbered_without_a_gap(
    desk: Desk,
) -> None:
    with desk.db.write() as session:
        opened = conversations.open_conversation(
            session, SHOP, "web", Line("您好"), desk.clock.now()
        )

    def send(index: int) -> inbox.Accepted:
        # As the gateway does: the conversation is read for its token before it is locked.
        with desk.db.write() as session:
            conversation = conversations.authorise(
                session, opened.conversation_id, opened.visitor_token
            )
            return inbox.accept(
                session, "web", conversation.id, f"c{index}", "在吗", None, desk.clock.now()
            )

    accepted = together(send, 20)

    assert sorted(one.seq for one in accepted) == list(range(2, 22))


def test_a_line_whose_transaction_fails_leaves_neither_row_nor_number(desk: Desk) -> None:
    conversation = desk.open()
    with suppress(RuntimeError), desk.db.write() as session:
        inbox.accept(session, "web", conversation, "a", "在吗", None, desk.clock.now())
        raise RuntimeError

    assert desk.turns() == []
    assert desk.hear(conversation, "在吗", "a").seq == 2
