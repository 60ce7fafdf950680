"""The arithmetic of how well lines were understood."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot import cli
from bot.dialogue.service import Rasa, RasaUnavailable
from bot.evaluation.scores import Heard, scores, wilson
from bot.evaluation.understanding import heard as heard_lines
from bot.evaluation.utterances import Utterance
from bot.language.service import default_reader
from tests.evaluation.twin import Twin, running


@pytest.fixture
def twin() -> Iterator[Twin]:
    with running(Twin()) as twin:
        yield twin


def heard(
    own: str,
    given: str | None,
    *,
    also: str = "",
    acted: bool = True,
    mood: tuple[int, int] = (0, 0),
) -> Heard:
    said = Utterance("话", own, frozenset(also.split()), mood[0])
    return Heard(said, given, acted, mood[1])


def test_shares_are_counted_as_promised() -> None:
    found = scores(
        [
            heard("a", "a"),
            heard("a", "b", also="b c"),
            heard("b", "a", acted=False),
            heard("b", "b", acted=False),
            heard("c", None, acted=False),
        ]
    )
    assert found["accuracy"] == 0.6
    assert found["strict_accuracy"] == 0.4
    assert found["coverage"] == 0.4
    assert found["precision_acted"] == 1.0
    assert found["per_intent"]["a"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "support": 2}
    assert found["per_intent"]["c"] == {"precision": None, "recall": 0.0, "f1": 0.0, "support": 1}
    assert found["macro_f1"] == 0.3333


def test_confusions_leave_out_what_is_also_right() -> None:
    found = scores([heard("a", "b", also="b"), heard("a", "c"), heard("a", "c"), heard("b", "a")])
    assert [(c["intent"], c["taken_for"], c["times"]) for c in found["confusions"]] == [
        ("a", "c", 2),
        ("b", "a", 1),
    ]


def test_mood_counts_from_one_up() -> None:
    moods = [(0, 0), (1, 1), (2, 1), (1, 0), (0, 2)]
    found = scores([heard("a", "a", mood=mood) for mood in moods])
    assert found["mood_recall"] == 0.6667
    assert found["mood_precision"] == 0.6667


def test_a_share_of_nothing_is_none() -> None:
    found = scores([heard("a", "a", acted=False)])
    assert found["precision_acted"] is None
    assert found["mood_recall"] is None
    assert found["mood_precision"] is None


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (5, 10, 0.2366, 0.7634), (0, 0, 0.0, 1.0)],
)
def test_the_interval_of_a_share(right: int, of: int, low: float, high: float) -> None:
    assert wilson(right, of) == pytest.approx((low, high), abs=1e-4)


TABLE = "text\tintent\talso_right\tmood\n我要退货\treturn_request\t\t0\n你们太过分了\tcomplaint\turge\t2\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "nlu.tsv"
    path.write_text(TABLE, "utf-8")
    return path


@pytest.fixture
def rasa(twin: Twin, monkeypatch: pytest.MonkeyPatch) -> Twin:
    monkeypatch.setenv("RASA_URL", twin.url)
    monkeypatch.setenv("RASA_TOKEN", "secret")
    twin.intents = {
        "我要退货": ("return_request", "return_request"),
        "你们太过分了": ("nlu_fallback", "urge"),
    }
    return twin


def test_the_command_measures_the_running_rasa(
    rasa: Twin, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["nlu", "evaluate", str(table), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["accuracy"], found["strict_accuracy"], found["coverage"]) == (1.0, 0.5, 0.5)
    assert (found["precision_acted"], found["mood_recall"]) == (1.0, 1.0)
    assert rasa.tokens == ["Bearer secret"]


def test_the_command_shows_people_a_table(
    rasa: Twin, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rasa.intents = dict(rasa.intents) | {"我要退货": ("greet", "greet")}
    assert cli.main(["nlu", "evaluate", str(table)]) == 0
    spoken = capsys.readouterr().out
    assert "50.0 %" in spoken
    assert "return_request → greet   我要退货" in spoken


def test_a_bad_file_fails_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "nlu.tsv"
    path.write_text("text\tintent\n你好\tgreet\n退货\n", "utf-8")
    assert cli.main(["nlu", "evaluate", str(path)]) == 1
    assert "第 3 行" in capsys.readouterr().err
    assert cli.main(["nlu", "evaluate", str(path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["details"]["line"] == 3


def test_without_rasa_nothing_is_measured(
    table: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RASA_URL", "http://127.0.0.1:9")
    assert cli.main(["nlu", "evaluate", str(table), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "rasa_unavailable"


def test_an_answer_that_lost_a_text_is_no_answer(
    twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twin, "parse", lambda texts: (200, {"parses": []}))
    with pytest.raises(RasaUnavailable):
        Rasa(twin.url, "secret", 5.0, connections=1).parse(["你好"])


def test_the_confusions_are_drawn_when_asked_for(
    rasa: Twin, table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = tmp_path / "confusions.png"
    assert cli.main(["nlu", "evaluate", str(table), "--json", "--image", str(image)]) == 0
    assert json.loads(capsys.readouterr().out)["lines"] == 2
    assert image.read_bytes().startswith(b"\x89PNG")


def test_an_image_that_cannot_be_written_is_said_so(
    rasa: Twin, table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = tmp_path / "missing" / "confusions.png"
    assert cli.main(["nlu", "evaluate", str(table), "--image", str(nowhere)]) == 1
    assert "写不了图片" in capsys.readouterr().err


def test_a_person_that_only_the_reader_hears_counts_as_in_a_turn(
    twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twin, "intents", {"转rg 快点": ("nlu_fallback", "out_of_scope")})
    rasa = Rasa(twin.url, "secret", 5.0, connections=1)
    line = Utterance("转rg 快点", "request_human")
    (found,) = heard_lines([line], rasa, default_reader(), date(2026, 1, 5))
    assert (found.intent, found.acted) == ("request_human", True)
