"""What the office was told about sources that somebody should ask."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "source_alarms",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("alerts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_source_alarms")),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON source_alarms TO city_system")
    op.execute("ALTER TABLE source_alarms ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY system ON source_alarms TO city_system USING (true)")


def downgrade() -> None:
    op.drop_table("source_alarms")
