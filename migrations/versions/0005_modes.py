"""Who answers: modes with a fencing number, the queue, claims, drafts, routing.

A later migration that makes SQLite copy `conversations` or `messages` anew has to drop the
triggers of this one first and make them again: a copy loses them, and they name one another's
tables. To add a column with ALTER TABLE needs neither.
"""

import sqlalchemy as sa
from alembic import op

import bot.db
from bot.conversations.writers import GUARDS, postgres_guards, sqlite_guards
from bot.immutable import postgres_guards as unchanged_postgres
from bot.immutable import sqlite_guards as unchanged_sqlite

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('queued', 'claimed')")
INSTANT = bot.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    for column in _conversation_columns():
        op.add_column("conversations", column)
    op.create_index("ix_conversations_mode", "conversations", ["mode", "shop"])
    op.create_index("ix_conversations_agent", "conversations", ["agent"])
    op.add_column("messages", sa.Column("agent", sa.String(length=64), nullable=True))
    op.add_column("messages", sa.Column("recalled_at", INSTANT, nullable=True))
    _drafts()
    _hand_offs()
    _hand_off_events()
    _agents_online()
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in ("conversations", "messages"):
        for statement in sqlite_guards(table) if sqlite else postgres_guards(table):
            op.execute(statement)
    for statement in (
        unchanged_sqlite("hand_off_events", ["id"])
        if sqlite
        else unchanged_postgres("hand_off_events")
    ):
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, (table, *_) in GUARDS.items():
        op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    for table in ("agents_online", "hand_off_events", "hand_offs", "drafts"):
        op.drop_table(table)
    op.drop_column("messages", "recalled_at")
    op.drop_column("messages", "agent")
    op.drop_index("ix_conversations_agent", "conversations")
    op.drop_index("ix_conversations_mode", "conversations")
    for column in _conversation_columns():
        op.drop_column("conversations", column.name)


def _conversation_columns() -> list[sa.Column]:
    return [
        sa.Column("fence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("episode", sa.Integer(), server_default="1", nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=True),
        sa.Column("agent_name", sa.String(length=64), nullable=True),
        sa.Column("waiting_since", INSTANT, nullable=True),
        sa.Column("priority", sa.Integer(), nullable=True),
        sa.Column("department", sa.String(length=64), nullable=True),
        sa.Column("fired", sa.String(length=64), nullable=True),
    ]


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint("state IN ('open', 'used', 'dropped')", name=op.f("ck_drafts_state")),
        _to("drafts", "conversation_id", "conversations"),
        _to("drafts", "message_id", "messages"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("message_id", name=op.f("uq_drafts_message_id")),
    )
    op.create_index("ix_drafts_conversation_id", "drafts", ["conversation_id"])


def _hand_offs() -> None:
    op.create_table(
        "hand_offs",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("episode", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=True),
        sa.Column("rule", sa.String(length=64), nullable=True),
        sa.Column("clauses", sa.JSON(), nullable=False),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=True),
        sa.Column("skill", sa.String(length=64), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("asking", sa.String(length=64), nullable=True),
        sa.Column("queued_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.Column("told_place", sa.Integer(), nullable=True),
        sa.Column("alerted_at", INSTANT, nullable=True),
        sa.Column("first_claimed_at", INSTANT, nullable=True),
        sa.Column("claimed_at", INSTANT, nullable=True),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("last_agent", sa.String(length=64), nullable=True),
        sa.Column("joined", sa.JSON(), nullable=False),
        sa.Column("last_agent_line_at", INSTANT, nullable=True),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("resolution", sa.String(length=24), nullable=True),
        sa.Column("ticket_no", sa.String(length=24), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'claimed', 'released', 'ended', 'called_back')",
            name=op.f("ck_hand_offs_state"),
        ),
        _to("hand_offs", "conversation_id", "conversations"),
        _to("hand_offs", "message_id", "messages"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_offs")),
    )
    op.create_index(
        "uq_hand_offs_open",
        "hand_offs",
        ["conversation_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_hand_offs_conversation_id", "hand_offs", ["conversation_id"])
    op.create_index("ix_hand_offs_queue", "hand_offs", ["state", "shop", "priority", "queued_at"])
    op.create_index("ix_hand_offs_message_id", "hand_offs", ["message_id"])
    op.create_index("ix_hand_offs_ended", "hand_offs", ["shop", "ended_at"])


def _hand_off_events() -> None:
    op.create_table(
        "hand_off_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hand_off_id", sa.String(length=36), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        _to("hand_off_events", "hand_off_id", "hand_offs"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_off_events")),
    )
    op.create_index("ix_hand_off_events_hand_off_id", "hand_off_events", ["hand_off_id"])


def _agents_online() -> None:
    op.create_table(
        "agents_online",
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("departments", sa.JSON(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("shops", sa.JSON(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("auto", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("heartbeat_at", INSTANT, nullable=False),
        sa.Column("assigned_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "status IN ('online', 'paused', 'offline')", name=op.f("ck_agents_online_status")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_agents_online")),
    )
    op.create_index("ix_agents_online_status", "agents_online", ["status"])


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )
