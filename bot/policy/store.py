"""Turns the policy files into compiled sets, all or none: a wrong file leaves nothing changed."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.policy.catalogue import Catalogue
from bot.policy.clauses_file import read_clause, read_day, refuse_overlaps
from bot.policy.conditions_file import read_named
from bot.policy.engine.edition import PolicySet
from bot.policy.engine.outcomes import SAFE, WORTH
from bot.policy.engine.words import Clause, FactSpec, Rule, Source, Stage
from bot.policy.facts_file import (
    Phrases,
    fact_phrases,
    guards,
    listed,
    never_asked,
    presume_more,
    read_facts,
)
from bot.policy.promises import Entry
from bot.policy.promises_file import SECTIONS, Around
from bot.policy.reading import Block, read
from bot.policy.rules_file import read_rules, with_people

FACTS, PHRASES = "facts.yml", "phrases.yml"
NOT_SETS = frozenset({FACTS, PHRASES})
HEADER = (
    "set", "title", "version", "effective_from", "effective_to", "overlays", "profile", "people",
    "presume", "unasked", "because", "lists", "named", "clauses", "first", "before", "own",
    "alone", "floor", "also", "unsure", "otherwise", *SECTIONS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Policies:
    """Everything loaded from one folder."""

    catalogue: Catalogue
    sets: Mapping[str, PolicySet]


def load(folder: Path) -> Policies:
    """Read every set of a folder. Raises BadPolicy for the first file that cannot be used."""
    facts = read(folder / FACTS)
    catalogue, phrases = read_facts(facts)
    phrases |= _phrases(read(folder / PHRASES))
    files = sorted(path for path in folder.glob("*.yml") if path.name not in NOT_SETS)
    tops = {path.stem: read(path) for path in files}
    for name, top in tops.items():
        _check_header(name, top, tops)
    shared = json.dumps(facts, default=str, sort_keys=True) + json.dumps(phrases, sort_keys=True)
    sets = {
        name: PolicySet(_Composer(catalogue, phrases, tops, top).source(shared))
        for name, top in tops.items()
        if "otherwise" in top
    }
    return Policies(catalogue, sets)


def _phrases(top: Block) -> Phrases:
    phrases: Phrases = {}
    for key in top:
        if isinstance(top[key], Block):
            group = top.block(key)
            phrases |= {f"{key}.{name}": group.text(name) for name in group}
        else:
            phrases[key] = top.text(key)
    for outcome in WORTH:
        if f"plain.{outcome}" not in phrases:
            raise top.wrong("plain", "no_phrase", f"plain 里少了“{outcome}”。", "请补一句。")
    return phrases


def _check_header(name: str, top: Block, tops: Mapping[str, Block]) -> None:
    top.only(*HEADER)
    if top.text("set") != name:
        raise top.wrong("set", "wrong_name", "set 和文件名不一致。", f"请写成 {name}。")
    top.whole("version")
    if read_day(top, "effective_from") is None:
        raise top.wrong("set", "no_date", "没有写生效日期。", "请写 effective_from。")
    for overlay in top.texts("overlays"):
        if overlay not in tops or overlay == name:
            raise top.wrong("overlays", "unknown_set", f"没有“{overlay}”。", "请检查文件名。")


class _Composer:
    """Puts one set together with its overlays."""

    def __init__(
        self, catalogue: Catalogue, phrases: Phrases, tops: Mapping[str, Block], top: Block
    ) -> None:
        self._top = top
        self._parts = [top, *(tops[name] for name in top.texts("overlays"))]
        self._phrases = dict(phrases)
        self._specs = self._presuming(dict(catalogue.specs))
        people = top.block("people")
        self._people = {role: people.text(role) for role in people}

    def source(self, shared: str) -> Source:
        """The set as the engine takes it."""
        top = self._top
        clauses = self._clauses()
        known = {clause.id for clause in clauses}
        rules = self._rules(known)
        profile = top.block("profile")
        self._check_profile(profile)
        return Source(
            name=top.text("set"),
            title=top.text("title"),
            version=f"{top.text('version')}+{self._digest(shared)}",
            facts=tuple(self._specs.values()),
            clauses=tuple(clauses),
            rules=tuple(rules),
            plain=tuple(self._phrases.items()),
            profile=tuple((key, profile.text(key)) for key in profile),
            promises=tuple(self._promises(known)),
        )

    def _promises(self, clauses: set[str]) -> Iterator[Entry]:
        for part in self._parts:
            borrowed = part is not self._top
            yield from Around(part, clauses, self._people, self._specs, borrowed).entries()

    def _check_profile(self, profile: Block) -> None:
        for key in profile:
            value, values = profile.text(key), self._specs[key].values
            if value != "ask" and values and value not in values:
                allowed = "、".join((*values, "ask"))
                problem = f"没有“{value}”这个值。"
                raise profile.wrong(key, "unknown_value", problem, f"可用的有：{allowed}。")

    def _digest(self, shared: str) -> str:
        # The content, not only the number: an edit without a new number is still another policy.
        text = shared + json.dumps(self._parts, default=str, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def _presuming(self, specs: dict[str, FactSpec]) -> dict[str, FactSpec]:
        top = self._top
        presume, because, unasked = top.block("presume"), top.block("because"), top.block("unasked")
        lists = top.block("lists")
        for key in (*presume, *because, *unasked, *lists, *top.block("profile")):
            if key not in specs:
                raise top.wrong("set", "unknown_fact", f"没有“{key}”这个事实。", "请改名。")
        for key in lists:
            specs[key] = listed(specs[key], lists.block(key))
        for key in presume:
            block = presume.block(key)
            specs[key] = presume_more(specs[key], block, specs)
            self._phrases |= fact_phrases(key, block)
        for key in unasked:
            specs[key] = never_asked(specs[key], unasked.block(key), specs)
        for key in because:
            specs[key] = replace(specs[key], because=because.text(key))
        self._refuse_late_guards(specs)
        return specs

    def _refuse_late_guards(self, specs: dict[str, FactSpec]) -> None:
        earlier: set[str] = set()
        for key, spec in specs.items():
            late = guards(spec) - earlier
            if late:
                names = "、".join(sorted(late))
                raise self._top.wrong(
                    "presume", "cycle", f"“{key}”的默认值要看后面的“{names}”。", "请换顺序。"
                )
            earlier.add(key)

    def _clauses(self) -> list[Clause]:
        pairs = [
            (block, read_clause(block, read_day(part, "effective_from") or date.min))
            for part in self._parts
            for block in part.blocks("clauses")
        ]
        refuse_overlaps(pairs)
        return [clause for _, clause in pairs]

    def _rules(self, clauses: set[str]) -> list[Rule]:
        rules: list[Rule] = []
        for key, stage, parts in self._sections():
            for part in parts:
                rules += self._section(part, key, stage, clauses)
        self._check_unsure(rules)
        return rules

    def _sections(self) -> Iterator[tuple[str, Stage, list[Block]]]:
        overlays_first = [*self._parts[1:], self._top]
        yield "first", Stage.FIRST, overlays_first
        yield "before", Stage.OWN, overlays_first
        yield "alone", Stage.OWN, [self._top]
        yield "own", Stage.OWN, self._parts
        yield "otherwise", Stage.OWN, [self._top]
        yield "floor", Stage.LAW, self._parts
        yield "also", Stage.ALSO, overlays_first
        yield "unsure", Stage.UNSURE, self._parts

    def _section(self, part: Block, key: str, stage: Stage, clauses: set[str]) -> list[Rule]:
        words = read_named(part.block("named"), self._specs)
        read_pairs = [
            (block, with_people(rule, block, self._people))
            for block in part.blocks(key)
            for rule in read_rules(block, stage, words)
        ]
        once = {(id(block)): (block, rule) for block, rule in read_pairs}
        refuse_overlaps(once.values())
        for block, rule in read_pairs:
            for clause in rule.clauses:
                if clause not in clauses:
                    raise block.wrong(
                        "clauses", "unknown_clause", f"没有条款“{clause}”。", "请补写。"
                    )
        return [rule for _, rule in read_pairs]

    def _check_unsure(self, rules: list[Rule]) -> None:
        general = {rule.outcome for rule in rules if rule.stage is Stage.UNSURE and not rule.facts}
        for outcome in sorted(SAFE - general):
            raise self._top.wrong(
                "set", "no_unsure", f"说不准时缺少“{outcome}”。", "请写进 unsure。"
            )
