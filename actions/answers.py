"""An answer for every intent that needs no case: what the shop says, what we know, whom to ask."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from actions import care, errands, info, orders
from actions.base import Turn
from actions.decide import NOT_NOW, PERSON, offer_again
from actions.intake import is_question
from bot.conversations import service as conversations
from bot.conversations.models import Offer
from bot.language import topics
from bot.shops.about import Store

SHOWN = 3  # places named in one answer
PRAISE = "praise"  # the effect under which a kind word is kept for the one praised


@dataclass(frozen=True)
class Plan:
    """`about`: the matter of `data/shops` that answers an intent. `what` the staff are asked to do
    in a case of its own, by the more exact matter; without it a person is offered."""

    about: str
    what: Mapping[str, str]

    def errand(self, matter: str | None) -> str | None:
        """What is offered for a matter."""
        return self.what.get(matter or "") or self.what.get("")


PLANS: Mapping[str, Plan] = {
    "invoice_inquiry": Plan(
        "invoice",
        {"": "帮您开票", "invoice_change": "帮您重开", "invoice_when": "查一下发票再告诉您"},
    ),
    "membership_inquiry": Plan(
        "membership",
        {
            "": "查好会员资料告诉您",
            "points": "查好积分告诉您",
            "coupons": "看一下这张券再告诉您",
            "gift_card": "查好卡里的钱告诉您",
        },
    ),
    "payment_inquiry": Plan(
        "payment", {"": "核对这笔付款，再给您回话", "instalments": "问清楚分期再告诉您"}
    ),
    "account_inquiry": Plan("account", {"": "核对身份后帮您处理账号"}),
    "logistics_inquiry": Plan(
        "logistics",
        {
            "": "查清楚送到哪了，再给您回话",
            "delivery_fee": "问清楚运费告诉您",
            "pick_up": "问清楚自提的事告诉您",
        },
    ),
    "order_change": Plan("order_change", {"": "帮您改订单", "order_cancel": "看看能不能取消"}),
    "installation_request": Plan(
        "installation",
        {
            "": "联系您约上门的时间",
            "installation_move": "联系您改上门的时间",
            "installation_fee": "问清楚费用告诉您",
        },
    ),
    "alteration_request": Plan("alteration", {"": "先帮您约好改的时间"}),
    "return_shipping": Plan("return_shipping", {"": "跟您确认怎么寄回"}),
    "product_inquiry": Plan("product", {}),
    "product_usage": Plan("usage", {}),
    "store_inquiry": Plan("store", {}),
}
# Narrower matters that the shop's general sentence still helps with.
COVERED = re.compile(r"invoice_\w+|order_\w+|alteration_fee|pick_up")
# Matters that a rule which only says where to ask is about.
POINTED = (None, "points", "membership", "prices", "pick_up")
# Answered by the rules and by what we know; a person is offered where neither says anything.
RULED = ("policy_inquiry", "warranty_inquiry", "care_instruction")
_WHO = re.compile(
    r"(小[\u4e00-\u9fff](?![\u4e00-\u9fff]?[票店时心]))|"
    r"([\u4e00-\u9fff]?(?:师傅|店长|经理|导购|柜员|营业员|客服|老板娘|大姐|姐姐|小姐姐|小哥|阿姨))"
)


def answer(turn: Turn) -> bool:
    """Answer a line of talk; False where only the line of its intent is left to say."""
    intent = turn.heard.intent
    if intent in PLANS:
        return _planned(turn, PLANS[intent])
    if intent in RULED:
        return _ruled(turn)
    if intent == "praise":
        return _praised(turn)
    if intent == "abuse":
        return _abused(turn)
    return intent == "out_of_scope" and look_up(turn)


def look_up(turn: Turn) -> bool:
    """Answer a line that nobody could place from what can be looked up, where that is sure."""
    known = care.known_care(turn)
    if known is not None:
        care.tell(turn, known)
        return True
    return is_question(turn.heard.text) and _quoted(turn)


def _quoted(turn: Turn) -> bool:
    """The clause that surely answers, with a way on in case it was not what was asked."""
    quoted = care.tell_clause(turn)
    if quoted and not turn.conversation.asking:
        turn.say("utter_clause_else")
    return quoted


def _ruled(turn: Turn) -> bool:
    known = care.known_care(turn)
    care_asked = turn.heard.intent == "care_instruction"
    sure = care.sure_clause(turn)
    nearer = sure.clause.id if sure else None
    told = info.tell_exact(turn, nearer) if known is None or known.cloth else False
    if known is not None and (care_asked or not told):
        care.tell(turn, known)
        told = True
    if told or (care_asked and care.tell_advice(turn)) or _quoted(turn):
        return True
    if not info.tell_rule(turn):
        return _unknown(turn)
    if care_asked and not turn.conversation.asking:
        # That the label is to be read helps less than knowing what the thing is made of.
        turn.say("utter_care_instruction")
    return True


def _planned(turn: Turn, plan: Plan) -> bool:
    """The most exact of what the shop says, its rules say and we know; then what can be done."""
    intent, text = turn.heard.intent, turn.heard.text
    matter = topics.matter_of(intent, text)
    known = care.known_care(turn)
    if known is not None:
        care.tell(turn, known)
        return True
    said = (
        _order_told(turn)
        or _places(turn, named=True)
        or _said(turn, matter)
        or _places(turn)
        or info.tell_rule(turn, pointing=False)
        or _said(turn, plan.about if matter is None or COVERED.fullmatch(matter) else None)
        or care.tell_clause(turn)
        or (matter in POINTED and info.tell_rule(turn))
    )
    if not said:
        turn.say(f"utter_{intent}", desk=turn.shop.desk, hours=_hours(turn))
    if not any(reply["buttons"] for reply in turn.replies):  # else a rule has offered a person
        _lead_on(turn, plan, matter)
    return True


def _order_told(turn: Turn) -> bool:
    """Whether the order that the line names was found: its state has been said already."""
    return turn.heard.search is not None and bool(turn.heard.search.orders)


def _wants_order(turn: Turn, matter: str | None) -> bool:
    """Whether the number of the order would help, and none was given."""
    asked = turn.heard.intent in orders.ABOUT_ORDERS and matter in (None, "order_cancel")
    return asked and turn.services.orders is not None and turn.heard.search is None


def _said(turn: Turn, matter: str | None) -> bool:
    said = turn.shop.about.says(matter)
    if said is not None:
        turn.say("utter_about", said=said)
    return said is not None


def _lead_on(turn: Turn, plan: Plan, matter: str | None) -> None:
    """What can be done next; nothing while a question of ours stands, which is asked again."""
    if turn.conversation.asking or (turn.heard.intent == "store_inquiry" and _stores(turn)):
        return
    what = plan.errand(matter)
    if turn.conversation.offer == Offer.CASE and turn.matter and turn.matter.decision_id:
        # The case offered before the question is not forgotten over it.
        offer_again(turn, turn.services.policy.stored(turn.session, turn.matter.decision_id))
    elif what is not None:
        if _wants_order(turn, matter):
            orders.want(turn, matter or plan.about, what)
        errands.offer(turn, matter or plan.about, what)
    else:
        _offer_person(turn)


def _offer_person(turn: Turn) -> None:
    turn.say("utter_offer_person", buttons=[PERSON, NOT_NOW])
    turn.expect(offer=Offer.PERSON)


def _unknown(turn: Turn) -> bool:
    """Nothing is known: say so, ask what would help, and offer a person."""
    turn.say(f"utter_{turn.heard.intent}", desk=turn.shop.desk, hours=_hours(turn))
    if not turn.conversation.asking:
        _offer_person(turn)
    return True


def _places(turn: Turn, named: bool = False) -> bool:
    """Where the shop is; only the ones `named` in the line if that is asked."""
    stores = _stores(turn)
    if turn.heard.intent != "store_inquiry" or not stores:
        return False
    meant = [one for one in stores if _is_named(one, turn.heard.text, turn.shop.name)]
    if named and not meant:
        return False
    shown = (meant or stores)[:SHOWN]
    turn.say(
        "utter_places",
        places="\n".join(_place(store, link=len(shown) == 1) for store in shown),
        card={"kind": "places", "title": "门店", "rows": [], "places": [s.shown() for s in shown]},
    )
    return True


def _stores(turn: Turn) -> tuple[Store, ...]:
    return turn.shop.about.stores


def _is_named(store: Store, text: str, brand: str) -> bool:
    own = re.sub(rf"{re.escape(brand)}|样例|服务|[店（）()]", "", store.name)
    return any(own[at : at + 2] in text for at in range(len(own) - 1))


def _place(store: Store, link: bool) -> str:
    where = f"（{store.place}）" if store.place else ""
    route = f"，导航 {store.route}" if link and store.route else ""
    return f"{store.name}：{store.address}{where}，{store.hours}，电话 {store.phone}{route}"


def _hours(turn: Turn) -> str:
    return f"{turn.shop.opens:%H:%M}–{turn.shop.closes:%H:%M}"


def _praised(turn: Turn) -> bool:
    """Keep a kind word for whom it is meant; with no name in it the line of the intent thanks."""
    found = _WHO.search(turn.heard.text)
    who = found.group() if found else None
    kept = {"who": who, "words": turn.heard.text[:500], "shop": turn.shop.slug}
    conversations.record_effect(turn.session, turn.heard.message_id, PRAISE, kept, turn.now)
    if who is None:
        return False
    turn.say("utter_praise_of", who=who)
    return True


def _abused(turn: Turn) -> bool:
    """No argument: what is it about, and a person if wanted."""
    asking = turn.conversation.asking
    turn.say("utter_abuse", buttons=[] if asking else [PERSON, NOT_NOW])
    if not asking:
        turn.expect(offer=Offer.PERSON)
    return True
