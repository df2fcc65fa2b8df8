"""Versions of the score model, their shadow runs, and figures of scores by month."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

WHOLE_CITY = "(SELECT scoped_office()) = '*'"
TABLES = ("score_model_versions", "score_shadow_runs", "score_month_figures")
APPROVED_STAYS = """
CREATE TRIGGER approved_stays BEFORE UPDATE OR DELETE ON score_model_versions
    FOR EACH ROW WHEN (OLD.state = 'approved') EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON score_model_versions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""


def upgrade() -> None:
    op.create_table(
        "score_model_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("edited_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shadow_run_id", sa.Uuid(), nullable=True),
        sa.Column("first_approver_id", sa.Uuid(), nullable=True),
        sa.Column("first_approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("second_approver_id", sa.Uuid(), nullable=True),
        sa.Column("second_approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'shadowed', 'approved', 'discarded')", name=op.f("ck_score_model_versions_state")
        ),
        sa.CheckConstraint("revision > 0", name=op.f("ck_score_model_versions_revision")),
        sa.CheckConstraint(
            "first_approver_id NOT IN (author_id, edited_by)"
            " AND second_approver_id NOT IN (author_id, edited_by, first_approver_id)",
            name=op.f("ck_score_model_versions_two_others_approve"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(first_approver_id, first_approved_at) IN (0, 2)"
            " AND num_nonnulls(second_approver_id, second_approved_at) IN (0, 2)",
            name=op.f("ck_score_model_versions_approved_by_somebody_sometime"),
        ),
        sa.CheckConstraint(
            "first_approver_id IS NULL OR state IN ('shadowed', 'approved')",
            name=op.f("ck_score_model_versions_first_approval_of_report"),
        ),
        sa.CheckConstraint(
            "(state = 'approved') = (num_nonnulls(first_approver_id, second_approver_id) = 2)"
            " AND (second_approver_id IS NULL OR first_approver_id IS NOT NULL)",
            name=op.f("ck_score_model_versions_approved_by_two"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('shadowed', 'approved') OR shadow_run_id IS NOT NULL",
            name=op.f("ck_score_model_versions_has_report"),
        ),
        sa.CheckConstraint(
            "(second_approved_at AT TIME ZONE 'Asia/Shanghai')::date < effective_on",
            name=op.f("ck_score_model_versions_approved_before_effect"),
        ),
        *(
            sa.ForeignKeyConstraint([column], ["accounts.id"], name=op.f(f"fk_score_model_versions_{column}"))
            for column in ("author_id", "edited_by", "first_approver_id", "second_approver_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_model_versions")),
    )
    op.create_index(
        "uq_score_model_versions_version",
        "score_model_versions",
        ["version"],
        unique=True,
        postgresql_where=sa.text("state <> 'discarded'"),
    )
    op.create_index(
        "uq_score_model_versions_effective_on",
        "score_model_versions",
        ["effective_on"],
        unique=True,
        postgresql_where=sa.text("state = 'approved'"),
    )
    op.create_table(
        "score_shadow_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("compared_with", sa.Text(), nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("people", sa.BigInteger(), nullable=True),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(report, failure) = (ended_at IS NOT NULL)::integer",
            name=op.f("ck_score_shadow_runs_ended_somehow"),
        ),
        sa.CheckConstraint(
            "failure IN ('stopped', 'outdated', 'failed')", name=op.f("ck_score_shadow_runs_failure")
        ),
        sa.CheckConstraint("done BETWEEN 0 AND people", name=op.f("ck_score_shadow_runs_done_of_people")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["score_model_versions.id"], name=op.f("fk_score_shadow_runs_version_id")
        ),
        sa.ForeignKeyConstraint(["begun_by"], ["accounts.id"], name=op.f("fk_score_shadow_runs_begun_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_shadow_runs")),
        sa.UniqueConstraint("id", "version_id", "revision", name="uq_score_shadow_runs_of_revision"),
    )
    op.create_index(
        "uq_score_shadow_runs_open",
        "score_shadow_runs",
        ["version_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_foreign_key(
        "fk_score_model_versions_report_on_this_revision",
        "score_model_versions",
        "score_shadow_runs",
        ["shadow_run_id", "id", "revision"],
        ["id", "version_id", "revision"],
    )
    op.create_table(
        "score_month_figures",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("model_version", sa.Text(), nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_score_month_figures_first_day")),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_score_month_figures")),
    )
    op.execute(APPROVED_STAYS)
    op.add_column("score_runs", sa.Column("begun_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_score_runs_begun_by"), "score_runs", "accounts", ["begun_by"], ["id"])
    for table in (*TABLES, "score_runs", "score_run_slices"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY system ON {table} TO city_system USING (true)")
        op.execute(f"CREATE POLICY office ON {table} TO city_request USING ({WHOLE_CITY})")
        op.execute(f"GRANT SELECT ON {table} TO city_request")
    # Whose score is shown reads it, so it is public once approved.
    op.execute(
        "CREATE POLICY public ON score_model_versions FOR SELECT TO city_request USING (state = 'approved')"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON score_model_versions, score_shadow_runs TO city_system")
    op.execute("GRANT INSERT, UPDATE ON score_model_versions, score_shadow_runs TO city_request")
    op.execute("GRANT SELECT, INSERT, UPDATE ON score_month_figures TO city_system")
    op.execute("REVOKE DELETE ON score_model_versions, score_shadow_runs, score_month_figures FROM city_system")


def downgrade() -> None:
    for table in ("score_run_slices", "score_runs"):
        op.execute(f"REVOKE SELECT ON {table} FROM city_request")
        op.execute(f"DROP POLICY office ON {table}")
        op.execute(f"DROP POLICY system ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.drop_column("score_runs", "begun_by")
    op.drop_table("score_month_figures")
    op.drop_constraint("fk_score_model_versions_report_on_this_revision", "score_model_versions")
    op.drop_table("score_shadow_runs")
    op.drop_table("score_model_versions")
