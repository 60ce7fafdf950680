"""Patterns say what they are written to say, and the made examples are up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from rasa_ext.patterns import LEAST, MADE, as_yaml, drawn, lines_of, made, read


def test_the_made_examples_are_those_of_the_patterns() -> None:
    expected = {f"{name}.yml": as_yaml(intents) for name, intents in made().items()}

    assert {path.name: path.read_text("utf-8") for path in MADE.glob("*.yml")} == expected


def test_a_pattern_is_said_in_all_its_ways() -> None:
    assert set(lines_of("[我要|想]?退货", {})) == {"我要退货", "想退货", "退货"}
    assert set(lines_of("退了?货", {})) == {"退货", "退了货"}


def test_choices_stand_inside_choices() -> None:
    assert set(lines_of("[退[货|款]|换]吧", {})) == {"退货吧", "退款吧", "换吧"}


def test_no_more_lines_are_made_than_asked_for() -> None:
    lines = lines_of("[一|二|三|四][五|六|七|八]", {}, most=5)

    assert len(lines) == len(set(lines)) == 5


def test_words_are_those_of_the_file_before_those_of_all(tmp_path: Path) -> None:
    (tmp_path / "all.txt").write_text("= goods: 鞋|包\n= end: 吗\n", "utf-8")
    (tmp_path / "one.txt").write_text(
        "# said\n= goods: 锅\n@ return_request\n退$goods$end\n", "utf-8"
    )

    sheet = read(tmp_path / "one.txt", read(tmp_path / "all.txt", {}).words)

    assert sheet.patterns == [("return_request", "退$goods$end")]
    assert lines_of(sheet.patterns[0][1], sheet.words) == ["退锅吗"]


@pytest.mark.parametrize("pattern", ["[退|换", "退$货"])
def test_a_pattern_written_wrongly_is_told(pattern: str) -> None:
    with pytest.raises(ValueError, match="退"):
        lines_of(pattern, {})


def test_more_is_drawn_of_a_pattern_that_says_more_and_nothing_that_is_known(
    tmp_path: Path,
) -> None:
    (tmp_path / "words.txt").write_text("= n: 一|二|三|四|五|六|七|八\n", "utf-8")
    (tmp_path / "one.txt").write_text(
        "@ order_change\n改成$n号楼$n单元\n@ greet\n你好呀[朋友|]\n", "utf-8"
    )

    found = list(drawn(tmp_path, ["你 好呀"], each=2.0, most=10))

    assert [line for line, intent, _ in found if intent == "greet"] == ["你好呀朋友"]
    assert sum(intent == "order_change" for _, intent, _ in found) == 10
    assert {pattern for _, _, pattern in found} == {"改成$n号楼$n单元", "你好呀[朋友|]"}


def test_what_is_left_when_everything_is_left_out_is_no_example(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("", "utf-8")
    (tmp_path / "one.txt").write_text("@ exchange_request\n[换个大的]?，?行不行?\n", "utf-8")

    found = {line for line, _, _ in drawn(tmp_path, [], each=9.0, most=50)}

    assert found
    assert all(len(line) >= LEAST and not line.startswith("，") for line in found)
