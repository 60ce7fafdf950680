"""A turn whose process died is run by another, once; what the dead one still says is not heard."""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import update

from bot.dialogue.service import Question, RasaUnavailable
from bot.inbox.models import Turn, TurnState
from bot.messages import Line
from tests.fixtures.desk import Desk, until


def _held_by_another(desk: Desk, lease_until: datetime, attempts: int = 1) -> str:
    conversation = desk.open()
    desk.hear(conversation, "在吗")
    _lease(desk, lease_until, owner="another", attempts=attempts)
    return conversation


def _lease(desk: Desk, lease_until: datetime, **values: object) -> None:
    with desk.db.write() as session:
        session.execute(
            update(Turn).values(state=TurnState.RUNNING, lease_until=lease_until, **values)
        )


def test_a_turn_whose_lease_ran_out_is_run_again_once(desk: Desk) -> None:
    conversation = _held_by_another(desk, desk.clock.now() - timedelta(seconds=1))

    with desk.lanes():
        assert desk.settled()

    assert desk.said(conversation) == ["答：在吗"]
    assert [turn.attempts for turn in desk.turns()] == [2]


def test_a_turn_that_another_process_still_holds_is_left_alone(desk: Desk) -> None:
    conversation = _held_by_another(desk, desk.clock.now() + timedelta(seconds=30))

    with desk.lanes() as lanes:
        lanes.wake(conversation)
        assert not desk.settled(0.3)

    assert desk.rasa.asked == []


def test_a_process_that_is_alone_takes_up_cut_off_turns_at_its_start(desk: Desk) -> None:
    conversation = _held_by_another(desk, desk.clock.now() + timedelta(seconds=30))

    with desk.lanes(alone=True):
        assert desk.settled()

    assert desk.said(conversation) == ["答：在吗"]


def test_two_processes_that_find_the_same_abandoned_turn_run_it_once(desk: Desk) -> None:
    conversation = _held_by_another(desk, desk.clock.now() - timedelta(seconds=1))

    with desk.lanes() as first, desk.lanes() as second:
        first.wake(conversation)
        second.wake(conversation)
        assert desk.settled()

    assert len(desk.rasa.asked) == 1
    assert desk.said(conversation) == ["答：在吗"]


def test_the_late_answer_of_a_fenced_off_owner_changes_nothing(desk: Desk) -> None:
    late = _Late(lambda: [Line("迟到的答复")])
    conversation = _overtaken(desk, late)

    assert desk.said(conversation) == ["答：在吗"]
    assert [turn.state for turn in desk.turns()] == [TurnState.DONE]


def test_the_late_failure_of_a_fenced_off_owner_changes_nothing(desk: Desk) -> None:
    def fail() -> Sequence[Line]:
        raise RasaUnavailable(reason="ReadTimeout")

    conversation = _overtaken(desk, _Late(fail), attempts=1)

    assert desk.said(conversation) == ["答：在吗"]
    assert [turn.state for turn in desk.turns()] == [TurnState.DONE]


def test_a_fenced_off_owner_that_gives_up_opens_no_case(desk: Desk) -> None:
    def fail() -> Sequence[Line]:
        raise RasaUnavailable(reason="ReadTimeout")

    conversation = _overtaken(desk, _Late(fail), text="转人工")

    assert desk.said(conversation) == ["答：转人工"]
    assert desk.cases() == []


class _Late:
    """A script whose first answer comes only when it is let go."""

    def __init__(self, late: object) -> None:
        self.begun, self.go, self.late = threading.Event(), threading.Event(), late

    def __call__(self, question: Question) -> Sequence[Line]:
        if self.begun.is_set():
            return [Line(f"答：{question.text}")]
        self.begun.set()
        self.go.wait(10)
        return self.late()  # type: ignore[operator,no-any-return]


def _overtaken(desk: Desk, late: _Late, text: str = "在吗", attempts: int = 0) -> str:
    """Let one process hang in a turn until another has done it; then let the first go on."""
    desk.rasa.script = late
    conversation = desk.open()
    desk.hear(conversation, text)
    with desk.lanes() as first:
        first.wake(conversation)
        assert late.begun.wait(5)
        _lease(desk, desk.clock.now() - timedelta(seconds=1), attempts=attempts + 1)
        with desk.lanes() as second:
            second.wake(conversation)
            assert until(lambda: desk.said(conversation) != [])
        late.go.set()
    return conversation
