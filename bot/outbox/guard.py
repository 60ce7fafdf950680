"""The promise guard: nothing leaves that no decision, case or queue of the conversation holds.

`check` is pure. What holds is handed in as `Covered`, built with `covered_by` from decision
records, cases and the queue; sentences of the shop's own rules cover what they say.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from sqlalchemy.orm import Session

from bot.conversations.models import Conversation
from bot.messages import Line
from bot.outbox.claims import Claim, Kind, Sentence, Value, span
from bot.outbox.days import days, hours
from bot.outbox.figures import amounts, terms
from bot.outbox.vows import vows

# What an outcome, a remedy or a kind of case promises.
FAMILIES: Mapping[str, frozenset[str]] = {
    "refund": frozenset({"refund"}),
    "exchange": frozenset({"exchange"}),
    "exchange_or_refund": frozenset({"refund", "exchange"}),
    "free_repair": frozenset({"repair", "free"}),
    "repair": frozenset({"repair"}),
    "paid_repair": frozenset({"repair"}),
    "refund_minus_depreciation": frozenset({"refund"}),
    "exchange_with_depreciation": frozenset({"exchange"}),
    "price_difference_refund": frozenset({"refund", "price_difference"}),
    "price_difference": frozenset({"refund", "price_difference"}),
    "free_care": frozenset({"free"}),
    "return": frozenset({"refund"}),
    "compensation": frozenset({"compensation"}),
}
# States of a case in which what it asks for has been granted.
GRANTED = frozenset(
    "approved goods_in_transit inspecting repairing refunding done confirmed".split()
)
QUOTED = 8  # characters; a shorter sentence would cover words that stand for themselves
_END = re.compile(r"[^。！？!?；;\n]*[。！？!?；;\n]*")
_ASKS = re.compile(
    r"(?:[?？]|[吗么呢])[\s。~～]*$|(?:好不好|行不行|可以不|要不要)[\s。~～]*$"
    r"|是?在?(?:哪[个位天里家边次一]|谁|什么时候|怎么)(?!.*[都也就])[^,，。]{0,8}(?:的|过)[\s。~～]*$"
)
# Also a question, but one that offers.
_OFFERS = re.compile(r"给您|为您|帮您[退换修赔补]|[退赔补送]您|[退赔补][¥\d一二三四五六七八九十两]")
# Blanks between letters or signs, or between single figures; and what cannot be seen at all.
_GAP = re.compile(
    r"(?<=[^\s\d]) {1,3}(?=\S)|(?<=\d) {1,3}(?=[^\s\d])|(?<=(?<!\d)\d) {1,3}(?=\d(?!\d))"
    r"|[\u200b-\u200f\u2060\ufeff]"
)
_BLANK = "\0"  # of a sentence that is covered: neither a word nor a gap between words
_EVERYDAY = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬圆", "一二三四五六七八九十百千万元")
_REPEATED = re.compile(r"您[^“”]{0,8}(?:说|问|提到|讲)[^“”]{0,4}“[^”]*”")

Holding = tuple[Kind, Value]


@dataclass(frozen=True)
class Uncovered:
    """A claim that nothing holds; `text[start:end]` of the line makes it."""

    kind: Kind
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class CaseHeld:
    """A case: its kind, its state, the instant by which it is promised, the others that it runs
    by (its clocks, a time to meet), and their terms as (n, unit)."""

    kind: str
    state: str
    due: datetime | None = None
    also: Sequence[datetime] = ()
    terms: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True)
class QueueHeld:
    """What the queue has told: minutes to wait, the instant by which somebody is there."""

    minutes: int | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Covered:
    """All that may be said: claims that something holds, and whole sentences of the rules.

    `today` is the shop's day, from which `明天` counts.
    """

    today: date
    held: frozenset[Holding] = frozenset()
    sentences: tuple[str, ...] = ()

    def __or__(self, other: "Covered") -> "Covered":
        """What either covers."""
        return Covered(self.today, self.held | other.held, self.sentences + other.sentences)


class Guard(Protocol):
    """Handed in where lines leave; `promised.PromiseGuard` is the one at work."""

    def may_leave(
        self, session: Session, conversation: Conversation, line: Line, beside: Sequence[Line] = ()
    ) -> Line:
        """A line of the bot, or the safe one; `beside` are the others of its answer."""

    def check(self, session: Session, conversation: Conversation, text: str) -> list[Uncovered]:
        """What a person's line claims and nothing holds."""


def check(text: str, covered: Covered) -> list[Uncovered]:
    """Claims of the line that nothing holds, in reading order; empty: it may leave."""
    plain, places = _together(_without(_plain(text), covered.sentences))
    found = [claim for claim in _claims(plain, covered.today) if not _holds(claim, covered)]
    spans = [(claim, places[claim.start], places[claim.end - 1] + 1)
             for claim in sorted(found, key=lambda claim: (claim.start, claim.end))]  # fmt: skip
    return [Uncovered(claim.kind, text[start:end], start, end) for claim, start, end in spans]


def safe_line(
    line: Line, covered: Covered, instead: str, beside: Sequence[Line] = ()
) -> tuple[Line, list[Uncovered]]:
    """A line of the bot as it may leave, and why it may not leave as it was.

    The decisions and cases that travel with it, and with the lines `beside` it in one answer,
    cover it too. A question keeps what it asks.
    """
    for carrier in (line, *beside):
        covered |= carried_by(carrier, covered.today)
    found = check(line.text, covered)
    return (replace(line, text=instead) if found else line), found


def carried_by(line: Line, today: date) -> Covered:
    """What the decision and the case shown with a line cover."""
    cases = (
        [CaseHeld("", line.ticket["state"], _instant(line.ticket["due"]))] if line.ticket else []
    )
    return covered_by(today, decisions=[line.decision] if line.decision else [], cases=cases)


def covered_by(
    today: date,
    *,
    decisions: Iterable[Mapping[str, Any]] = (),
    cases: Iterable[CaseHeld] = (),
    queue: Iterable[QueueHeld] = (),
    facts: Mapping[str, Any] | None = None,
    sentences: Sequence[str] = (),
    quotable: Sequence[str] = (),
    zone: tzinfo | None = None,
) -> Covered:
    """What decision records, cases, the queue, told prices and `sentences` hold.

    `quotable` may be said word for word, but holds nothing: a clause that is not this shopper's.
    Instants are read in `zone` (their own when left out).
    """
    records = list(decisions)
    told = (*sentences, *(text for record in records for text in _texts(record)))
    held = {one for record in records for one in _of_record(record, zone)}
    held |= {one for case in cases for one in _of_case(case, zone)}
    held |= {one for place in queue for one in _of_queue(place, zone)}
    held |= set(_of_facts(facts or {}))
    held |= {
        (one.kind, one.value) for text in told for one in _claims(_together(_plain(text))[0], today)
    }
    quoted = {_plain(text) for text in (*told, *quotable) if len(text) >= QUOTED}
    quoted |= {f"“{_plain(title)}”" for record in records for title in _titles(record)}
    verbatim = tuple(sorted(quoted))
    return Covered(today, frozenset(held), verbatim)


def _claims(text: str, today: date) -> Iterator[Claim]:
    for sentence in _sentences(text):
        yield from vows(sentence)
        if not sentence.asks:
            yield from amounts(sentence)
            yield from terms(sentence)
            yield from days(sentence, today)
            yield from hours(sentence)


def _sentences(text: str) -> Iterator[Sentence]:
    for match in _END.finditer(text):
        said = match.group()
        if said.strip():
            asks = _ASKS.search(said) is not None and _OFFERS.search(said) is None
            yield Sentence(said.rstrip("。！？!?；;\n"), match.start(), asks)


def _holds(claim: Claim, covered: Covered) -> bool:
    return (claim.kind, claim.value) in covered.held


def _of_record(record: Mapping[str, Any], zone: tzinfo | None) -> Iterator[Holding]:
    yield from _families(str(record.get("outcome")))
    for remedy in record.get("remedies") or ():
        yield from _families(str(remedy.get("type")))
        if remedy.get("amount"):
            yield Kind.AMOUNT, Decimal(str(remedy["amount"]))
        if term := remedy.get("term"):
            yield Kind.TERM, span(Decimal(term["n"]), term["unit"])
        yield from _of_instant(_instant(remedy.get("due")), zone)


def _of_case(case: CaseHeld, zone: tzinfo | None) -> Iterator[Holding]:
    if case.state in GRANTED:
        yield from _families(case.kind)
    for instant in (case.due, *case.also):
        yield from _of_instant(instant, zone)
    for n, unit in case.terms:
        yield Kind.TERM, span(Decimal(n), unit)


def _of_queue(place: QueueHeld, zone: tzinfo | None) -> Iterator[Holding]:
    if place.minutes is not None:
        yield Kind.TERM, span(Decimal(place.minutes), "minute")
    yield from _of_instant(place.until, zone)


def _of_facts(facts: Mapping[str, Any]) -> Iterator[Holding]:
    """Prices that the shopper told may be said back."""
    for key, value in facts.items():
        if "price" in key:
            try:
                yield Kind.AMOUNT, Decimal(str(value))
            except InvalidOperation:
                continue


def _of_instant(instant: datetime | None, zone: tzinfo | None) -> Iterator[Holding]:
    if instant is None:
        return
    local = instant.astimezone(zone) if zone and instant.tzinfo else instant
    yield Kind.DATE, local.date()
    yield Kind.TIME, local.time().replace(second=0, microsecond=0)


def _families(name: str) -> Iterator[Holding]:
    for family in FAMILIES.get(name, ()):
        yield Kind.PROMISE, family


def _texts(record: Mapping[str, Any]) -> list[str]:
    steps = map(str, record.get("next_steps") or ())
    return [str(record.get("reason") or ""), *steps, *_titles(record)]


def _titles(record: Mapping[str, Any]) -> list[str]:
    return [str(clause["title"]) for clause in record.get("clauses") or ()]


def _instant(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None


def _without(text: str, sentences: Sequence[str]) -> str:
    """The text with the rules' own sentences and the shopper's words blanked in place."""
    for sentence in sorted(sentences, key=len, reverse=True):  # a part would hide the whole
        text = text.replace(sentence, _BLANK * len(sentence))
    return _REPEATED.sub(lambda match: _BLANK * len(match.group()), text)


def _together(text: str) -> tuple[str, Sequence[int]]:
    """The text without the gaps that split words (`退 您 2 0 0 元`), and where each character
    stood. Numbers side by side stay two; what was blanked in place stays apart."""
    gaps = {place for gap in _GAP.finditer(text) for place in range(*gap.span())}
    kept = [place for place in range(len(text)) if place not in gaps]
    return "".join(text[place] for place in kept), kept


def _plain(text: str) -> str:
    """Half width, lower case and everyday numerals, character for character."""
    return "".join(_half(character) for character in text).translate(_EVERYDAY)


def _half(character: str) -> str:
    if character in "，。！？；：（）":
        return character
    spelled = unicodedata.normalize("NFKC", character).lower()
    return spelled if len(spelled) == 1 else character
