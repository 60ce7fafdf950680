"""One shopper's data: found, taken out, and erased; cases keep what finds nobody."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.accounts.service import note
from bot.attachments.service import Album
from bot.errors import BadInput, NotFound
from bot.privacy import repository
from bot.privacy.places import PLACES, Place

VERSION = "2026-11"  # of the page at /privacy; a new text has a new version
# A fact that finds nobody: a word of the rules, a short number, an amount or a day.
_HARMLESS = re.compile(r"[a-z][a-z_]{0,39}|-?\d{1,6}(?:\.\d{1,2})?|\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Subject:
    """One shopper: their conversations and cases, and how they were named."""

    conversations: tuple[str, ...]
    cases: tuple[str, ...]


def subject(
    session: Session,
    conversation: str | None = None,
    phone: str | None = None,
    ticket: str | None = None,
) -> Subject:
    """Whoever is meant. Raises BadInput unless exactly one way is given, NotFound for nobody."""
    if sum(way is not None for way in (conversation, phone, ticket)) != 1:
        raise BadInput("会话编号、手机号、工单号，三样给一样就行。")
    talks: set[str] = set()
    cases: set[str] = set()
    if conversation is not None and repository.exists(session, conversation):
        talks = {conversation}
    elif phone is not None:
        talks, cases = repository.of_phone(session, phone)
    elif ticket is not None:
        talks, cases = repository.of_ticket(session, ticket)
    if not talks and not cases:
        raise NotFound("没有找到这位顾客的资料。")
    return Subject(tuple(sorted(talks)), tuple(sorted(cases | repository.cases_of(session, talks))))


def taken_out(session: Session, whose: Subject) -> dict[str, list[dict[str, Any]]]:
    """All that is kept of a shopper, by table; keys that open something are left out."""
    found = {
        place.table: repository.rows(session, place, whose.conversations, whose.cases)
        for place in PLACES
    }
    for row in found["conversations"]:
        row.pop("token_hash")
    return {name: rows for name, rows in found.items() if rows}


def erase(session: Session, whose: Subject, album: Album, by: str, now: datetime) -> None:
    """Erase a shopper; run again after a crash it ends the work.

    Photos go first: were the rows to go and the files to stay, nobody would find them again.
    """
    for photo in repository.photos(session, whose.conversations):
        album.forget(photo)
    for place in PLACES:
        if place.facts is not None:
            _reduce(session, place, whose)
    repository.end_left_over(session, whose.conversations, whose.cases)
    for place in PLACES:
        repository.blank(session, place, whose.conversations, whose.cases)
    repository.forget_followers(session, whose.conversations)  # last: callbacks are found by it
    told = {"conversations": len(whose.conversations), "cases": len(whose.cases)}
    first = (whose.conversations or whose.cases)[0]
    note(session, by, "privacy_erased", first, now, **told)


def harmless(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that find nobody."""
    return {key: value for key, value in facts.items() if is_harmless(value)}


def is_harmless(value: Any) -> bool:
    """Whether a fact's value could be anybody's."""
    return value is None or bool(_HARMLESS.fullmatch(str(value)))


def _reduce(session: Session, place: Place, whose: Subject) -> None:
    assert place.facts is not None
    for row in repository.rows(session, place, whose.conversations, whose.cases):
        value = row[place.facts]
        if isinstance(value, dict):
            repository.write_facts(session, place, row, harmless(value))
        elif not is_harmless(value):
            repository.drop_fact(session, row["id"])
