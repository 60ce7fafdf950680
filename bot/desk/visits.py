"""Appointments of cases, as a person at the desk makes, confirms, moves and ends them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.accounts.roles import May
from bot.accounts.service import Identity
from bot.desk.cases import Cases
from bot.errors import BadInput, Conflict
from bot.tickets.models import Ticket, TicketKind
from bot.tickets.models_work import VisitKind, VisitState
from bot.tickets.states import SETTLED

DAYS = 21  # that are offered from

Free = Mapping[str, Mapping[str, str]]
Act = Callable[[Session, Ticket], object]


@dataclass(frozen=True)
class Visits:
    """Acts on the appointment of a case; each one transaction, told after it."""

    cases: Cases

    def kind(self, who: Identity, no: str) -> VisitKind:
        """What a case's appointment is for, or most likely would be."""
        with self.cases.db.read() as session:
            ticket = self.cases.board.find(session, who, no)
            ahead = self.cases.tickets.visit(session, ticket)
        if ahead is not None:
            return VisitKind(ahead.kind)
        fits = ticket.kind == TicketKind.INSTALLATION
        return VisitKind.INSTALLATION if fits else VisitKind.COUNTER_VISIT

    def free(self, who: Identity, no: str, kind: VisitKind) -> Free:
        """The times that can be had: for each day, as one says it, the clock times by instant."""
        who.need(May.ANSWER)
        today = self.cases.clock.today()
        with self.cases.db.read() as session:
            ticket = self.cases.board.find(session, who, no)
            every = [
                at
                for ahead in range(DAYS)
                for at in self.cases.tickets.free_times(
                    session, ticket, kind, today + timedelta(days=ahead)
                )
            ]
        return self._by_day(every)

    def book(self, who: Identity, no: str, kind: VisitKind, at: str, address: str = "") -> None:
        """Take a time for a case, or move the one that it has. Raises SlotTaken, Conflict."""
        starts_at = _instant(at)

        def take(session: Session, ticket: Ticket) -> None:
            if ticket.state in SETTLED:
                raise Conflict("这张单子已经办完了，不用再约时间。", no=no)
            tickets = self.cases.tickets
            ahead = tickets.visit(session, ticket)
            if ahead is None or ahead.starts_at != starts_at:  # the same would lose its consent
                tickets.book(session, ticket, kind, starts_at, self.cases.actor(who))
            if address.strip():
                tickets.visit_at(session, ticket, address.strip()[:200], self.cases.actor(who))

        self._act(who, no, take)

    def confirm(self, who: Identity, no: str) -> None:
        """Both sides hold to the time. Raises Conflict where there is none."""
        actor, tickets = self.cases.actor(who), self.cases.tickets
        self._act(who, no, lambda session, case: tickets.confirm_visit(session, case, actor))

    def end(self, who: Identity, no: str, state: VisitState) -> None:
        """An appointment is cancelled, was kept or missed. Raises Conflict where there is none."""
        actor, tickets = self.cases.actor(who), self.cases.tickets
        self._act(who, no, lambda session, case: tickets.end_visit(session, case, state, actor))

    def _act(self, who: Identity, no: str, act: Act) -> None:
        who.need(May.ANSWER)
        self.cases.write(no, lambda session: act(session, self.cases.board.find(session, who, no)))

    def _by_day(self, times: list[datetime]) -> Free:
        found: dict[str, dict[str, str]] = {}
        for at in times:
            day, _, clock = self.cases.tickets.spoken(at).rpartition("）")
            found.setdefault(f"{day}）", {})[at.isoformat()] = clock
        return found


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BadInput("请先选一个时间。")
    return found
