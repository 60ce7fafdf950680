"""The promise guard with what the cases, the queue and the shop's rules hold."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from bot.conversations.models import Conversation
from bot.handoff.service import HandOff
from bot.outbox.guard import CaseHeld
from bot.outbox.promised import PromiseGuard
from bot.tickets import repository as cases
from bot.tickets import repository_work as work
from bot.tickets.models import Ticket


def promise_guard(handoff: HandOff, rules: Callable[[str], Sequence[str]]) -> PromiseGuard:
    """The guard of a process; `rules` gives the words of the clauses that a shop lives by."""

    def told(session: Session, conversation: Conversation) -> list[str]:
        undated = handoff.spoken.line("promise_undated").text
        place = handoff.waiting.place(session, conversation)
        return [undated] if place is None else [undated, handoff.waiting.place_line(place)]

    instead = handoff.spoken.line("guarded").text
    return PromiseGuard(handoff.clock, instead, _cases, told, rules)


def _cases(session: Session, conversation_id: str) -> list[CaseHeld]:
    return [_held(session, case) for case in cases.of_conversation(session, conversation_id)]


def _held(session: Session, case: Ticket) -> CaseHeld:
    clocks = work.clocks(session, case.id)
    visit = work.appointment_ahead(session, case.id)
    also = [clock.due_at for clock in clocks] + ([visit.starts_at, visit.ends_at] if visit else [])
    terms = [(clock.n, clock.unit) for clock in clocks]
    return CaseHeld(case.kind, case.state, case.due_at, also, terms)
