"""Create the tables and functions of the job queue in a schema of their own."""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA jobs")
    op.execute("SET LOCAL search_path = jobs")
    # Sent as it is: the text holds percent signs and colons that are not ours to interpret.
    driver_connection = op.get_bind().connection.driver_connection
    assert driver_connection is not None
    driver_connection.execute(SchemaManager.get_schema())
    op.execute("SET LOCAL search_path = public, jobs")


def downgrade() -> None:
    op.execute("DROP SCHEMA jobs CASCADE")
