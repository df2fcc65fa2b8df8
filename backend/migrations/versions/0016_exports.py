"""Exports of the office's lists."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

OWN = "account_id = (SELECT scoped_account())"


def upgrade() -> None:
    op.create_table(
        "exports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Text(), nullable=True),
        sa.Column("list_name", sa.Text(), nullable=False),
        sa.Column("query", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('queued', 'ready', 'too_many')", name=op.f("ck_exports_state")),
        sa.CheckConstraint("(state = 'ready') = (file IS NOT NULL)", name=op.f("ck_exports_ready_with_file")),
        sa.CheckConstraint("rows >= 0", name=op.f("ck_exports_rows")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_exports_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
    )
    op.create_index("ix_exports_ends_at", "exports", ["ends_at"])
    op.execute("GRANT SELECT, INSERT ON exports TO city_request")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON exports TO city_system")
    op.execute("ALTER TABLE exports ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY system ON exports TO city_system USING (true)")
    op.execute(f"CREATE POLICY own ON exports TO city_request USING ({OWN})")


def downgrade() -> None:
    op.drop_table("exports")
