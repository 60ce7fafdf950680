"""Two lines of work meet: the policy store (0002) and photos of shoppers (0003)."""

revision = "0003m"
down_revision = ("0002", "0003")
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
