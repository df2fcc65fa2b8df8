"""Exports as workbooks too."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("exports", sa.Column("format", sa.Text(), nullable=False, server_default="csv"))
    op.alter_column("exports", "format", server_default=None)
    op.create_check_constraint(op.f("ck_exports_format"), "exports", "format IN ('csv', 'xlsx')")


def downgrade() -> None:
    op.drop_column("exports", "format")
