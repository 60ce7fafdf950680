"""Every intent is answered in every kind of shop, leads on, and as docs/answers.md says."""

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import select

from actions.base import ServiceAction
from bot.conversations import service as conversations
from bot.conversations.models import Effect, Offer
from bot.language import topics
from bot.messages import Line
from bot.settings import ROOT
from bot.shops.service import Shops
from bot.tickets.models import TicketEvent
from tests.fixtures.agreement import blanks, domain, rules
from tests.fixtures.desk import Desk, make_desk
from tests.fixtures.samples import SAMPLES
from tests.fixtures.turns import Talk, talk

KINDS = ("dept_fashion", "brand_fashion", "equipment")
COLUMNS = 6 + len(KINDS)
# Lines that end a talk or a turn politely; nothing is open, so nothing has to follow.
CLOSING = {"goodbye", "thanks"}
# What leads on: a question, something to do, a time, or how to go on.
ONWARDS = re.compile(
    r"[吗呢？?]|说“转人工”|跟我说|随时|问我|联系您|告诉我|留个手机号|您说说|再讲讲"
)
# What was asked for has been said, and nothing else is owed.
TOLD = {"utter_about", "utter_known", "utter_decision", "utter_places", "utter_praise_of"}


def table() -> dict[str, list[str]]:
    """The rows of the document by intent."""
    text = (ROOT / "docs" / "answers.md").read_text("utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| `")]
    return {row[0].strip("`"): row for row in rows}


def named(cell: str) -> set[str]:
    """Everything in backticks."""
    return set(re.findall(r"`([^`]+)`", cell))


@dataclass(frozen=True)
class House:
    """Every shop on one desk, with actions made once: their words take a while to read."""

    desk: Desk
    actions: Mapping[str, ServiceAction]

    def shopper(self, shop: str) -> Talk:
        """A new conversation with one shop."""
        with self.desk.db.write() as session:
            opened = conversations.open_conversation(
                session, shop, "web", Line("您好"), self.desk.clock.now()
            )
        return Talk(self.desk, self.actions, opened.conversation_id)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    desk = make_desk(f"sqlite:///{tmp_path_factory.mktemp('answers') / 'desk.sqlite3'}")
    yield House(desk, talk(desk).actions)
    desk.db.close()


def test_the_document_has_one_row_for_every_intent() -> None:
    text = (ROOT / "docs" / "answers.md").read_text("utf-8")
    listed = re.findall(r"^\| `(\w+)`", text, re.MULTILINE)
    assert sorted(listed) == sorted(domain()["intents"])
    assert len(listed) == 42
    assert {intent: len(row) for intent, row in table().items() if len(row) != COLUMNS} == {}


def test_the_document_names_the_action_that_the_rules_choose() -> None:
    chosen = {
        rule["steps"][0]["intent"]: rule["steps"][1]["action"]
        for rule in rules()
        if "condition" not in rule
    }
    assert {i: row[1].strip("`") for i, row in table().items()} == {
        intent: action for intent, action in chosen.items() if intent in table()
    }


def test_every_row_says_something_and_has_words_for_each_kind_of_shop() -> None:
    for intent, row in table().items():
        assert {f"utter_{name}" for name in named(row[2])} <= set(domain()["responses"]), intent
        assert named(row[2]), intent
        assert all(cell.strip("– ") for cell in row[6:]), intent


def test_what_the_document_looks_up_is_what_shops_can_tell() -> None:
    known = topics.matters() | _bases()
    for intent, row in table().items():
        for cell in (row[4], *row[6:]):
            assert named(cell) <= known, intent


def test_shops_tell_only_what_is_asked_for_somewhere() -> None:
    known = topics.matters() | _bases()
    for shop in Shops.load("dept_fashion").all():
        assert set(shop.about.sentences) <= known, shop.slug


def _bases() -> set[str]:
    from actions.answers import PLANS

    return {plan.about for plan in PLANS.values()}


@pytest.mark.parametrize("shop", KINDS)
@pytest.mark.parametrize("intent", sorted(SAMPLES))
def test_every_intent_is_answered_as_the_document_says_and_leads_on(
    house: House, intent: str, shop: str
) -> None:
    shopper = house.shopper(shop)
    said = shopper.say(SAMPLES[intent], intent)
    listed = {f"utter_{name}" for name in named(table()[intent][2])}
    assert {name for name in said if not name.startswith("utter_ask_")} <= listed
    assert _leads_on(shopper, said) or intent in CLOSING, shopper.text


def test_what_was_bought_is_chosen_from_what_the_shop_sells(house: House) -> None:
    shopper = house.shopper("equipment")
    assert shopper.say("开不了机，想修", "repair_request")[-1] == "utter_ask_category"
    assert shopper.asked == "category"
    assert [button["title"] for button in shopper.replies[-1].buttons][:2] == ["设备", "仪器"]


def _leads_on(shopper: Talk, said: list[str]) -> bool:
    buttons = any(reply.buttons for reply in shopper.replies)
    onwards = ONWARDS.search(shopper.replies[-1].text) is not None
    return bool(said) and (buttons or onwards or said[-1] in TOLD)


def test_no_blank_has_a_name_that_rasa_uses_itself() -> None:
    reserved = set(inspect.signature(CollectingDispatcher.utter_message).parameters)
    used = {
        blank
        for variants in domain()["responses"].values()
        for variant in variants
        for blank in blanks(variant["text"])
    }
    assert used & (reserved | {"custom"}) == set()


def test_an_invoice_is_told_and_then_registered(shopper: Talk) -> None:
    assert shopper.say("发票抬头写错了怎么换", "invoice_inquiry") == [
        "utter_about",
        "utter_offer_errand",
    ]
    assert "重开" in shopper.text
    assert shopper.press("yes") == ["utter_errand_opened_by", "utter_ask_phone"]
    (case,) = shopper.desk.cases()
    assert (case.kind, case.facts["errand"]) == ("other", "invoice_change")
    assert shopper.say("抬头应该是样例公司", "inform") == ["utter_errand_noted"]
    assert _history(shopper)[0] == ("opened", "发票抬头写错了怎么换")
    assert _history(shopper)[-1] == ("added", "抬头应该是样例公司")


def _history(shopper: Talk) -> list[tuple[str, str]]:
    with shopper.desk.db.read() as session:
        events = session.scalars(select(TicketEvent).order_by(TicketEvent.id))
        return [(event.what, event.why) for event in events]


def test_the_same_errand_twice_is_one_case(shopper: Talk) -> None:
    for _ in range(2):
        shopper.say("东西送到哪了", "logistics_inquiry")
        shopper.press("yes")
    assert len(shopper.desk.cases()) == 1
    shopper.say("发票怎么开", "invoice_inquiry")
    shopper.press("yes")
    assert len(shopper.desk.cases()) == 2


def test_an_order_number_given_to_the_offer_is_a_yes(shopper: Talk) -> None:
    shopper.say("东西送到哪了", "logistics_inquiry")
    assert shopper.say("订单号 20261123001", "inform")[0] == "utter_errand_opened_by"
    assert shopper.desk.cases()[0].facts["said"] == "订单号 20261123001"


def test_a_repeated_yes_opens_nothing_twice(shopper: Talk) -> None:
    shopper.say("裤脚能改短吗", "alteration_request")
    first = shopper.press("yes")
    before = shopper.rows()
    assert shopper.repeat() == first
    assert shopper.rows() == before


def test_an_errand_can_be_declined(shopper: Talk) -> None:
    shopper.say("发票怎么开", "invoice_inquiry")
    assert shopper.press("no") == ["utter_declined"]
    assert shopper.desk.cases() == []
    assert shopper.state().offer is None


def test_a_visit_of_a_fitter_is_a_case_of_its_own_kind(house: House) -> None:
    shopper = house.shopper("equipment")
    shopper.say("什么时候上门安装", "installation_request")
    shopper.press("yes")
    assert "installation" in [case.kind for case in house.desk.cases()]


def test_a_case_offered_before_a_question_is_offered_again_after_it(shopper: Talk) -> None:
    shopper.say("昨天买的裙子不喜欢，没穿过，小票在，能退吗", "return_request")
    assert shopper.say("对了发票怎么开", "invoice_inquiry") == ["utter_about", "utter_offer_case"]
    assert shopper.press("yes")[0].startswith("utter_case_opened")
    assert [case.kind for case in shopper.desk.cases()] == ["return"]


def test_a_question_of_the_bot_is_not_lost_over_an_errand(shopper: Talk) -> None:
    shopper.say("这件我想退掉", "return_request")
    standing = shopper.state().asking
    said = shopper.say("东西送到哪了", "logistics_inquiry")
    assert said[-1] == f"utter_ask_{standing}"
    assert "utter_offer_errand" not in said


def test_what_a_shop_does_not_say_is_not_guessed(house: House) -> None:
    shopper = house.shopper("common")
    assert shopper.say("帮我取消订单", "order_change") == [
        "utter_order_change",
        "utter_offer_errand",
    ]
    assert house.shopper("brand_fashion").say("付款扣了两次", "payment_inquiry") == [
        "utter_payment_inquiry",
        "utter_offer_errand",
    ]


def test_a_shop_named_in_the_line_is_told_alone_with_its_way(shopper: Talk) -> None:
    shopper.say("河滨店怎么走", "store_inquiry")
    assert "河滨街" in shopper.text
    assert "锦绣路" not in shopper.text
    assert "https://" in shopper.text
    (reply,) = shopper.replies
    assert [place["title"] for place in reply.custom["card"]["places"]] == [
        "云锦时尚百货（河滨店）"
    ]


@pytest.mark.parametrize(
    ("line", "who"),
    [("三楼小王服务特别好", "小王"), ("李师傅修得真仔细", "李师傅"), ("东西很好", None)],
)
def test_praise_is_kept_for_whom_it_is_meant(shopper: Talk, line: str, who: str | None) -> None:
    shopper.say(line, "praise")
    with shopper.desk.db.read() as session:
        (kept,) = session.scalars(select(Effect).where(Effect.name == "praise"))
    assert (kept.payload["who"], kept.payload["words"]) == (who, line)
    assert (who or "同事") in shopper.text


def test_abuse_is_met_calmly_and_with_the_offer_of_a_person(shopper: Talk) -> None:
    assert shopper.say("你们都是废物", "abuse") == ["utter_abuse"]
    assert shopper.state().offer == Offer.PERSON
    assert shopper.press("yes")[0] == "utter_call_back_by"


@pytest.mark.parametrize("intent", ["nlu_fallback", "product_usage", "report_defect", "inform"])
def test_a_care_symbol_is_explained_whatever_the_line_was_taken_for(
    shopper: Talk, intent: str
) -> None:
    assert shopper.say("这个三角形是什么意思", intent) == ["utter_known"]
    assert shopper.replies[0].custom["card"]["kind"] == "symbols"


def test_a_line_nobody_could_place_is_answered_by_its_clause_with_the_id(shopper: Talk) -> None:
    assert shopper.say("特优品的售后和别的一样吗", "nlu_fallback") == [
        "utter_clause",
        "utter_clause_else",
    ]
    assert "DF-P-12" in shopper.text
    assert shopper.say("啦啦啦", "nlu_fallback") == ["utter_fallback"]


def test_a_question_of_care_is_not_answered_by_a_clause_of_returns(house: House) -> None:
    shopper = house.shopper("kids")
    said = shopper.say("新衣服要先怎么洗", "care_instruction")
    assert said == ["utter_decision", "utter_care_instruction"]


def test_the_shops_own_rule_goes_before_the_general_care(house: House) -> None:
    shopper = house.shopper("common")
    assert shopper.say("纯棉衣服怎么洗", "care_instruction") == ["utter_decision", "utter_known"]
    assert shopper.decision["clauses"][0]["id"] == "CM-A-05"


def test_nothing_breaks_where_nothing_can_be_looked_up(tmp_path: Path) -> None:
    desk = make_desk(f"sqlite:///{tmp_path / 'desk.sqlite3'}")
    shopper = talk(desk)
    for action in shopper.actions.values():
        object.__setattr__(action.services, "knowledge", None)
    assert shopper.say("羊绒衫怎么洗", "care_instruction")
    assert shopper.say("这个三角形是什么意思", "nlu_fallback")
    desk.db.close()
