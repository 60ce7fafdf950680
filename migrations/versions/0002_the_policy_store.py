"""The policy store: texts, versions, drafts, publications; decisions written once; calendars."""

import sqlalchemy as sa
from alembic import op

import bot.db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Tables whose rows are written once, with their keys.
WRITTEN_ONCE = {
    "decisions": ["id"],
    "policy_sources": ["hash"],
    "policy_versions": ["id"],
    "policy_clauses": ["version_id", "place"],
    "policy_rules": ["version_id", "place"],
    "policy_publications": ["id"],
    "policy_publication_files": ["publication_id", "name"],
    "policy_in_force": ["id"],
}
REFUSE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is written once', ERRCODE = '23001';
END
$$ LANGUAGE plpgsql
"""


def upgrade() -> None:
    op.create_table(
        "calendar_alerts",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("raised_at", bot.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("settled_at", bot.db.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_alerts")),
    )
    op.create_table(
        "calendar_years",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("imported_by", sa.String(length=64), nullable=False),
        sa.Column("imported_at", bot.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_years")),
    )
    op.create_table(
        "policy_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("drafted_by", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", bot.db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'published', 'withdrawn')", name=op.f("ck_policy_drafts_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_drafts")),
    )
    op.create_table(
        "policy_sets",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("created_at", bot.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_policy_sets")),
    )
    op.create_table(
        "policy_sources",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", bot.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_policy_sources")),
    )
    op.create_table(
        "policy_stamp",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_policy_stamp_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_stamp")),
    )
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("worked", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["year"], ["calendar_years.year"], name=op.f("fk_calendar_days_year_calendar_years")
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_days")),
    )
    with op.batch_alter_table("calendar_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_days_year"), ["year"], unique=False)

    op.create_table(
        "policy_draft_files",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["base"],
            ["policy_sources.hash"],
            name=op.f("fk_policy_draft_files_base_policy_sources"),
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["policy_drafts.id"],
            name=op.f("fk_policy_draft_files_draft_id_policy_drafts"),
        ),
        sa.ForeignKeyConstraint(
            ["source"],
            ["policy_sources.hash"],
            name=op.f("fk_policy_draft_files_source_policy_sources"),
        ),
        sa.PrimaryKeyConstraint("draft_id", "name", name=op.f("pk_policy_draft_files")),
    )
    op.create_table(
        "policy_publications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("drafted_by", sa.String(length=64), nullable=False),
        sa.Column("published_by", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("takes_effect_at", bot.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_at", bot.db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind = 'import' OR lower(trim(drafted_by)) <> lower(trim(published_by))",
            name=op.f("ck_policy_publications_second_person"),
        ),
        sa.CheckConstraint(
            "kind IN ('import', 'publish')", name=op.f("ck_policy_publications_kind")
        ),
        sa.CheckConstraint("trim(reason) <> ''", name=op.f("ck_policy_publications_reason")),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["policy_drafts.id"],
            name=op.f("fk_policy_publications_draft_id_policy_drafts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_publications")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_policy_publications_draft_id")),
    )
    op.create_table(
        "policy_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("policy_set", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", bot.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_set"],
            ["policy_sets.name"],
            name=op.f("fk_policy_versions_policy_set_policy_sets"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_versions")),
        sa.UniqueConstraint("policy_set", "version", name=op.f("uq_policy_versions_policy_set")),
    )
    op.create_table(
        "policy_clauses",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["policy_versions.id"],
            name=op.f("fk_policy_clauses_version_id_policy_versions"),
        ),
        sa.PrimaryKeyConstraint("version_id", "place", name=op.f("pk_policy_clauses")),
    )
    with op.batch_alter_table("policy_clauses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policy_clauses_clause"), ["clause"], unique=False)

    op.create_table(
        "policy_in_force",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("policy_set", sa.String(length=64), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("takes_effect_at", bot.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_set"],
            ["policy_sets.name"],
            name=op.f("fk_policy_in_force_policy_set_policy_sets"),
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["policy_publications.id"],
            name=op.f("fk_policy_in_force_publication_id_policy_publications"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["policy_versions.id"],
            name=op.f("fk_policy_in_force_version_id_policy_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_in_force")),
    )
    with op.batch_alter_table("policy_in_force", schema=None) as batch_op:
        batch_op.create_index(
            "ix_policy_in_force_set", ["policy_set", "takes_effect_at"], unique=False
        )

    op.create_table(
        "policy_publication_files",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["policy_publications.id"],
            name=op.f("fk_policy_publication_files_publication_id_policy_publications"),
        ),
        sa.ForeignKeyConstraint(
            ["source"],
            ["policy_sources.hash"],
            name=op.f("fk_policy_publication_files_source_policy_sources"),
        ),
        sa.PrimaryKeyConstraint("publication_id", "name", name=op.f("pk_policy_publication_files")),
    )
    op.create_table(
        "policy_rules",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("escalate_to", sa.String(length=64), nullable=True),
        sa.Column("clauses", sa.JSON(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["policy_versions.id"],
            name=op.f("fk_policy_rules_version_id_policy_versions"),
        ),
        sa.PrimaryKeyConstraint("version_id", "place", name=op.f("pk_policy_rules")),
    )
    with op.batch_alter_table("policy_rules", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policy_rules_rule"), ["rule"], unique=False)

    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("presume", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(sa.Column("profile", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("rules", sa.JSON(), nullable=False, server_default="[]"))
    _guard()


def downgrade() -> None:
    _unguard()
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_column("rules")
        batch_op.drop_column("profile")
        batch_op.drop_column("presume")

    with op.batch_alter_table("policy_rules", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_policy_rules_rule"))

    op.drop_table("policy_rules")
    op.drop_table("policy_publication_files")
    with op.batch_alter_table("policy_in_force", schema=None) as batch_op:
        batch_op.drop_index("ix_policy_in_force_set")

    op.drop_table("policy_in_force")
    with op.batch_alter_table("policy_clauses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_policy_clauses_clause"))

    op.drop_table("policy_clauses")
    op.drop_table("policy_versions")
    op.drop_table("policy_publications")
    op.drop_table("policy_draft_files")
    with op.batch_alter_table("calendar_days", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_days_year"))

    op.drop_table("calendar_days")
    op.drop_table("policy_stamp")
    op.drop_table("policy_sources")
    op.drop_table("policy_sets")
    op.drop_table("policy_drafts")
    op.drop_table("calendar_years")
    op.drop_table("calendar_alerts")


def _guard() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(REFUSE)
        for table in WRITTEN_ONCE:
            op.execute(
                f"CREATE TRIGGER {table}_written_once BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
        return
    for table, key in WRITTEN_ONCE.items():
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
        # REPLACE removes a row without asking the DELETE trigger.
        again = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608
        op.execute(f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_again BEFORE INSERT ON {table} {again} {refuse}")


def _unguard() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in WRITTEN_ONCE:
            op.execute(f"DROP TRIGGER {table}_written_once ON {table}")
        op.execute("DROP FUNCTION refuse_change()")
        return
    for table in WRITTEN_ONCE:
        for guard in ("update", "delete", "again"):
            op.execute(f"DROP TRIGGER {table}_{guard}")
