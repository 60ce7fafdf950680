"""Reads what a set promises around its cases: clocks, ladder, approvals, ways to people."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from bot.policy.clauses_file import read_in_force
from bot.policy.engine.outcomes import TARGETS, WORTH
from bot.policy.engine.words import FactSpec
from bot.policy.promises import (
    BY_DECISION,
    Approval,
    Deadline,
    Department,
    Entry,
    HandOffRule,
    Promise,
    Rung,
)
from bot.policy.reading import Block
from bot.policy.rules_file import TERM_UNITS
from bot.shops.service import Term

SECTIONS = ("deadlines", "ladder", "approvals", "hand_off", "departments")
CLOCKS = ("first_response", "next_step", "finish", "call_back")
# Kinds and states of a case as the room of cases has them; a test compares the two.
KINDS = (
    "return", "exchange", "repair", "price_difference", "compensation", "complaint", "care",
    "inspection", "installation", "call_back", "other",
)  # fmt: skip
STATES = (
    "submitted", "reviewing", "approved", "rejected", "awaiting_customer", "goods_in_transit",
    "inspecting", "repairing", "refunding", "done", "confirmed", "closed", "reopened", "withdrawn",
)  # fmt: skip
COMPLAINTS = (
    "quality", "packaging", "conduct", "facility", "price", "fraud", "delivery", "other",
)  # fmt: skip
TRIGGERS = (
    "12315", "consumer_association", "authority", "media", "lawyer", "injury", "allergy", "fire",
    "report",
)  # fmt: skip
STAFF = frozenset({"counter_staff"})
TOP, LEAST = 0, 9
_DAYS = ("effective_from", "effective_to")
_YES = MappingProxyType({"yes": True, "true": True, "no": False, "false": False})
# What a hand-off rule may look at: words that have a list, numbers, or yes and no.
WORDS: Mapping[str, Collection[str]] = MappingProxyType(
    {
        "tone": ("calm", "upset", "angry", "insult"),
        "trigger": TRIGGERS,
        "decision_status": ("decided", "needs_facts", "escalate"),
        "outcome": tuple(WORTH),
        "escalate_to": tuple(sorted(TARGETS)),
        "complaint": COMPLAINTS,
    }
)
NUMBERS = frozenset({"misses", "mood", "value", "reopened", "prior_repairs"})
FLAGS = frozenset({"asks", "breached", "unreasonable", "override"})
SIGNALS = (*WORDS, *sorted(NUMBERS), *sorted(FLAGS))


class Around:
    """Reads the promises of one file as one set understands them: its clauses, people, words."""

    def __init__(
        self,
        top: Block,
        clauses: Collection[str],
        people: Mapping[str, str],
        facts: Mapping[str, FactSpec],
        borrowed: bool,
    ) -> None:
        self._top = top
        self._clauses = clauses
        self._people = people
        self._facts = facts
        self._borrowed = borrowed

    def entries(self) -> list[Entry]:
        """Every promise of the file. Raises BadPolicy."""
        found: list[tuple[Block, Entry]] = []
        for section, read in self._readers().items():
            for block in self._top.blocks(section):
                found += [(block, self._entry(block, name, item)) for name, item in read(block)]
        _refuse_overlaps(found)
        _refuse_missing_rungs(found)
        return [entry for _, entry in found]

    def _readers(self) -> Mapping[str, Callable[[Block], Iterator[tuple[str, Promise]]]]:
        readers = (self._clock, self._rung, self._approval, self._hand_off, self._department)
        return dict(zip(SECTIONS, readers, strict=True))

    def _entry(self, block: Block, name: str, item: Promise) -> Entry:
        days = read_in_force(block)
        cited = block.texts("clauses" if isinstance(item, HandOffRule) else "clause")
        if not cited:
            raise block.wrong(None, "no_clause", "没有写依据的条款。", "请写 clauses。")
        for clause in cited:
            if clause not in self._clauses:
                key = "clauses" if "clauses" in block else "clause"
                raise block.wrong(key, "unknown_clause", f"没有条款“{clause}”。", "请补写。")
        return Entry(name, item, cited, self._borrowed, days.start, days.end)

    def _clock(self, block: Block) -> Iterator[tuple[str, Promise]]:
        block.only("clock", "kinds", "state", "facts", "term", "statutory", "clause", *_DAYS)
        clock, kinds = _one(block, "clock", CLOCKS), _some(block, "kinds", KINDS)
        state = _one(block, "state", STATES) if "state" in block else None
        facts = self._told(block.block("facts"))
        statutory = block.flag("statutory")
        item = Deadline(
            clock,
            _term(block, "term", statutory),
            _clause(block),
            frozenset(kinds),
            state,
            statutory,
            facts,
        )
        told = (f"{key}={'/'.join(values)}" for key, values in facts.items())
        where = "+".join((*kinds, *told)) or "*"
        yield f"{clock} {where}" + (f" @{state}" if state else ""), item

    def _told(self, block: Block) -> dict[str, tuple[str, ...]]:
        for key in block:
            if key not in self._facts or not self._facts[key].values:
                problem = f"没有“{key}”这个可以选值的事实。"
                raise block.wrong(key, "unknown_fact", problem, "请先写进 facts.yml。")
        return {key: _some(block, key, self._facts[key].values, needed=True) for key in block}

    def _rung(self, block: Block) -> Iterator[tuple[str, Promise]]:
        block.only("place", "who", "limit", "clause", *_DAYS)
        place = block.whole("place")
        limit = _term(block, "limit") if "limit" in block else None
        yield f"{place}", Rung(place, self._who(block, "who", STAFF), _clause(block), limit)

    def _approval(self, block: Block) -> Iterator[tuple[str, Promise]]:
        block.only("kinds", "state", "by", "term", "clause", *_DAYS)
        state, by = _one(block, "state", STATES), self._who(block, "by")
        term = _term(block, "term") if "term" in block else None
        for kind in _some(block, "kinds", KINDS, needed=True):
            yield f"{kind} {state}", Approval(kind, state, by, _clause(block), term)

    def _hand_off(self, block: Block) -> Iterator[tuple[str, Promise]]:
        block.only("id", "when", "to", "priority", "clauses", *_DAYS)
        priority = block.whole("priority") if "priority" in block else 5
        if priority > LEAST:
            raise block.wrong("priority", "bad_priority", "没有这么低的次序。", "请写 0 到 9。")
        when = block.block("when")
        if not when:
            raise block.wrong("when", "no_signal", "没有写什么时候转人工。", "请写 when。")
        told = {signal: _signal(when, signal) for signal in when}
        to = block.text("to")
        if to != BY_DECISION:
            to = self._who(block, "to")
        name = block.text("id")
        yield name, HandOffRule(name, told, to, priority, block.texts("clauses"))

    def _department(self, block: Block) -> Iterator[tuple[str, Promise]]:
        block.only("for", "to", "clause", *_DAYS)
        to, clause = self._who(block, "to"), _clause(block)
        known = (*KINDS, *(f"complaint:{each}" for each in COMPLAINTS), "*")
        for kind in _some(block, "for", known, needed=True):
            yield kind, Department(kind, to, clause)

    def _who(self, block: Block, key: str, more: Collection[str] = ()) -> str:
        said = block.text(key)
        named = self._people.get(said[1:], "") if said.startswith("@") else said
        if named not in TARGETS and named not in more:
            allowed = "、".join(sorted({*TARGETS, *more}))
            raise block.wrong(key, "unknown_target", f"没有“{said}”。", f"可用：{allowed}。")
        return named


def _clause(block: Block) -> str:
    """The clause a promise rests on; of several the first."""
    cited = block.texts("clause")
    return cited[0] if cited else block.text("clause")


def _term(block: Block, key: str, statutory: bool = False) -> Term:
    inner = block.block(key)
    inner.only("n", "unit")
    return Term(inner.whole("n"), _one(inner, "unit", TERM_UNITS), statutory)


def _one(block: Block, key: str, known: Collection[str]) -> str:
    return _known(block, key, block.text(key), known)


def _some(
    block: Block, key: str, known: Collection[str], *, needed: bool = False
) -> tuple[str, ...]:
    said = block.texts(key)
    if needed and not said:
        raise block.wrong(key, "no_value", f"“{key}”没有写值。", "请写一个值。")
    return tuple(_known(block, key, each, known) for each in said)


def _known(block: Block, key: str, said: str, known: Collection[str]) -> str:
    if said not in known:
        allowed = "、".join(known)
        raise block.wrong(key, "unknown_value", f"不认识“{said}”。", f"可用的有：{allowed}。")
    return said


def _signal(when: Block, signal: str) -> Any:
    """The value as `HandOffRule.fits` compares it."""
    if signal in WORDS:
        values = _some(when, signal, WORDS[signal], needed=True)
        return values[0] if len(values) == 1 else values
    if signal in FLAGS:
        return _YES[_one(when, signal, _YES)]
    if signal not in NUMBERS:
        allowed = "、".join(SIGNALS)
        raise when.wrong(signal, "unknown_signal", f"没有“{signal}”。", f"可用的有：{allowed}。")
    if not isinstance(when[signal], Block):
        return when.whole(signal)
    inner = when.block(signal)
    inner.only("at_least")
    return {"at_least": inner.whole("at_least")}


def _refuse_overlaps(pairs: Iterable[tuple[Block, Entry]]) -> None:
    """Two forms of one promise never hold on the same day."""
    seen: dict[tuple[str, str], list[Entry]] = {}
    for block, entry in pairs:
        for other in seen.setdefault((entry.sort, entry.id), []):
            if other.overlaps(entry):
                raise block.wrong(
                    None,
                    "overlap",
                    f"“{entry.id}”有两条在同一天生效。",
                    "请给前一条写 effective_to。",
                )
        seen[entry.sort, entry.id].append(entry)


def _refuse_missing_rungs(pairs: Iterable[tuple[Block, Entry]]) -> None:
    rungs = sorted(
        ((entry.item.place, block) for block, entry in pairs if isinstance(entry.item, Rung)),
        key=lambda each: each[0],
    )
    places = sorted({place for place, _ in rungs})
    for wanted, place in enumerate(places, 1):
        if place != wanted:
            block = next(each for at, each in rungs if at == place)
            raise block.wrong(
                "place", "missing_rung", f"第 {wanted} 级没有人。", "请从 1 起一级一级写全。"
            )
