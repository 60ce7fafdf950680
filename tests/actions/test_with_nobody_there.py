"""With nobody at the desk what a shop's rule calls for is a case with a promised time, once."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from actions import handover
from bot.handoff.models import HandOffState
from bot.handoff.service import HandOff
from bot.messages import Mode
from bot.policy.promises import HandOffRule, Promises
from bot.shops.service import Shops
from bot.tickets.models import Ticket
from bot.tickets.service import Tickets
from tests.actions.test_intake import WHOLE
from tests.fixtures import desk as desks
from tests.fixtures.desk import SHOP, Desk
from tests.fixtures.people import Staff
from tests.fixtures.turns import Talk, policies, talk

# Rules that only want a person, a favour or a decision: the talk and its offers lead to a case.
LEFT_TO_TALK = {"asks", "misses", "override", "decision_status", "mood", "tone"}


def _promises(policy_set: str) -> Promises:
    return policies().promises(policy_set, desks.MONDAY.date())


def _rules() -> Iterator[tuple[str, HandOffRule]]:
    """Every rule of every shop by which people come unasked; a shared one once."""
    seen = set()
    for shop in Shops.load(SHOP).all():
        for rule in _promises(shop.policy_set).hand_offs:
            if (rule.id, rule.to) not in seen and set(rule.when) - LEFT_TO_TALK:
                seen.add((rule.id, rule.to))
                yield shop.slug, rule


def _signals(when: Mapping[str, Any]) -> dict[str, Any]:
    """What makes a rule fire."""
    found = {"mood": 0}
    for name, wanted in when.items():
        many = isinstance(wanted, (list, tuple, frozenset, set))
        found[name] = wanted["at_least"] if isinstance(wanted, Mapping) else wanted
        found[name] = next(iter(wanted)) if many else found[name]
    return found


def _ruled(desk: Desk) -> Talk:
    """A talk with a shop that keeps its own rules and promises."""
    desk.tickets = Tickets(desk.clock, desk.shops, promising=policies().promises)
    desk.handoff = HandOff(desk.tickets, desk.clock, policies().promises)
    return talk(desk)


def test_every_rule_of_every_shop_ends_as_a_case_with_a_time(
    small_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules, staff, first = list(_rules()), Staff(small_desk), _ruled(small_desk)
    assert len(rules) >= 20
    for shop, rule in rules:
        seen = _signals(rule.when)
        monkeypatch.setattr(desks, "SHOP", shop)
        monkeypatch.setattr(handover, "signals", lambda turn, asks=False, seen=seen: seen)
        ruled = replace(first, id=small_desk.open())

        assert "utter_call_back_by" in ruled.say("你好", "greet"), (shop, rule)

        (record,) = staff.records(ruled.id)
        case = next(each for each in small_desk.cases() if each.no == record.ticket_no)
        fired = _promises(small_desk.shops.get(shop).policy_set).fired(seen)
        assert fired is not None
        assert (record.state, record.rule) == (HandOffState.CALLED_BACK, fired.id)
        assert (case.assigned_to, case.due_at is not None) == (fired.to, True), (shop, rule)


COSTLY = "昨天12000元买的貂皮大衣，没穿过吊牌小票都在，不喜欢，我要退货"


@pytest.mark.parametrize(
    ("text", "intent", "rule"),
    [
        (COSTLY, "return_request", "great-value"),
        ("衣服掉色，赔我十倍", "compensation_request", "no-agreement"),
        ("你们卖假货", "complaint_product", "fraud"),
        ("你们导购骂人", "complaint_service", "by-decision"),
        ("标价199收我299，我要投诉", "complaint", "by-decision"),
    ],
)
def test_in_the_shoppers_words_it_is_so(
    small_desk: Desk, text: str, intent: str, rule: str
) -> None:
    ruled = _ruled(small_desk)

    assert "utter_call_back_by" in ruled.say(text, intent)
    assert [record.rule for record in Staff(small_desk).records(ruled.id)] == [rule]
    assert all(case.due_at for case in small_desk.cases())


def test_the_case_of_the_goods_is_offered_beside_the_call_back_and_opened(
    small_desk: Desk,
) -> None:
    ruled = _ruled(small_desk)

    assert ruled.say(COSTLY, "return_request")[-1] == "utter_offer_case"
    ruled.say("好的", "affirm")

    assert [case.kind for case in small_desk.cases()] == ["call_back", "return"]


@pytest.mark.parametrize(
    ("column", "rule"), [("reopened", "reopened-twice"), ("rung", "call-missed")]
)
def test_what_is_wrong_with_a_case_brings_people_once_and_not_with_every_line(
    small_desk: Desk, column: str, rule: str
) -> None:
    ruled, staff = _ruled(small_desk), Staff(small_desk)
    ruled.say(WHOLE, "return_request")
    ruled.say("好的", "affirm")
    with small_desk.db.write() as session:
        session.execute(update(Ticket).values({column: 2}))
    staff.never_tires()
    staff.comes()
    again = replace(talk(small_desk), id=ruled.id)  # by the desk as it stands now

    assert "utter_queued" in again.say("怎么还没好", "urge")
    assert staff.records(ruled.id)[0].rule == rule
    lease = staff.claims_it(ruled.id)
    with small_desk.db.write() as session:
        staff.claims.give_back(session, ruled.id, lease.fence, "wang", "", settled=True)

    assert "utter_queued" not in again.say("怎么还没好", "urge")
    assert staff.mode(ruled.id) == Mode.BOT
