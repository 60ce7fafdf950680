"""Conversations written down in `conversations/`, and one of them while it is being played."""

import io
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

from tests.end_to_end.conftest import Shopper

WRITTEN = Path(__file__).parent / "conversations"


@dataclass(frozen=True)
class Written:
    """A conversation as it is written down."""

    shop: str
    title: str
    covers: list[str]
    lines: list[dict[str, Any]]


@dataclass
class Played:
    """A conversation under way: what was said so far and what was wrong with it."""

    shopper: Shopper
    said: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    answer: list[dict[str, Any]] = field(default_factory=list)
    asked: str | None = None
    ticket: str | None = None

    @property
    def text(self) -> str:
        """All of the answer in one."""
        return "\n".join(line["text"] for line in self.answer)

    @property
    def asks(self) -> list[str]:
        """The facts that the answer asks for."""
        return [line["ask"] for line in self.answer if line["ask"]]

    @property
    def decision(self) -> dict[str, Any]:
        """The last decision in the answer; an empty one if there is none."""
        decisions = [line["decision"] for line in self.answer if line["decision"]]
        return decisions[-1] if decisions else {}

    @property
    def tickets(self) -> list[dict[str, Any]]:
        """The cases that the answer speaks of."""
        return [line["ticket"] for line in self.answer if line["ticket"]]

    @property
    def card(self) -> dict[str, Any]:
        """The facts shown beside the decision."""
        shown = [fact for line in self.answer for fact in line.get("facts") or ()]
        return {fact["fact"]: fact["value"] for fact in shown}

    def say(self, line: Mapping[str, Any]) -> None:
        """Say or press what a line has, and hear the answer."""
        if "press" in line and not self._shows(line["press"]):
            self.faults.append(f"nowhere to press {line['press']}")
        self.said.append("> " + (line.get("shopper") or f"[{line['press']}]"))
        if line.get("press") == "photo":
            self.answer = self.shopper.shows(a_photo())
        elif "press" in line:
            self.answer = self.shopper.says(payload=line["press"])
        else:
            self.answer = self.shopper.says(line["shopper"])
        self.said += [_told(each) for each in self.answer]

    def _shows(self, payload: str) -> bool:
        """Whether what is pressed was there to be pressed."""
        said = [line for line in self.shopper.lines if line["author"] == "bot"]
        buttons = {button["payload"] for line in said for button in line["buttons"]}
        facts = [fact for line in said for fact in line["facts"] or ()]
        edits = {f"edit:{fact['fact']}" for fact in facts if fact["editable"]}
        return payload in {"photo"} | buttons | edits

    def wait(self, seconds: float) -> None:
        """Say nothing, and hear nothing."""
        seen = self.shopper.seq
        time.sleep(seconds)
        self.shopper.fetch()
        self.said.append(f"> ({seconds} s)")
        if self.shopper.seq != seen:
            self.faults.append(f"spoken to unasked: {self.shopper.lines[-1]['text']}")


def _told(line: Mapping[str, Any]) -> str:
    buttons = " ".join(f"[{button['title']}]" for button in line["buttons"])
    decision = line["decision"] or {}
    marks = [line["ask"] and f"ask={line['ask']}", decision.get("outcome"), decision.get("status")]
    marks += [clause["id"] for clause in decision.get("clauses", ())]
    marks += [remedy["amount"] for remedy in decision.get("remedies", ()) if remedy["amount"]]
    return f"    {line['text']} {buttons} {' '.join(mark for mark in marks if mark)}".rstrip()


@cache
def a_photo() -> bytes:
    """A small picture of nothing."""
    file = io.BytesIO()
    Image.new("RGB", (64, 48), (180, 160, 150)).save(file, "PNG")
    return file.getvalue()


@cache
def written() -> list[Written]:
    """Every conversation in the folder."""
    files = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(WRITTEN.glob("*.yml"))]
    return [
        Written(file["shop"], each["title"], each["covers"], each["lines"])
        for file in files
        for each in file["conversations"]
    ]
