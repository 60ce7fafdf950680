"""What the shop's order system knows of a purchase: told, shown to be checked, and not asked."""

from collections.abc import Mapping
from typing import Any

from actions import errands
from actions.base import ServiceAction, Services, Turn
from actions.decide import card
from actions.intake import SETTLED, WISHES, Intake, advance, keep_phone, usable
from actions.lookup import WANTED, known
from bot.conversations import repository
from bot.conversations import service as conversations
from bot.messages import Author, Button
from bot.orders.service import Order

CHOICES = "order_choices"  # the effect under which the things asked about are kept
LINE = "order_line"  # what the button of one of them gives
SHOWN = 6  # buttons
ABOUT_ORDERS = ("logistics_inquiry", "order_change", "refund_status")
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
        if LINE in turn.heard.given:
            return self._pick
        search = turn.heard.search
        if search is None or turn.heard.intent in ABOUT_ORDERS:
            return None
        if search.by_phone or _was_of_an_order(turn):
            return self._status
        if len(search.choices) > 1 and not _is_over(turn):
            return self._which
        return self._intake if search.choices and not _is_over(turn) else None


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
        kept = [{"name": line.name, "facts": known(o, line, today)} for o, line in chosen]
        conversations.record_effect(
            turn.session, turn.heard.message_id, CHOICES, {"lines": kept}, turn.now
        )
        buttons: list[Button] = [
            {"title": line.name[:20], "payload": f"fact:{LINE}={place}"}
            for place, (_, line) in enumerate(chosen)
        ]
        turn.say("utter_order_which", buttons=buttons)
        turn.expect()


class PickLine(ServiceAction):
    """The shopper says which thing of the order it is."""

    def act(self, turn: Turn) -> None:
        """Take its facts and go on."""
        kept = repository.last_effect(turn.session, turn.conversation.id, CHOICES)
        place = str(turn.heard.given[LINE])
        lines = kept["lines"] if kept else []
        if not place.isdecimal() or int(place) >= len(lines):
            turn.say("utter_order_unknown")
            return
        line = lines[int(place)]
        _say_found(turn, line["name"], line["facts"])
        matter = turn.matter
        if matter is None or matter.state in SETTLED:
            matter = conversations.open_matter(turn.session, turn.conversation, turn.now)
        told = usable(turn, line["facts"])
        conversations.give_facts(
            turn.session, matter, turn.heard.message_id, told, "order", turn.now
        )
        advance(turn, matter)


def preface(turn: Turn) -> None:
    """Say what the look-up of this line brought, ahead of the answer to the line itself."""
    search = turn.heard.search
    if search is None or turn.heard.facts.get("wants") == "human":
        return
    if search.away:
        turn.say("utter_orders_away")
    elif search.spent:
        turn.say("utter_orders_spent")
    elif not search.choices:
        turn.say("utter_order_unknown")
    elif search.by_phone or turn.heard.intent in ABOUT_ORDERS or _was_of_an_order(turn):
        for order in search.orders:
            _say_status(turn, order, search.by_phone)
    elif len(search.choices) == 1:
        order, line = search.choices[0]
        _say_found(turn, line.name, known(order, line, turn.services.clock.today()))


def want(turn: Turn, matter: str, what: str) -> None:
    """Ask which order is meant; `what` is what staff could do instead."""
    kept = {"matter": matter, "what": what}
    conversations.record_effect(turn.session, turn.heard.message_id, WANTED, kept, turn.now)
    turn.say("utter_want_order")


def _say_found(turn: Turn, name: str, told: Mapping[str, Any]) -> None:
    days = turn.services.words.shown("days_since_purchase", told["days_since_purchase"])
    turn.say(
        "utter_order_found",
        facts=card(turn, usable(turn, told)),
        name=name,
        price=told["price_paid"],
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
    told = turn.heard.facts.keys() - {"tone"}
    asked = len(last) == 2 and conversations.effect(turn.session, last[1].id, WANTED)
    return bool(asked) and not told


def _is_over(turn: Turn) -> bool:
    """The number belongs to a case that is registered already, and no new wish comes with it."""
    settled = turn.matter is not None and turn.matter.state in SETTLED
    return settled and turn.heard.facts.get("wants") not in WISHES
