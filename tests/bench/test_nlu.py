"""The arithmetic of the table of ways, and the pipelines that are in it."""

from pathlib import Path

import pytest
import yaml

from bench import nlu_ways
from bench.figures import Sample
from bench.nlu_ways import Line, Measured, Pipeline

LINES = [Line("一", frozenset("a")), Line("二", frozenset("ab")), Line("三", frozenset("c"))]


def measured(*told: tuple[str | None, float]) -> Measured:
    return Measured(Pipeline("one", []), 1.0, 1.0, 1.0, Sample((0.001,), 0.001), told)


def test_the_share_right_counts_what_is_also_right() -> None:
    assert measured(("a", 0.9), ("b", 0.8), ("a", 0.1)).right(LINES) == pytest.approx(2 / 3)


def test_the_surest_lines_are_those_with_the_highest_confidence() -> None:
    found = measured(("x", 0.1), ("b", 0.8), ("c", 0.9))
    assert found.right(LINES) == pytest.approx(2 / 3)
    assert found.right_of_surest(LINES) == 1.0


def test_a_part_is_measured_on_its_own_lines() -> None:
    assert measured(("x", 0.9), ("b", 0.8), ("c", 0.9)).part(1, 3).right(LINES[1:]) == 1.0


def test_ours_is_the_pipeline_of_the_configuration() -> None:
    (own,) = (part for part in nlu_ways.ours(drawn=True).components if "wherever" in part)
    (same,) = (part for part in nlu_ways.ours(drawn=False).components if "wherever" in part)
    assert Path(own["patterns"]).is_dir()
    assert "patterns" not in same
    assert {key: value for key, value in own.items() if key != "patterns"} == same


@pytest.mark.parametrize("way", nlu_ways.rivals(3), ids=lambda way: way.name)
def test_every_rival_is_a_whole_configuration(way: Pipeline) -> None:
    told = yaml.safe_load(way.config())
    assert told["recipe"] == "default.v1"
    assert told["pipeline"][-1]["name"] == "FallbackClassifier"


def test_a_table_of_lines_is_read_with_what_is_also_right(tmp_path: Path) -> None:
    path = tmp_path / "lines.tsv"
    path.write_text('text\tintent\talso_right\n"你好\tgreet\t\n退\ta\tb|c\n', "utf-8")
    assert nlu_ways.lines(path) == [
        Line('"你好', frozenset({"greet"})),
        Line("退", frozenset("abc")),
    ]
