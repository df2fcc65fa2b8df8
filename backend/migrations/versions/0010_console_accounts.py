"""Accounts of the console: people, roles, sessions, second factors, one-time links; and their guards."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# What a request sees of a table, beyond what the system sees.
SEEN = """
CREATE FUNCTION scoped_account() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.account_id', true), '')::uuid $$;
-- The district that somebody of the office works for, '*' for the whole city, null for everybody else.
CREATE FUNCTION scoped_office() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.office', true), '') $$;
"""
OFFICE_OF_DISTRICT = "((SELECT scoped_office()) = '*' OR district = (SELECT scoped_office()))"
MY_UNIT = "unit_id = (SELECT scoped_unit())"
MINE = "account_id = (SELECT scoped_account())"
OF_A_SEEN_ACCOUNT = "account_id IN (SELECT id FROM accounts)"
POLICIES = (
    ("accounts", "own", "id = (SELECT scoped_account())"),
    ("accounts", "office", OFFICE_OF_DISTRICT),
    ("accounts", "my_unit", MY_UNIT),
    ("account_roles", "of_a_seen_account", OF_A_SEEN_ACCOUNT),
    ("account_sessions", "of_a_seen_account", OF_A_SEEN_ACCOUNT),
    ("account_passkeys", "of_a_seen_account", OF_A_SEEN_ACCOUNT),
    ("account_recovery_codes", "of_a_seen_account", OF_A_SEEN_ACCOUNT),
    ("passkey_challenges", "my_session", f"session_id IN (SELECT id FROM account_sessions WHERE {MINE})"),
    ("staff_invitations", "office", OFFICE_OF_DISTRICT),
    ("staff_invitations", "my_unit", MY_UNIT),
)
GUARDED = sorted({table for table, _name, _rows in POLICIES})
SYSTEM_ONLY = ("password_resets", "set_up_links")


def upgrade() -> None:
    op.create_table(
        "set_up_links",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_set_up_links")),
    )
    op.create_index(
        "uq_set_up_links_open",
        "set_up_links",
        [sa.literal_column("(true)")],
        unique=True,
        postgresql_where=sa.text("used_at IS NULL"),
    )
    op.create_table(
        "sign_in_tries",
        sa.Column("email_index", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("last_failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("email_index", name=op.f("pk_sign_in_tries")),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("district", sa.Text(), nullable=True),
        sa.Column("email_index", sa.LargeBinary(), nullable=False),
        sa.Column("email_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("name_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("totp_secret_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("totp_draft_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspension_reason_cipher", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'partner') = (unit_id IS NOT NULL)", name=op.f("ck_accounts_of_one_house")
        ),
        sa.CheckConstraint("kind = 'office' OR district IS NULL", name=op.f("ck_accounts_district")),
        sa.CheckConstraint("kind IN ('office', 'partner')", name=op.f("ck_accounts_kind")),
        sa.CheckConstraint(
            "(suspended_at IS NULL) = (suspension_reason_cipher IS NULL)",
            name=op.f("ck_accounts_suspended_for_a_reason"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_accounts_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email_index", name=op.f("uq_accounts_email_index")),
        sa.UniqueConstraint("id", "kind", name=op.f("uq_accounts_id_kind")),
    )
    op.create_index("ix_accounts_unit_id", "accounts", ["unit_id"], unique=False)
    op.create_table(
        "account_passkeys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "octet_length(credential_id) BETWEEN 16 AND 1023", name=op.f("ck_account_passkeys_credential_id")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_account_passkeys_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_account_passkeys_credential_id")),
    )
    op.create_index("ix_account_passkeys_account_id", "account_passkeys", ["account_id"], unique=False)
    op.create_table(
        "account_recovery_codes",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_account_recovery_codes_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_account_recovery_codes")),
    )
    op.create_index(
        op.f("ix_account_recovery_codes_account_id"), "account_recovery_codes", ["account_id"], unique=False
    )
    op.create_table(
        "account_roles",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'office' AND role IN ('programme_manager', 'reviewer', 'score_keeper', 'case_officer', 'window_clerk', 'system_admin', 'security_admin', 'audit_admin')) OR (kind = 'partner' AND role IN ('unit_manager', 'unit_editor'))",
            name=op.f("ck_account_roles_role"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "kind"],
            ["accounts.id", "accounts.kind"],
            name="fk_account_roles_account",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "role", name=op.f("pk_account_roles")),
    )
    op.create_index(
        "uq_account_roles_one_administrator",
        "account_roles",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("role IN ('system_admin', 'security_admin', 'audit_admin')"),
    )
    op.create_table(
        "account_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "step IN ('second_factor', 'enrol_second_factor', 'signed_in')",
            name=op.f("ck_account_sessions_step"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (end_reason IS NULL)", name=op.f("ck_account_sessions_ended_for_a_reason")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_account_sessions_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_sessions_token_hash")),
    )
    op.create_index("ix_account_sessions_account_id", "account_sessions", ["account_id"], unique=False)
    op.create_table(
        "password_resets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_password_resets_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_resets")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_resets_token_hash")),
    )
    op.create_index(op.f("ix_password_resets_account_id"), "password_resets", ["account_id"], unique=False)
    op.create_table(
        "staff_invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("district", sa.Text(), nullable=True),
        sa.Column("roles", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("email_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("name_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'partner') = (unit_id IS NOT NULL)", name=op.f("ck_staff_invitations_of_one_house")
        ),
        sa.CheckConstraint("kind = 'office' OR district IS NULL", name=op.f("ck_staff_invitations_district")),
        sa.CheckConstraint("kind IN ('office', 'partner')", name=op.f("ck_staff_invitations_kind")),
        sa.CheckConstraint("jsonb_array_length(roles) > 0", name=op.f("ck_staff_invitations_some_role")),
        sa.CheckConstraint(
            "num_nonnulls(accepted_at, withdrawn_at) < 2",
            name=op.f("ck_staff_invitations_accepted_or_withdrawn"),
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["accounts.id"], name=op.f("fk_staff_invitations_invited_by")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_staff_invitations_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_invitations_token_hash")),
    )
    op.create_index("ix_staff_invitations_unit_id", "staff_invitations", ["unit_id"], unique=False)
    op.create_table(
        "passkey_challenges",
        sa.Column("challenge_hash", sa.LargeBinary(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["account_sessions.id"],
            name=op.f("fk_passkey_challenges_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("challenge_hash", name=op.f("pk_passkey_challenges")),
    )
    op.create_index(
        op.f("ix_passkey_challenges_session_id"), "passkey_challenges", ["session_id"], unique=False
    )
    op.execute(SEEN)
    tables = ", ".join((*GUARDED, "sign_in_tries"))
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {tables} TO city_request")
    # Accounts come into being by links that were sent, which is the system's to do, and never go.
    op.execute("REVOKE INSERT, DELETE ON accounts FROM city_request")
    tables = ", ".join((*GUARDED, *SYSTEM_ONLY, "sign_in_tries"))
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {tables} TO city_system")
    for table in GUARDED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY system ON {table} TO city_system USING (true)")
    for table, name, rows in POLICIES:
        op.execute(f"CREATE POLICY {name} ON {table} TO city_request USING ({rows})")


def downgrade() -> None:
    op.drop_table("passkey_challenges")
    op.drop_table("staff_invitations")
    op.drop_table("password_resets")
    op.drop_table("account_sessions")
    op.drop_table("account_roles")
    op.drop_table("account_recovery_codes")
    op.drop_table("account_passkeys")
    op.drop_table("accounts")
    op.drop_table("sign_in_tries")
    op.drop_table("set_up_links")
    op.execute("DROP FUNCTION scoped_account, scoped_office")
