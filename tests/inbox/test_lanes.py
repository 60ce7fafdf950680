"""Turns of one conversation run in order, those of different ones side by side."""

import random
import threading
import time
from collections.abc import Sequence

import pytest

from bot.dialogue.service import Question
from bot.inbox import lanes as lanes_module
from bot.inbox.models import TurnState
from bot.messages import Line
from tests.fixtures.desk import Desk, together, until


def test_a_hundred_lines_of_five_shoppers_at_once_are_each_answered_once_and_in_order(
    desk: Desk,
) -> None:
    def thoughtful(question: Question) -> Sequence[Line]:
        time.sleep(random.uniform(0, 0.004))
        return [Line(f"答：{question.text}"), Line(f"再答：{question.text}")]

    desk.rasa.script = thoughtful
    opened = [desk.open() for _ in range(5)]

    with desk.lanes() as lanes:

        def write(index: int) -> None:
            for number in range(20):
                desk.hear(opened[index], f"{index}-{number}", f"c{number}")
                lanes.wake(opened[index])

        together(write, 5)
        assert desk.settled(60)

    for index, conversation in enumerate(opened):
        lines = desk.lines(conversation)
        assert [line.seq for line in lines] == list(range(2, 62))
        asked = [q.text for q in desk.rasa.asked if q.conversation_id == conversation]
        assert asked == [f"{index}-{number}" for number in range(20)]
        answers = [f"{word}：{text}" for text in asked for word in ("答", "再答")]
        assert desk.said(conversation) == answers
    assert {turn.attempts for turn in desk.turns()} == {1}


def test_a_slow_answer_to_one_shopper_does_not_keep_another_waiting(small_desk: Desk) -> None:
    go = threading.Event()
    small_desk.rasa.script = lambda q: [Line("答")] if q.text == "快" or go.wait(5) else []
    slow, quick = small_desk.open(), small_desk.open()

    with small_desk.lanes(threads=2) as lanes:
        small_desk.hear(slow, "慢")
        lanes.wake(slow)
        small_desk.hear(quick, "快")
        lanes.wake(quick)
        assert until(lambda: small_desk.said(quick) == ["答"])
        assert small_desk.said(slow) == []
        go.set()

    assert small_desk.said(slow) == ["答"]


def test_a_line_that_arrives_while_its_lane_is_finishing_is_not_left_behind(
    small_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes_module, "SWEEP", 600.0)  # the wake-ups alone must do
    conversation = small_desk.open()

    with small_desk.lanes(threads=2) as lanes:
        for number in range(30):
            small_desk.hear(conversation, str(number))
            lanes.wake(conversation)
            time.sleep(random.uniform(0, 0.006))
        assert small_desk.settled()

    assert small_desk.said(conversation) == [f"答：{number}" for number in range(30)]


def test_the_sweep_finds_a_line_whose_wake_up_was_lost(
    small_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes_module, "SWEEP", 0.05)
    conversation = small_desk.open()
    with small_desk.lanes():
        small_desk.hear(conversation, "在吗")
        assert small_desk.settled()

    assert small_desk.said(conversation) == ["答：在吗"]


def test_lines_that_waited_through_a_restart_are_answered_when_the_lanes_start(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes_module, "SWEEP", 600.0)
    conversation = desk.open()
    for number in range(3):
        desk.hear(conversation, str(number))

    with desk.lanes():
        assert desk.settled()

    assert desk.said(conversation) == ["答：0", "答：1", "答：2"]


def test_pages_are_told_of_each_answer_after_it_can_be_read(small_desk: Desk) -> None:
    conversation = small_desk.open()
    seen: list[tuple[str, list[str]]] = []

    def announce(told: str) -> None:
        seen.append((told, small_desk.said(conversation)))

    with small_desk.lanes(announce=announce) as lanes:
        small_desk.hear(conversation, "在吗")
        lanes.wake(conversation)
        assert until(lambda: bool(seen))

    assert seen == [(conversation, ["答：在吗"])]


def test_a_stop_finishes_the_turn_under_way_and_begins_no_other(small_desk: Desk) -> None:
    begun, go = threading.Event(), threading.Event()

    def slow(question: Question) -> Sequence[Line]:
        begun.set()
        go.wait(5)
        return [Line("答")]

    small_desk.rasa.script = slow
    conversation = small_desk.open()
    with small_desk.lanes() as lanes:
        small_desk.hear(conversation, "一")
        small_desk.hear(conversation, "二")
        lanes.wake(conversation)
        begun.wait(5)
        threading.Timer(0.05, go.set).start()
        lanes.stop()

    assert [turn.state for turn in small_desk.turns()] == [TurnState.DONE, TurnState.PENDING]


def test_a_wake_up_after_the_stop_is_no_error(small_desk: Desk) -> None:
    conversation = small_desk.open()
    with small_desk.lanes() as lanes:
        pass
    small_desk.hear(conversation, "在吗")

    lanes.wake(conversation)

    assert small_desk.said(conversation) == []
