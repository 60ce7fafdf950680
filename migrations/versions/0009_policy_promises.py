"""What the sets promise around their cases, by version, to be looked through."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLE = "policy_promises"
SORTS = "'Deadline', 'Rung', 'Approval', 'HandOffRule', 'Department'"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("sort", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("clauses", sa.JSON(), nullable=False),
        sa.Column("borrowed", sa.Boolean(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.CheckConstraint(f"sort IN ({SORTS})", name=op.f("ck_policy_promises_sort")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["policy_versions.id"],
            name=op.f("fk_policy_promises_version_id_policy_versions"),
        ),
        sa.PrimaryKeyConstraint("version_id", "place", name=op.f("pk_policy_promises")),
    )
    op.create_index(op.f("ix_policy_promises_name"), TABLE, ["name"], unique=False)
    _guard()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {TABLE}_written_once ON {TABLE}")
    op.drop_index(op.f("ix_policy_promises_name"), table_name=TABLE)
    op.drop_table(TABLE)  # and, in SQLite, its triggers with it


def _guard() -> None:
    """Rows are written once; the function was made with the policy store (0002)."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {TABLE}_written_once BEFORE UPDATE OR DELETE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    refuse = f"BEGIN SELECT RAISE(ABORT, '{TABLE} is written once'); END"
    same = "version_id = NEW.version_id AND place = NEW.place"
    again = f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE {same})"  # noqa: S608
    op.execute(f"CREATE TRIGGER {TABLE}_update BEFORE UPDATE ON {TABLE} {refuse}")
    op.execute(f"CREATE TRIGGER {TABLE}_delete BEFORE DELETE ON {TABLE} {refuse}")
    op.execute(f"CREATE TRIGGER {TABLE}_again BEFORE INSERT ON {TABLE} {again} {refuse}")
