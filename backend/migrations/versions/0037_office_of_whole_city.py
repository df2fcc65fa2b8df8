"""Whoever works for the whole city is not asked for the district of every shop."""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

MY_OFFICE = "(SELECT scoped_office())"
BEFORE = f"shop_id IN (SELECT id FROM shops WHERE ({MY_OFFICE} = '*' OR district = {MY_OFFICE}))"
SINCE = f"({MY_OFFICE} = '*' OR shop_id IN (SELECT id FROM shops WHERE district = {MY_OFFICE}))"
POLICIES = (("clerks", "office"), ("clerk_invites", "office"), ("reports", "office"), ("reports", "closed"))


def upgrade() -> None:
    for table, name in POLICIES:
        op.execute(f"ALTER POLICY {name} ON {table} USING ({SINCE})")


def downgrade() -> None:
    for table, name in POLICIES:
        op.execute(f"ALTER POLICY {name} ON {table} USING ({BEFORE})")
