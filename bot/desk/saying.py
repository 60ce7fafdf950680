"""A line of a person on its way out: blanks filled in, promises checked, overrides kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from bot.accounts.service import Identity
from bot.clock import Clock
from bot.conversations import repository as transcript
from bot.conversations.models import Conversation
from bot.desk import repository
from bot.desk.canned import filled
from bot.desk.models import Gap, Override
from bot.errors import BadInput, DeskError
from bot.handoff.claims import Claims
from bot.outbox.claims import Sentence
from bot.outbox.figures import amounts
from bot.outbox.guard import Uncovered
from bot.outbox.promised import PromiseGuard
from bot.tickets.service import Tickets


class Unheld(DeskError):
    """A line claims what nothing holds; the claims are in the details. It was not sent."""

    code = "unheld"
    status = 409
    message = "这句话里有还没定下来的承诺，没有发送。改一改，或者写明理由再发。"


@dataclass(frozen=True)
class Reason:
    """Why a line is sent over the guard's warning."""

    gap: Gap
    words: str


@dataclass(frozen=True)
class Saying:
    """Says lines in the caller's transaction."""

    clock: Clock
    claims: Claims
    tickets: Tickets
    guard: PromiseGuard

    def fill(self, session: Session, who: Identity, conversation: Conversation, text: str) -> str:
        """A text with its blanks filled in. Raises UnknownBlank."""
        return filled(text, self._blanks(session, conversation, who))

    def say(
        self,
        session: Session,
        who: Identity,
        conversation: Conversation,
        fence: int,
        line: str,
        client_id: str,
        over: Reason | None,
    ) -> None:
        """Say a line as it stands. Raises Unheld unless there is a reason `over` the warning."""
        found = self.guard.check(session, conversation, line)
        if found and over is None:
            raise Unheld(claims=[one.text for one in found])
        said = self.claims.say(session, conversation.id, fence, who.user_id, line, client_id)
        # Sent again by a page that had lost its network, it is in the ledger already.
        if found and over is not None and repository.of_message(session, said.id) is None:
            self._ledger(session, who, conversation, said.id, found, over)

    def _ledger(
        self,
        session: Session,
        who: Identity,
        conversation: Conversation,
        message_id: str,
        found: Sequence[Uncovered],
        over: Reason,
    ) -> None:
        if not over.words.strip():
            raise BadInput("请写明为什么这样答应。")
        matter = transcript.matter(session, conversation.matter_id)
        entry = Override(
            at=self.clock.now(),
            shop=conversation.shop,
            conversation_id=conversation.id,
            message_id=message_id,
            who=who.login,
            gap=over.gap,
            reason=over.words.strip()[:500],
            claims=[{"kind": str(one.kind), "text": one.text} for one in found],
            decision_id=matter.decision_id if matter else None,
            money=_fen(found),
        )
        repository.add(session, entry)

    def _blanks(
        self, session: Session, conversation: Conversation, who: Identity
    ) -> Mapping[str, str | None]:
        cases = self.tickets.mine(session, conversation)
        case = cases[0] if cases else None
        return {
            "no": case.no if case else None,
            "promise": self.tickets.promise(case) if case else None,
            "name": who.name,
            "shop": self.tickets.shop(conversation).name,
        }


def _fen(found: Sequence[Uncovered]) -> int:
    """The largest amount of money claimed, in fen."""
    values = (claim.value for one in found for claim in amounts(Sentence(one.text, 0, False)))
    return max((round(value * 100) for value in values if isinstance(value, Decimal)), default=0)
