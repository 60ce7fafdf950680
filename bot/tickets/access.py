"""Who may see a case in chat: the conversation that it belongs to, or whoever knows its number and
the last digits of its phone. Nothing said here tells whether a number exists."""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from bot.conversations.models import Conversation
from bot.tickets import number, repository
from bot.tickets import repository_work as work
from bot.tickets.models import Ticket
from bot.tickets.models_work import Lookup, LookupState
from bot.tickets.office import Office

# A number in a line: at least eleven digits that begin like a day, in groups or not.
_NUMBER = re.compile(r"(?<!\d)(\d{2}[01]\d[0-3]\d(?:[ -]?\d){5,8})(?!\d)")
_TAIL = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_MOBILE = re.compile(r"1[3-9]\d{9}")
PATIENCE = timedelta(minutes=10)  # in which four digits are an answer
SHUT = timedelta(hours=1)
TRIES_HERE = 5  # wrong proofs of one conversation within `SHUT`
TRIES_FOR_IT = 10  # wrong proofs for one number, from wherever, within a day
REMEMBERED = timedelta(hours=24)  # for how long a proof holds


class Answer(StrEnum):
    """What somebody is told who asks for a case by its number."""

    HERE = "here"
    SLIP = "slip"
    PROVE = "prove"
    WRONG = "wrong"
    SHUT = "shut"


@dataclass(frozen=True)
class Found:
    """The answer, and the case where it may be shown."""

    answer: Answer
    ticket: Ticket | None = None


def named(text: str) -> str | None:
    """The case number that a line names, digits only, right or wrong; a phone is none."""
    for found in _NUMBER.finditer(text):
        digits = re.sub(r"\D", "", found[1])
        if not _MOBILE.fullmatch(digits):
            return digits
    return None


def tail(text: str, no: str | None = None) -> str | None:
    """The four digits that a line gives as proof."""
    rest = _NUMBER.sub(" ", text) if no else text
    found = _TAIL.search(rest)
    return found[1] if found else None


def mine(session: Session, office: Office, conversation: Conversation) -> list[Ticket]:
    """The cases that a conversation may see, newest first."""
    found = list(repository.of_conversation(session, conversation.id))
    since = office.now - REMEMBERED
    for no in work.numbers_opened(session, conversation.id, since):
        ticket = repository.by_no(session, no)
        if ticket is not None and ticket not in found:
            found.append(ticket)
    return sorted(found, key=lambda ticket: (ticket.created_at, ticket.no), reverse=True)


def by_number(
    session: Session, office: Office, conversation: Conversation, no: str, proof: str | None
) -> Found:
    """What to answer to whoever names a number, with or without four digits of its phone."""
    for ticket in mine(session, office, conversation):
        if ticket.no == no:
            return Found(Answer.HERE, ticket)
    if not number.is_valid(no):
        return Found(Answer.SLIP)
    if _shut(session, office, conversation, no):
        return Found(Answer.SHUT)
    if proof is None:
        _note(session, office, conversation, no, LookupState.ASKED)
        return Found(Answer.PROVE)
    return _tried(session, office, conversation, no, proof)


def proved(
    session: Session, office: Office, conversation: Conversation, proof: str
) -> Found | None:
    """What to answer to four digits; None where no number waits for them."""
    no = asked(session, office, conversation)
    return by_number(session, office, conversation, no, proof) if no else None


def asked(session: Session, office: Office, conversation: Conversation) -> str | None:
    """The number that waits for its proof."""
    found = work.lookup_asked(session, conversation.id, office.now - PATIENCE)
    return found.no if found else None


def _tried(
    session: Session, office: Office, conversation: Conversation, no: str, proof: str
) -> Found:
    ticket = repository.by_no(session, no)
    known = ticket.phone[-4:] if ticket is not None and ticket.phone else ""
    same_shop = ticket is not None and ticket.shop == conversation.shop
    if not (hmac.compare_digest(known, proof) and same_shop):
        _note(session, office, conversation, no, LookupState.REFUSED)
        return Found(Answer.WRONG)
    _note(session, office, conversation, no, LookupState.OPENED)
    return Found(Answer.HERE, ticket)


def _shut(session: Session, office: Office, conversation: Conversation, no: str) -> bool:
    here = work.lookups_refused(session, office.now - SHUT, conversation_id=conversation.id)
    day = office.now - timedelta(days=1)
    return here >= TRIES_HERE or work.lookups_refused(session, day, no=no) >= TRIES_FOR_IT


def _note(
    session: Session, office: Office, conversation: Conversation, no: str, state: LookupState
) -> None:
    session.add(Lookup(conversation_id=conversation.id, no=no, state=state, at=office.now))
    session.flush()


def numbers(tickets: Sequence[Ticket]) -> str:
    """Several cases by their numbers, as one says them."""
    return "、".join(number.spoken(ticket.no) for ticket in tickets)
