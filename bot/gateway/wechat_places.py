"""The service point nearest to where a shopper is."""

import math
from dataclasses import dataclass

from bot.shops.about import Store
from bot.shops.service import Shop

_EARTH = 6371.0  # km


@dataclass(frozen=True)
class Nearest:
    """A store as it is told: `far` in words, `rest` address, hours, telephone and map by line."""

    name: str
    far: str
    rest: str


def nearest(shop: Shop, place: tuple[float, float] | None) -> Nearest | None:
    """The nearest store of those whose place is known; None without one."""
    if place is None:
        return None
    known = [(distance(place, at), store) for store in shop.about.stores if (at := _at(store))]
    if not known:
        return None
    far, store = min(known, key=lambda each: each[0])
    return Nearest(store.name, _in_words(far), _rest(store))


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres between two places given in degrees, along the ground."""
    (lat1, lon1), (lat2, lon2) = (map(math.radians, each) for each in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(half)))


def _in_words(far: float) -> str:
    if far < 1:
        return f"{max(100, round(far * 10) * 100)} 米"
    return f"{far:.1f} 公里" if far < 10 else f"{far:.0f} 公里"


def _at(store: Store) -> tuple[float, float] | None:
    if store.latitude is None or store.longitude is None:
        return None
    return store.latitude, store.longitude


def _rest(store: Store) -> str:
    where = f"{store.address}（{store.place}）" if store.place else store.address
    told = (where, store.hours, store.phone, store.route)
    named = zip(("地址", "时间", "电话", "路线"), told, strict=True)
    return "\n".join(f"{name}：{value}" for name, value in named if value)
