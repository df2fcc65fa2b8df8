"""A unit sees how its own incentives are used."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

OWN = "incentive_id IN (SELECT id FROM incentives WHERE unit_id = (SELECT scoped_unit()))"


def upgrade() -> None:
    op.create_index("ix_daily_uses_incentive_id_day", "daily_uses", ["incentive_id", "day"])
    op.execute(f"CREATE POLICY my_unit ON daily_uses FOR SELECT TO city_request USING ({OWN})")


def downgrade() -> None:
    op.execute("DROP POLICY my_unit ON daily_uses")
    op.drop_index("ix_daily_uses_incentive_id_day")
