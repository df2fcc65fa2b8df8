"""Drafts that were ever submitted, and closed shops, are read in their order."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_incentive_drafts_submitted_at_id",
        "incentive_drafts",
        ["submitted_at", "id"],
        postgresql_where=sa.text("submitted_at IS NOT NULL"),
    )
    op.create_index(
        "ix_shops_closed_name_id", "shops", ["name", "id"], postgresql_where=sa.text("closed_at IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_shops_closed_name_id", "shops")
    op.drop_index("ix_incentive_drafts_submitted_at_id", "incentive_drafts")
