"""Vouchers and redemptions as the office lists them: its rows, and indexes in the orders that are offered."""

from alembic import op

from backend.migrations.indexes import build_indexes

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

WHOLE_CITY = "(SELECT scoped_office()) = '*'"
# What belongs to a district: the vouchers of its units, what its shops honoured.
POLICIES = {
    "vouchers": "incentive_id IN (SELECT i.id FROM incentives AS i JOIN units AS u ON u.id = i.unit_id"
    " WHERE u.district = (SELECT scoped_office()))",
    "redemptions": "shop_id IN (SELECT id FROM shops WHERE district = (SELECT scoped_office()))",
}
INDEXES = (
    ("ix_vouchers_incentive_id_issued_at_id", "vouchers (incentive_id, issued_at, id)"),
    ("ix_vouchers_state_issued_at_id", "vouchers (state, issued_at, id)"),
    ("ix_redemptions_incentive_id_accepted_at_id", "redemptions (incentive_id, accepted_at, id)"),
    (
        "ix_redemptions_reversed",
        "redemptions (accepted_at, id) WHERE state = 'reversed'",
    ),
)


def upgrade() -> None:
    build_indexes(INDEXES, instead_of="ix_vouchers_incentive_id")
    for table, rows in POLICIES.items():
        op.execute(f"CREATE POLICY office ON {table} FOR SELECT TO city_request USING ({WHOLE_CITY} OR {rows})")


def downgrade() -> None:
    op.create_index("ix_vouchers_incentive_id", "vouchers", ["incentive_id"])
    for name, _columns in INDEXES:
        op.drop_index(name)
    for table in POLICIES:
        op.execute(f"DROP POLICY office ON {table}")
