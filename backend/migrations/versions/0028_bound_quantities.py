"""Quantities no record can have: beyond them, engines for a whole city would round."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLES = ("credit_records", "held_records")


def upgrade() -> None:
    # Checking what is there then needs no lock that would keep writers away.
    for table in TABLES:
        name = f"ck_{table}_quantity_possible"
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (quantity BETWEEN 1 AND 1000000) NOT VALID"
        )
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
    op.drop_constraint(op.f("ck_credit_records_quantity_positive"), "credit_records")


def downgrade() -> None:
    op.create_check_constraint(op.f("ck_credit_records_quantity_positive"), "credit_records", "quantity > 0")
    for table in TABLES:
        op.drop_constraint(op.f(f"ck_{table}_quantity_possible"), table)
