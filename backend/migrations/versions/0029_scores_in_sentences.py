"""Pages of scores stored before had no sentences: whoever asks gets a new one, a job stores the others."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

FORGET_PAGES = "DELETE FROM scores WHERE explanation IS NOT NULL"


def upgrade() -> None:
    op.execute(FORGET_PAGES)


def downgrade() -> None:
    op.execute(FORGET_PAGES)
