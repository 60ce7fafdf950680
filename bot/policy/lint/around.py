"""What a set leaves open around its cases: nobody to turn to, no clock, promises that run out."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from bot.policy.lint.dates import SOON
from bot.policy.lint.finding import Finding, Level
from bot.policy.lint.subject import Subject
from bot.policy.promises import Deadline, Entry, HandOffRule, Promises, entries, in_force
from bot.policy.promises_file import KINDS, TOP

# Where people are needed whatever a shop writes, and whether they are needed at once.
NEEDED: tuple[tuple[str, Mapping[str, Any], bool], ...] = (
    ("有人受伤", {"trigger": "injury"}, True),
    ("过敏", {"trigger": "allergy"}, True),
    ("着火", {"trigger": "fire"}, True),
    ("媒体", {"trigger": "media"}, True),
    ("12315", {"trigger": "12315"}, False),
    ("律师或起诉", {"trigger": "lawyer"}, False),
    ("找人工", {"asks": True}, False),
    ("两次没听懂", {"misses": 2}, False),
    ("非常生气", {"mood": 2}, False),
    ("过了答应的时间", {"breached": True}, False),
    ("谈不拢的要求", {"unreasonable": True}, False),
    ("按规则要请人", {"decision_status": "escalate", "escalate_to": "manager"}, False),
)
_DAY = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "working_day": 7 / 5, "month": 30.0}


def around(subject: Subject) -> Iterator[Finding]:
    """What the promises of a set leave open on a day."""
    promises = in_force(subject.source, subject.day)
    yield from _nobody(subject, promises)
    yield from _no_clock(subject, promises)
    yield from _no_ladder(subject, promises)
    yield from _never_fires(subject, promises)
    yield from _later_than_law(subject, promises)
    yield from _running_out(subject)


def _nobody(subject: Subject, promises: Promises) -> Iterator[Finding]:
    for name, signals, at_once in NEEDED:
        fired = promises.fired(signals)
        if fired is None:
            yield _warning(subject, "no_way", (name,), f"“{name}”时没有写转给谁。")
        elif at_once and fired.priority > TOP:
            problem = f"“{name}”要马上请最上面的人，规则“{fired.id}”却不是最优先(priority: 0)。"
            yield _warning(subject, "not_at_once", (fired.id,), problem)


def _no_clock(subject: Subject, promises: Promises) -> Iterator[Finding]:
    for kind in KINDS:
        if not promises.clocks(kind):
            yield _warning(subject, "no_clock", (kind,), f"“{kind}”类的单子没有任何时限。")
        if promises.department(kind) is None:
            yield _warning(subject, "no_department", (kind,), f"“{kind}”类的单子没有部门接。")


def _no_ladder(subject: Subject, promises: Promises) -> Iterator[Finding]:
    places = [rung.place for rung in promises.ladder]
    if not places:
        yield _warning(subject, "no_ladder", (), "投诉没有上一级可找，请写 ladder。")
    for place in range(1, max(places, default=0)):
        if place not in places:
            problem = f"{subject.day} 起投诉的第 {place} 级没有人。"
            yield _warning(subject, "missing_rung", (str(place),), problem)


def _never_fires(subject: Subject, promises: Promises) -> Iterator[Finding]:
    """A rule of the set's own behind another that fits wherever it does."""
    own = [each.item for each in entries(subject.source) if not each.borrowed]
    for place, rule in enumerate(promises.hand_offs):
        wider = [each for each in promises.hand_offs[:place] if _covers(each, rule)]
        if wider and rule in own:
            problem = f"转人工规则“{rule.id}”永远轮不到：前面的“{wider[0].id}”已经包含它。"
            yield _warning(subject, "unreachable", (rule.id,), problem)


def _covers(wider: HandOffRule, rule: HandOffRule) -> bool:
    return all(
        signal in rule.when and _within(rule.when[signal], wanted)
        for signal, wanted in wider.when.items()
    )


def _within(narrow: Any, wide: Any) -> bool:
    if isinstance(wide, Mapping):
        least = narrow["at_least"] if isinstance(narrow, Mapping) else min(_values(narrow))
        return bool(least >= wide["at_least"])
    return not isinstance(narrow, Mapping) and _values(narrow) <= _values(wide)


def _values(wanted: Any) -> set[Any]:
    return set(wanted) if isinstance(wanted, tuple) else {wanted}


def _later_than_law(subject: Subject, promises: Promises) -> Iterator[Finding]:
    """A clock of the shop that would end after the law's; the law's runs beside it."""
    for law in (each for each in promises.deadlines if each.statutory):
        for own in promises.deadlines:
            same = (own.clock, own.state) == (law.clock, law.state) and not own.statutory
            if same and _meet(own, law) and _days(own) > _days(law):
                problem = (
                    f"时限 {own.clause}({own.term.n} {own.term.unit})比法律的 {law.clause} 晚。"
                )
                yield _warning(subject, "weaker_than_law", (own.clause, law.clause), problem)


def _meet(one: Deadline, other: Deadline) -> bool:
    return not one.kinds or not other.kinds or bool(one.kinds & other.kinds)


def _days(deadline: Deadline) -> float:
    return deadline.term.n * _DAY[deadline.term.unit]


def _running_out(subject: Subject) -> Iterator[Finding]:
    """What ends within thirty days without a successor, and what rests on a clause that is over."""
    known = entries(subject.source)
    for entry in known:
        end = entry.effective_to
        soon = end is not None and entry.holds(subject.day) and end <= subject.day + SOON
        if soon and not _goes_on(entry, known):
            problem = f"“{entry.id}”到 {end} 为止，后面没有接上的版本。"
            yield _warning(subject, "expiring", (entry.id,), problem)
        gone = [each for each in entry.clauses if each not in subject.edition.clauses]
        if gone and entry.holds(subject.day):
            problem = f"“{entry.id}”引用的条款 {'、'.join(gone)} 在 {subject.day} 不生效。"
            yield _warning(subject, "not_in_force", (entry.id, *gone), problem)


def _goes_on(entry: Entry, known: tuple[Entry, ...]) -> bool:
    assert entry.effective_to is not None
    after = entry.effective_to + timedelta(days=1)
    same = (each for each in known if (each.sort, each.id) == (entry.sort, entry.id))
    return any(each.holds(after) for each in same)


def _warning(subject: Subject, kind: str, about: tuple[str, ...], problem: str) -> Finding:
    return Finding(Level.WARNING, kind, subject.source.name, about, problem)
