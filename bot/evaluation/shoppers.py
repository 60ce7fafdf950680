"""Many shoppers at once against a running desk, and what became of them."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from random import Random

from bot.errors import BadInput, DeskError
from bot.evaluation.cases import Case
from bot.evaluation.chat import Chat, NotServed
from bot.evaluation.shopper import Ending, Manner, Played, Shopper

log = logging.getLogger(__name__)

Opening = Callable[[str], Chat]  # a new conversation with the shop of that name


@dataclass(frozen=True)
class Plan:
    """What a run does with the cases: plays some, leaves some out and says why.

    `not_served` counts cases by policy set, `other_day` are those that need another date.
    """

    playable: Sequence[Case]
    other_day: Sequence[Case]
    not_served: Mapping[str, int]


def plan(cases: Iterable[Case], sets: Sequence[str], opening: Opening, manner: Manner) -> Plan:
    """Sort the cases of `sets` (all when empty). Raises BadInput when none is left."""
    chosen = [case for case in cases if not sets or case.policy_set in sets]
    if not chosen:
        raise BadInput("表格里没有这家店的用例。", sets=list(sets))
    days = {name: _today(name, opening, manner) for name in {c.policy_set for c in chosen}}
    served = [case for case in chosen if days[case.policy_set] is not None]
    missing = [case.policy_set for case in chosen if days[case.policy_set] is None]
    return Plan(
        playable=[c for c in served if c.today in (None, days[c.policy_set])],
        other_day=[c for c in served if c.today not in (None, days[c.policy_set])],
        not_served={name: missing.count(name) for name in sorted(set(missing))},
    )


def play(
    cases: Sequence[Case], opening: Opening, manner: Manner, trials: int, parallel: int
) -> list[Played]:
    """Play every case `trials` times, in the order of the table, `parallel` at a time."""
    turns = [(case, trial) for case in cases for trial in range(trials)]
    with ThreadPoolExecutor(max_workers=parallel) as workers:
        return list(workers.map(lambda turn: _play(turn[0], turn[1], opening, manner), turns))


def _play(case: Case, trial: int, opening: Opening, manner: Manner) -> Played:
    try:
        chat = opening(case.policy_set)
        try:
            # Seeded by the case, so that the same run says the same words.
            choice = Random(f"{case.id}/{trial}")  # noqa: S311  no secret hangs on it
            played = Shopper(chat, case, manner, choice).play()
        finally:
            chat.close()
    except DeskError as error:
        played = Played(case, Ending.FAILED, outcome=f"{error.code}: {error.message}")
    log.info("%s %s %s", case.id, "right" if played.right else "WRONG", played.outcome)
    return played


def _today(shop: str, opening: Opening, manner: Manner) -> date | None:
    """The server's date, from a conversation's greeting; None when it has no such shop."""
    try:
        chat = opening(shop)
    except NotServed:
        return None
    try:
        chat.news(0)
        return chat.today(manner.zone)
    finally:
        chat.close()
