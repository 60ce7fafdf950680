"""Shoppers who talk at the same time, each saying the next line once the last is answered."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from bench.figures import Sample
from bench.talk import SCRIPTS, lines
from bench.ways import Talk, Way


def talk_at_once(way: Way, shoppers: int, turns: int) -> Sample:
    """`shoppers` side by side with `turns` turns each, in conversations of one script's length.

    Raises:
        BadAnswer: a turn was not answered; the figures of such a run mean nothing.
    """
    talks = [_talks(way, shopper, turns) for shopper in range(shoppers)]
    with ThreadPoolExecutor(shoppers) as pool:
        began = time.perf_counter()
        times = list(pool.map(_all_turns, talks, [turns] * shoppers))
        elapsed = time.perf_counter() - began
    return Sample(tuple(seconds for shopper in times for seconds in shopper), elapsed)


def grow(talk: Talk, length: int) -> None:
    """Talk until the conversation has `length` lines."""
    while talk.length < length:
        talk.turn()


def turns_of(talk: Talk, turns: int) -> Sample:
    """Time that many turns of one conversation."""
    times = tuple(talk.turn() for _ in range(turns))
    return Sample(times, sum(times))


def _talks(way: Way, shopper: int, turns: int) -> list[Talk]:
    size = len(SCRIPTS[0])
    return [way.begin(lines(size, shopper + n)) for n in range(-(-turns // size))]


def _all_turns(talks: Sequence[Talk], turns: int) -> list[float]:
    size = len(SCRIPTS[0])
    times = [talks[turn // size].turn() for turn in range(turns)]
    for talk in talks:
        talk.end()
    return times
