"""Sets of small numbers as the bits of one integer."""

from collections.abc import Iterator


def members(bits: int) -> Iterator[int]:
    """The members of a bit set, lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
