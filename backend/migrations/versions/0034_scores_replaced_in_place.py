"""Room for the score that replaces another, and no index that nothing reads."""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_scores_as_of", table_name="scores")
    op.execute("ALTER TABLE scores SET (fillfactor = 50)")


def downgrade() -> None:
    op.execute("ALTER TABLE scores RESET (fillfactor)")
    op.create_index("ix_scores_as_of", "scores", ["as_of"])
