"""Looking up orders before the turn's transaction opens: an order system may take seconds."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.conversations import repository
from bot.conversations import service as conversations
from bot.db import Database
from bot.messages import Author
from bot.orders.service import Order, OrderLine, Orders, OrdersAway, facts

LOOKED_UP = "order_lookup"  # the effect under which a look-up is counted, before it is made
WANTED = "order_wanted"  # the effect of a line that we answered by asking which order is meant
MOST = 5  # look-ups of one conversation: enough for a slip, too few to try numbers
_NUMBER = re.compile(r"[A-Za-z]{0,6}-?[0-9]{4,24}")
NEWEST = 3  # orders of a phone that are offered


@dataclass(frozen=True)
class Search:
    """What a look-up brought; `away`: nobody answered, `spent`: not made, there were enough.
    `by_phone`: whoever asks may not be the owner, so only what was bought is told."""

    orders: Sequence[Order] = ()
    by_phone: bool = False
    away: bool = False
    spent: bool = False

    @property
    def choices(self) -> list[tuple[Order, OrderLine]]:
        """Every thing bought that may be meant."""
        return [(order, line) for order in self.orders for line in order.lines]

    def settled(self, today: date) -> dict[str, Any]:
        """The facts of the one thing that an order number stands for; nothing where it is open."""
        if self.by_phone or len(self.choices) != 1:
            return {}
        return known(*self.choices[0], today)


def known(order: Order, line: OrderLine, today: date) -> dict[str, Any]:
    """Everything that an order settles of one thing bought, with its number."""
    return {"order_no": order.no, **facts(order, line, today)}


class Seeker:
    """Finds what a line names in the shop's order system; safe to use from several threads."""

    def __init__(self, db: Database, orders: Orders, clock: Clock) -> None:
        self._db, self._orders, self._clock = db, orders, clock

    def search(
        self, message_id: str, conversation_id: str, text: str, details: Mapping[str, Any]
    ) -> Search | None:
        """What a line with an order number brings; with a phone, or a number that could be of
        anything, only where we asked for it."""
        named, phone = details.get("order_no"), details.get("phone")
        no = named or _bare(text, details)
        if not no and not phone:
            return None
        with self._db.write() as session:
            shop = self._claim(session, message_id, conversation_id, wanted=not named)
        if not shop:
            return None if shop is None else Search(spent=True)
        try:
            return self._found(shop, no, phone)
        except OrdersAway:
            return Search(away=True)

    def _found(self, shop: str, no: str | None, phone: str | None) -> Search:
        if no:
            order = self._orders.by_number(shop, no)
            return Search([order] if order else [])
        return Search(self._orders.by_phone(shop, str(phone))[:NEWEST], by_phone=True)

    def _claim(
        self, session: Session, message_id: str, conversation_id: str, *, wanted: bool
    ) -> str | None:
        """The shop to ask for this line; "" when there were enough, None when nothing is asked."""
        conversation = conversations.locked(session, conversation_id)
        if repository.message(session, message_id) is None:
            return None
        if wanted and not _asked_for(session, conversation_id):
            return None
        if conversations.effect(session, message_id, LOOKED_UP) is None:
            if repository.effects(session, conversation_id, LOOKED_UP) >= MOST:
                return ""
            conversations.record_effect(session, message_id, LOOKED_UP, {}, self._clock.now())
        return conversation.shop


def _bare(text: str, details: Mapping[str, Any]) -> str | None:
    """A line that is nothing but a number, unless that is known to be of something else."""
    known = any(details.get(kind) for kind in ("phone", "phone_unclear", "case_no", "parcel_no"))
    found = None if known else _NUMBER.fullmatch(text.strip())
    return found.group().upper() if found else None


def _asked_for(session: Session, conversation_id: str) -> bool:
    """Whether the line before this one was answered by asking for the order."""
    last = repository.latest(session, conversation_id, Author.SHOPPER, 2)
    return len(last) == 2 and conversations.effect(session, last[1].id, WANTED) is not None
