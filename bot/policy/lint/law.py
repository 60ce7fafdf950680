"""A shop's rules beside the law's: where they give less, and where the law is shut out."""

from collections.abc import Iterator

from bot.policy.engine.conditions import Cond
from bot.policy.engine.outcomes import ALLOWED, DIRECTED
from bot.policy.engine.words import Stage
from bot.policy.lint.cases import Cases, TooHard
from bot.policy.lint.finding import Finding, Level
from bot.policy.lint.subject import Subject

REFUSE = "refuse"


def against_law(subject: Subject) -> Iterator[Finding]:
    """Without the law as an overlay: an error. Rules that give less than the law in some case:
    the law's answer is given there, so it is only to be known. Rules read above the law that
    refuse what it grants: an error, for there nothing puts them right."""
    laws = subject.of(Stage.LAW)
    if not laws and not subject.origin.is_overlay:
        yield Finding(
            Level.ERROR,
            "no_law",
            subject.source.name,
            (),
            "这套规则没有带上法律保障，请在 overlays 里写上 statutory。",
        )
    cases = subject.cases()
    for number in subject.order:
        finding = _beside(subject, cases, number, laws)
        if finding is not None:
            yield finding


def _beside(subject: Subject, cases: Cases, number: int, laws: list[int]) -> Finding | None:
    rule = subject.rule(number)
    above = rule.stage is Stage.FIRST
    if above and rule.outcome in DIRECTED:
        return None  # people before goods: sending for somebody is no answer about the goods
    better = _better(subject, cases, number, laws, subject.profile)
    elsewhere = not better  # only in sales that this shop does not make
    if elsewhere:
        better = _better(subject, cases, number, laws, [])
    if not better:
        return None
    shown = next(iter(better.values()))
    given = "写在法律之前，按它就低于法律" if above else "这些情形会按法律答复"
    if elsewhere:
        given += "；只在这套规则平时没有的销售里(见 profile)"
    return Finding(
        Level.NOTE if elsewhere and not above else _level(subject, number, above),
        "above_law" if above else "weaker_than_law",
        subject.source.name,
        (rule.id, *better),
        f"规则“{rule.id}”({rule.outcome})比法律的“{'、'.join(better)}”给得少：{given}。",
        shown,
    )


def _better(
    subject: Subject, cases: Cases, number: int, laws: list[int], within: list[Cond]
) -> dict[str, dict[str, str]]:
    """The law's rules that give more than a rule in some case, each with the case."""
    better: dict[str, dict[str, str]] = {}
    for law in laws:
        case = _less(subject, cases, number, law, within)
        if case is not None:
            better.setdefault(subject.rule(law).id, case)
    return better


def _less(
    subject: Subject, cases: Cases, number: int, law: int, within: list[Cond]
) -> dict[str, str] | None:
    """A case in which a rule decides and the law would give more."""
    if subject.worth(number) >= subject.worth(law):
        return None
    both = [subject.conditions[number], subject.conditions[law], *within]
    try:
        found = cases.find(both, subject.before(number))
    except TooHard:
        return None
    return None if found is None else cases.spoken(found)


def _level(subject: Subject, number: int, above: bool) -> Level:
    refuses = subject.rule(number).outcome == REFUSE
    # A rule that sends to somebody, explains or looks first is not an answer that gives less.
    if above and refuses:
        return Level.ERROR
    return Level.WARNING if refuses or subject.worth(number) >= ALLOWED else Level.NOTE
