"""An approved version of the score model may be called off before its day."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

TABLE = "score_model_versions"
COLUMNS = ("cancelled_by", "cancelled_at", "cancelled_because")
SETTLED = "('approved', 'cancelled')"
BY_TWO = (
    "(state {approved}) = (num_nonnulls(first_approver_id, second_approver_id) = 2)"
    " AND (second_approver_id IS NULL OR first_approver_id IS NOT NULL)"
)
# Name, what it was, what it is.
CHECKS = (
    (
        "state",
        "state IN ('draft', 'shadowed', 'approved', 'discarded')",
        "state IN ('draft', 'shadowed', 'approved', 'discarded', 'cancelled')",
    ),
    (
        "first_approval_of_report",
        "first_approver_id IS NULL OR state IN ('shadowed', 'approved')",
        "first_approver_id IS NULL OR state IN ('shadowed', 'approved', 'cancelled')",
    ),
    ("approved_by_two", BY_TWO.format(approved="= 'approved'"), BY_TWO.format(approved=f"IN {SETTLED}")),
    (
        "has_report",
        "state NOT IN ('shadowed', 'approved') OR shadow_run_id IS NOT NULL",
        "state NOT IN ('shadowed', 'approved', 'cancelled') OR shadow_run_id IS NOT NULL",
    ),
    (
        "cancelled_with_reason",
        None,
        "num_nonnulls(cancelled_by, cancelled_at, cancelled_because)"
        " = CASE WHEN state = 'cancelled' THEN 3 ELSE 0 END",
    ),
    (
        "cancelled_before_effect",
        None,
        "(cancelled_at AT TIME ZONE 'Asia/Shanghai')::date < effective_on",
    ),
)
APPROVED_STAYS = """
CREATE TRIGGER approved_stays BEFORE UPDATE OR DELETE ON score_model_versions
    FOR EACH ROW WHEN (OLD.state = 'approved') EXECUTE FUNCTION refuse_change()
"""
SETTLED_STAYS = f"""
CREATE TRIGGER settled_is_kept BEFORE DELETE ON score_model_versions
    FOR EACH ROW WHEN (OLD.state IN {SETTLED}) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settled_stays BEFORE UPDATE ON score_model_versions FOR EACH ROW
    WHEN (OLD.state = 'cancelled' OR OLD.state = 'approved' AND (
        NEW.state <> 'cancelled'
        OR to_jsonb(NEW) - '{{state,cancelled_by,cancelled_at,cancelled_because}}'::text[]
            <> to_jsonb(OLD) - '{{state,cancelled_by,cancelled_at,cancelled_because}}'::text[]
    ))
    EXECUTE FUNCTION refuse_change()
"""


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("cancelled_by", sa.Uuid(), nullable=True))
    op.add_column(TABLE, sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(TABLE, sa.Column("cancelled_because", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_score_model_versions_cancelled_by"), TABLE, "accounts", ["cancelled_by"], ["id"]
    )
    for name, before, since in CHECKS:
        if before:
            op.drop_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE)
        op.create_check_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE, since)
    op.execute(f"DROP TRIGGER approved_stays ON {TABLE}")
    op.execute(SETTLED_STAYS)


def downgrade() -> None:
    op.execute(f"DROP TRIGGER settled_stays ON {TABLE}")
    op.execute(f"DROP TRIGGER settled_is_kept ON {TABLE}")
    for name, before, _since in CHECKS:
        op.drop_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE)
        if before:
            op.create_check_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE, before)
    for column in COLUMNS:
        op.drop_column(TABLE, column)
    op.execute(APPROVED_STAYS)
