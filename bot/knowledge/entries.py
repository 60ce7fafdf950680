"""The shapes of care knowledge: goods, stains, symbols and their drawings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

# What an entry can tell, in the order it is told, and how a card calls it.
ASPECTS = {
    "wash": "清洗",
    "dry": "晾干",
    "iron": "熨烫",
    "store": "收纳",
    "daily": "平时",
    "never": "注意",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """How one material or thing is looked after. The lowest `rank` speaks when a line names
    several: a quilt before its silk. `cloth` has a label sewn in, `delicate` cloth is for a shop to
    clean; for stains an entry may be `like` another."""

    id: str
    name: str
    words: tuple[str, ...]
    told: Mapping[str, str]
    rank: int = 1
    cloth: bool = False
    delicate: bool = False
    like: str = ""
    symbols: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stain:
    """First aid for one stain; `unless` says by entry what else holds there."""

    id: str
    name: str
    words: tuple[str, ...]
    first: str
    then: str
    never: str
    unless: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Symbol:
    """One care symbol: the strokes it is drawn with, the letters in its middle, what one sees."""

    id: str
    family: str
    name: str
    means: str
    strokes: tuple[str, ...]
    letters: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)

    def shown(self) -> dict[str, object]:
        """The symbol as a card carries it; strokes are SVG paths on a board of 48 by 48."""
        drawn = {"strokes": list(self.strokes), "letters": self.letters}
        return {"id": self.id, "name": self.name, "means": self.means, **drawn}


@dataclass(frozen=True, slots=True)
class Family:
    """Symbols of one outline; `show` are those a card of the whole family has."""

    id: str
    name: str
    about: str
    words: tuple[str, ...]
    show: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: what is said, and the card beside it."""

    text: str
    card: Mapping[str, object]
    cloth: bool = False
