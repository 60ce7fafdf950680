"""Cases in the order of their numbers: pages for other systems, and all of them for export."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.tickets.models import Ticket, TicketState

AT_ONCE = 1000  # rows held in memory

COLUMNS = (
    Ticket.no,
    Ticket.kind,
    Ticket.complaint,
    Ticket.state,
    Ticket.shop,
    Ticket.origin,
    Ticket.department,
    Ticket.responsible,
    Ticket.priority,
    Ticket.phone,
    Ticket.reopened,
    Ticket.resolution,
    Ticket.created_at,
    Ticket.due_at,
    Ticket.finished_at,
)


def page(
    session: Session,
    shops: Sequence[str] | None,
    state: TicketState | None,
    after: str | None,
    limit: int,
) -> Sequence[Ticket]:
    """Cases of these shops (None: of all) behind a number."""
    query = select(Ticket).order_by(Ticket.no).limit(limit)
    if shops is not None:
        query = query.where(Ticket.shop.in_(shops))
    if state is not None:
        query = query.where(Ticket.state == state)
    if after is not None:
        query = query.where(Ticket.no > after)
    return session.scalars(query).all()


def count(session: Session, shop: str | None) -> int:
    """How many cases there are."""
    query = select(func.count()).select_from(Ticket)
    return session.scalar(query if shop is None else query.where(Ticket.shop == shop)) or 0


def rows(session: Session, shop: str | None) -> Iterator[tuple[Any, ...]]:
    """The columns of every case, page by page: however many there are, few are in memory."""
    last = ""
    while True:
        query = select(*COLUMNS).where(Ticket.no > last).order_by(Ticket.no).limit(AT_ONCE)
        found = session.execute(query if shop is None else query.where(Ticket.shop == shop)).all()
        yield from (tuple(row) for row in found)
        if len(found) < AT_ONCE:
            return
        last = found[-1][0]
