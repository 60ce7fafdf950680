"""What a person at the desk does with cases: each act one transaction, told after it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from bot.accounts.roles import May
from bot.accounts.service import Forbidden, Identity
from bot.clock import Clock
from bot.conversations import repository as transcript
from bot.db import Database
from bot.desk import words
from bot.desk.sheet import Sheet, row, section
from bot.desk.words import Words
from bot.errors import BadInput, NotFound
from bot.policy.service import PolicyService
from bot.shops.service import Shops
from bot.tickets import repository
from bot.tickets import repository_work as work
from bot.tickets.models import ComplaintKind, Origin, Ticket, TicketKind
from bot.tickets.office import Actor
from bot.tickets.service import Application, Caller, Tickets
from bot.tickets.states import Event
from bot.tickets.views import Page, QueueFilter
from bot.tickets.views import Row as QueueRow
from bot.wake import Wake

Result = TypeVar("Result")
Row = dict[str, Any]
MOST = 300  # cases listed at once; a queue is worked from its top


@dataclass(frozen=True)
class TakenDown:
    """What an agent writes down for a caller or a walk-in."""

    shop: str
    origin: Origin
    kind: TicketKind
    why: str
    phone: str = ""
    name: str = ""
    complaint: ComplaintKind | None = None


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


@dataclass(frozen=True)
class Cases:
    """Cases, as the pages call them."""

    db: Database
    clock: Clock
    shops: Shops
    tickets: Tickets
    policy: PolicyService
    words: Words
    wake: Wake

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
            ticket = self._ticket(session, who, no)
            clocks, entries = (
                self.tickets.clocks(session, ticket),
                self.tickets.history(session, ticket),
            )
            record = self._decision(session, ticket)
            waits = work.pending_approval(session, ticket.id)
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
            sections=[
                section("情况", sheet.facts(ticket), "没有记下具体情况。"),
                section("决定", sheet.decided(record), "这张单子不是按决定开的。"),
                section("时限", sheet.clocks(clocks), "没有在走的时限。"),
                section("经过", sheet.history(entries), "还没有记录。"),
            ],
            possible={event.value: words.EVENTS.get(event, event) for event in events},
            waits=row(words.role(waits.role), words.STATES.get(waits.wanted, ""), waits.why)
            | {"id": waits.id, "asked_by": waits.asked_by}
            if waits
            else None,
        )

    def advance(self, who: Identity, no: str, event: Event, why: str) -> str:
        """Move a case; gives what came of it in words."""
        who.need(May.ANSWER)

        def move(session: Session) -> str:
            step = self.tickets.advance(
                session, self._ticket(session, who, no), event, self._actor(who), why.strip()
            )
            if step.approval is not None:
                return f"要{words.role(step.approval.role)}审批，已经提交。"
            return f"已变为“{words.STATES.get(step.ticket.state, step.ticket.state)}”。"

        return self._write(no, move)

    def assign(
        self, who: Identity, no: str, responsible: str | None, department: str | None
    ) -> None:
        """Give a case to somebody or to another department."""
        who.need(May.ANSWER)
        if responsible not in (None, who.login):
            who.need(May.SUPERVISE)
        self._write(
            no,
            lambda session: self.tickets.assign(
                session,
                self._ticket(session, who, no),
                self._actor(who),
                responsible=responsible,
                department=department,
            ),
        )

    def note(self, who: Identity, no: str, text: str) -> None:
        """Add a remark to the history of a case."""
        who.need(May.ANSWER)
        if not text.strip():
            raise BadInput("备注要有内容。")
        self._write(
            no,
            lambda session: self.tickets.note(
                session, self._ticket(session, who, no), who.login, "note", text.strip()[:2000]
            ),
        )

    def consent(self, who: Identity, no: str, request_id: int, why: str, *, granted: bool) -> None:
        """Consent to what a case waits for, or refuse. Raises Forbidden, NotYourConsent."""
        if not who.may(May.APPROVE):
            raise Forbidden(needs=May.APPROVE.value)
        if not why.strip():
            raise BadInput("请写一句理由。")

        def decide(session: Session) -> None:
            self._ticket(session, who, no)
            if granted:
                self.tickets.approve(session, request_id, self._actor(who), why.strip())
            else:
                self.tickets.reject(session, request_id, self._actor(who), why.strip())

        self._write(no, decide)

    def take_down(self, who: Identity, taken: TakenDown) -> str:
        """Open a case for a caller or a walk-in; its number."""
        who.need(May.ANSWER)
        if not who.serves(taken.shop) or not taken.why.strip():
            raise BadInput("请选您负责的店，并写下是什么事。")
        caller = Caller(
            taken.shop, taken.origin, _phone(taken.phone), taken.name.strip()[:64] or None
        )
        application = Application(
            kind=taken.kind,
            opened_by=None,
            why=taken.why.strip()[:2000],
            term=self.shops.get(taken.shop).call_back,
            complaint=taken.complaint,
        )
        with self.db.write() as session:
            ticket = self.tickets.open_for(session, caller, application, self._actor(who))
            no = ticket.no
        self._told(None)
        return no

    def open_in(self, who: Identity, conversation_id: str, kind: TicketKind, why: str) -> str:
        """Open a case for the shopper of a conversation, with all that is known; its number."""
        who.need(May.ANSWER)

        def opened(session: Session) -> str:
            conversation = transcript.lock(session, conversation_id)
            if conversation is None or not who.serves(conversation.shop):
                raise NotFound("没有找到这个会话。")
            matter = transcript.matter(session, conversation.matter_id)
            facts = transcript.facts(session, matter.id) if matter else ()
            application = Application(
                kind=kind,
                opened_by=None,
                why=why.strip()[:2000] or "客服登记",
                term=self.tickets.shop(conversation).call_back,
                facts={fact.key: fact.value for fact in facts},
                matter_id=matter.id if matter else None,
                decision_id=matter.decision_id if matter else None,
            )
            ticket = self.tickets.open(session, conversation, application)
            self.tickets.note(session, ticket, who.login, "note", f"{who.name}在会话里登记")
            return ticket.no

        with self.db.write() as session:
            no = opened(session)
        self._told(conversation_id)
        return no

    def _write(self, no: str, act: Callable[[Session], Result]) -> Result:
        with self.db.write() as session:
            result = act(session)
            ticket = repository.by_no(session, no)
        self._told(ticket.conversation_id if ticket else None)
        return result

    def _told(self, conversation_id: str | None) -> None:
        self.wake.tell("tickets")
        if conversation_id:
            self.wake.tell(f"conversation:{conversation_id}")
            self.wake.tell("outbox")

    def _ticket(self, session: Session, who: Identity, no: str) -> Ticket:
        found = repository.by_no(session, no) if no.isdigit() and len(no) <= 24 else None
        if found is None or not who.serves(found.shop):
            raise NotFound("没有这张单子。")
        return found

    def _actor(self, who: Identity) -> Actor:
        return Actor.agent(who.login, *(role.value for role in who.roles))

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


def departments(rows: Sequence[Row]) -> list[str]:
    """The departments in a list."""
    return sorted({str(each["department"]) for each in rows})


def _phone(text: str) -> str | None:
    digits = "".join(character for character in text if character.isdigit())
    if not text.strip():
        return None
    if not 7 <= len(digits) <= 15:
        raise BadInput("电话号码不对，请再核对一下。")
    return digits
