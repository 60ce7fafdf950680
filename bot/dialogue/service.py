"""Ask Rasa what one line means and what is to be said; Rasa remembers nothing of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from bot.errors import BadInput, Unavailable
from bot.messages import Line, Pressed

UNKNOWN_INTENT = 422


@dataclass(frozen=True)
class Question:
    """One shopper line and the context that Rasa's rules need; `asking` is the policy fact and
    `offer` the thing offered in the bot's last line."""

    message_id: str
    conversation_id: str
    shop: str
    text: str
    pressed: Pressed | None = None
    asking: str | None = None
    offer: str | None = None


@dataclass(frozen=True)
class Understood:
    """What a text was taken for: the intent acted on, and the likeliest ones with confidence."""

    intent: str | None
    ranking: Sequence[tuple[str, float]]


class RasaUnavailable(Unavailable):
    """Rasa or its action server did not answer this turn."""

    code = "rasa_unavailable"


class UnknownButton(BadInput):
    """A button named an intent that the model does not know."""

    code = "unknown_button"


class Rasa:
    """Rasa's own channel over loopback. Thread-safe; `timeout` is in seconds."""

    def __init__(self, url: str, token: str, timeout: float, connections: int) -> None:
        self._base = f"{url}/webhooks/desk/"
        self._timeout = (1.0, timeout)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Authorization"] = f"Bearer {token}"
        self._session.mount("http://", HTTPAdapter(pool_maxsize=connections))

    def answer(self, question: Question) -> list[Line]:
        """The lines to be said. Raises RasaUnavailable; an empty answer is a failed turn.

        A button that the model does not know, from an old page perhaps, counts as typed text.
        """
        try:
            data = self._post("webhook", _body(question))
        except UnknownButton:
            data = self._post("webhook", _body(replace(question, pressed=None)))
        lines = [_line(line) for line in data.get("lines", []) if line.get("text")]
        if not lines:
            raise RasaUnavailable(reason="no line")
        return lines

    def parse(self, texts: Sequence[str]) -> list[Understood]:
        """What up to 100 texts are taken for; nothing is done about it. Raises RasaUnavailable."""
        parses = self._post("parse", {"texts": list(texts)}).get("parses", [])
        if len(parses) != len(texts):
            raise RasaUnavailable(reason=f"{len(parses)} parses of {len(texts)} texts")
        return [_understood(parse) for parse in parses]

    def is_alive(self) -> bool:
        """Whether Rasa's channel answers at all."""
        try:
            return self._session.get(self._base, timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def _post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            response = self._session.post(self._base + path, json=body, timeout=self._timeout)
            data = response.json() if response.status_code == 200 else None
        except (requests.RequestException, ValueError) as error:
            raise RasaUnavailable(reason=type(error).__name__) from error
        if response.status_code == UNKNOWN_INTENT:
            raise UnknownButton
        if not isinstance(data, dict):
            raise RasaUnavailable(reason=f"status {response.status_code}")
        return data


def _body(question: Question) -> dict[str, Any]:
    pressed = question.pressed
    return {
        "sender": question.message_id,
        "message": question.text,
        "intent": pressed.intent if pressed else None,
        "metadata": {
            "message_id": question.message_id,
            "conversation_id": question.conversation_id,
            "shop": question.shop,
            # A button's title is ours, not the shopper's words: nothing is to be read from it.
            "text": "" if pressed else question.text,
            "asking": question.asking,
            "offer": question.offer,
            "given": dict(pressed.given) if pressed else {},
            "edit": pressed.edit if pressed else None,
            "photo": bool(pressed and pressed.photo),
        },
    }


def _line(data: Mapping[str, Any]) -> Line:
    custom = data.get("custom") or {}
    return Line(
        text=data["text"],
        buttons=data.get("buttons") or (),
        ask=custom.get("ask"),
        decision=custom.get("decision"),
        ticket=custom.get("ticket"),
        facts=custom.get("facts"),
        card=custom.get("card"),
    )


def _understood(data: Mapping[str, Any]) -> Understood:
    ranking = [(each["name"], each["confidence"]) for each in data.get("ranking") or ()]
    return Understood((data.get("intent") or {}).get("name"), ranking)
