"""The open cases by the decision that each rests on, for whoever wants to change the rules."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.tickets.models import Ticket
from bot.tickets.states import OVER


def by_decision(session: Session) -> Mapping[str, str]:
    """Case numbers by decision id."""
    query = select(Ticket.decision_id, Ticket.no).where(
        Ticket.decision_id.is_not(None), Ticket.state.not_in(OVER)
    )
    return {str(row.decision_id): row.no for row in session.execute(query)}
