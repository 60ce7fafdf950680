"""A tracker store that keeps nothing: each turn has a sender id of its own and is never resumed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig


class KeepNothing(TrackerStore):
    """Forgets every tracker at once.

    Rasa's default store keeps each tracker in memory for good: with a sender id per message that
    is a leak, and it is personal data kept where nobody would look for it.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        host: EndpointConfig | str | None = None,
        **kwargs: Any,
    ) -> None:
        """`host` is how Rasa hands a store of one's own its endpoint settings; none are needed."""
        super().__init__(domain, event_broker)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep nothing."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        return None

    async def keys(self) -> Iterable[str]:
        return []
