"""Conversations as shoppers type them, with what each answer has to be."""

import io
import re
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from bot.tickets import number
from tests.end_to_end.conftest import Shopper
from tests.fixtures.stack import Stack

pytestmark = pytest.mark.rasa

WRITTEN = Path(__file__).parent / "conversations"
AT_ONCE = 6  # conversations played at the same time
SILENCE = 2.0  # seconds in which a bot that has nothing to answer must say nothing
MOST_LINES = 5  # in one answer; more is a lecture
_YUAN = re.compile(r"(\d+(?:\.\d+)?) ?元")


@dataclass(frozen=True)
class Written:
    """A conversation as it is written down."""

    shop: str
    title: str
    lines: list[dict[str, Any]]


@dataclass
class Played:
    """A conversation under way: what was said so far and what was wrong with it."""

    shopper: Shopper
    said: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    answer: list[dict[str, Any]] = field(default_factory=list)
    before: list[dict[str, Any]] = field(default_factory=list)
    asked: str | None = None
    ticket: str | None = None

    def line(self, line: Mapping[str, Any]) -> None:
        """Say a line, and look at the answer."""
        self.before = self.answer
        wanted = dict(line)
        if "wait" in wanted:
            self._wait(wanted.pop("wait"))
            return
        self._say(wanted)
        expectations = {name: wanted[name] for name in wanted if name not in ("shopper", "press")}
        for name, value in [*ALWAYS, *expectations.items()]:
            fault = EXPECT[name](self, value)
            if fault:
                self.faults.append(f"{line}: {fault}")
        self.asked = self.asks[-1] if self.asks else self.asked
        self.ticket = self.tickets[-1]["no"] if self.tickets else self.ticket

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

    def _say(self, line: Mapping[str, Any]) -> None:
        self.said.append("> " + (line.get("shopper") or f"[{line['press']}]"))
        if line.get("press") == "photo":
            self.answer = self.shopper.shows(a_photo())
        elif "press" in line:
            self.answer = self.shopper.says(payload=line["press"])
        else:
            self.answer = self.shopper.says(line["shopper"])
        self.said += [_told(each) for each in self.answer]

    def _wait(self, seconds: float) -> None:
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


def _among(value: Any, found: Any) -> str | None:
    return None if found == value else f"{found!r}, not {value!r}"


def _asks(played: Played, value: str) -> str | None:
    return _among(value, played.asks[-1] if played.asks else None)


def _asks_the_same(played: Played, _: bool) -> str | None:
    return _asks(played, played.asked or "")


def _asks_nothing(played: Played, _: bool) -> str | None:
    return f"asks {played.asks}" if played.asks else None


def _cites(played: Played, value: str) -> str | None:
    cited = [clause["id"] for clause in played.decision.get("clauses", ())]
    return None if value in cited else f"cites {cited}"


def _pays(played: Played, value: str) -> str | None:
    amounts = [remedy["amount"] for remedy in played.decision.get("remedies", ())]
    told = value in _YUAN.findall(played.text)
    return None if value in amounts and told else f"amounts {amounts} in {played.text!r}"


def _opens(played: Played, value: bool) -> str | None:
    valid = [ticket for ticket in played.tickets if number.is_valid(ticket["no"])]
    return None if bool(valid) == value else f"cases {played.tickets}"


def _names_the_same_case(played: Played, _: bool) -> str | None:
    return _among(played.ticket, played.tickets[-1]["no"] if played.tickets else None)


def _says(played: Played, value: str | list[str]) -> str | None:
    wanted = [value] if isinstance(value, str) else value
    missing = [each for each in wanted if each not in played.text]
    return f"{missing} not in {played.text!r}" if missing else None


def _says_not(played: Played, value: str | list[str]) -> str | None:
    unwanted = [value] if isinstance(value, str) else value
    found = [each for each in unwanted if each in played.text]
    return f"{found} in {played.text!r}" if found else None


def _knows(played: Played, value: Mapping[str, Any]) -> str | None:
    found = {key: played.card.get(key) for key in value}
    return _among(dict(value), found)


def _offers(played: Played, value: str) -> str | None:
    titles = [button["title"] for line in played.answer for button in line["buttons"]]
    return None if value in titles else f"buttons {titles}"


def _asks_one_thing(played: Played, _: Any) -> str | None:
    return f"asks {played.asks} at once" if len(played.asks) > 1 else None


def _is_short(played: Played, _: Any) -> str | None:
    return f"{len(played.answer)} lines" if len(played.answer) > MOST_LINES else None


def _is_said_once(played: Played, _: Any) -> str | None:
    texts = [line["text"] for line in played.answer]
    return f"twice: {texts}" if len(texts) != len(set(texts)) else None


def _is_worded(played: Played, _: Any) -> str | None:
    raw = re.findall(r"[{}]|None|unknown|\b[a-z]+_[a-z_]+\b", played.text)
    return f"raw words {raw} in {played.text!r}" if raw else None


def _amounts_are_known(played: Played, _: Any) -> str | None:
    """No figure in yuan that neither a decision nor the shopper has named."""
    held = [line["decision"] for line in played.shopper.lines if line["decision"]]
    amounts = {remedy["amount"] for decision in held for remedy in decision["remedies"]}
    told = " ".join(line["text"] for line in played.shopper.lines if line["author"] == "shopper")
    free = [x for x in _YUAN.findall(played.text) if x not in amounts and x not in told]
    return f"amounts from nowhere: {free}" if free else None


def _is_undecided(played: Played, _: bool) -> str | None:
    return f"decides {played.decision['outcome']}" if played.decision else None


EXPECT: dict[str, Callable[[Played, Any], str | None]] = {
    "always_asks_one_thing": _asks_one_thing,
    "always_is_short": _is_short,
    "always_is_said_once": _is_said_once,
    "always_is_worded": _is_worded,
    "always_names_known_amounts": _amounts_are_known,
    "ask": _asks,
    "same_ask": _asks_the_same,
    "no_ask": _asks_nothing,
    "outcome": lambda played, value: _among(value, played.decision.get("outcome")),
    "status": lambda played, value: _among(value, played.decision.get("status")),
    "to": lambda played, value: _among(value, played.decision.get("escalate_to")),
    "no_decision": _is_undecided,
    "clause": _cites,
    "amount": _pays,
    "ticket": _opens,
    "same_ticket": _names_the_same_case,
    "says": _says,
    "not_says": _says_not,
    "facts": _knows,
    "button": _offers,
}
ALWAYS = [(name, None) for name in EXPECT if name.startswith("always_")]


@cache
def written() -> list[Written]:
    """Every conversation in the folder."""
    files = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(WRITTEN.glob("*.yml"))]
    return [
        Written(file["shop"], each["title"], each["lines"])
        for file in files
        for each in file["conversations"]
    ]


def play(url: str, conversation: Written) -> Played:
    """Say every line of a conversation; its faults are in what comes back."""
    shopper = Shopper(url, shop=conversation.shop)
    played = Played(shopper)
    try:
        for line in conversation.lines:
            played.line(line)
    except AssertionError as error:
        played.faults.append(str(error)[:300])
    finally:
        shopper.http.close()
    return played


@pytest.fixture(scope="module")
def played(stack: Stack) -> Iterator[Mapping[tuple[str, str], Played]]:
    """All conversations, played next to each other: most of their time is waiting."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = pool.map(lambda one: play(stack.url, one), written())
        yield {
            (one.shop, one.title): result for one, result in zip(written(), results, strict=True)
        }


@pytest.mark.parametrize("one", written(), ids=lambda one: f"{one.shop}: {one.title}")
def test_a_conversation_goes_as_written(
    one: Written, played: Mapping[tuple[str, str], Played]
) -> None:
    result = played[one.shop, one.title]
    assert result.faults == [], "\n".join(["", *result.said])


def test_every_shop_has_its_conversations_and_no_title_comes_twice() -> None:
    names = [(one.shop, one.title) for one in written()]
    assert len(names) == len(set(names))
    assert {len([n for n in names if n[0] == shop]) >= 20 for shop, _ in names} == {True}
