"""What a member unit has to do by a day, and the documents it hands in for it."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

MY_UNIT = "unit_id = (SELECT scoped_unit())"
UNIT_OF_OFFICE = (
    "unit_id IN (SELECT id FROM units"
    " WHERE (SELECT scoped_office()) = '*' OR district = (SELECT scoped_office()))"
)
OF_MY_DUTY = f"duty_id IN (SELECT id FROM unit_duties WHERE {MY_UNIT})"
OF_A_SEEN_DUTY = "duty_id IN (SELECT id FROM unit_duties)"
OPEN = sa.text("handed_in_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "unit_duties",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("told_days", sa.BigInteger(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_duties_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_duties")),
    )
    op.create_index("uq_unit_duties_open", "unit_duties", ["unit_id", "what"], unique=True, postgresql_where=OPEN)
    op.create_index("ix_unit_duties_unit_id", "unit_duties", ["unit_id"])
    op.create_index("ix_unit_duties_due_on", "unit_duties", ["due_on"], postgresql_where=OPEN)
    op.alter_column("unit_documents", "application_id", nullable=True)
    op.add_column("unit_documents", sa.Column("duty_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_unit_documents_duty_id"), "unit_documents", "unit_duties", ["duty_id"], ["id"]
    )
    op.create_index("ix_unit_documents_duty_id", "unit_documents", ["duty_id"])
    op.create_check_constraint(
        op.f("ck_unit_documents_of_one_thing"), "unit_documents", "num_nonnulls(application_id, duty_id) = 1"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON unit_duties TO city_system")
    op.execute("GRANT SELECT, INSERT, UPDATE ON unit_duties TO city_request")
    op.execute("GRANT INSERT, DELETE ON unit_documents TO city_request")
    op.execute("ALTER TABLE unit_duties ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY system ON unit_duties TO city_system USING (true)")
    op.execute(f"CREATE POLICY my_unit ON unit_duties TO city_request USING ({MY_UNIT})")
    op.execute(f"CREATE POLICY office ON unit_duties TO city_request USING ({UNIT_OF_OFFICE})")
    op.execute(f"CREATE POLICY of_my_duty ON unit_documents TO city_request USING ({OF_MY_DUTY})")
    op.execute(
        f"CREATE POLICY of_a_seen_duty ON unit_documents FOR SELECT TO city_request USING ({OF_A_SEEN_DUTY})"
    )


def downgrade() -> None:
    op.execute("DROP POLICY of_a_seen_duty ON unit_documents")
    op.execute("DROP POLICY of_my_duty ON unit_documents")
    op.execute("REVOKE INSERT, DELETE ON unit_documents FROM city_request")
    op.execute("DELETE FROM unit_documents WHERE duty_id IS NOT NULL")
    op.drop_constraint(op.f("ck_unit_documents_of_one_thing"), "unit_documents")
    op.drop_column("unit_documents", "duty_id")
    op.alter_column("unit_documents", "application_id", nullable=False)
    op.drop_table("unit_duties")
