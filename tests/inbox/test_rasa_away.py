"""While Rasa is away the shopper hears so once, loses nothing, and gets a person in the end."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.dialogue.service import Question
from bot.inbox import lanes as lanes_module
from bot.inbox.models import Turn, TurnState
from bot.messages import Line, Spoken
from bot.tickets.models import TicketKind
from tests.fixtures.desk import Desk, away, until

OUTAGE = Spoken.load().line("outage").text


@pytest.fixture(autouse=True)
def _no_long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes_module, "BACK_OFF", (0.01, 0.01, 0.01))


def _failing(times: int, error: Exception | None = None) -> object:
    left = [times]

    def script(question: Question) -> Sequence[Line]:
        if left[0] > 0:
            left[0] -= 1
            if error is not None:
                raise error
            away(question)
        return [Line(f"答：{question.text}")]

    return script


def _run(desk: Desk, *texts: str, failures: int, **more: object) -> str:
    desk.rasa.script = _failing(failures, **more)  # type: ignore[assignment,arg-type]
    conversation = desk.open()
    for text in texts:
        desk.hear(conversation, text)
    with desk.lanes() as lanes:
        lanes.wake(conversation)
        assert desk.settled()
    return conversation


def test_one_failure_is_tried_again_without_a_word(desk: Desk) -> None:
    conversation = _run(desk, "在吗", failures=1)

    assert desk.said(conversation) == ["答：在吗"]


def test_the_second_failure_is_told_once_and_the_answer_still_comes(desk: Desk) -> None:
    conversation = _run(desk, "在吗", failures=3)

    assert desk.said(conversation) == [OUTAGE, "答：在吗"]
    assert [turn.attempts for turn in desk.turns()] == [4]
    assert desk.cases() == []


def test_a_fault_of_our_own_loses_no_line_either(small_desk: Desk) -> None:
    conversation = _run(small_desk, "在吗", failures=2, error=ValueError("bad luck"))

    assert small_desk.said(conversation) == [OUTAGE, "答：在吗"]


def test_later_lines_wait_until_the_failing_one_is_answered(small_desk: Desk) -> None:
    conversation = _run(small_desk, "一", "二", failures=2)

    assert small_desk.said(conversation) == [OUTAGE, "答：一", "答：二"]
    assert [line.text for line in small_desk.lines(conversation)][:2] == ["一", "二"]


def test_when_patience_is_out_a_call_back_is_opened_once(desk: Desk) -> None:
    conversation = _run(desk, "裙子开线了", "人呢", failures=100)

    (case,) = desk.cases()
    assert case.kind == TicketKind.CALL_BACK
    assert "裙子开线了" in _why(desk)
    last = desk.lines(conversation)[-1]
    assert case.no in last.text
    assert "11月24日（周二）21:00" in last.text
    assert last.extras["ticket"]["no"] == case.no
    assert [turn.state for turn in desk.turns()] == [TurnState.FAILED, TurnState.FAILED]


@pytest.mark.parametrize(
    ("text", "payload"),
    [("转人工", ""), ("我要找你们经理", ""), ("给我回个电话", ""), ("找人工", "human")],
)
def test_a_wish_for_a_person_is_honoured_at_once_without_rasa(
    small_desk: Desk, text: str, payload: str
) -> None:
    small_desk.rasa.script = away
    conversation = small_desk.open()
    small_desk.hear(conversation, text, payload=payload)
    with small_desk.lanes() as lanes:
        lanes.wake(conversation)
        assert small_desk.settled()

    (case,) = small_desk.cases()
    (said,) = small_desk.said(conversation)
    assert case.no in said
    assert OUTAGE not in said
    assert len(small_desk.rasa.asked) == 1


def test_a_wish_for_a_person_does_not_wait_behind_a_line_that_keeps_failing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes_module, "BACK_OFF", (600.0,) * 10)
    desk.rasa.script = away
    conversation = desk.open()
    with desk.lanes() as lanes:
        desk.hear(conversation, "裙子开线了")
        lanes.wake(conversation)
        assert until(lambda: [turn.attempts for turn in desk.turns()] == [1])
        desk.hear(conversation, "算了，转人工")
        lanes.wake(conversation)
        assert desk.settled()

    (case,) = desk.cases()
    assert [case.no in said for said in desk.said(conversation)] == [True, True]


def test_a_second_wish_for_a_person_names_the_same_case(small_desk: Desk) -> None:
    conversation = _run(small_desk, "转人工", "转人工！", failures=100)

    (case,) = small_desk.cases()
    assert [case.no in said for said in small_desk.said(conversation)] == [True, True]


def test_a_shopper_is_told_of_the_outage_also_when_the_second_try_died_with_its_process(
    small_desk: Desk,
) -> None:
    small_desk.rasa.script = _failing(1)  # type: ignore[assignment]
    conversation = small_desk.open()
    small_desk.hear(conversation, "在吗")
    past = small_desk.clock.now() - timedelta(seconds=1)
    with small_desk.db.write() as session:
        held = {"state": TurnState.RUNNING, "owner": "dead", "lease_until": past}
        session.execute(update(Turn).values(attempts=2, **held))
    with small_desk.lanes():
        assert small_desk.settled()

    assert small_desk.said(conversation) == [OUTAGE, "答：在吗"]


def test_every_line_of_the_bot_lies_in_the_outbox(desk: Desk) -> None:
    conversation = _run(desk, "在吗", failures=2)

    ours = {line.id for line in desk.lines(conversation) if line.author == "bot"}
    assert desk.deliveries() == dict.fromkeys(ours, "offered")


def _why(desk: Desk) -> str:
    from sqlalchemy import select

    from bot.tickets.models import TicketEvent

    with desk.db.read() as session:
        return " ".join(session.scalars(select(TicketEvent.why)))
