"""Saved views of the console's lists."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

OWN = "account_id = (SELECT scoped_account())"


def upgrade() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("list_name", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 20", name=op.f("ck_saved_views_name")),
        sa.CheckConstraint("jsonb_typeof(query) = 'object'", name=op.f("ck_saved_views_query")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_saved_views_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint(
            "account_id", "list_name", "name", name=op.f("uq_saved_views_account_id_list_name_name")
        ),
    )
    op.create_index(
        "uq_saved_views_one_default",
        "saved_views",
        ["account_id", "list_name"],
        unique=True,
        postgresql_where=sa.text("is_default"),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON saved_views TO city_request, city_system")
    op.execute("ALTER TABLE saved_views ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY system ON saved_views TO city_system USING (true)")
    op.execute(f"CREATE POLICY own ON saved_views TO city_request USING ({OWN})")


def downgrade() -> None:
    op.drop_table("saved_views")
