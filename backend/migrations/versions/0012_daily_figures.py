"""Figures per day for the office; vouchers and redemptions in the order in which they happened."""

import sqlalchemy as sa
from alembic import op

from backend.migrations.indexes import build_indexes

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OF_DISTRICT = "(SELECT scoped_office()) = '*' OR district = (SELECT scoped_office())"
TABLES = ("daily_figures", "daily_uses")
INDEXES = (
    ("ix_vouchers_issued_at_id", "vouchers (issued_at, id)"),
    ("ix_redemptions_accepted_at_id", "redemptions (accepted_at, id)"),
    ("ix_redemptions_reversed_at", "redemptions (reversed_at) WHERE reversed_at IS NOT NULL"),
)


def upgrade() -> None:
    build_indexes(INDEXES)
    op.create_table(
        "daily_figures",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("claims", sa.BigInteger(), nullable=False),
        sa.Column("redemptions", sa.BigInteger(), nullable=False),
        sa.Column("reversals", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("residents", sa.BigInteger(), nullable=True),
        sa.Column("scored", sa.BigInteger(), nullable=True),
        sa.Column("active", sa.BigInteger(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "least(claims, redemptions, reversals) >= 0", name=op.f("ck_daily_figures_counts")
        ),
        sa.CheckConstraint(
            "num_nulls(residents, scored, active) IN (0, 3)", name=op.f("ck_daily_figures_counted_wholly")
        ),
        sa.CheckConstraint(
            "residents >= scored AND residents >= active AND least(scored, active) >= 0",
            name=op.f("ck_daily_figures_parts"),
        ),
        sa.PrimaryKeyConstraint("day", "district", name=op.f("pk_daily_figures")),
    )
    op.create_table(
        "daily_uses",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("incentive_id", sa.Uuid(), nullable=False),
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("claims", sa.BigInteger(), nullable=False),
        sa.Column("redemptions", sa.BigInteger(), nullable=False),
        sa.Column("reversals", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("least(claims, redemptions, reversals) >= 0", name=op.f("ck_daily_uses_counts")),
        sa.ForeignKeyConstraint(
            ["incentive_id"], ["incentives.id"], name=op.f("fk_daily_uses_incentive_id")
        ),
        sa.PrimaryKeyConstraint("day", "incentive_id", "district", name=op.f("pk_daily_uses")),
    )
    for table in TABLES:
        op.execute(f"GRANT SELECT ON {table} TO city_request")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO city_system")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY system ON {table} TO city_system USING (true)")
        op.execute(f"CREATE POLICY office ON {table} FOR SELECT TO city_request USING ({OF_DISTRICT})")


def downgrade() -> None:
    for name, _columns in INDEXES:
        op.drop_index(name)
    op.drop_table("daily_uses")
    op.drop_table("daily_figures")
