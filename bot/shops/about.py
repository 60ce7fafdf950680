"""What a shop says of itself: where it is, and how invoices, membership and the like go there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_MATTER = re.compile(r"[a-z_]{3,40}")


@dataclass(frozen=True)
class Store:
    """One shop or service point; `route` is a link to a map, `place` where in the house; latitude
    and longitude in degrees, where a shopper's own place is to find the nearest."""

    name: str
    address: str
    phone: str
    hours: str
    route: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None

    def shown(self) -> dict[str, str]:
        """The place as a card carries it."""
        rows = {"地址": self.address, "电话": self.phone, "时间": self.hours, "位置": self.place}
        return {"title": self.name, "route": self.route, **{k: v for k, v in rows.items() if v}}


@dataclass(frozen=True)
class About:
    """`says` holds a sentence for each matter that the shop has told us about."""

    stores: tuple[Store, ...] = ()
    sentences: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "About":
        """From the `about` of a shop's file. Raises ValueError for what is no sentence."""
        sentences = {key: value for key, value in data.items() if key != "stores"}
        for matter, sentence in sentences.items():
            if not _MATTER.fullmatch(matter) or not str(sentence).endswith("。"):
                raise ValueError(f"about: {matter}: a sentence that ends with 。 is expected")
        return cls(tuple(Store(**store) for store in data.get("stores", ())), sentences)

    def says(self, *matters: str | None) -> str | None:
        """The shop's sentence on the first of these matters that it says anything about."""
        told = (self.sentences.get(one) for one in matters if one)
        return next((sentence for sentence in told if sentence), None)
