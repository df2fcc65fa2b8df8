"""Long lists of units and of applications are read in their order."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_units_name_id", "units", ["name", "id"])
    op.create_index(
        "ix_unit_applications_submitted_at_id",
        "unit_applications",
        ["submitted_at", "id"],
        postgresql_where=sa.text("submitted_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_unit_applications_submitted_at_id", "unit_applications")
    op.drop_index("ix_units_name_id", "units")
