"""The settings as the office set them, each change a version."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

WHOLE_CITY = "(SELECT scoped_office()) = '*'"


def upgrade() -> None:
    op.create_table(
        "setting_versions",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_setting_versions_number")),
        sa.CheckConstraint("NOT is_default OR value IS NULL", name=op.f("ck_setting_versions_default_without_value")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_setting_versions_account_id")),
        sa.PrimaryKeyConstraint("name", "number", name=op.f("pk_setting_versions")),
    )
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON setting_versions "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER no_truncate BEFORE TRUNCATE ON setting_versions "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute("GRANT SELECT, INSERT ON setting_versions TO city_request")
    op.execute("GRANT SELECT ON setting_versions TO city_system")
    op.execute("ALTER TABLE setting_versions ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY system ON setting_versions TO city_system USING (true)")
    op.execute(f"CREATE POLICY office ON setting_versions TO city_request USING ({WHOLE_CITY})")


def downgrade() -> None:
    op.drop_table("setting_versions")
