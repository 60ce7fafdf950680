"""What the shop's order system knows of a purchase: told, shown to be checked, and not asked."""

import re
from collections.abc import Mapping
from typing import Any

from actions import errands
from actions.base import ServiceAction, Services, Turn
from actions.decide import card
from actions.intake import SETTLED, WISHES, Intake, advance, keep_phone, usable
from actions.lookup import HINTED, WANTED
from bot.conversations import repository
from bot.conversations import service as conversations
from bot.language.numbers import whole
from bot.messages import Author, Button
from bot.orders.service import Order

CHOICES = "order_choices"  # the effect under which the things asked about are kept
LINE = "order_line"  # what the button of one of them gives
SHOWN = 6  # buttons
ABOUT_ORDERS = ("logistics_inquiry", "order_change", "refund_status")
NONE = "none"  # the button for none of the things found
# Questions that the shop's own records answer as well, and the answers that leave them open.
_ON_RECORD = {
    "days_since_purchase": ("unknown",),
    "receipt": ("unknown", "no"),
    "store_confirms": ("unknown",),
}
_NOT_THESE = re.compile(r"都?不是(?:这些?|这几[样个件])?|没有我?(?:买|要)?的|都不对")
_PLACE = re.compile(r"第([一二两三四五六1-6])[个件样条双]?")
_LONGEST = 16  # characters of a line that only names one of the things asked about
_STANDS = {
    "placed": "已下单，还没付款",
    "paid": "已付款，等发货",
    "shipped": "已发货",
    "delivered": "已送到",
    "done": "已完成",
    "cancelled": "已取消",
}


class OrderEar:
    """Hears lines for which an order was looked up, and the button of the thing meant."""

    def __init__(self, services: Services, intake: Intake) -> None:
        self._intake = intake
        self._which = AskWhich(services, intake)
        self._pick = PickLine(services, intake)
        self._status = TellStatus(services, intake)

    def action(self, turn: Turn) -> ServiceAction | None:
        """The action that goes on from what was found, or None."""
        if LINE in turn.heard.given or _chosen(turn) is not None:
            return self._pick
        search = turn.heard.search
        if search is None or turn.heard.intent in ABOUT_ORDERS:
            return None
        if _was_of_an_order(turn):
            return self._status
        if not search.choices or _is_over(turn):
            return None
        # By a phone or a card it is not known which of the purchases is meant, were it only one.
        return self._which if search.by_phone or len(search.choices) > 1 else self._intake


class TellStatus(ServiceAction):
    """The number came after a question about an order: how it stands, and who can do more."""

    def act(self, turn: Turn) -> None:
        """Offer once more what was offered with the question; the preface has told the rest."""
        if turn.heard.phone:
            keep_phone(turn, turn.heard.phone)
        wanted = repository.last_effect(turn.session, turn.conversation.id, WANTED)
        if wanted is not None and not turn.conversation.asking:
            errands.offer(turn, wanted["matter"], wanted["what"])


class AskWhich(ServiceAction):
    """An order of several things: which one is it?"""

    def act(self, turn: Turn) -> None:
        """Keep what the line tells, and the things; then ask."""
        search = turn.heard.search
        matter = Intake(self.services).take(turn)
        if search is None or matter is None:
            return
        chosen = search.choices[:SHOWN]
        today = turn.services.clock.today()
        kept = [{"name": line.name, "facts": search.known(o, line, today)} for o, line in chosen]
        conversations.record_effect(
            turn.session, turn.heard.message_id, CHOICES, {"lines": kept}, turn.now
        )
        buttons: list[Button] = [
            {"title": line.name[:20], "payload": f"fact:{LINE}={place}"}
            for place, (_, line) in enumerate(chosen)
        ]
        if search.by_phone:
            none: Button = {"title": "都不是", "payload": f"fact:{LINE}={NONE}"}
            turn.say("utter_order_which_of_mine", buttons=[*buttons, none])
        else:
            turn.say("utter_order_which", buttons=buttons)
        turn.expect()


class PickLine(ServiceAction):
    """The shopper says which thing of the order it is."""

    def act(self, turn: Turn) -> None:
        """Take its facts and go on."""
        kept = repository.last_effect(turn.session, turn.conversation.id, CHOICES)
        place = str(turn.heard.given.get(LINE) or _chosen(turn))
        lines = kept["lines"] if kept else []
        if place != NONE and (not place.isdecimal() or int(place) >= len(lines)):
            turn.say("utter_order_unknown")
            return
        matter = turn.matter
        if matter is None or matter.state in SETTLED:
            matter = conversations.open_matter(turn.session, turn.conversation, turn.now)
        if place == NONE:
            turn.say("utter_order_none")
            advance(turn, matter)
            return
        line = lines[int(place)]
        _say_found(turn, line["name"], line["facts"])
        told = usable(turn, line["facts"])
        conversations.give_facts(
            turn.session, matter, turn.heard.message_id, told, "order", turn.now
        )
        advance(turn, matter)


def preface(turn: Turn) -> None:
    """Say what the look-up of this line brought, ahead of the answer to the line itself."""
    search = turn.heard.search
    if turn.heard.facts.get("wants") == "human":
        return
    if search is None:
        _hint(turn)
        return
    if search.away:
        turn.say("utter_orders_away")
    elif search.spent:
        turn.say("utter_orders_spent")
    elif not search.choices:
        turn.say("utter_order_unknown")
    elif _tells_status(turn):
        for order in search.orders:
            _say_status(turn, order, search.by_phone)
    elif len(search.choices) == 1 and not search.by_phone:
        order, line = search.choices[0]
        _say_found(turn, line.name, search.known(order, line, turn.services.clock.today()))


def want(turn: Turn, matter: str, what: str) -> None:
    """Ask which order is meant; `what` is what staff could do instead."""
    kept = {"matter": matter, "what": what}
    conversations.record_effect(turn.session, turn.heard.message_id, WANTED, kept, turn.now)
    turn.say("utter_want_order")


def _say_found(turn: Turn, name: str, told: Mapping[str, Any]) -> None:
    days = turn.services.words.shown("days_since_purchase", told["days_since_purchase"])
    priced = "price_paid" in told
    turn.say(
        "utter_order_found" if priced else "utter_order_found_unpriced",
        facts=card(turn, usable(turn, told)),
        name=name,
        price=told["price_paid"] if priced else "",
        days=days.replace(" ", ""),
    )


def _say_status(turn: Turn, order: Order, by_phone: bool) -> None:
    parcel = f"，{order.carrier} {order.tracking_no}" if order.carrier and order.tracking_no else ""
    first = order.lines[0].name + ("等" if len(order.lines) > 1 else "")
    turn.say(
        "utter_order_status",
        name=first,
        day=f"{order.purchased_on.month}月{order.purchased_on.day}日",
        stands=_STANDS[order.status] + ("" if by_phone else parcel),
    )


def _was_of_an_order(turn: Turn) -> bool:
    """Whether the line gives the number that a question about an order was answered by."""
    last = repository.latest(turn.session, turn.conversation.id, Author.SHOPPER, 2)
    search, told = turn.heard.search, turn.heard.facts.keys() - {"tone"}
    asked = len(last) == 2 and conversations.effect(turn.session, last[1].id, WANTED)
    return bool(asked) and (not told or (search is not None and search.by_phone))


def _tells_status(turn: Turn) -> bool:
    """Whether the orders found are told as they stand, and nothing is to be made of them."""
    search = turn.heard.search
    mine = search is not None and search.by_phone and _is_over(turn)
    return mine or turn.heard.intent in ABOUT_ORDERS or _was_of_an_order(turn)


def _hint(turn: Turn) -> None:
    """Tell whoever cannot answer what the shop's records may, by which numbers they are found."""
    heard = turn.heard
    left_open = heard.facts.get(heard.asking or "") in _ON_RECORD.get(heard.asking or "", ())
    if turn.services.orders is None or not left_open:
        return
    if repository.effects(turn.session, turn.conversation.id, HINTED):
        return
    conversations.record_effect(turn.session, heard.message_id, HINTED, {}, turn.now)
    turn.say("utter_order_hint")


def _chosen(turn: Turn) -> str | None:
    """The place of the thing that a short line names, after we asked which it is."""
    text = turn.heard.text
    if not text or len(text) > _LONGEST or turn.conversation.asking:
        return None
    last = repository.latest(turn.session, turn.conversation.id, Author.SHOPPER, 2)
    kept = conversations.effect(turn.session, last[1].id, CHOICES) if len(last) == 2 else None
    if kept is None:
        return None
    if _NOT_THESE.fullmatch(text.strip("。，, ！!")):
        return NONE
    nth = _PLACE.search(text)
    if nth is not None:
        return str((whole(nth[1]) or 1) - 1)
    named = [n for n, line in enumerate(kept["lines"]) if _names(text, line["name"])]
    return str(named[0]) if len(named) == 1 else None


def _names(text: str, name: str) -> bool:
    return any(name[at : at + 2] in text for at in range(len(name) - 1))


def _is_over(turn: Turn) -> bool:
    """The number belongs to a case that is registered already, and no new wish comes with it."""
    settled = turn.matter is not None and turn.matter.state in SETTLED
    return settled and turn.heard.facts.get("wants") not in WISHES
