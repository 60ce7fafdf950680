"""Where personal data of shoppers lies: every table is named here, and a test holds us to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

GONE = "（已删除）"
ERASED = "erased"  # where a visitor's token was: no token has this hash


class By(StrEnum):
    """What a row belongs to."""

    CONVERSATION = "conversation"
    MESSAGE = "message"
    MATTER = "matter"
    HAND_OFF = "hand_off"
    PARCEL = "parcel"
    TICKET = "ticket"
    FOLLOWER = "follower"


@dataclass(frozen=True)
class Place:
    """A table with data of shoppers. Erasing writes `blank` over it, reduces the facts in
    `facts` to what finds nobody, or removes the rows; `guarded` tables are written once, and
    erasing alone may open them."""

    table: str
    by: By
    key: str
    blank: Mapping[str, Any] = field(default_factory=dict)
    facts: str | None = None
    removed: bool = False
    guarded: bool = False


PLACES = (
    Place(
        "conversations",
        By.CONVERSATION,
        "id",
        {"phone": None, "later": None, "token_hash": ERASED},
    ),
    Place(
        "messages",
        By.CONVERSATION,
        "conversation_id",
        {"text": GONE, "extras": {}, "payload": None, "author_name": None},
    ),
    Place("matters", By.CONVERSATION, "conversation_id"),
    Place("facts", By.MATTER, "matter_id", facts="value"),
    Place("effects", By.MESSAGE, "message_id", {"payload": {"replies": []}}),
    Place("drafts", By.CONVERSATION, "conversation_id", {"lines": []}),
    Place("attachments", By.CONVERSATION, "conversation_id", removed=True),
    Place(
        "overrides",
        By.CONVERSATION,
        "conversation_id",
        {"reason": "", "claims": []},
        guarded=True,
    ),
    Place(
        "hand_offs",
        By.CONVERSATION,
        "conversation_id",
        {"why": "", "note": None, "signals": {}},
    ),
    Place("hand_off_events", By.HAND_OFF, "hand_off_id", {"note": ""}, guarded=True),
    Place("inbox", By.CONVERSATION, "conversation_id", {"error": None}),
    Place("outbox", By.CONVERSATION, "conversation_id", {"error": None}),
    Place(
        "outbox_parcels",
        By.CONVERSATION,
        "conversation_id",
        {"parts": [], "head": "", "choices": [], "error": None},
    ),
    Place("outbox_attempts", By.PARCEL, "parcel_id", {"error": None}),
    Place("tickets", By.TICKET, "id", {"phone": None, "name": None}, facts="facts"),
    Place("ticket_events", By.TICKET, "ticket_id", {"why": ""}),
    Place("ticket_approvals", By.TICKET, "ticket_id", {"why": "", "decided_why": None}),
    Place("ticket_appointments", By.TICKET, "ticket_id", {"address": None}),
    Place("ticket_notices", By.TICKET, "ticket_id", {"blanks": {}}),
    Place("ticket_tasks", By.TICKET, "ticket_id", {"note": "", "result": None}),
    Place("ratings", By.CONVERSATION, "conversation_id", {"comment": ""}),
    Place("ticket_lookups", By.CONVERSATION, "conversation_id", removed=True),
    Place("ticket_lines", By.TICKET, "ticket_id"),
    Place("ticket_clocks", By.TICKET, "ticket_id"),
    Place(
        "wechat_contacts",
        By.CONVERSATION,
        "conversation_id",
        {"choices": [], "state": "left"},
    ),
    Place("wechat_received", By.CONVERSATION, "conversation_id", removed=True),
    Place("wechat_arrivals", By.FOLLOWER, "openid", removed=True),
    Place("privacy_consents", By.CONVERSATION, "conversation_id"),
)

# Work that is still to be done for somebody who is no longer there: table, column, its end.
LEFT_OVER = (
    ("ticket_notices", "pending", "dropped"),
    ("ticket_tasks", "open", "dropped"),
    ("outbox_parcels", "pending", "failed"),
    ("outbox_parcels", "held", "failed"),
    ("outbox", "pending", "failed"),
    ("outbox", "held", "failed"),
)

_RULES = "rules of shops, as their people wrote them"
_STAFF = "people of the desk and other systems, who are told so in their own terms"
_CALENDAR = "days off of the whole country"
_NUMBERS = "one key per day or account, and numbers"

# Tables without personal data of shoppers, each with the reason.
NONE: Mapping[str, str] = {
    "decisions": "facts as rules ask for them, shared by all who told the same; no order number",
    "asked_decisions": "as `decisions`, asked by programs; gone after the days in the settings",
    "policy_sets": _RULES,
    "policy_sources": _RULES,
    "policy_versions": _RULES,
    "policy_clauses": _RULES,
    "policy_rules": _RULES,
    "policy_promises": _RULES,
    "policy_drafts": _RULES,
    "policy_draft_files": _RULES,
    "policy_publications": _RULES,
    "policy_publication_files": _RULES,
    "policy_in_force": _RULES,
    "policy_stamp": _RULES,
    "users": _STAFF,
    "grants": _STAFF,
    "sign_ins": _STAFF,
    "api_keys": _STAFF,
    "agents_online": _STAFF,
    "audit_log": "what people of the desk did, by ids and numbers of cases; kept as evidence",
    "webhooks": _STAFF,
    "webhook_calls": "which event was told to whom, and a status; bodies are made anew each time",
    "ticket_counters": _NUMBERS,
    "calendar_years": _CALENDAR,
    "calendar_days": _CALENDAR,
    "calendar_alerts": _CALENDAR,
    "wechat_accounts": _NUMBERS,
}

# Columns with room for words that erasing leaves as they are, each with the reason.
KEPT: Mapping[str, str] = {
    "matters.asked": "names of facts",
    "hand_offs.clauses": "ids of clauses",
    "hand_offs.joined": "ids of people of the desk",
    "tickets.sources": "for each fact how it was told, in which line and when",
    "ticket_clocks.explained": "days and pauses",
}
