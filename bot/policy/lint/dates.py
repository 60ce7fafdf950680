"""Clauses and rules that run out soon, or have run out while rules still cite them."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from bot.policy.engine.words import Clause, Rule
from bot.policy.lint.finding import Finding, Level
from bot.policy.lint.subject import Subject

SOON = timedelta(days=30)


def expiring(subject: Subject) -> Iterator[Finding]:
    """What ends within thirty days and has no successor, and what ended already."""
    source, day = subject.source, subject.day
    for items in (source.clauses, source.rules):
        for item in _ending(items, day):
            kind = "条款" if isinstance(item, Clause) else "规则"
            yield Finding(
                Level.WARNING,
                "expiring",
                source.name,
                (item.id,),
                f"{kind}“{item.id}”到 {item.effective_to} 为止，后面没有接上的版本。",
            )
    yield from _expired(subject)


def _ending(items: Iterable[Clause | Rule], day: date) -> Iterator[Clause | Rule]:
    known = list(items)
    for item in known:
        end = item.effective_to
        started = item.effective_from is None or item.effective_from <= day
        if end is None or not started or not day <= end <= day + SOON:
            continue
        after = end + timedelta(days=1)
        if not any(other.id == item.id and _holds(other, after) for other in known):
            yield item


def _expired(subject: Subject) -> Iterator[Finding]:
    known = {clause.id for clause in subject.source.clauses}
    for rule in subject.edition.rules:
        gone = [each for each in rule.clauses if each in known - subject.edition.clauses.keys()]
        if gone:
            yield Finding(
                Level.WARNING,
                "not_in_force",
                subject.source.name,
                (rule.id, *gone),
                f"规则“{rule.id}”引用的条款 {'、'.join(gone)} 在 {subject.day} 不生效。",
            )


def _holds(item: Clause | Rule, day: date) -> bool:
    if item.effective_from is not None and day < item.effective_from:
        return False
    return item.effective_to is None or day <= item.effective_to
