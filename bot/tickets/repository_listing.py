"""Queries over all cases: pages by number for other systems, every row for export, what rests on
a decision for whoever wants to change the rules."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.tickets.models import Ticket, TicketState
from bot.tickets.states import OVER

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


def open_by_decision(session: Session) -> Mapping[str, str]:
    """The numbers of open cases by the id of the decision that each rests on."""
    query = select(Ticket.decision_id, Ticket.no).where(
        Ticket.decision_id.is_not(None), Ticket.state.not_in(OVER)
    )
    return {str(row.decision_id): row.no for row in session.execute(query)}
