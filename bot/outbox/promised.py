"""The promise guard at work: what one conversation holds, and every line checked against it."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.conversations import repository
from bot.conversations.models import Conversation
from bot.messages import Author, Line
from bot.outbox.guard import CaseHeld, Covered, Uncovered, check, covered_by, safe_line

log = logging.getLogger(__name__)

LOOKED_BACK = 100  # lines of the desk in which decisions are looked for


@dataclass(frozen=True)
class PromiseGuard:
    """Checks lines before they leave; what other rooms hold comes through what is handed in.

    `cases` are the conversation's cases as they stand, `told` sentences that hold a promise of
    their own (the queue's place, a term without a date), `rules` the words of the shop's own
    clauses, which may be quoted. `instead` is what the bot says in place of a line held back.
    """

    clock: Clock
    instead: str
    cases: Callable[[Session, str], Iterable[CaseHeld]]
    told: Callable[[Session, Conversation], Sequence[str]] = lambda session, conversation: ()
    rules: Callable[[str], Sequence[str]] = lambda shop: ()

    def covered(self, session: Session, conversation: Conversation) -> Covered:
        """What may be said in a conversation now."""
        return covered_by(
            self.clock.today(),
            decisions=_decisions(session, conversation.id),
            cases=self.cases(session, conversation.id),
            sentences=self.told(session, conversation),
            quotable=self.rules(conversation.shop),
            zone=self.clock.zone,
        )

    def check(self, session: Session, conversation: Conversation, text: str) -> list[Uncovered]:
        """What a person's line claims and nothing holds."""
        return check(text, self.covered(session, conversation)) if self._claims(text) else []

    def may_leave(
        self, session: Session, conversation: Conversation, line: Line, beside: Sequence[Line] = ()
    ) -> Line:
        """A line of the bot, or the safe one; `beside` are the others of its answer.

        What was looked up is no promise.
        """
        if line.card is not None or not self._claims(line.text):
            return line
        covered = self.covered(session, conversation)
        leaves, found = safe_line(line, covered, self.instead, beside)
        if found:
            said = [(str(one.kind), one.text) for one in found]
            log.warning("held back in %s: %s", conversation.id, said)
        return leaves

    def _claims(self, text: str) -> bool:
        """Whether there is anything to look up at all; most lines claim nothing."""
        return bool(check(text, Covered(self.clock.today())))


def _decisions(session: Session, conversation_id: str) -> list[dict[str, Any]]:
    lines = [
        line
        for author in (Author.BOT, Author.SYSTEM)
        for line in repository.latest(session, conversation_id, author, LOOKED_BACK)
    ]
    return [line.extras["decision"] for line in lines if line.extras.get("decision")]
