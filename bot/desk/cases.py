"""What a person at the desk does with cases: each act one transaction, told after it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from bot.accounts.roles import May
from bot.accounts.service import Forbidden, Identity
from bot.clock import Clock
from bot.conversations import repository as transcript
from bot.db import Database
from bot.desk import words
from bot.desk.case_board import CaseBoard
from bot.errors import BadInput, NotFound
from bot.shops.service import Shops
from bot.tickets import repository
from bot.tickets.models import ComplaintKind, Origin, TicketKind
from bot.tickets.office import Actor
from bot.tickets.service import Application, Caller, Tickets
from bot.tickets.states import Event
from bot.wake import Wake

Result = TypeVar("Result")
Row = dict[str, Any]


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
class Cases:
    """Acts on cases, as the pages call them; `board` reads."""

    db: Database
    clock: Clock
    shops: Shops
    tickets: Tickets
    board: CaseBoard
    wake: Wake

    def advance(self, who: Identity, no: str, event: Event, why: str) -> str:
        """Move a case; gives what came of it in words."""
        who.need(May.ANSWER)

        def move(session: Session) -> str:
            step = self.tickets.advance(
                session, self.board.find(session, who, no), event, self.actor(who), why.strip()
            )
            if step.approval is not None:
                return f"要{words.role(step.approval.role)}审批，已经提交。"
            return f"已变为“{words.STATES.get(step.ticket.state, step.ticket.state)}”。"

        return self.write(no, move)

    def assign(
        self, who: Identity, no: str, responsible: str | None, department: str | None
    ) -> None:
        """Give a case to somebody or to another department."""
        who.need(May.ANSWER)
        if responsible not in (None, who.login):
            who.need(May.SUPERVISE)
        self.write(
            no,
            lambda session: self.tickets.assign(
                session,
                self.board.find(session, who, no),
                self.actor(who),
                responsible=responsible,
                department=department,
            ),
        )

    def note(self, who: Identity, no: str, text: str) -> None:
        """Add a remark to the history of a case."""
        who.need(May.ANSWER)
        if not text.strip():
            raise BadInput("备注要有内容。")
        self.write(
            no,
            lambda session: self.tickets.note(
                session, self.board.find(session, who, no), who.login, "note", text.strip()[:2000]
            ),
        )

    def consent(self, who: Identity, no: str, request_id: int, why: str, *, granted: bool) -> None:
        """Consent to what a case waits for, or refuse. Raises Forbidden, NotYourConsent."""
        if not who.may(May.APPROVE):
            raise Forbidden(needs=May.APPROVE.value)
        if not why.strip():
            raise BadInput("请写一句理由。")

        def decide(session: Session) -> None:
            self.board.find(session, who, no)
            if granted:
                self.tickets.approve(session, request_id, self.actor(who), why.strip())
            else:
                self.tickets.reject(session, request_id, self.actor(who), why.strip())

        self.write(no, decide)

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
            ticket = self.tickets.open_for(session, caller, application, self.actor(who))
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

    def write(self, no: str, act: Callable[[Session], Result]) -> Result:
        """One transaction about a case, told after it."""
        with self.db.write() as session:
            result = act(session)
            ticket = repository.by_no(session, no)
        self._told(ticket.conversation_id if ticket else None)
        return result

    def actor(self, who: Identity) -> Actor:
        """Somebody of the desk, as cases know them."""
        return Actor.agent(who.login, *(role.value for role in who.roles))

    def _told(self, conversation_id: str | None) -> None:
        self.wake.tell("tickets")
        if conversation_id:
            self.wake.tell(f"conversation:{conversation_id}")
            self.wake.tell("outbox")


def _phone(text: str) -> str | None:
    digits = "".join(character for character in text if character.isdigit())
    if not text.strip():
        return None
    if not 7 <= len(digits) <= 15:
        raise BadInput("电话号码不对，请再核对一下。")
    return digits
