"""How facts and wishes are named in Chinese: the buttons' own words, read once from the domain."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from bot.messages import Pressed
from bot.settings import ROOT


@dataclass(frozen=True)
class Words:
    """`values` holds the words for (fact, value), `titles` those for an intent, `asked` the
    facts that there is a question for."""

    values: Mapping[tuple[str, str], str]
    titles: Mapping[str, str]
    asked: frozenset[str]

    @classmethod
    def load(cls) -> "Words":
        """From the buttons in `domain.yml` and the titles in `data/titles.yml`."""
        domain = yaml.load((ROOT / "domain.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)
        titles = yaml.safe_load((ROOT / "data" / "titles.yml").read_text("utf-8"))
        values: dict[tuple[str, str], str] = {}
        for variants in domain["responses"].values():
            for button in (one for variant in variants for one in variant.get("buttons", [])):
                for key, value in Pressed.by(button["payload"]).given.items():
                    values.setdefault((key, value), button["title"])
        asked = {name.removeprefix("utter_ask_") for name in domain["responses"]}
        return cls(values, titles, frozenset(asked))

    def asks(self, key: str) -> bool:
        """Whether there is a question for a fact."""
        return key in self.asked

    def shown(self, key: str, value: Any) -> str:
        """A fact's value as one would say it."""
        if value == "unknown":
            return "说不清"
        if key.startswith("days_since"):
            return "当天" if str(value) == "0" else f"{value} 天前"
        if key.startswith("price"):
            return f"{value} 元"
        plain = {"yes": "是", "no": "不是"}.get(str(value), str(value))
        return self.values.get((key, str(value)), plain)
