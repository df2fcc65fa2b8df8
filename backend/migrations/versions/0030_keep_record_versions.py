"""What credit records were before they changed, and when each month's score was computed.

With both a score of the past can be computed again. Months from before have neither day nor moment.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

# The application has no right to write versions; only this trigger does, with the owner's.
KEEP = """
CREATE FUNCTION keep_record_version() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Whoever does not say when changes now, and never before an earlier change.
    IF NEW.changed_at IS NOT DISTINCT FROM OLD.changed_at THEN
        NEW.changed_at := greatest(OLD.changed_at, now());
    END IF;
    -- Of several changes at one moment the first says what there was until then.
    INSERT INTO credit_record_versions (record_id, until, indicator, occurred_on, quantity, expires_on, status)
        VALUES (OLD.id, NEW.changed_at, OLD.indicator, OLD.occurred_on, OLD.quantity, OLD.expires_on, OLD.status)
        ON CONFLICT DO NOTHING;
    RETURN NEW;
END $$;
CREATE TRIGGER version_kept BEFORE UPDATE ON credit_records FOR EACH ROW
    WHEN ((OLD.indicator, OLD.occurred_on, OLD.quantity, OLD.expires_on, OLD.status)
        IS DISTINCT FROM (NEW.indicator, NEW.occurred_on, NEW.quantity, NEW.expires_on, NEW.status))
    EXECUTE FUNCTION keep_record_version();
CREATE TRIGGER never_changed BEFORE UPDATE ON credit_record_versions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    op.add_column("credit_records", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "credit_record_versions",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["credit_records.id"],
            name=op.f("fk_credit_record_versions_record_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("record_id", "until", name=op.f("pk_credit_record_versions")),
    )
    op.execute("REVOKE INSERT, UPDATE, DELETE ON credit_record_versions FROM city_system")
    op.execute(KEEP)
    op.add_column("score_months", sa.Column("as_of", sa.Date(), nullable=True))
    op.add_column("score_months", sa.Column("computed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_score_months_dated"), "score_months", "(as_of IS NULL) = (computed_at IS NULL)"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_score_months_dated"), "score_months")
    op.drop_column("score_months", "computed_at")
    op.drop_column("score_months", "as_of")
    op.execute("DROP TRIGGER version_kept ON credit_records")
    op.execute("DROP FUNCTION keep_record_version")
    op.drop_table("credit_record_versions")
    op.drop_column("credit_records", "changed_at")
