"""Cases for which a set has written no rule: they fall to its last word, which is a person."""

from collections.abc import Iterator

from bot.policy.engine.conditions import Cond
from bot.policy.lint.cases import Cases, Found, TooHard
from bot.policy.lint.finding import Finding, Level
from bot.policy.lint.subject import Subject

LAST = "otherwise"
# Of each wish, or each kind of trouble: more of them say no more than these.
MOST = 3


def gaps(subject: Subject) -> Iterator[Finding]:
    """Combinations of facts that no rule but the last takes, up to three for each wish."""
    last = [number for number in subject.order if subject.rule(number).id == LAST]
    wants = subject.edition.by_key.get("wants")
    if not last or wants is None:
        return
    cases = subject.cases(usual=True)
    for mask in wants.cells:
        here = subject.edition.conditions.is_in(wants.number, mask)
        wish = cases.spoken({wants.number: mask})["wants"]
        for place, found in enumerate(_uncovered(subject, cases, here, last[0])):
            example = cases.spoken(found)
            yield Finding(
                Level.WARNING,
                "gap",
                subject.source.name,
                (wish, str(place)),
                f"想要“{wish}”时有一种情形没有规则管，会落到最后一条(请人处理)。",
                example,
            )


def _uncovered(subject: Subject, cases: Cases, here: Cond, last: int) -> Iterator[Found]:
    conditions = subject.edition.conditions
    covered = subject.before(last)
    for _ in range(MOST):
        try:
            found = cases.find([here, subject.conditions[last]], covered)
        except TooHard:
            return
        if found is None:
            return
        found = _general(subject, found, here, subject.before(last))
        yield found
        cube = [conditions.is_in(fact, mask) for fact, mask in found.items()]
        covered = [*covered, conditions.all_of(cube)]


def _general(subject: Subject, found: Found, here: Cond, covered: list[Cond]) -> Found:
    """The same without the facts that do not matter: any value of theirs falls through."""
    conditions, facts = subject.edition.conditions, subject.edition.facts
    state = [fact.all for fact in facts]
    for fact, mask in found.items():
        state[fact] = mask
    kept = dict(found)
    for fact in found:
        if here.facts >> fact & 1:
            continue
        state[fact] = facts[fact].all
        if all(conditions.truth(cond, state) is False for cond in covered):
            del kept[fact]
        else:
            state[fact] = found[fact]
    return kept
