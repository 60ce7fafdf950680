"""Examines a set: what contradicts, never decides, leaves gaps, runs out or gives too little."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations

from bot.policy.engine.conditions import Cond
from bot.policy.engine.outcomes import ALLOWED
from bot.policy.engine.words import Rule, Source, Stage
from bot.policy.lint.around import around
from bot.policy.lint.cases import Cases, TooHard
from bot.policy.lint.dates import expiring
from bot.policy.lint.finding import Finding, Level
from bot.policy.lint.gaps import LAST, gaps
from bot.policy.lint.law import against_law
from bot.policy.lint.subject import Origin, Subject, days_of

Check = Callable[[Subject], Iterator[Finding]]


def examine(source: Source, texts: Mapping[str, str], today: date) -> list[Finding]:
    """Everything there is to say about a set, today and on each later day on which other rules
    come into force; each thing once, errors first."""
    every = (order_of_rules, against_law, expiring, gaps, overlaps, around)
    return _examine(source, texts, today, every)


def errors(source: Source, texts: Mapping[str, str], today: date) -> list[Finding]:
    """Only what stops a publication."""
    found = _examine(source, texts, today, (order_of_rules, against_law))
    return [finding for finding in found if finding.level is Level.ERROR]


def _examine(
    source: Source, texts: Mapping[str, str], today: date, checks: Sequence[Check]
) -> list[Finding]:
    origin = Origin.of(source.name, texts)
    found: dict[tuple[str, ...], Finding] = {}
    for day in days_of(source, today):
        subject = Subject(source, origin, day)
        for check in checks:
            for finding in check(subject):
                found.setdefault(finding.key, finding)
    levels = list(Level)
    return sorted(found.values(), key=lambda each: levels.index(each.level))


def order_of_rules(subject: Subject) -> Iterator[Finding]:
    """Rules that can never decide, because others before them take every case of theirs."""
    cases = subject.cases()
    for number in subject.order:
        if not subject.wrote(number) or subject.rule(number).id == LAST:
            continue  # an overlay's rule may have been replaced; the last word may be unneeded
        try:
            reached = cases.find([subject.conditions[number]], subject.before(number))
        except TooHard:
            continue
        if reached is None:
            yield _never(subject, cases, number)


def overlaps(subject: Subject) -> Iterator[Finding]:
    """Two rules of which neither is a special case of the other, one refusing what the other
    grants: only their order decides."""
    cases = subject.cases()
    own = [number for number in subject.order if subject.wrote(number)]
    for one, other in combinations(own, 2):
        if not _opposite(subject, one, other) or subject.rule(one).stage is Stage.FIRST:
            continue
        here = [subject.conditions[one], subject.conditions[other]]
        try:
            both = cases.find(here, subject.before(one))
            special = both is None or _implies(cases, *here) or _implies(cases, *reversed(here))
        except TooHard:
            continue
        if both is not None and not special:
            yield _overlap(subject, one, other, cases.spoken(both))


def _never(subject: Subject, cases: Cases, number: int) -> Finding:
    rule, cond = subject.rule(number), subject.conditions[number]
    covering = _covering(subject, cases, number)
    if covering is None:
        return Finding(
            Level.WARNING,
            "unreachable",
            subject.source.name,
            (rule.id,),
            f"规则“{rule.id}”永远轮不到：它的情形都被前面的规则先定了，或者它的条件不可能成立。",
        )
    other = subject.rule(covering)
    same = _implies(cases, subject.conditions[covering], cond)
    if same and subject.effect(covering) != subject.effect(number) and subject.wrote(covering):
        return Finding(
            Level.ERROR,
            "contradiction",
            subject.source.name,
            (other.id, rule.id),
            f"规则“{other.id}”和“{rule.id}”条件一样，结果却不同({_says(other)}、{_says(rule)})。",
        )
    return Finding(
        Level.WARNING,
        "unreachable",
        subject.source.name,
        (rule.id,),
        f"规则“{rule.id}”永远轮不到：前面的“{other.id}”已经包含它的全部情形。",
    )


def _covering(subject: Subject, cases: Cases, number: int) -> int | None:
    """An earlier rule that alone takes every case of a rule."""
    for earlier in subject.order[: subject.order.index(number)]:
        try:
            if _implies(cases, subject.conditions[number], subject.conditions[earlier]):
                return earlier
        except TooHard:
            continue
    return None


def _implies(cases: Cases, one: Cond, other: Cond) -> bool:
    return cases.find([one], [other]) is None


def _opposite(subject: Subject, one: int, other: int) -> bool:
    worths = sorted((subject.worth(one), subject.worth(other)))
    return worths[0] == 0 and worths[1] >= ALLOWED


def _overlap(subject: Subject, one: int, other: int, example: dict[str, str]) -> Finding:
    first, second = subject.rule(one), subject.rule(other)
    shared = sorted(set(first.clauses) & set(second.clauses))
    said = f"，同引 {'、'.join(shared)}" if shared else ""
    # A refusal read before a grant is the usual way to write an exception; two that rest on the
    # same clause first of all read that clause in two ways.
    return Finding(
        Level.WARNING if first.clauses[0] == second.clauses[0] else Level.NOTE,
        "overlap",
        subject.source.name,
        (first.id, second.id),
        f"规则“{first.id}”({_says(first)})和“{second.id}”({_says(second)})有共同的情形{said}，"
        "现在由先后次序决定。",
        example,
    )


def _says(rule: Rule) -> str:
    return rule.outcome if rule.escalate_to is None else f"{rule.outcome}:{rule.escalate_to}"
