"""Add typed codes, and what tills typed wrongly."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MY_SHOP = "shop_id = (SELECT scoped_shop())"
POLICIES = (
    ("typed_codes", "own", "ALL", "resident_id = (SELECT scoped_resident())"),
    ("typed_codes", "for_my_shop", "SELECT", MY_SHOP),
    ("wrong_tries", "my_shop", "ALL", MY_SHOP),
)


def upgrade() -> None:
    op.alter_column("tickets", "anchor", nullable=True)
    create_typed_codes()
    create_wrong_tries()
    for table in ("typed_codes", "wrong_tries"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO city_request")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY system ON {table} TO city_system USING (true)")
    for table, name, statements, rows in POLICIES:
        op.execute(f"CREATE POLICY {name} ON {table} FOR {statements} TO city_request USING ({rows})")


def create_typed_codes() -> None:
    op.create_table(
        "typed_codes",
        sa.Column("ticket_id", sa.LargeBinary(), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("incentive_id", sa.Uuid(), nullable=False),
        sa.Column("voucher_id", sa.Uuid()),
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.ticket_id"], name=op.f("fk_typed_codes_ticket_id")
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_typed_codes_resident_id")),
        sa.ForeignKeyConstraint(
            ["incentive_id"], ["incentives.id"], name=op.f("fk_typed_codes_incentive_id")
        ),
        sa.ForeignKeyConstraint(["voucher_id"], ["vouchers.id"], name=op.f("fk_typed_codes_voucher_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_typed_codes_shop_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_typed_codes")),
        sa.UniqueConstraint("code_index", name=op.f("uq_typed_codes_code_index")),
    )
    op.create_index(
        "uq_typed_codes_live",
        "typed_codes",
        ["resident_id", "incentive_id", "voucher_id"],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )


def create_wrong_tries() -> None:
    op.create_table(
        "wrong_tries",
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("tried_at", sa.ARRAY(sa.DateTime(timezone=True)), nullable=False),
        sa.CheckConstraint("cardinality(tried_at) <= 5", name=op.f("ck_wrong_tries_most")),
        sa.ForeignKeyConstraint(["clerk_id"], ["clerks.id"], name=op.f("fk_wrong_tries_clerk_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_wrong_tries_shop_id")),
        sa.PrimaryKeyConstraint("clerk_id", name=op.f("pk_wrong_tries")),
    )


def downgrade() -> None:
    op.drop_table("wrong_tries")
    op.drop_table("typed_codes")
    # The uses of typed codes keep their tickets, which nobody can show any more.
    op.execute("UPDATE tickets SET anchor = decode(repeat('00', 16), 'hex') WHERE anchor IS NULL")
    op.alter_column("tickets", "anchor", nullable=False)
