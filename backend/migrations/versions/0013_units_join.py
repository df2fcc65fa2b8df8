"""How units join: applications and their reviews, commitments, changes of state; and their guards."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OFFICE_OF_DISTRICT = "((SELECT scoped_office()) = '*' OR district = (SELECT scoped_office()))"
UNIT_OF_OFFICE = f"unit_id IN (SELECT id FROM units WHERE {OFFICE_OF_DISTRICT})"
MY_UNIT = "unit_id = (SELECT scoped_unit())"
OF_A_SEEN_APPLICATION = "application_id IN (SELECT id FROM unit_applications)"
# table, name, for which statements, which rows
POLICIES = (
    ("units", "public", "SELECT", "true"),
    ("units", "office", "ALL", OFFICE_OF_DISTRICT),
    ("units", "my_unit", "UPDATE", "id = (SELECT scoped_unit())"),
    ("unit_changes", "office", "ALL", UNIT_OF_OFFICE),
    ("unit_changes", "my_unit", "ALL", MY_UNIT),
    ("unit_applications", "office", "ALL", OFFICE_OF_DISTRICT),
    ("unit_applications", "my_unit", "SELECT", MY_UNIT),
    ("unit_reviews", "of_a_seen_application", "ALL", OF_A_SEEN_APPLICATION),
    ("commitments", "public", "SELECT", "true"),
    ("commitments", "my_unit", "ALL", MY_UNIT),
    ("staff_invitations", "office_of_unit", "ALL", UNIT_OF_OFFICE),
)
NEW = ("unit_changes", "unit_applications", "unit_reviews", "commitments")
GUARDED = ("units", *NEW)
ONLY_ADDED_TO = ("unit_changes", "unit_reviews")

# A unit goes from state to state as `UNIT_CHANGES` of the models says.
STATES = """
CREATE FUNCTION check_unit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.state, NEW.state) NOT IN (
        ('approved', 'active'), ('active', 'suspended'), ('suspended', 'active'),
        ('approved', 'closed'), ('active', 'closed'), ('suspended', 'closed')
    ) THEN
        RAISE EXCEPTION 'a unit does not become % after %', NEW.state, OLD.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER legal_change BEFORE UPDATE OF state ON units FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION check_unit_change();
"""


def upgrade() -> None:
    op.alter_column("units", "key", nullable=True)
    op.drop_constraint(op.f("ck_units_state"), "units")
    op.create_check_constraint(
        op.f("ck_units_state"), "units", "state IN ('approved', 'active', 'suspended', 'closed')"
    )
    op.create_table(
        "unit_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "to_state IN ('approved', 'active', 'suspended', 'closed')", name=op.f("ck_unit_changes_to_state")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_changes_unit_id")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_unit_changes_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_changes")),
    )
    op.create_index("ix_unit_changes_unit_id", "unit_changes", ["unit_id"])
    op.create_table(
        "unit_applications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=True),
        sa.Column("unified_code", sa.Text(), nullable=True),
        sa.Column("code_explanation", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("district", sa.Text(), nullable=True),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("email_index", sa.LargeBinary(), nullable=False),
        sa.Column("email_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("contact_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("phone_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("link_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("link_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'approved')", name=op.f("ck_unit_applications_state")
        ),
        sa.CheckConstraint(
            "state = 'draft' OR num_nulls(unit_name, unified_code, category, phone_cipher, submitted_at) = 0",
            name=op.f("ck_unit_applications_complete"),
        ),
        sa.CheckConstraint(
            "(state = 'approved') = (unit_id IS NOT NULL)", name=op.f("ck_unit_applications_approved_as_a_unit")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_applications_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_applications")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_unit_applications_token_hash")),
        sa.UniqueConstraint("unit_id", name=op.f("uq_unit_applications_unit_id")),
    )
    op.create_index(
        "uq_unit_applications_open",
        "unit_applications",
        ["email_index"],
        unique=True,
        postgresql_where=sa.text("state IN ('draft', 'submitted', 'returned')"),
    )
    op.create_index("ix_unit_applications_waiting", "unit_applications", ["state", "submitted_at", "id"])
    op.create_table(
        "unit_reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("code_reason", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("decision IN ('returned', 'approved')", name=op.f("ck_unit_reviews_decision")),
        sa.CheckConstraint(
            "(decision = 'returned') = (reasons <> '{}'::jsonb)",
            name=op.f("ck_unit_reviews_returned_for_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["unit_applications.id"], name=op.f("fk_unit_reviews_application_id")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_unit_reviews_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_reviews")),
        sa.UniqueConstraint("application_id", "version", name=op.f("uq_unit_reviews_application_id_version")),
    )
    op.create_table(
        "commitments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("text_version", sa.Text(), nullable=False),
        sa.Column("text_title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.Column("signed_by", sa.Uuid(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("octet_length(seal) = 64", name=op.f("ck_commitments_seal")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_commitments_unit_id")),
        sa.ForeignKeyConstraint(["signed_by"], ["accounts.id"], name=op.f("fk_commitments_signed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
    )
    op.create_index(
        "uq_commitments_in_force",
        "commitments",
        ["unit_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_commitments_unit_id", "commitments", ["unit_id"])
    op.execute(STATES)
    for table in ONLY_ADDED_TO:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(NEW)} TO city_system")
    op.execute("GRANT SELECT, INSERT ON unit_changes, unit_reviews TO city_request")
    op.execute("GRANT SELECT, INSERT ON commitments TO city_request")
    # What was promised stays as it was; only its end is written.
    op.execute("GRANT UPDATE (ended_at) ON commitments TO city_request")
    op.execute("GRANT SELECT, UPDATE ON unit_applications TO city_request")
    op.execute("GRANT INSERT ON units TO city_request")
    op.execute("GRANT UPDATE (state) ON units TO city_request")
    for table in GUARDED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY system ON {table} TO city_system USING (true)")
    for table, name, statements, rows in POLICIES:
        op.execute(f"CREATE POLICY {name} ON {table} FOR {statements} TO city_request USING ({rows})")


def downgrade() -> None:
    op.execute("DROP POLICY office_of_unit ON staff_invitations")
    for name in ("my_unit", "office", "public", "system"):
        op.execute(f"DROP POLICY {name} ON units")
    op.execute("ALTER TABLE units DISABLE ROW LEVEL SECURITY")
    op.execute("REVOKE INSERT, UPDATE ON units FROM city_request")
    op.execute("DROP TRIGGER legal_change ON units")
    op.execute("DROP FUNCTION check_unit_change")
    op.drop_table("commitments")
    op.drop_table("unit_reviews")
    op.drop_table("unit_applications")
    op.drop_table("unit_changes")
    op.drop_constraint(op.f("ck_units_state"), "units")
    op.create_check_constraint(op.f("ck_units_state"), "units", "state IN ('active', 'suspended', 'closed')")
    op.alter_column("units", "key", nullable=False)
