"""With people at the desk a wish, or a rule of the shop, brings one in; without them a time."""

import csv
import inspect
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby, product
from operator import itemgetter

import pytest

from actions.signals import _GREAT_DEMAND, signals
from bot.handoff.models import HandOffState
from bot.messages import Mode
from bot.settings import ROOT
from tests.actions.test_intake import WHOLE
from tests.fixtures.desk import undone
from tests.fixtures.people import Staff, promised
from tests.fixtures.turns import Talk, talk

ASKS = (ROOT / "tests" / "nlu" / "asks_for_person.txt").read_text("utf-8").splitlines()
HELD_OUT = ROOT / "tests" / "nlu" / "held_out.tsv"
# Ten points of a talk, from the first word to after the case.
POINTS = (
    (),
    (("你好", "greet"),),
    (("我要退货", "return_request"),),
    (("我要退货", "return_request"), ("不喜欢", "inform")),
    (("我要退货", "return_request"), ("不喜欢", "inform"), ("昨天", "inform")),
    (("我要退货", "return_request"), ("阿巴阿巴", "nlu_fallback")),
    ((WHOLE, "return_request"),),
    ((WHOLE, "return_request"), ("好的", "affirm")),
    ((WHOLE, "return_request"), ("不用了", "deny")),
    (("裙子穿一次就开线了", "complaint_product"),),
)


@pytest.fixture
def staff(shopper: Talk) -> Staff:
    """People beside the shopper's talk."""
    return Staff(shopper.desk)


@pytest.mark.parametrize("point", range(len(POINTS)))
def test_a_wish_for_a_person_joins_the_queue_from_every_point_of_a_talk(
    shopper: Talk, staff: Staff, point: int
) -> None:
    staff.comes()
    for text, intent in POINTS[point]:
        shopper.say(text, intent)
    cases = len(shopper.desk.cases())

    assert shopper.say("转人工", "nlu_fallback") == ["utter_queued"]

    assert "您是下一位" in shopper.text
    assert staff.mode(shopper.id) == Mode.WAITING
    assert len(shopper.desk.cases()) == cases
    assert [record.state for record in staff.records(shopper.id)] == [HandOffState.QUEUED]


def _brings(shopper: Talk, said: Iterable[tuple[int, str, str]]) -> Iterator[list[str]]:
    """What is answered to each line at its point of a talk, and taken back before the next."""
    for point, lines in groupby(sorted(said), key=itemgetter(0)):
        talked = talk(shopper.desk)
        for text, intent in POINTS[point]:
            talked.say(text, intent)
        for _, line, intent in lines:
            with undone(shopper.desk.db):
                yield [str(point), line, *talked.say(line, intent)]


def _not_brought(shopper: Talk, asked: Iterable[tuple[int, str]]) -> list[list[str]]:
    # The classifier hears nothing: the words alone have to do.
    said = [(point, line, "nlu_fallback") for point, line in asked]
    return [told for told in _brings(shopper, said) if told[2:] != ["utter_queued"]]


def test_every_way_of_asking_for_a_person_brings_one_in_the_same_turn(
    shopper: Talk, staff: Staff
) -> None:
    staff.never_tires()
    staff.comes()
    assert len(ASKS) >= 100

    assert _not_brought(shopper, [(n % len(POINTS), line) for n, line in enumerate(ASKS)]) == []


@pytest.mark.slow
def test_every_way_of_asking_brings_one_from_every_point(shopper: Talk, staff: Staff) -> None:
    staff.never_tires()  # a thousand shoppers take longer than anybody goes without a sign of life
    staff.comes()

    assert _not_brought(shopper, product(range(len(POINTS)), ASKS)) == []


def _others() -> list[tuple[str, str]]:
    """Lines that ask for something else than people, with what they ask for; a complaint goes to
    the shop's manager by its rules."""
    with HELD_OUT.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    wishes = ("request_human", "complaint")
    return [
        (row["text"], row["intent"])
        for row in rows
        if not any(wish in f"{row['intent']} {row.get('also_right') or ''}" for wish in wishes)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("heard", [True, False], ids=["heard", "not heard by the classifier"])
def test_from_no_point_is_hardly_anyone_handed_over_who_asks_for_something_else(
    shopper: Talk, staff: Staff, heard: bool
) -> None:
    staff.never_tires()
    staff.comes()
    others = _others()
    assert len(others) >= 300
    said = [
        (point, line, intent if heard else "nlu_fallback")
        for point, (line, intent) in product(range(len(POINTS)), others)
    ]

    wrongly = [told for told in _brings(shopper, said) if "utter_queued" in told]

    assert len(wrongly) <= len(said) / 100, wrongly


def test_the_button_for_a_person_needs_one_press(shopper: Talk, staff: Staff) -> None:
    staff.comes()

    assert shopper.press("human") == ["utter_queued"]
    assert shopper.replies[0].buttons[-1]["payload"] == "bot"


def test_a_repeated_turn_says_the_same_and_queues_once(shopper: Talk, staff: Staff) -> None:
    staff.comes()
    first = shopper.press("human")

    assert shopper.repeat() == first
    assert len(staff.records(shopper.id)) == 1


def test_the_question_that_stood_is_kept_for_the_way_back(shopper: Talk, staff: Staff) -> None:
    staff.comes()
    shopper.say("我要退货", "return_request")
    asked = shopper.asked
    shopper.press("human")

    assert asked is not None
    assert staff.records(shopper.id)[0].asking == asked


def _with_rules(talked: Talk) -> Talk:
    talked.desk.handoff = replace(talked.desk.handoff, promises=promised)
    return talk(talked.desk)


def test_a_furious_shopper_gets_a_person_without_asking(shopper: Talk, staff: Staff) -> None:
    staff.comes()
    ruled = _with_rules(shopper)

    said = ruled.say("你们这群骗子，垃圾店", "abuse")

    assert said[-2:] == ["utter_person_is_better", "utter_queued"]
    (record,) = staff.records(ruled.id)
    assert (record.rule, record.department, record.priority) == ("furious", "manager", 2)


def test_with_nobody_there_the_furious_get_a_time_and_the_talk_goes_on(shopper: Talk) -> None:
    ruled = _with_rules(shopper)
    ruled.say("我要退货", "return_request")
    asked = ruled.asked

    said = ruled.say("你们这群骗子，垃圾店", "abuse")

    assert "utter_call_back_by" in said
    assert ruled.state().asking == asked
    assert len(ruled.desk.cases()) == 1
    assert "utter_call_back_by" not in ruled.say("骗子，垃圾店", "abuse")  # one is enough


def test_what_must_not_wait_is_a_case_at_once_and_not_an_offer(shopper: Talk) -> None:
    ruled = _with_rules(shopper)

    said = ruled.say("穿了你们的衣服过敏了，我要退货", "return_request")

    assert "utter_call_back_by" in said
    assert not {name for name in said if name.startswith("utter_offer")}
    assert len(ruled.desk.cases()) == 1


def test_calm_talk_brings_in_nobody(shopper: Talk, staff: Staff) -> None:
    staff.comes()
    ruled = _with_rules(shopper)
    ruled.say(WHOLE, "return_request")

    assert staff.mode(ruled.id) == Mode.BOT
    assert staff.records(ruled.id) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("赔我十倍", True),
        ("要精神损失费", True),
        ("赔我3万", True),
        ("买了十倍放大镜坏了", True),  # said of goods: taken down all the same, decided by nobody
        ("退我 300", False),
        ("打个九折", False),
    ],
)
def test_a_demand_that_no_rule_knows_is_seen(text: str, wanted: bool) -> None:
    assert bool(_GREAT_DEMAND.search(text)) is wanted


def test_signals_have_the_names_that_rules_use() -> None:
    names = {
        "asks", "misses", "mood", "tone", "trigger", "decision_status", "outcome", "escalate_to",
        "value", "reopened", "breached", "prior_repairs", "complaint", "unreasonable", "override",
    }  # fmt: skip
    source = inspect.getsource(inspect.getmodule(signals))  # type: ignore[arg-type]
    assert {name for name in names if f'"{name}"' not in source} == set()
