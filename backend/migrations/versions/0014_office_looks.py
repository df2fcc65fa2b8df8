"""Who of the office looked up whom; the audit trail in the orders in which it is read."""

import sqlalchemy as sa
from alembic import op

from backend.migrations.indexes import build_indexes

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_audit_events_occurred_at_id", "audit_events (occurred_at, id)"),
    ("ix_audit_events_action", "audit_events (action, occurred_at, id)"),
    (
        "ix_audit_events_colleague",
        "audit_events (actor_id, occurred_at, id) WHERE actor_kind IN ('office', 'partner')",
    ),
)


def upgrade() -> None:
    build_indexes(INDEXES)
    op.create_table(
        "resident_look_ups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('objection', 'repair', 'window', 'complaint', 'lost_phone')",
            name=op.f("ck_resident_look_ups_purpose"),
        ),
        sa.CheckConstraint("ends_at > looked_at", name=op.f("ck_resident_look_ups_ends_later")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_resident_look_ups_account_id")),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["residents.id"],
            name=op.f("fk_resident_look_ups_resident_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_look_ups")),
    )
    op.create_index("ix_resident_look_ups_ends_at", "resident_look_ups", ["ends_at"])
    op.create_index("ix_resident_look_ups_resident_id", "resident_look_ups", ["resident_id"])
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON resident_look_ups TO city_system")


def downgrade() -> None:
    for name, _columns in INDEXES:
        op.drop_index(name)
    op.drop_table("resident_look_ups")
