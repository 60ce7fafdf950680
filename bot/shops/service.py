"""The shops of this installation, one YAML file each in `data/shops/`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any

import yaml

from bot.errors import NotFound
from bot.settings import ROOT
from bot.shops.about import About
from bot.shops.theme import DEFAULT_ACCENT, Theme

SHOPS = ROOT / "data" / "shops"


class UnknownShop(NotFound):
    """No shop of that name is served here."""

    code = "unknown_shop"
    message = "没有找到这家店，请检查链接是否完整。"


# What most shops have; one that has not says so in its file.
SELLS = {
    "garment": "衣服",
    "shoe": "鞋",
    "bag": "包",
    "underwear": "内衣",
    "jewellery": "首饰",
    "cosmetics": "化妆品",
}


@dataclass(frozen=True)
class Term:
    """A length of time: `n` of `unit` (minute, hour, day, working_day, month). One that the law
    sets and that ends on a day of rest ends on the next working day."""

    n: int
    unit: str
    statutory: bool = False


Span = tuple[time, time]
QUIET: Span = (time(21, 30), time(8, 30))


@dataclass(frozen=True)
class Visits:
    """Appointments of one kind: how many minutes each takes and how many run side by side."""

    minutes: int
    places: int


@dataclass(frozen=True)
class Shop:
    """One shop as its YAML file describes it; `presume` are facts true of every sale here, and
    `greeting` its own first line, if it has one; on the days `closed` nobody is there, nor in
    the `breaks` of a day. In the `quiet` hours nobody is written to unasked; `visits` are the
    appointments that may be made, by kind; `sells` names the goods to choose from when it is
    asked what was bought, by the value of the fact `category`."""

    slug: str
    name: str
    policy_set: str
    presume: Mapping[str, Any]
    opens: time
    closes: time
    call_back: Term
    desk: str
    theme: Theme = field(default_factory=Theme)
    greeting: str | None = None
    closed: frozenset[date] = frozenset()
    breaks: tuple[Span, ...] = ()
    quiet: Span = QUIET
    visits: Mapping[str, Visits] = field(default_factory=dict)
    sells: Mapping[str, str] = field(default_factory=lambda: dict(SELLS))
    about: About = field(default_factory=About)


class Shops:
    """All shops by slug; `default` serves a shopper who named none."""

    def __init__(self, shops: Mapping[str, Shop], default: str) -> None:
        self._shops = dict(shops)
        self._default = default

    @classmethod
    def load(cls, default: str, folder: Path = SHOPS) -> "Shops":
        """Read every shop file of a folder."""
        texts = (path.read_text("utf-8") for path in folder.glob("*.yml"))
        shops = [_shop(yaml.load(text, Loader=yaml.CSafeLoader)) for text in texts]
        return cls({shop.slug: shop for shop in shops}, default)

    def get(self, slug: str | None) -> Shop:
        """The shop of that slug, or the default one for None. Raises UnknownShop."""
        found = self._shops.get(self._default if slug is None else slug)
        if found is None:
            raise UnknownShop(shop=str(slug)[:64])
        return found

    def all(self) -> list[Shop]:
        """Every shop, by slug."""
        return [self._shops[slug] for slug in sorted(self._shops)]


def _shop(data: Mapping[str, Any]) -> Shop:
    return Shop(
        slug=data["slug"],
        name=data["name"],
        policy_set=data["policy_set"],
        presume=data.get("presume", {}),
        opens=time.fromisoformat(data["hours"]["opens"]),
        closes=time.fromisoformat(data["hours"]["closes"]),
        call_back=Term(data["call_back"]["n"], data["call_back"]["unit"]),
        desk=data["desk"],
        theme=_theme(data.get("theme", {})),
        greeting=data.get("greeting"),
        closed=_days(data.get("closed") or ()),
        breaks=tuple(_span(each) for each in data["hours"].get("breaks") or ()),
        quiet=_span(data["quiet"]) if "quiet" in data else QUIET,
        visits={kind: Visits(**each) for kind, each in data.get("visits", {}).items()},
        sells=data.get("sells", SELLS),
        about=About.read(data.get("about") or {}),
    )


def _theme(data: Mapping[str, str]) -> Theme:
    return Theme(data.get("accent", DEFAULT_ACCENT).lower(), data.get("mark", ""))


def _span(data: Mapping[str, str]) -> Span:
    return time.fromisoformat(data["from"]), time.fromisoformat(data["to"])


def _days(data: Iterable[object]) -> frozenset[date]:
    # YAML reads a bare date as one; in quotes it is a text.
    return frozenset(date.fromisoformat(str(each)) for each in data)
