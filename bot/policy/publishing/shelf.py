"""Which texts are in force when: every publication so far, and what one more would change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bot.policy.models import PublicationKind
from bot.policy.publishing import repository
from bot.policy.publishing.repository import Placed

# The first text of a name judges every day before it too: there was nothing else.
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Shelf:
    """All publications of all texts, oldest first, as of a stamp."""

    stamp: int
    placed: tuple[Placed, ...]

    @classmethod
    def seen(cls, session: Session) -> "Shelf":
        """What the database holds now. The stamp is read first: a publication that comes
        between the two makes it out of date, never unnoticed."""
        stamp = repository.stamp(session)
        return cls(stamp, tuple(repository.placed(session)))

    def heads(self) -> dict[str, Placed]:
        """The last text published under each name, in force already or not."""
        return {each.name: each for each in self.placed}

    def former(self, name: str) -> Placed | None:
        """The text published under a name before the present one."""
        head = self.heads().get(name)
        if head is None:
            return None
        others = [each for each in self.placed if each.name == name and each.source != head.source]
        return others[-1] if others else None

    def last_imported(self) -> dict[str, str]:
        """The digest of each name's text when it was last taken from a file."""
        return {
            each.name: each.source for each in self.placed if each.kind == PublicationKind.IMPORT
        }

    def at(self, instant: datetime) -> dict[str, Placed]:
        """What is in force at an instant: of each name the last to have taken effect, and of
        equal instants the last published."""
        found: dict[str, Placed] = {}
        for each in sorted(self.placed, key=lambda one: (one.at, one.publication)):
            if each.at <= instant:
                found[each.name] = each
        return found

    def later_than(self, instant: datetime) -> list[datetime]:
        """The instants after this one at which some text takes effect."""
        return sorted({each.at for each in self.placed if each.at > instant})

    def with_more(self, changes: Iterable["Change"]) -> "Shelf":
        """As it would be after these changes."""
        number = max((each.publication for each in self.placed), default=0)
        more = [
            Placed(number + i, PublicationKind.PUBLISH, name, source, change.at)
            for i, change in enumerate(changes, 1)
            for name, source in change.sources.items()
        ]
        return Shelf(self.stamp, (*self.placed, *more))


@dataclass(frozen=True)
class Change:
    """Texts, by name and digest, that come into force together."""

    at: datetime
    sources: Mapping[str, str]
