"""Give every look-up index the number of its key, and running processes a place to say which keys they use."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Rings made before this step number their one index key 1.
FIRST_KEY = "00000001"
INDEXES = (
    ("residents", "openid_index"),
    ("residents", "id_number_index"),
    ("clerks", "openid_index"),
    ("sandbox_people", "id_number_index"),
    ("sandbox_people", "name_index"),
    ("held_records", "subject_index"),
    ("held_residences", "subject_index"),
    ("identity_checks", "claim_index"),
    ("identity_checks", "code_index"),
    ("identity_checks", "scoped_index"),
)


def upgrade() -> None:
    op.create_table(
        "key_readers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.BigInteger(), nullable=False),
        sa.Column("ring", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_key_readers"),
    )
    for table, column in INDEXES:
        op.execute(f"UPDATE {table} SET {column} = '\\x{FIRST_KEY}'::bytea || {column}")
    op.execute(f"UPDATE idempotent_answers SET request_digest = '{FIRST_KEY}' || request_digest")


def downgrade() -> None:
    op.execute("UPDATE idempotent_answers SET request_digest = substr(request_digest, 9)")
    for table, column in INDEXES:
        op.execute(f"UPDATE {table} SET {column} = substr({column}, 5)")
    op.drop_table("key_readers")
