"""Ask Rasa what one line means and what is to be said; Rasa remembers nothing of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from bot.errors import Unavailable
from bot.messages import Line, Pressed


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


class RasaUnavailable(Unavailable):
    """Rasa or its action server did not answer this turn."""

    code = "rasa_unavailable"


class Rasa:
    """Rasa's own channel over loopback. Thread-safe; `timeout` is in seconds."""

    def __init__(self, url: str, token: str, timeout: float, connections: int) -> None:
        self._url = f"{url}/webhooks/desk/webhook"
        self._health = f"{url}/webhooks/desk/"
        self._timeout = (1.0, timeout)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Authorization"] = f"Bearer {token}"
        self._session.mount("http://", HTTPAdapter(pool_maxsize=connections))

    def answer(self, question: Question) -> list[Line]:
        """The lines to be said. Raises RasaUnavailable; an empty answer is a failed turn."""
        try:
            response = self._session.post(self._url, json=_body(question), timeout=self._timeout)
            data = response.json() if response.status_code == 200 else {}
        except (requests.RequestException, ValueError) as error:
            raise RasaUnavailable(reason=type(error).__name__) from error
        lines = [_line(line) for line in data.get("lines", []) if line.get("text")]
        if not lines:
            raise RasaUnavailable(reason=f"status {response.status_code}, no line")
        return lines

    def is_alive(self) -> bool:
        """Whether Rasa's channel answers at all."""
        try:
            return self._session.get(self._health, timeout=2).status_code == 200
        except requests.RequestException:
            return False


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
    )
