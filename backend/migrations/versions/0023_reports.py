"""Reports that an incentive was not honoured, whose author no request can read."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

KINDS_BEFORE = (
    *("identity_bound", "identity_moved", "name_changed", "signed_out_everywhere", "account_reopened"),
    *("score_ready", "consent_withdrawn", "voucher_claimed", "voucher_redeemed", "voucher_reversed"),
    *("voucher_given_back", "voucher_ends_soon", "voucher_expired"),
)
NEW_KINDS = ("report_answered", "report_closed")

READ = (
    *("id", "incentive_id", "shop_id", "unit_id", "reason", "text_cipher", "happened_on", "state", "made_at"),
    *("due_on", "answer_cipher", "answered_at", "answered_by", "outcome", "note_cipher", "closed_at"),
    "closed_by",
)
WRITTEN = (
    *("state", "answer_cipher", "answered_at", "answered_by", "outcome", "note_cipher", "closed_at"),
    "closed_by",
)
OFFICE_OF_DISTRICT = "((SELECT scoped_office()) = '*' OR district = (SELECT scoped_office()))"
SHOP_OF_OFFICE = f"shop_id IN (SELECT id FROM shops WHERE {OFFICE_OF_DISTRICT})"
MY_UNIT = "unit_id = (SELECT scoped_unit())"
OWN = "resident_id = (SELECT scoped_resident())"
# name, for which statements, which rows
POLICIES = (
    ("own", f"FOR SELECT TO city_request USING ({OWN})"),
    ("made", f"FOR INSERT TO city_request WITH CHECK ({OWN})"),
    ("my_unit", f"FOR SELECT TO city_request USING ({MY_UNIT})"),
    ("answered", f"FOR UPDATE TO city_request USING ({MY_UNIT})"),
    ("office", f"FOR SELECT TO city_request USING ({SHOP_OF_OFFICE})"),
    ("closed", f"FOR UPDATE TO city_request USING ({SHOP_OF_OFFICE})"),
    ("system", "TO city_system USING (true)"),
)

# Forwards only, as the names of `ReportState` stand.
STATES = """
CREATE FUNCTION check_report_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.state, NEW.state) NOT IN (('open', 'answered'), ('open', 'closed'), ('answered', 'closed')) THEN
        RAISE EXCEPTION 'a report does not become % after %', NEW.state, OLD.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER legal_change BEFORE UPDATE OF state ON reports FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION check_report_change();
"""


def upgrade() -> None:
    allow_notices_of(*KINDS_BEFORE, *NEW_KINDS)
    op.create_table(
        "reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("incentive_id", sa.Uuid(), nullable=False),
        sa.Column("shop_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("text_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("note_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'answered', 'closed')", name=op.f("ck_reports_state")),
        sa.CheckConstraint("told IN ('open', 'answered', 'closed')", name=op.f("ck_reports_told")),
        sa.CheckConstraint(
            "outcome IN ('settled', 'misunderstanding', 'not_settled')", name=op.f("ck_reports_outcome")
        ),
        sa.CheckConstraint(
            "num_nulls(answer_cipher, answered_at, answered_by) IN (0, 3)",
            name=op.f("ck_reports_answered_wholly"),
        ),
        sa.CheckConstraint(
            "num_nulls(outcome, closed_at, closed_by) IN (0, 3)", name=op.f("ck_reports_closed_wholly")
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_reports_closed_in_time")
        ),
        sa.CheckConstraint(
            "state <> 'open' OR answered_at IS NULL", name=op.f("ck_reports_open_is_unanswered")
        ),
        sa.CheckConstraint(
            "state <> 'answered' OR answered_at IS NOT NULL", name=op.f("ck_reports_answered_in_time")
        ),
        sa.CheckConstraint(
            "note_cipher IS NULL OR closed_at IS NOT NULL", name=op.f("ck_reports_note_of_the_closing")
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_reports_resident_id")),
        sa.ForeignKeyConstraint(["incentive_id"], ["incentives.id"], name=op.f("fk_reports_incentive_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_reports_shop_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_reports_unit_id")),
        sa.ForeignKeyConstraint(["answered_by"], ["accounts.id"], name=op.f("fk_reports_answered_by")),
        sa.ForeignKeyConstraint(["closed_by"], ["accounts.id"], name=op.f("fk_reports_closed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
    )
    op.create_index(
        "uq_reports_open",
        "reports",
        ["resident_id", "incentive_id", "shop_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_index("ix_reports_resident_id_id", "reports", ["resident_id", "id"])
    op.create_index("ix_reports_unit_id_id", "reports", ["unit_id", "id"])
    op.create_index(
        "ix_reports_waiting", "reports", ["due_on"], postgresql_where=sa.text("state = 'open'")
    )
    op.execute(STATES)
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON reports TO city_system")
    op.execute(f"GRANT SELECT ({', '.join(READ)}), INSERT ON reports TO city_request")
    op.execute(f"GRANT UPDATE ({', '.join(WRITTEN)}) ON reports TO city_request")
    op.execute("ALTER TABLE reports ENABLE ROW LEVEL SECURITY")
    for name, rest in POLICIES:
        op.execute(f"CREATE POLICY {name} ON reports {rest}")


def downgrade() -> None:
    op.drop_table("reports")
    op.execute("DROP FUNCTION check_report_change")
    named = ", ".join(repr(kind) for kind in NEW_KINDS)
    op.execute(f"DELETE FROM notices WHERE kind IN ({named})")
    allow_notices_of(*KINDS_BEFORE)


def allow_notices_of(*kinds: str) -> None:
    op.drop_constraint(op.f("ck_notices_kind"), "notices")
    named = ", ".join(repr(kind) for kind in kinds)
    op.create_check_constraint(op.f("ck_notices_kind"), "notices", f"kind IN ({named})")
