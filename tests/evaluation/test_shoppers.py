"""Shoppers who play cases against a scripted desk."""

import json
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import cli
from bot.errors import BadInput, TooMany, Unavailable
from bot.evaluation import report, shoppers
from bot.evaluation.answers import Answers
from bot.evaluation.cases import Case
from bot.evaluation.chat import Chat, Refused
from bot.evaluation.expectation import Expectation
from bot.evaluation.shopper import Ending, Manner, Patience, Played
from bot.language.service import Reader
from tests.evaluation.twin import Line, Reply, Twin, ask, decided, running

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 5, 8)


@pytest.fixture
def twin() -> Iterator[Twin]:
    with running(Twin()) as twin:
        yield twin


def manner(reader: Reader, *, turns: int = 12, buttons: bool = False) -> Manner:
    return Manner(Answers.load(), reader, ZONE, Patience(turns, silence=0.3), buttons)


def case(expected: str, first: str = "我要退货", shop: str = "counter", **facts: str) -> Case:
    return Case("C-1", shop, facts, Expectation.parse(expected), first)


def played(twin: Twin, replies: Sequence[Reply], one: Case, how: Manner) -> Played:
    twin.scripts = {one.policy_set: replies}
    return shoppers.play([one], lambda shop: Chat(twin.url, shop), how, trials=1, parallel=1)[0]


def texts(twin: Twin) -> list[str]:
    return [body.get("text") or body["payload"] for body in twin.talks[-1].sent]


def test_a_question_is_answered_in_chinese_from_the_facts(twin: Twin, reader: Reader) -> None:
    replies = [[ask("days_since_purchase")], [ask("receipt")], [decided("refund")]]
    one = case("refund", days_since_purchase="3", receipt="yes")
    result = played(twin, replies, one, manner(reader))
    first, days, receipt = texts(twin)
    assert first == "我要退货"
    told = reader.read(days, today=TODAY, asking="days_since_purchase").facts
    assert ("days_since_purchase", 3) in [(found.key, found.value) for found in told]
    told = reader.read(receipt, today=TODAY, asking="receipt").facts
    assert ("receipt", "yes") in [(found.key, found.value) for found in told]
    assert (result.right, result.asked, result.repeated) == (
        True,
        ["days_since_purchase", "receipt"],
        [],
    )


def test_no_payload_is_sent_unless_buttons_are_to_be_pressed(twin: Twin, reader: Reader) -> None:
    replies = [[ask("worn", "穿过吗？", "fact:worn=yes", "fact:worn=no")], [decided("refund")]]
    one = case("refund", worn="no")
    played(twin, replies, one, manner(reader))
    assert not texts(twin)[1].startswith("fact:")
    played(twin, replies, one, manner(reader, buttons=True))
    assert texts(twin)[1] == "fact:worn=no"


def test_a_fact_the_case_leaves_open_is_not_known(twin: Twin, reader: Reader) -> None:
    played(twin, [[ask("price_paid")], [decided("refund")]], case("refund"), manner(reader))
    assert texts(twin)[1] in {"忘了多少钱了", "记不清了"}


def test_a_question_asked_twice_is_repeated(twin: Twin, reader: Reader) -> None:
    replies = [[ask("worn")], [ask("worn")], [decided("refund")]]
    result = played(twin, replies, case("refund", worn="no"), manner(reader))
    assert (result.asked, result.repeated) == (["worn", "worn"], ["worn"])


def test_a_question_that_the_first_sentence_answers_is_repeated(twin: Twin, reader: Reader) -> None:
    one = case("refund", "昨天买的裙子没穿过，想退", days_since_purchase="1", worn="no")
    replies = [[ask("days_since_purchase")], [ask("worn")], [decided("refund")]]
    assert played(twin, replies, one, manner(reader)).repeated == ["days_since_purchase", "worn"]


def test_a_wrong_decision_is_wrong(twin: Twin, reader: Reader) -> None:
    result = played(twin, [[decided("refuse")]], case("refund"), manner(reader))
    assert (result.right, result.outcome, result.ending) == (False, "refuse", Ending.DECIDED)


def test_the_first_decision_ends_the_talk(twin: Twin, reader: Reader) -> None:
    replies = [[decided("refund"), {"text": "要登记吗？"}], [decided("refuse")]]
    assert played(twin, replies, case("refund"), manner(reader)).right
    assert len(texts(twin)) == 1


def test_asking_for_the_expected_fact_is_right(twin: Twin, reader: Reader) -> None:
    replies = [[ask("worn")], [ask("receipt")], [decided("refund")]]
    result = played(twin, replies, case("ask:receipt", worn="no"), manner(reader))
    assert (result.right, result.outcome, len(texts(twin))) == (True, "ask:receipt", 2)


TOLD: Line = {"text": "电话 400-000-1101"}
MISSED: Line = {"text": "没太明白", "buttons": [{"title": "找人工", "payload": "person"}]}


@pytest.mark.parametrize(
    ("expected", "said", "right", "ending"),
    [
        ("inform", TOLD, True, Ending.ANSWERED),
        ("refund", TOLD, False, Ending.SILENCE),
        ("inform+apologise", TOLD, False, Ending.SILENCE),
        ("inform", MISSED, False, Ending.SILENCE),
    ],
)
def test_what_is_told_without_a_decision_counts_where_no_more_was_wanted(
    twin: Twin, reader: Reader, expected: str, said: Line, *, right: bool, ending: Ending
) -> None:
    result = played(twin, [[said]], case(expected), manner(reader))
    assert (result.right, result.ending) == (right, ending)


def test_a_question_after_an_answer_has_to_be_answered_too(twin: Twin, reader: Reader) -> None:
    result = played(twin, [[TOLD, ask("worn")]], case("inform", worn="no"), manner(reader))
    assert (result.right, result.asked) == (False, ["worn"])


HANDED: Line = {"text": "同事会联系您", "ticket": {"no": "1", "state": "submitted", "due": None}}


@pytest.mark.parametrize(("expected", "right"), [("escalate:manager", True), ("refund", False)])
def test_a_call_back_counts_where_a_person_was_due(
    twin: Twin, reader: Reader, expected: str, right: bool
) -> None:
    result = played(twin, [[HANDED]], case(expected), manner(reader))
    assert (result.right, result.ending) == (right, Ending.HANDED_OVER)


def test_waiting_for_a_person_counts_like_a_call_back(twin: Twin, reader: Reader) -> None:
    twin.mode = "waiting"
    assert played(twin, [[]], case("escalate:manager"), manner(reader)).right


def test_silence_ends_the_talk_after_the_patience(twin: Twin, reader: Reader) -> None:
    began = time.monotonic()
    result = played(twin, [[{"text": "请稍等"}]], case("refund"), manner(reader))
    assert (result.right, result.ending) == (False, Ending.SILENCE)
    assert time.monotonic() - began < 5


def test_a_shopper_gives_up_after_so_many_lines(twin: Twin, reader: Reader) -> None:
    result = played(twin, [[ask("worn")]] * 9, case("refund"), manner(reader, turns=3))
    assert (result.ending, len(texts(twin))) == (Ending.TURNS, 3)


def test_a_refused_line_is_sent_again_after_the_time_asked_for(twin: Twin) -> None:
    twin.scripts, slept = {"counter": [[decided("refund")]]}, []
    chat = Chat(twin.url, "counter", sleep=slept.append)
    twin.refuse = 2
    chat.say("我要退货")
    assert slept == [7.0, 7.0]
    assert len(twin.talks[0].sent) == 1


def test_endless_refusal_is_given_up(twin: Twin) -> None:
    twin.scripts, twin.refuse = {"counter": []}, 99
    with pytest.raises(TooMany):
        Chat(twin.url, "counter", sleep=lambda _: None)


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(Unavailable, match="连不上"):
        Chat("http://127.0.0.1:9", "counter")


def test_a_conversation_that_breaks_is_a_wrong_case_and_not_the_end(
    reader: Reader,
) -> None:
    def broken(shop: str) -> Chat:
        raise Refused("坏了", status=500, code="internal")

    result = shoppers.play([case("refund")], broken, manner(reader), trials=2, parallel=2)
    assert [(one.ending, one.right) for one in result] == [(Ending.FAILED, False)] * 2


def test_cases_of_shops_not_served_or_of_another_day_are_left_out(
    twin: Twin, reader: Reader
) -> None:
    twin.scripts = {"counter": []}
    cases = [
        case("refund"),
        case("refund", today="2026-05-08"),
        case("refund", today="2024-03-07"),
        case("refund", shop="elsewhere"),
    ]
    plan = shoppers.plan(cases, [], lambda shop: Chat(twin.url, shop), manner(reader))
    assert list(plan.playable) == cases[:2]
    assert list(plan.other_day) == cases[2:3]
    assert plan.not_served == {"elsewhere": 1}


def test_a_set_without_cases_is_an_error(reader: Reader) -> None:
    with pytest.raises(BadInput, match="没有这家店的用例"):
        shoppers.plan([case("refund")], ["other"], lambda shop: pytest.fail(shop), manner(reader))


def test_the_report_counts_by_set_and_shows_transcripts_only_when_asked(
    twin: Twin, reader: Reader
) -> None:
    replies = [[ask("worn")], [ask("worn")], [decided("refund")]]
    right = played(twin, replies, case("refund", worn="no"), manner(reader))
    wrong = played(twin, [[decided("refuse")]], case("refund", shop="b"), manner(reader))
    plan = shoppers.Plan([], [case("refund", today="2024-03-07")], {"c": 4})
    found = report.as_json(plan, [right, wrong], ZONE, verbose=False)
    assert (found["right_share"], found["mean_questions"], found["repeated_questions"]) == (
        0.5,
        1.0,
        1,
    )
    assert found["sets"]["counter"]["right_share"] == 1.0
    assert found["sets"]["b"]["right_share"] == 0.0
    assert found["needs_clock"] == [{"id": "C-1", "today": "2024-03-07"}]
    assert "transcript" not in found["results"][0]
    spoken = report.as_text(report.as_json(plan, [right, wrong], ZONE, verbose=True))
    assert "应为 refund" in spoken
    assert "shopper: 我要退货" in spoken
    assert "2024-03-07" in spoken


TABLE = "id\tpolicy_set\tfacts\texpected\tfirst_sentence\nC-1\tcounter\tworn=no\trefund\t我要退货\n"


@pytest.mark.parametrize(("least", "code"), [("1", 0), ("1.1", 1)])
def test_the_command_plays_a_file_and_fails_below_the_least_share(
    twin: Twin, tmp_path: Path, capsys: pytest.CaptureFixture[str], least: str, code: int
) -> None:
    twin.scripts = {"counter": [[ask("worn")], [decided("refund")]]}
    table = tmp_path / "cases.tsv"
    table.write_text(TABLE, "utf-8")
    arguments = ["shoppers", str(table), "--url", twin.url, "--json", "--min", least]
    assert cli.main(arguments) == code
    assert json.loads(capsys.readouterr().out)["right"] == 1


def test_the_command_fails_when_no_case_could_be_played(
    twin: Twin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "cases.tsv"
    table.write_text(TABLE, "utf-8")
    assert cli.main(["shoppers", str(table), "--url", twin.url]) == 1
    assert "没有能跑的用例" in capsys.readouterr().err
