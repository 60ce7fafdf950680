"""Cases as the pages show them: lists, what waits for consent, one case."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bot.accounts.roles import May
from bot.accounts.service import Identity
from bot.clock import Clock
from bot.db import Database
from bot.desk import words
from bot.desk.entries import EVENTS
from bot.desk.sheet import Sheet, row, section
from bot.desk.words import Words
from bot.errors import NotFound
from bot.policy.service import PolicyService
from bot.privacy.masking import masked
from bot.shops.service import Shops
from bot.tickets import repository
from bot.tickets import repository_work as work
from bot.tickets.models import Ticket
from bot.tickets.models_work import Appointment, VisitState
from bot.tickets.service import Tickets
from bot.tickets.states import SETTLED
from bot.tickets.views import Page, QueueFilter
from bot.tickets.views import Row as QueueRow

Row = dict[str, Any]
MOST = 300  # cases listed at once; a queue is worked from its top


@dataclass(frozen=True)
class Visit:
    """The appointment that a case has ahead; `over` once it has begun."""

    at: str
    kind: str
    confirmed: bool
    over: bool


@dataclass(frozen=True)
class CaseShown:
    """A case as its page shows it; `waits` is the consent that it waits for."""

    no: str
    title: str
    state: str
    promise: str
    phone: str
    responsible: str
    department: str
    conversation_id: str | None
    sections: list[Row]
    possible: Mapping[str, str]
    waits: Row | None
    visit: Visit | None
    settled: bool


@dataclass(frozen=True)
class CaseBoard:
    """Reads for the pages; each call one short transaction, to be made on a thread."""

    db: Database
    clock: Clock
    shops: Shops
    tickets: Tickets
    policy: PolicyService
    words: Words

    def queue(self, who: Identity, chosen: QueueFilter, *, overdue: bool) -> list[Row]:
        """Cases with something left to be done, most urgent first."""
        who.need(May.ANSWER)
        with self.db.read() as session:
            page = self.tickets.queue(session, chosen, Page(size=MOST))
        rows = [each for each in page.rows if who.serves(each.shop)]
        return [self._row(each) for each in rows if each.overdue or not overdue]

    def consents(self, who: Identity) -> list[Row]:
        """What waits for somebody's consent."""
        with self.db.read() as session:
            found = self.tickets.approvals(session)
            cases = {each.ticket_id: repository.get(session, each.ticket_id) for each in found}
        listed = []
        for each in found:
            case = cases[each.ticket_id]
            if case is not None and who.serves(case.shop):
                listed.append(
                    {
                        "id": each.id,
                        "no": case.no,
                        "number": words.spaced(case.no),
                        "kind": words.KINDS.get(case.kind, case.kind),
                        "wanted": words.STATES.get(each.wanted, each.wanted),
                        "role": words.role(each.role),
                        "asked_by": each.asked_by,
                        "why": each.why,
                        "waited": words.waited(each.asked_at, self.clock.now()),
                    }
                )
        return listed

    def show(self, who: Identity, no: str) -> CaseShown:
        """One case. Raises NotFound."""
        with self.db.read() as session:
            ticket = self.find(session, who, no)
            clocks, entries = (
                self.tickets.clocks(session, ticket),
                self.tickets.history(session, ticket),
            )
            record = self._decision(session, ticket)
            waits = work.pending_approval(session, ticket.id)
            ahead = self.tickets.visit(session, ticket)
        sheet = Sheet(self.clock, self.words, {})
        events = self.tickets.possible(ticket) if who.may(May.ANSWER) else []
        return CaseShown(
            no=ticket.no,
            title=self._title(ticket),
            state=ticket.state,
            promise=self.tickets.promise(ticket) or "",
            phone=self._phone(who, ticket),
            responsible=ticket.responsible or "",
            department=words.role(ticket.department),
            conversation_id=ticket.conversation_id,
            sections=_seen_by(
                who,
                [
                    section("情况", sheet.facts(ticket), "没有记下具体情况。"),
                    section("决定", sheet.decided(record), "这张单子不是按决定开的。"),
                    *self._visit_part(sheet, who, ticket, ahead),
                    section("时限", sheet.clocks(clocks), "没有在走的时限。"),
                    section("经过", sheet.history(entries), "还没有记录。"),
                ],
            ),
            possible={event.value: EVENTS.get(event, event) for event in events},
            waits=row(words.role(waits.role), words.STATES.get(waits.wanted, ""), waits.why)
            | {"id": waits.id, "asked_by": waits.asked_by}
            if waits
            else None,
            visit=self._visit(ahead) if ahead else None,
            settled=ticket.state in SETTLED,
        )

    def find(self, session: Session, who: Identity, no: str) -> Ticket:
        """The case of that number at a shop of theirs. Raises NotFound."""
        found = repository.by_no(session, no) if no.isdigit() and len(no) <= 24 else None
        if found is None or not who.serves(found.shop):
            raise NotFound("没有这张单子。")
        return found

    def _visit(self, ahead: Appointment) -> Visit:
        return Visit(
            at=self.tickets.spoken(ahead.starts_at),
            kind=words.VISITS[ahead.kind],
            confirmed=ahead.state == VisitState.CONFIRMED,
            over=ahead.starts_at <= self.clock.now(),
        )

    def _visit_part(
        self, sheet: Sheet, who: Identity, ticket: Ticket, ahead: Appointment | None
    ) -> list[Row]:
        if ahead is None:
            return []
        counter, personal = self.shops.get(ticket.shop).desk, who.may(May.SEE_PERSONAL)
        return [section("约好的时间", sheet.visit(ahead, counter, personal=personal))]

    def _decision(self, session: Session, ticket: Ticket) -> Mapping[str, Any] | None:
        if ticket.decision_id is None:
            return None
        try:
            return self.policy.stored(session, ticket.decision_id)
        except NotFound:
            return None

    def _title(self, ticket: Ticket) -> str:
        kind = words.KINDS.get(ticket.kind, ticket.kind)
        return f"{kind} · {self.shops.get(ticket.shop).name}"

    def _phone(self, who: Identity, ticket: Ticket) -> str:
        if not ticket.phone:
            return ""
        shown = (
            ticket.phone
            if who.may(May.SEE_PERSONAL)
            else f"{ticket.phone[:3]}****{ticket.phone[-4:]}"
        )
        return f"{ticket.name} {shown}" if ticket.name else shown

    def _row(self, each: QueueRow) -> Row:
        now, zone = self.clock.now(), self.clock.zone
        complaint = words.COMPLAINTS.get(each.complaint or "", "")
        kind = words.KINDS.get(each.kind, each.kind)
        return {
            "no": each.no,
            "number": words.spaced(each.no),
            "kind": f"{kind}（{complaint}）" if complaint else kind,
            "state": words.STATES.get(each.state, each.state),
            "shop": self.shops.get(each.shop).name,
            "origin": words.CHANNELS.get(each.origin, each.origin),
            "department": words.role(each.department),
            "responsible": each.responsible or "—",
            "priority": words.PRIORITIES.get(each.priority, "普通"),
            "level": each.priority,
            "due": words.when(each.act_by, zone, now) or "—",
            "overdue": each.overdue,
            "reopened": each.reopened,
            "created": words.when(each.created_at, zone, now),
        }


def _seen_by(who: Identity, sections: list[Row]) -> list[Row]:
    """Sections as somebody may see them: phones and addresses only for whoever may."""
    return sections if who.may(May.SEE_PERSONAL) else [masked(part) for part in sections]
