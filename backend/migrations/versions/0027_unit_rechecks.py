"""Yearly re-checks of units; who has left may apply anew; applications that nobody touches can be deleted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

MY_UNIT = "unit_id = (SELECT scoped_unit())"
UNIT_OF_OFFICE = (
    "unit_id IN (SELECT id FROM units"
    " WHERE (SELECT scoped_office()) = '*' OR district = (SELECT scoped_office()))"
)
# A review stays as long as its application does, and what was decided for good stays for good.
KEPT = """
CREATE FUNCTION keep_decided_application() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state NOT IN ('draft', 'returned') THEN
        RAISE EXCEPTION 'an application that is % stays', OLD.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER decided_stays BEFORE DELETE ON unit_applications
    FOR EACH ROW EXECUTE FUNCTION keep_decided_application();
CREATE FUNCTION keep_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM unit_applications WHERE id = OLD.application_id) THEN
        RAISE EXCEPTION 'a review goes with its application only' USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
END $$;
DROP TRIGGER append_only ON unit_reviews;
CREATE TRIGGER append_only BEFORE UPDATE ON unit_reviews FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER goes_with_application BEFORE DELETE ON unit_reviews
    FOR EACH ROW EXECUTE FUNCTION keep_review();
"""
# Columns are granted to everybody alike; a unit does not rename itself, the office accepts its new name.
RENAMED = """
CREATE FUNCTION check_renaming() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'city_request' AND coalesce(scoped_office(), '') = '' THEN
        RAISE EXCEPTION 'permission denied: the office alone renames a unit'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER renamed_by_office BEFORE UPDATE OF name, category ON units FOR EACH ROW
    WHEN ((OLD.name, OLD.category) IS DISTINCT FROM (NEW.name, NEW.category))
    EXECUTE FUNCTION check_renaming();
"""
AS_BEFORE = """
DROP TRIGGER renamed_by_office ON units;
DROP FUNCTION check_renaming;
DROP TRIGGER goes_with_application ON unit_reviews;
DROP TRIGGER append_only ON unit_reviews;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON unit_reviews
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP FUNCTION keep_review;
DROP TRIGGER decided_stays ON unit_applications;
DROP FUNCTION keep_decided_application;
"""
REVIEWED = "fk_unit_reviews_application_id"


def upgrade() -> None:
    op.create_table(
        "unit_rechecks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("contact_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("phone_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("changed", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('submitted', 'returned', 'accepted')", name=op.f("ck_unit_rechecks_state")
        ),
        sa.CheckConstraint(
            "(state = 'submitted') = (decided_at IS NULL)", name=op.f("ck_unit_rechecks_decided")
        ),
        sa.CheckConstraint(
            "(state = 'returned') = (reasons <> '{}'::jsonb)",
            name=op.f("ck_unit_rechecks_returned_for_a_reason"),
        ),
        sa.CheckConstraint(
            "state <> 'accepted' OR decided_by IS NOT NULL OR changed = '[]'::jsonb",
            name=op.f("ck_unit_rechecks_change_decided"),
        ),
        sa.ForeignKeyConstraint(["duty_id"], ["unit_duties.id"], name=op.f("fk_unit_rechecks_duty_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_rechecks_unit_id")),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["accounts.id"], name=op.f("fk_unit_rechecks_submitted_by")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_unit_rechecks_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_rechecks")),
    )
    op.create_index(
        "uq_unit_rechecks_duty_id",
        "unit_rechecks",
        ["duty_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'returned'"),
    )
    op.create_index("ix_unit_rechecks_unit_id", "unit_rechecks", ["unit_id"])
    op.create_index(
        "ix_unit_rechecks_waiting", "unit_rechecks", ["unit_id"], postgresql_where=sa.text("state = 'submitted'")
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON unit_rechecks TO city_system")
    op.execute("GRANT SELECT, INSERT ON unit_rechecks TO city_request")
    op.execute("GRANT UPDATE (state, reasons, decided_by, decided_at) ON unit_rechecks TO city_request")
    op.execute("GRANT UPDATE (name, category) ON units TO city_request")
    op.execute("ALTER TABLE unit_rechecks ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY system ON unit_rechecks TO city_system USING (true)")
    op.execute(f"CREATE POLICY my_unit ON unit_rechecks TO city_request USING ({MY_UNIT})")
    op.execute(f"CREATE POLICY office ON unit_rechecks TO city_request USING ({UNIT_OF_OFFICE})")
    op.drop_constraint(op.f("uq_units_unified_code"), "units")
    op.create_index(
        "uq_units_unified_code",
        "units",
        ["unified_code"],
        unique=True,
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.drop_constraint(REVIEWED, "unit_reviews")
    op.create_foreign_key(
        REVIEWED, "unit_reviews", "unit_applications", ["application_id"], ["id"], ondelete="CASCADE"
    )
    op.execute(KEPT)
    op.execute(RENAMED)


def downgrade() -> None:
    op.execute(AS_BEFORE)
    op.drop_constraint(REVIEWED, "unit_reviews")
    op.create_foreign_key(REVIEWED, "unit_reviews", "unit_applications", ["application_id"], ["id"])
    op.drop_index("uq_units_unified_code", "units")
    op.create_unique_constraint(op.f("uq_units_unified_code"), "units", ["unified_code"])
    op.execute("REVOKE UPDATE (name, category) ON units FROM city_request")
    op.drop_table("unit_rechecks")
