"""Queries over webhooks and what they are owed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, exists, func, select, update
from sqlalchemy.orm import Session

from bot.tickets.models import Ticket, TicketEvent
from bot.webhooks.models import CallState, Webhook, WebhookCall


def all_hooks(session: Session) -> Sequence[Webhook]:
    """Every webhook, oldest first."""
    return session.scalars(select(Webhook).order_by(Webhook.created_at, Webhook.id)).all()


def last_event(session: Session) -> int:
    """The number of the newest entry of any history."""
    return session.scalar(select(func.max(TicketEvent.id))) or 0


def unseen(session: Session, hook: Webhook, limit: int) -> Sequence[int]:
    """Changes of state that a webhook is not yet owed, by their numbers."""
    owed = exists().where(WebhookCall.webhook_id == hook.id, WebhookCall.event_id == TicketEvent.id)
    query = (
        select(TicketEvent.id)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(TicketEvent.id > hook.watermark, TicketEvent.place.is_not(None), ~owed)
    )
    if hook.shops:
        query = query.where(Ticket.shop.in_(hook.shops))
    return session.scalars(query.order_by(TicketEvent.id).limit(limit)).all()


def settled_before(session: Session, hook: Webhook, at: datetime) -> int:
    """The newest entry older than an instant: nothing below it can still be on its way."""
    query = select(func.max(TicketEvent.id)).where(
        TicketEvent.id > hook.watermark, TicketEvent.at < at
    )
    return session.scalar(query) or hook.watermark


def due(session: Session, hook_id: str, now: datetime, limit: int) -> Sequence[WebhookCall]:
    """Calls of a webhook whose time has come, longest waiting first."""
    return session.scalars(
        select(WebhookCall)
        .where(
            WebhookCall.state == CallState.PENDING,
            WebhookCall.webhook_id == hook_id,
            WebhookCall.due_at <= now,
        )
        .order_by(WebhookCall.due_at)
        .limit(limit)
    ).all()


def claim(session: Session, call: WebhookCall, next_at: datetime) -> bool:
    """Count an attempt and set the next; False where somebody else has just done so."""
    return _one(
        session,
        update(WebhookCall)
        .where(
            WebhookCall.id == call.id,
            WebhookCall.state == CallState.PENDING,
            WebhookCall.attempts == call.attempts,
        )
        .values(attempts=call.attempts + 1, due_at=next_at),
    )


def end(session: Session, call_id: int, state: CallState, outcome: str, now: datetime) -> bool:
    """Settle a call that is pending."""
    return _one(
        session,
        update(WebhookCall)
        .where(WebhookCall.id == call_id, WebhookCall.state == CallState.PENDING)
        .values(state=state, outcome=outcome[:64], ended_at=now),
    )


def note(session: Session, call_id: int, outcome: str) -> None:
    """Keep what came of an attempt that will be made again."""
    session.execute(
        update(WebhookCall).where(WebhookCall.id == call_id).values(outcome=outcome[:64])
    )


def happened(session: Session, event_id: int) -> tuple[TicketEvent, Ticket] | None:
    """The entry and its case."""
    found = session.execute(
        select(TicketEvent, Ticket)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(TicketEvent.id == event_id)
    ).first()
    return None if found is None else (found[0], found[1])


def forget(session: Session, before: datetime) -> int:
    """Remove calls that ended before an instant and lie below their webhook's watermark."""
    seen = select(Webhook.watermark).where(Webhook.id == WebhookCall.webhook_id).scalar_subquery()
    gone = delete(WebhookCall).where(WebhookCall.ended_at < before, WebhookCall.event_id <= seen)
    return cast(CursorResult[Any], session.execute(gone)).rowcount


def _one(session: Session, statement: Any) -> bool:
    return cast(CursorResult[Any], session.execute(statement)).rowcount == 1
