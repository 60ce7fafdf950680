"""The speed of a turn: beside stock Rasa, under load, and as a conversation grows."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.figures import Sample
from bench.http import BadAnswer
from bench.load import grow, talk_at_once, turns_of
from bench.stage import Stage, stage
from bench.tables import Cell, Goal, Table
from bench.talk import lines
from bench.ways import Way
from scripts.steps.tell import say

ONE, MANY = 1, 16
ROUNDS = 4  # the rivals take turns, so that a slow minute of the machine hits all of them
TURNS_PER_ROUND = {ONE: 48, MANY: 8}  # of each shopper
FIGURES = ("p50", "p95", "turns/s", "p95:stock")
FLAT = 1.5  # times that a turn may slow down from the shortest to the longest conversation


@dataclass(frozen=True)
class Stretch:
    """Turns timed from a given length on: so many conversations, so many turns in each."""

    length: int
    conversations: int
    turns: int


STRETCHES = (Stretch(10, 8, 5), Stretch(100, 2, 20), Stretch(1000, 1, 40))


def tables() -> Sequence[Table]:
    """Both tables, measured in one run.

    Raises:
        BadAnswer: somebody was not answered, or our turn needed a second attempt.
    """
    with stage() as ready:
        ways: Sequence[Way] = (ready.durable, ready.webhook, ready.stock)
        _warm_up(ways)
        loads = {shoppers: _loaded(ways, shoppers) for shoppers in (ONE, MANY)}
        lengths = {way.name: _lengthened(way) for way in (ready.durable, ready.stock)}
        if bad := ready.second_attempts():
            raise BadAnswer(f"{bad} of our turns did not end well at the first attempt")
        return _load_table(ready, loads), _length_table(ready, lengths)


def _warm_up(ways: Sequence[Way]) -> None:
    for way in ways:
        say(f"… 预热:{way.name}")
        talk_at_once(way, ONE, 24)
        talk_at_once(way, MANY, 2)


def _loaded(ways: Sequence[Way], shoppers: int) -> dict[str, Sample]:
    samples = {way.name: Sample() for way in ways}
    for turn in range(ROUNDS):
        say(f"… {shoppers} 位顾客同时说话,第 {turn + 1}/{ROUNDS} 轮")
        for way in ways:
            samples[way.name] += talk_at_once(way, shoppers, TURNS_PER_ROUND[shoppers])
    return samples


def _lengthened(way: Way) -> dict[int, Sample]:
    samples = {}
    for stretch in STRETCHES:
        say(f"… 已有 {stretch.length} 行的会话:{way.name}")
        samples[stretch.length] = sum(
            (_stretched(way, stretch, first) for first in range(stretch.conversations)), Sample()
        )
    return samples


def _stretched(way: Way, stretch: Stretch, first: int) -> Sample:
    # A line has one answer at least, so these are enough to get there.
    talk = way.begin(lines(stretch.length // 2 + stretch.turns, first))
    try:
        grow(talk, stretch.length)
        return turns_of(talk, stretch.turns)
    finally:
        talk.end()


def _load_table(ready: Stage, loads: dict[int, dict[str, Sample]]) -> Table:
    rival = {shoppers: samples[ready.stock.name] for shoppers, samples in loads.items()}
    rows: list[list[Cell]] = [
        [name, *(cell for n in (ONE, MANY) for cell in _cells(loads[n][name], rival[n]))]
        for name in loads[ONE]
    ]
    ours = {shoppers: samples[ready.durable.name] for shoppers, samples in loads.items()}
    turns = " and ".join(f"{len(ours[n].times)} at {n}" for n in (ONE, MANY))
    return Table(
        title=f"A turn, beside stock Rasa (ms; {turns} at a time)",
        columns=[
            "way to an answer",
            *(f"{name} @{n}" for n in (ONE, MANY) for name in FIGURES),
        ],
        rows=rows,
        notes=(
            "our durable turn: POST of a line until its answer came through the long-poll GET",
            "stock: rasa init's pipeline with JiebaTokenizer, trained on our data; its REST"
            " webhook, our action server behind it, the lines already in the database",
        ),
        goals=[
            Goal(
                f"our durable p95 is no slower than stock's bare p95 at {n}: "
                f"{ours[n].p95:.1f} against {rival[n].p95:.1f} ms",
                ours[n].p95 <= rival[n].p95,
            )
            for n in (ONE, MANY)
        ],
    )


def _cells(sample: Sample, rival: Sample) -> list[Cell]:
    return [sample.p50, sample.p95, sample.rate, f"{sample.p95 / rival.p95:.2f}"]


def _length_table(ready: Stage, lengths: dict[str, dict[int, Sample]]) -> Table:
    names = [f"{stretch.length} {name}" for stretch in STRETCHES for name in ("p50", "p95")]
    rows: list[list[Cell]] = [
        [name, *(cell for sample in by.values() for cell in (sample.p50, sample.p95)), _growth(by)]
        for name, by in lengths.items()
    ]
    ours = lengths[ready.durable.name]
    slower = ours[STRETCHES[-1].length].p50 / ours[STRETCHES[0].length].p50
    return Table(
        title="A turn as its conversation grows (ms, by lines already said; one at a time)",
        columns=["way to an answer", *names, "p50 1000:10"],
        rows=rows,
        notes=("stock: the same sender id throughout, as its tracker needs",),
        goals=[Goal(f"our turn stays flat (< {FLAT} times): {slower:.2f}", slower < FLAT)],
    )


def _growth(by: dict[int, Sample]) -> str:
    return f"{by[STRETCHES[-1].length].p50 / by[STRETCHES[0].length].p50:.2f}"
