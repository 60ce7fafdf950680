"""Cases from application to closed: states, clocks, jobs, appointments, ratings."""

revision = "0004"
down_revision = "0003m"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
