"""Shops and clerks looked after in the console: what a shop tells of itself, pausing, and the guards."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

OFFICE_OF_DISTRICT = "((SELECT scoped_office()) = '*' OR district = (SELECT scoped_office()))"
SHOP_OF_OFFICE = f"shop_id IN (SELECT id FROM shops WHERE {OFFICE_OF_DISTRICT})"
SHOP_OF_MY_UNIT = "shop_id IN (SELECT id FROM shops WHERE unit_id = (SELECT scoped_unit()))"
# table, name, which rows
POLICIES = (
    ("shops", "office", OFFICE_OF_DISTRICT),
    ("clerks", "office", SHOP_OF_OFFICE),
    ("clerk_invites", "office", SHOP_OF_OFFICE),
    # Whoever pauses or removes a clerk ends the sessions.
    ("sessions", "clerks_of_my_unit", f"clerk_id IN (SELECT id FROM clerks WHERE {SHOP_OF_MY_UNIT})"),
    ("sessions", "clerks_of_office", f"clerk_id IN (SELECT id FROM clerks WHERE {SHOP_OF_OFFICE})"),
)

# As in 0008; a clerk must also not be paused, nor the shop closed.
ENTER_SESSION = """
CREATE OR REPLACE FUNCTION enter_session(sought uuid, moment timestamptz)
    RETURNS TABLE (resident_id uuid, clerk_id uuid, shop_id uuid)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT s.resident_id, s.clerk_id, c.shop_id INTO resident_id, clerk_id, shop_id
        FROM sessions AS s
        LEFT JOIN clerks AS c ON c.id = s.clerk_id
        {join}
        WHERE s.id = sought AND s.ended_at IS NULL AND s.expires_at > moment AND {works};
    IF FOUND THEN
        PERFORM set_config('app.resident_id', coalesce(resident_id::text, ''), true),
                set_config('app.shop_id', coalesce(shop_id::text, ''), true);
        RETURN NEXT;
    END IF;
END $$
"""
BEFORE = ENTER_SESSION.format(join="", works="c.removed_at IS NULL")
SINCE = ENTER_SESSION.format(
    join="LEFT JOIN shops AS h ON h.id = c.shop_id",
    works="num_nonnulls(c.removed_at, c.paused_at, h.closed_at) = 0",
)


def upgrade() -> None:
    op.add_column("shops", sa.Column("phone", sa.Text(), nullable=True))
    op.add_column("shops", sa.Column("hours", sa.Text(), nullable=True))
    op.add_column("shops", sa.Column("version", sa.BigInteger(), nullable=False, server_default="1"))
    op.alter_column("shops", "latitude", nullable=True)
    op.alter_column("shops", "longitude", nullable=True)
    op.create_check_constraint(
        op.f("ck_shops_place_whole"), "shops", "(latitude IS NULL) = (longitude IS NULL)"
    )
    op.create_index("ix_shops_name_id", "shops", ["name", "id"])
    op.add_column("clerks", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("clerk_invites", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_clerk_invites_used_or_withdrawn"),
        "clerk_invites",
        "num_nonnulls(used_at, withdrawn_at) <= 1",
    )
    op.create_index("ix_clerk_invites_shop_id", "clerk_invites", ["shop_id", "created_at"])
    op.execute(SINCE)
    for table, name, rows in POLICIES:
        op.execute(f"CREATE POLICY {name} ON {table} TO city_request USING ({rows})")


def downgrade() -> None:
    for table, name, _rows in POLICIES:
        op.execute(f"DROP POLICY {name} ON {table}")
    op.execute(BEFORE)
    op.drop_index("ix_clerk_invites_shop_id", "clerk_invites")
    op.drop_column("clerk_invites", "withdrawn_at")
    op.drop_column("clerks", "paused_at")
    op.drop_index("ix_shops_name_id", "shops")
    op.drop_constraint(op.f("ck_shops_place_whole"), "shops")
    op.alter_column("shops", "longitude", nullable=False)
    op.alter_column("shops", "latitude", nullable=False)
    op.drop_column("shops", "version")
    op.drop_column("shops", "hours")
    op.drop_column("shops", "phone")
