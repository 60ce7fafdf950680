"""One turn: a shopper's line in; what the bot says, what it understood and what it did out.

Rasa's own `handle_message` swallows the failure of an action and answers with whatever was said
until then. Here a failure ends the turn, nothing is stored and nothing is carried over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.exceptions import ActionLimitReached
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    DEFAULT_INTENTS,
    USER_INTENT_OUT_OF_SCOPE,
)
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from rasa_ext.context import slot_events
from rasa_ext.normalise import plain

RANKED = 3
COMMANDS = frozenset(DEFAULT_INTENTS) - {USER_INTENT_OUT_OF_SCOPE}
"""Intents that Rasa reserves for itself (restart, back …); no shopper means one of them."""


class TurnFailed(RasaException):
    """A turn without a full answer; `code` says why, the text is for the log and the caller."""

    def __init__(self, code: str, message: str, status: int = 502) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


@dataclass(frozen=True)
class Line:
    """What the shopper sent: a text, or the intent behind the button that was pressed."""

    sender: str
    text: str
    intent: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Answer:
    """What goes back; `lines` has one entry for each response."""

    intent: dict[str, Any] | None
    ranking: list[dict[str, Any]]
    action: str | None = None
    lines: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {
            "lines": self.lines,
            "intent": self.intent,
            "ranking": self.ranking,
            "action": self.action,
        }


async def take(processor: MessageProcessor, line: Line) -> Answer:
    """Understand `line`, let the rules choose actions until they choose to listen, run them.

    Raises:
        TurnFailed: unknown button intent, a failed action, or nothing to say.
    """
    parse = _pressed(processor, line) if line.intent else await _parsed(processor, line)
    tracker = _tracker(processor, line, parse)
    answer = Answer(intent=_named(parse["intent"]), ranking=_ranking(parse))
    await _act(processor, tracker, answer)
    if not answer.lines:
        raise TurnFailed("nothing_said", f"action {answer.action} said nothing")
    return answer


async def understood(processor: MessageProcessor, text: str) -> dict[str, Any]:
    """Intent and ranking of a text, with nothing done about it."""
    parse = await _parsed(processor, Line("parse", text))
    return {"intent": _named(parse["intent"]), "ranking": _ranking(parse)}


async def _parsed(processor: MessageProcessor, line: Line) -> dict[str, Any]:
    """Rasa's parse of the text, which is never taken for a command."""
    message = UserMessage(plain(line.text), sender_id=line.sender, metadata=dict(line.metadata))
    parse: dict[str, Any] = await processor.parse_message(message)
    return parse


def _pressed(processor: MessageProcessor, line: Line) -> dict[str, Any]:
    if line.intent in COMMANDS or line.intent not in processor.domain.intents:
        raise TurnFailed("unknown_intent", f"no such intent: {line.intent}", status=422)
    intent = {"name": line.intent, "confidence": 1.0}
    return {"text": line.text, "intent": intent, "intent_ranking": [intent], "entities": []}


def _tracker(
    processor: MessageProcessor, line: Line, parse: dict[str, Any]
) -> DialogueStateTracker:
    said = UserUttered(
        line.text,
        parse["intent"],
        parse["entities"],
        {**parse, "text": line.text},  # what was typed, not what the classifier was shown
        input_channel="desk",
        message_id=line.sender,
        metadata=dict(line.metadata),
    )
    tracker = DialogueStateTracker(line.sender, processor.domain.slots)
    tracker.model_id = processor.model_metadata.model_id
    tracker.assistant_id = processor.model_metadata.assistant_id
    context = slot_events(line.metadata, processor.domain)
    tracker.update_with_events(
        [ActionExecuted(ACTION_LISTEN_NAME), *context, said], processor.domain
    )
    return tracker


async def _act(processor: MessageProcessor, tracker: DialogueStateTracker, answer: Answer) -> None:
    output = CollectingOutputChannel()
    while True:
        try:
            action, prediction = processor.predict_next_with_tracker_if_should(tracker)
        except ActionLimitReached as error:
            raise TurnFailed("no_end", "the rules never chose to listen") from error
        if action.name() == ACTION_LISTEN_NAME:
            return
        answer.action = answer.action or action.name()
        try:
            events = await action.run(output, processor.nlg, tracker, processor.domain)
        except Exception as error:  # of every kind, and each means that the reply is not whole
            raise TurnFailed("action_failed", f"{action.name()}: {_reason(error)}") from error
        tracker.update_with_events(prediction.events, processor.domain)
        tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, processor.domain)
        answer.lines += _lines(events)


def _reason(error: Exception) -> str:
    """Rasa's own words name the server; other errors quote what they choked on, so not those."""
    return str(error) if isinstance(error, RasaException) else type(error).__name__


def _lines(events: list[Event]) -> list[dict[str, Any]]:
    """One entry for each response: its text, buttons and custom part stay together."""
    said = (event.message() for event in events if isinstance(event, BotUttered))
    lines = (
        {
            "text": message.get("text") or None,
            "buttons": message.get("buttons") or [],
            "custom": message.get("custom"),
        }
        for message in said
    )
    return [line for line in lines if any(line.values())]


def _ranking(parse: dict[str, Any]) -> list[dict[str, Any]]:
    """The likeliest intents, without the fallback that says that none is likely enough."""
    ranked = (_named(entry) for entry in parse.get("intent_ranking", []))
    named = (entry for entry in ranked if entry is not None)
    return [e for e in named if e["name"] != DEFAULT_NLU_FALLBACK_INTENT_NAME][:RANKED]


def _named(entry: Mapping[str, Any]) -> dict[str, Any] | None:
    if not entry.get("name"):
        return None
    return {"name": entry["name"], "confidence": round(float(entry["confidence"]), 4)}
