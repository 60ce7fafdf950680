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

# Tables without personal data of shoppers, each for a reason.
NONE = {
    # rules, and decisions over typed facts: an order number is never stored with one
    "decisions",
    "asked_decisions",
    "policy_sets",
    "policy_sources",
    "policy_versions",
    "policy_clauses",
    "policy_rules",
    "policy_promises",
    "policy_drafts",
    "policy_draft_files",
    "policy_publications",
    "policy_publication_files",
    "policy_in_force",
    "policy_stamp",
    # staff and systems
    "users",
    "grants",
    "sign_ins",
    "api_keys",
    "audit_log",
    "agents_online",
    "webhooks",
    "webhook_calls",
    # counters and calendars
    "ticket_counters",
    "calendar_years",
    "calendar_days",
    "calendar_alerts",
    "wechat_accounts",
}
