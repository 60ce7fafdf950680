"""Times measured and the figures drawn from them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """Turns that were timed: seconds of each, and the seconds that all of them took."""

    times: tuple[float, ...] = ()
    elapsed: float = 0.0

    def __add__(self, other: "Sample") -> "Sample":
        return Sample(self.times + other.times, self.elapsed + other.elapsed)

    @property
    def p50(self) -> float:
        """The middle turn, in milliseconds."""
        return percentile(self.times, 50) * 1000

    @property
    def p95(self) -> float:
        """The turn that one in twenty exceeds, in milliseconds."""
        return percentile(self.times, 95) * 1000

    @property
    def rate(self) -> float:
        """Turns per second."""
        return len(self.times) / self.elapsed


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of `values` that at least `share` per cent of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)]
