"""Understanding: cost and quality of our pipeline beside stock Rasa's and other ways."""

from collections.abc import Sequence
from pathlib import Path

from bench.nlu_ways import (
    COVERAGE,
    HELD_OUT,
    Line,
    Measured,
    Pipeline,
    lines,
    measure,
    ours,
    rivals,
    stock_diet,
)
from bench.tables import Cell, Goal, Table
from scripts.steps.places import ROOT
from scripts.steps.tell import alone

CACHE = ROOT / "var" / "bench"
EPOCHS = 20
"""Of DIET, for which Rasa's default is 100: on this data 100 take most of an hour of one core."""

PARSE_MS, TIMES_STOCK, SHARE_OF_MEMORY, TRAINING_SECONDS = 5.0, 4.0, 0.5, 60.0


def tables(epochs: int = EPOCHS) -> Sequence[Table]:
    """Ours as `config.yml` has it beside stock Rasa, both measured in this run."""
    asked = lines(HELD_OUT)
    with alone("bench"):
        found = [_measured(way, asked) for way in (ours(drawn=True), stock_diet(epochs))]
    return [_cost_table(*found)]


def compared(files: Sequence[Path], epochs: int = EPOCHS) -> Sequence[Table]:
    """Every way on the same lines, measured on each file (columns text, intent, also_right)."""
    asked = {path.name: lines(path) for path in files or [HELD_OUT]}
    together = [line for each in asked.values() for line in each]
    ways = [ours(drawn=True), ours(drawn=False), *rivals(epochs), stock_diet(epochs)]
    with alone("bench"):
        found = [_measured(way, together) for way in ways]
    return [_table(found, asked)]


def _measured(way: Pipeline, asked: Sequence[Line]) -> Measured:
    return measure(way, sorted((ROOT / "data" / "nlu").glob("*.yml")), asked, CACHE)


def _cost_table(mine: Measured, stock: Measured) -> Table:
    faster = mine.sample.rate / stock.sample.rate
    share = mine.memory / stock.memory
    columns = ["pipeline", "p50 ms", "p95 ms", "lines/s", "memory MB", "load s", "training s"]
    return Table(
        title="Understanding one line, beside stock Rasa",
        columns=columns,
        rows=[[_name(each), *_costs(each)] for each in (mine, stock)],
        notes=_NOTES,
        goals=[
            Goal(
                f"parse p50 ≤ {PARSE_MS:.0f} ms: {mine.sample.p50:.2f}", mine.sample.p50 <= PARSE_MS
            ),
            Goal(f"≥ {TIMES_STOCK:.0f} times stock's lines/s: {faster:.1f}", faster >= TIMES_STOCK),
            Goal(f"≤ half of stock's memory: {share:.2f}", share <= SHARE_OF_MEMORY),
            Goal(f"training < 60 s: {mine.training:.0f}", mine.training < TRAINING_SECONDS),
        ],
    )


def _table(found: Sequence[Measured], asked: dict[str, Sequence[Line]]) -> Table:
    surest = f"in the surest {COVERAGE:.0%}"
    columns = ["pipeline", *(f"{name} {what}" for name in asked for what in ("right", surest))]
    return Table(
        title="Ways to tell an intent",
        columns=[*columns, "p50 ms", "memory MB", "training s"],
        rows=[_quality(each, asked) for each in found],
        notes=_NOTES,
    )


def _quality(one: Measured, asked: dict[str, Sequence[Line]]) -> list[Cell]:
    cells: list[Cell] = [_name(one)]
    start = 0
    for each in asked.values():
        part = one.part(start, start + len(each))
        cells += [f"{part.right(each):.3f}", f"{part.right_of_surest(each):.3f}"]
        start += len(each)
    return [*cells, f"{one.sample.p50:.2f}", round(one.memory), round(one.training)]


def _name(one: Measured) -> str:
    return f"{one.pipeline.name}, {one.pipeline.note}" if one.pipeline.note else one.pipeline.name


def _costs(one: Measured) -> list[Cell]:
    return [
        f"{one.sample.p50:.2f}",
        f"{one.sample.p95:.2f}",
        round(one.sample.rate),
        round(one.memory),
        one.load,
        round(one.training),
    ]


_NOTES = (
    'all on the lines written by hand (data/nlu/*.yml), one thread; only "ours" also draws lines'
    " of the patterns, as in config.yml",
    "memory: most held by a process that loads the model and parses",
    "training: without the time that Rasa takes to be imported",
)
