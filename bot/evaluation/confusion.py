"""Which intents are taken for which, drawn as a matrix."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from bot.evaluation.scores import Heard

NOTHING = "-"
INCHES = 0.28  # of one row or column
DOTS = 110  # per inch


def draw(heard: Sequence[Heard], path: Path) -> None:
    """Write the matrix as a PNG: rows are the lines' own intents, columns what they were taken for.

    A line taken for another acceptable intent counts as understood. Raises BadInput when the file
    cannot be written.
    """
    pairs = Counter((one.said.intent, _taken(one)) for one in heard)
    names = sorted({name for pair in pairs for name in pair})
    shares = [_row(own, names, pairs) for own in names]
    figure = _figure(len(names))
    axes = figure.subplots()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    _label(axes, names)
    for row, own in enumerate(names):
        for column, taken in enumerate(names):
            if times := pairs[own, taken]:
                dark = shares[row][column] > 0.5
                colour = "white" if dark else "black"
                axes.text(column, row, str(times), ha="center", va="center", size=6, color=colour)
    try:
        figure.savefig(path, format="png", dpi=DOTS, bbox_inches="tight")
    except OSError as error:
        raise BadInput(f"写不了图片 {path}：{error.strerror}。") from error


def _taken(one: Heard) -> str:
    return one.said.intent if one.right else one.intent or NOTHING


def _row(own: str, names: Sequence[str], pairs: Counter[tuple[str, str]]) -> list[float]:
    """Shares of the lines of one intent."""
    total = sum(pairs[own, taken] for taken in names)
    return [pairs[own, taken] / total if total else 0.0 for taken in names]


def _figure(size: int) -> Any:
    """A figure without any window; the library is large and loaded only here."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    side = max(4.0, INCHES * size)
    figure = Figure(figsize=(side, side))
    FigureCanvasAgg(figure)
    return figure


def _label(axes: Any, names: Sequence[str]) -> None:
    axes.set_xticks(range(len(names)), names, rotation=90, size=6)
    axes.set_yticks(range(len(names)), names, size=6)
    axes.set_xlabel("taken for")
    axes.set_ylabel("intent")
