"""What the conversation is about, told to the rules: slots filled from a message's metadata."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet

SLOTS = ("asking", "offer")
"""The policy fact being asked for, and what was offered and awaits a yes or no."""


def slot_events(metadata: Mapping[str, Any], domain: Domain) -> list[SlotSet]:
    """The slots that rules may condition on, for those which `domain` declares.

    They are set before the shopper's line, as a rule's `condition:` expects, so they work alike
    for typed lines and for buttons and cost no call to the action server.
    """
    declared = {slot.name for slot in domain.slots}
    return [
        SlotSet(name, metadata[name]) for name in SLOTS if name in declared and metadata.get(name)
    ]
