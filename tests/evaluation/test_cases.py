"""Tables of cases and labelled lines, and what the words in them mean."""

from pathlib import Path
from typing import Any

import pytest

from bot.evaluation import cases, utterances
from bot.evaluation.expectation import Expectation, outcome_of
from bot.evaluation.tables import BadTable

HEAD = "id\tpolicy_set\tfacts\texpected\tfirst_sentence\n"


def table(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "table.tsv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def record(outcome: str, target: str | None = None, **more: Any) -> dict[str, Any]:
    status = "escalate" if outcome == "escalate" else "decided"
    return {
        "status": status,
        "outcome": outcome,
        "escalate_to": target,
        "remedies": [],
    } | more


SORRY = {"remedies": [{"type": "apology"}]}


@pytest.mark.parametrize(
    ("expected", "given", "met"),
    [
        ("refund", record("refund"), True),
        ("refund", record("exchange"), False),
        ("refund", record("refund", "manager"), True),
        ("escalate:manager", record("escalate", "manager"), True),
        ("escalate:manager", record("escalate", "duty_manager"), False),
        ("escalate:manager", record("refund", "manager"), False),
        ("refer:gore", record("refer", "gore"), True),
        ("refer:gore", record("refer", "brand"), False),
        ("route:sales", record("route", "sales"), True),
        ("apologise+escalate:manager", record("escalate", "manager", **SORRY), True),
        ("apologise+escalate:manager", record("escalate", "manager"), False),
        ("refund+escalate:manager", record("refund", "manager"), True),
        ("refund+escalate:manager", record("refund"), False),
        ("ask:receipt", record("refund"), False),
    ],
)
def test_a_record_meets_an_expectation_or_not(
    expected: str, given: dict[str, Any], met: bool
) -> None:
    assert Expectation.parse(expected).met_by(given) is met


@pytest.mark.parametrize("text", ["", "refund+", "escalate:", "a:b:c", "退款"])
def test_an_expectation_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Expectation.parse(text)


def test_an_outcome_is_put_in_the_words_of_the_tables() -> None:
    assert outcome_of(record("refund")) == "refund"
    assert outcome_of(record("escalate", "manager", **SORRY)) == "escalate:manager+apologise"
    assert outcome_of(record("exchange", "manager")) == "exchange+escalate:manager"


def test_a_case_is_read_with_its_facts_and_its_day(tmp_path: Path) -> None:
    line = "C-1\tcounter\tworn=no; today=2024-03-07\tescalate:manager\t我要退货\r\n"
    (one,) = cases.read(table(tmp_path, "\ufeff" + HEAD + line))
    assert one.facts == {"worn": "no", "today": "2024-03-07"}
    assert one.today is not None
    assert str(one.expected) == "escalate:manager"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("id\tfacts\n", "第 1 行：表头缺少 policy_set、expected、first_sentence 列"),
        (HEAD, "没有内容"),
        (HEAD + "C\tx\tworn\trefund\t退\n", "第 2 行：事实要写成"),
        (HEAD + "C\tx\ttoday=soon\trefund\t退\n", "第 2 行：today 不是有效的日期"),
        (HEAD + "C\tx\t\t退款\t退\n", "第 2 行：看不懂期望的结果"),
        (HEAD + "\nC\tx\t\trefund\n", "第 3 行：first_sentence 没有填"),
        (HEAD + "C\tx\t\trefund\t退\nC\tx\t\trefund\t退\n", "第 3 行：编号 C 出现了两次"),
        (HEAD + "C\tx\t\trefund\t退\t多\n", "第 2 行：有 6 列"),
        (HEAD.encode() + b"C\tx\t\trefund\t\xff\n", "第 2 行：不是 UTF-8"),
    ],
)
def test_a_bad_table_is_refused_with_its_line(
    tmp_path: Path, content: str | bytes, problem: str
) -> None:
    with pytest.raises(BadTable, match=problem):
        cases.read(table(tmp_path, content))


def test_a_table_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match="打不开文件"):
        cases.read(tmp_path / "none.tsv")


def test_labelled_lines_are_read_with_what_else_is_right(tmp_path: Path) -> None:
    content = "text\tintent\talso_right\tmood\n退货\treturn_request\tinform|urge\t1\n你好\tgreet\n"
    first, second = utterances.read(table(tmp_path, content))
    assert (first.also_right, first.mood) == ({"inform", "urge"}, 1)
    assert (second.also_right, second.mood) == (frozenset(), None)
    assert first.accepts("urge")
    assert not first.accepts("greet")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("退货\tReturn\t\t0", "第 2 行：“Return”不是意图的名称"),
        ("退货\tgreet\t问好\t0", "第 2 行：“问好”不是意图的名称"),
        ("退货\tgreet\t\t3", "第 2 行：情绪要写 0、1 或 2"),
        ("退货", "第 2 行：intent 没有填"),
    ],
)
def test_a_bad_label_is_refused_with_its_line(tmp_path: Path, line: str, problem: str) -> None:
    with pytest.raises(BadTable, match=problem):
        utterances.read(table(tmp_path, f"text\tintent\talso_right\tmood\n{line}\n"))
