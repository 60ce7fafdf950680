"""Hand-off for now: a case for a call-back with a promised working-day time."""

from sqlalchemy.orm import Session

from bot.conversations.models import Conversation
from bot.tickets import repository
from bot.tickets.models import Ticket, TicketKind
from bot.tickets.service import Application, Tickets


class HandOff:
    """Every request for a person ends as a case with a promised time, once."""

    def __init__(self, tickets: Tickets) -> None:
        self.tickets = tickets

    def call_back(
        self,
        session: Session,
        conversation: Conversation,
        message_id: str,
        why: str,
        assigned_to: str | None = None,
    ) -> tuple[Ticket, bool]:
        """The conversation's open call-back case, and whether this line opened it."""
        waiting = repository.open_call_back(session, conversation.id)
        if waiting is not None:
            return waiting, waiting.opened_by == message_id
        application = Application(
            kind=TicketKind.CALL_BACK,
            opened_by=message_id,
            why=why,
            term=self.tickets.shop(conversation).call_back,
            matter_id=conversation.matter_id,
            assigned_to=assigned_to,
        )
        return self.tickets.open(session, conversation, application), True
