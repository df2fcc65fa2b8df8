"""Runs over the city: all people scored at once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "score_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("model_version", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("per_slice", sa.BigInteger(), nullable=False),
        sa.Column("taken_up", sa.BigInteger(), nullable=False),
        sa.Column("people", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "NOT finished OR ended_at IS NOT NULL", name=op.f("ck_score_runs_finished_has_ended")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_runs")),
    )
    op.create_index(
        "uq_score_runs_open",
        "score_runs",
        [sa.text("(true)")],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "score_run_slices",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("slice", sa.BigInteger(), nullable=False),
        sa.Column("people", sa.BigInteger(), nullable=False),
        sa.Column("written", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["score_runs.id"], name=op.f("fk_score_run_slices_run_id")),
        sa.PrimaryKeyConstraint("run_id", "slice", name=op.f("pk_score_run_slices")),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON score_runs TO city_system")
    op.execute("GRANT SELECT, INSERT ON score_run_slices TO city_system")
    op.alter_column("scores", "explanation", nullable=True)
    op.add_column("scores", sa.Column("heaviest", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.create_check_constraint(
        op.f("ck_scores_explained"), "scores", "explanation IS NOT NULL OR heaviest IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_scores_explained"), "scores")
    op.drop_column("scores", "heaviest")
    op.execute("DELETE FROM scores WHERE explanation IS NULL")
    op.alter_column("scores", "explanation", nullable=False)
    op.drop_table("score_run_slices")
    op.drop_table("score_runs")
