"""Identity checks, telephone, moving to another account, closing of a resident."""

from alembic import op
import sqlalchemy as sa

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NEW_KINDS = ("identity_moved", "name_changed", "signed_out_everywhere", "account_reopened")
KINDS_BEFORE = (
    "score_ready",
    "consent_withdrawn",
    "voucher_claimed",
    "voucher_redeemed",
    "voucher_reversed",
    "voucher_given_back",
    "voucher_ends_soon",
    "voucher_expired",
)


def upgrade() -> None:
    for column in (
        sa.Column("moved_at", sa.DateTime(timezone=True)),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("closed_reason", sa.Text()),
        sa.Column("phone_cipher", sa.LargeBinary()),
    ):
        op.add_column("residents", column)
    op.create_check_constraint(
        op.f("ck_residents_nobody_has_nothing"),
        "residents",
        "bound_at IS NOT NULL OR num_nonnulls(phone_cipher, moved_at, closed_at) = 0",
    )
    op.create_check_constraint(
        op.f("ck_residents_closed_with_reason"), "residents", "(closed_at IS NULL) = (closed_reason IS NULL)"
    )
    op.create_check_constraint(
        op.f("ck_residents_closed_reason"),
        "residents",
        "closed_reason IN ('deceased', 'moved_away', 'duplicate', 'on_request')",
    )
    create_identity_checks()
    op.create_index(
        "ix_tickets_revoked",
        "tickets",
        ["expires_at"],
        postgresql_where=sa.text("revoked_at IS NOT NULL"),
    )
    allow_notices_of("identity_bound", *NEW_KINDS, *KINDS_BEFORE)


def create_identity_checks() -> None:
    op.create_table(
        "identity_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("claim_index", sa.LargeBinary(), nullable=False),
        sa.Column("handle_cipher", sa.LargeBinary()),
        sa.Column("code_index", sa.LargeBinary()),
        sa.Column("scoped_index", sa.LargeBinary()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("wrong_tries", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("confirmed_by", sa.Text()),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "state IN ('open', 'confirmed', 'used', 'failed', 'expired')",
            name=op.f("ck_identity_checks_state"),
        ),
        sa.CheckConstraint("wrong_tries BETWEEN 0 AND 4", name=op.f("ck_identity_checks_wrong_tries")),
        sa.CheckConstraint(
            "wrong_tries < 4 OR state = 'failed'",
            name=op.f("ck_identity_checks_ends_with_the_fourth_wrong_try"),
        ),
        sa.CheckConstraint(
            "(state = 'used') = (used_at IS NOT NULL)", name=op.f("ck_identity_checks_used_at")
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)",
            name=op.f("ck_identity_checks_confirmed_by_someone"),
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' OR confirmed_at IS NOT NULL", name=op.f("ck_identity_checks_confirmed_at")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"],
            ["residents.id"],
            name=op.f("fk_identity_checks_resident_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_checks")),
        sa.UniqueConstraint("number", name=op.f("uq_identity_checks_number")),
        sa.UniqueConstraint("code_index", name=op.f("uq_identity_checks_code_index")),
    )
    op.create_index("ix_identity_checks_resident_id", "identity_checks", ["resident_id"])
    op.create_index("ix_identity_checks_expires_at", "identity_checks", ["expires_at"])
    op.create_index(
        "uq_identity_checks_live",
        "identity_checks",
        ["resident_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('open', 'confirmed')"),
    )


def downgrade() -> None:
    named = ", ".join(repr(kind) for kind in NEW_KINDS)
    op.execute(f"DELETE FROM notices WHERE kind IN ({named})")
    allow_notices_of("identity_bound", *KINDS_BEFORE)
    op.drop_index("ix_tickets_revoked", "tickets")
    op.drop_table("identity_checks")
    for name in ("closed_reason", "closed_with_reason", "nobody_has_nothing"):
        op.drop_constraint(op.f(f"ck_residents_{name}"), "residents")
    for column in ("phone_cipher", "closed_reason", "closed_at", "moved_at"):
        op.drop_column("residents", column)


def allow_notices_of(*kinds: str) -> None:
    op.drop_constraint(op.f("ck_notices_kind"), "notices")
    named = ", ".join(repr(kind) for kind in kinds)
    op.create_check_constraint(op.f("ck_notices_kind"), "notices", f"kind IN ({named})")
