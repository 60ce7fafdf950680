"""Looking up orders before the turn's transaction opens: an order system may take seconds."""

import re
import unicodedata
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
HINTED = "order_hint"  # the effect of a line that was told by which numbers a purchase is found
HEEDED = 4  # lines of the shopper, this one among them, for which that stands
MOST = 5  # look-ups of one conversation: enough for a slip, too few to try numbers
_NUMBER = re.compile(r"[A-Za-z]{0,6}-?[0-9]{4,24}")
_MEMBER = re.compile(
    r"(?:(?:会员|贵宾)(?:卡|账)?(?:号码?|编号)?|vip(?:卡号?|号码?|会员号?))[\s:：是为]*(?P<no>[a-z]{0,6}-?\d{4,20})(?!\d)"
    r"|(?<![a-z])(?P<vip>vip-?\d{4,20})(?!\d)",
    re.IGNORECASE,
)
_BANK = re.compile(r"62(?:\d{14}|\d{17})")
_MOBILE = re.compile(r"1[3-9]\d{9}")
# With a phone number in the line: that it is to be looked up, not called.
_LOOK_UP = re.compile(
    r"(?:查|搜|找|看)(?:一?下|到|得到)?.{0,6}(?:订单|购买|买的|记录|小票|消费)|(?:用|拿|报|按)这?个?(?:手机|电话|号码).{0,4}(?:查|搜|找)"
)
NEWEST = 3  # orders of a phone or a card that are offered


PRIVATE = ("price_paid", "order_no")


@dataclass(frozen=True)
class Search:
    """What a look-up brought; `away`: nobody answered, `spent`: not made, there were enough.
    `by_phone`: found by a phone or a member's card; whoever asks may not be the owner, so only
    what was bought and when is told, and used."""

    orders: Sequence[Order] = ()
    by_phone: bool = False
    away: bool = False
    spent: bool = False

    @property
    def choices(self) -> list[tuple[Order, OrderLine]]:
        """Every thing bought that may be meant."""
        return [(order, line) for order in self.orders for line in order.lines]

    def known(self, order: Order, line: OrderLine, today: date) -> dict[str, Any]:
        """What may be used of one thing bought; what was paid only by the order's own number."""
        told = known(order, line, today)
        return {k: v for k, v in told.items() if not (self.by_phone and k in PRIVATE)}

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
        """What a line with an order number or a member's brings; with a phone, or a number that
        could be of anything, only where we asked for it or the line asks to look."""
        named, phone, card = details.get("order_no"), details.get("phone"), member(text)
        no = None if card else named or _bare(text, details)
        if not (no or phone or card):
            return None
        plain = bool(named or card or (phone and _LOOK_UP.search(text)))
        with self._db.write() as session:
            shop = self._claim(session, message_id, conversation_id, no, wanted=not plain)
        if not shop:
            return None if shop is None else Search(spent=True)
        try:
            return self._found(shop, no, phone, card, named=bool(named))
        except OrdersAway:
            return Search(away=True)

    def _found(
        self, shop: str, no: str | None, phone: str | None, card: str | None, *, named: bool
    ) -> Search:
        if no:
            order = self._orders.by_number(shop, no)
            if order is not None or named:
                return Search([order] if order else [])
            return Search(self._orders.by_member(shop, no)[:NEWEST], by_phone=True)
        found = self._orders.by_member(shop, card) if card else ()
        if not found:
            # Many a card goes by the number of its owner's phone.
            phone = card if card and _MOBILE.fullmatch(card) else phone
            found = self._orders.by_phone(shop, phone) if phone else ()
        return Search(found[:NEWEST], by_phone=True)

    def _claim(
        self,
        session: Session,
        message_id: str,
        conversation_id: str,
        no: str | None,
        *,
        wanted: bool,
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
            # The number is for people: the order system may answer by the time they look.
            told = {"order_no": no} if no else {}
            conversations.record_effect(session, message_id, LOOKED_UP, told, self._clock.now())
        return conversation.shop


def _bare(text: str, details: Mapping[str, Any]) -> str | None:
    """A line that is nothing but a number, unless that is known to be of something else."""
    known = any(details.get(kind) for kind in ("phone", "phone_unclear", "case_no", "parcel_no"))
    found = None if known else _NUMBER.fullmatch(text.strip())
    return found.group().upper() if found else None


def member(text: str) -> str | None:
    """The number of a member's card that a line names; a bank card is none."""
    found = _MEMBER.search(unicodedata.normalize("NFKC", text))
    no = (found["no"] or found["vip"]).upper() if found else None
    return None if no and _BANK.fullmatch(no) else no


def _asked_for(session: Session, conversation_id: str) -> bool:
    """Whether the line before this one was answered by asking for the order, or one of the last
    by telling what a purchase is found by."""
    last = repository.latest(session, conversation_id, Author.SHOPPER, HEEDED)[1:]
    if last and conversations.effect(session, last[0].id, WANTED) is not None:
        return True
    return any(conversations.effect(session, line.id, HINTED) is not None for line in last)
