"""WeChat: accounts, contacts, callbacks; parcels and attempts of the outbox."""

import sqlalchemy as sa
from alembic import op

import bot.db

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OLD_STATES = "'pending', 'sending', 'offered', 'sent', 'unconfirmed', 'failed'"
NEW_STATES = OLD_STATES + ", 'held', 'recalled'"


def upgrade() -> None:
    _accounts()
    _contacts()
    _received()
    _parcels()
    _attempts()
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parcel_id", sa.String(length=36), nullable=True))
        batch_op.create_index(
            "ix_outbox_conversation_id", ["conversation_id", "state"], unique=False
        )
        batch_op.create_index("ix_outbox_parcel_id", ["parcel_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_outbox_parcel_id_outbox_parcels"),
            "outbox_parcels",
            ["parcel_id"],
            ["id"],
        )
    _states(NEW_STATES)


def downgrade() -> None:
    op.execute("UPDATE outbox SET state = 'pending' WHERE state = 'held'")
    op.execute("UPDATE outbox SET state = 'failed' WHERE state = 'recalled'")
    _states(OLD_STATES)
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_outbox_parcel_id_outbox_parcels"), type_="foreignkey"
        )
        batch_op.drop_index("ix_outbox_parcel_id")
        batch_op.drop_index("ix_outbox_conversation_id")
        batch_op.drop_column("parcel_id")
    for table in (
        "outbox_attempts",
        "outbox_parcels",
        "wechat_received",
        "wechat_contacts",
        "wechat_accounts",
    ):
        op.drop_table(table)


def _states(listed: str) -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_outbox_state"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_outbox_state"), f"state IN ({listed})")


def _accounts() -> None:
    op.create_table(
        "wechat_accounts",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("expires_at", bot.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("fetched_at", bot.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("owner", sa.String(length=36), nullable=True),
        sa.Column("lease_until", bot.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("fetched", sa.Integer(), nullable=False),
        sa.Column("forced", sa.Integer(), nullable=False),
        sa.Column("forced_at", bot.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("parked_until", bot.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("barred_until", bot.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("alert", sa.Text(), nullable=True),
        sa.Column("alert_at", bot.db.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_wechat_accounts")),
    )


def _contacts() -> None:
    op.create_table(
        "wechat_contacts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("talk_left", sa.Integer(), nullable=False),
        sa.Column("talk_until", bot.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("tap_left", sa.Integer(), nullable=False),
        sa.Column("tap_until", bot.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("holding", sa.Boolean(), nullable=False),
        sa.Column("passive_for", sa.String(length=36), nullable=True),
        sa.Column("passive_until", bot.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("heard_at", bot.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", bot.db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('following', 'left')", name=op.f("ck_wechat_contacts_state")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_wechat_contacts_conversation_id_conversations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_contacts")),
        sa.UniqueConstraint("account", "openid", name="uq_wechat_contacts_openid"),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_wechat_contacts_conversation_id")),
    )


def _received() -> None:
    op.create_table(
        "wechat_received",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=True),
        sa.Column("raw", sa.JSON(), nullable=True),
        sa.Column("media", sa.String(length=16), nullable=False),
        sa.Column("media_id", sa.Text(), nullable=True),
        sa.Column("media_due", bot.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("media_tries", sa.Integer(), nullable=False),
        sa.Column("received_at", bot.db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "media IN ('none', 'wanted', 'fetching', 'kept', 'lost')",
            name=op.f("ck_wechat_received_media"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_wechat_received_conversation_id_conversations"),
        ),
        sa.PrimaryKeyConstraint("account", "key", name=op.f("pk_wechat_received")),
    )
    with op.batch_alter_table("wechat_received", schema=None) as batch_op:
        batch_op.create_index("ix_wechat_received_at", ["received_at"], unique=False)
        batch_op.create_index("ix_wechat_received_media", ["media", "media_due"], unique=False)


def _parcels() -> None:
    op.create_table(
        "outbox_parcels",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("plain", sa.Boolean(), nullable=False),
        sa.Column("weighty", sa.Boolean(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("doubtful", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=36), nullable=True),
        sa.Column("lease_until", bot.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("due_at", bot.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("held_for", sa.String(length=32), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", bot.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", bot.db.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'offered', 'sent', 'unconfirmed', 'failed', 'held', "
            "'unpacked')",
            name=op.f("ck_outbox_parcels_state"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_outbox_parcels_conversation_id_conversations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_parcels")),
    )
    with op.batch_alter_table("outbox_parcels", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_parcels_lane", ["conversation_id", "state", "number"], unique=False
        )
        batch_op.create_index("ix_outbox_parcels_state", ["state", "due_at"], unique=False)


def _attempts() -> None:
    op.create_table(
        "outbox_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parcel_id", sa.String(length=36), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("answers", sa.String(length=36), nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("begun_at", bot.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", bot.db.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "way IN ('passive', 'custom', 'notice')", name=op.f("ck_outbox_attempts_way")
        ),
        sa.CheckConstraint(
            "outcome IN ('begun', 'offered', 'sent', 'refused', 'unconfirmed')",
            name=op.f("ck_outbox_attempts_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["parcel_id"],
            ["outbox_parcels.id"],
            name=op.f("fk_outbox_attempts_parcel_id_outbox_parcels"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_attempts")),
    )
    with op.batch_alter_table("outbox_attempts", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_attempts_answers", ["answers"], unique=False)
        batch_op.create_index("ix_outbox_attempts_parcel_id", ["parcel_id"], unique=False)
