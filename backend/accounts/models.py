"""Tables of the console's accounts: people, their roles, sessions, second factors and one-time links."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.accounts.roles import ADMINISTRATORS, BY_CODE, roles_of
from backend.core.actor import ActorKind, SignInStep
from backend.core.database import Base, new_id, one_of
from backend.core.encryption import Encrypted, index_of

KIND = f"kind IN ('{ActorKind.OFFICE}', '{ActorKind.PARTNER}')"
OF_ONE_HOUSE = f"(kind = '{ActorKind.PARTNER}') = (unit_id IS NOT NULL)"
DISTRICT = f"kind = '{ActorKind.OFFICE}' OR district IS NULL"


def _quoted(codes: tuple[str, ...]) -> str:
    return ", ".join(repr(code) for code in codes)


class Account(Base):
    """A person of the office or of a unit.

    `version` counts changes of roles, so that two who edit at once notice. `totp_last_step` is the
    time step of the last code that was taken: none is taken twice. A new TOTP secret waits in
    `totp_draft` until a code proves that the person's device has it.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("email_index"),
        UniqueConstraint("id", "kind"),
        Index("ix_accounts_unit_id", "unit_id"),
        CheckConstraint(KIND, name="kind"),
        CheckConstraint(OF_ONE_HOUSE, name="of_one_house"),
        CheckConstraint(DISTRICT, name="district"),
        CheckConstraint(
            "(suspended_at IS NULL) = (suspension_reason_cipher IS NULL)", name="suspended_for_a_reason"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    district: Mapped[str | None]
    email_index: Mapped[bytes] = index_of("accounts.email")
    email_cipher: Mapped[bytes]
    name_cipher: Mapped[bytes]
    password_hash: Mapped[str]
    totp_secret_cipher: Mapped[bytes | None]
    totp_draft_cipher: Mapped[bytes | None]
    totp_last_step: Mapped[int | None]
    suspended_at: Mapped[datetime | None]
    suspension_reason_cipher: Mapped[bytes | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    last_signed_in_at: Mapped[datetime | None]

    email = Encrypted()
    name = Encrypted()
    totp_secret = Encrypted()
    totp_draft = Encrypted()
    suspension_reason = Encrypted()

    role_rows: Mapped[list["AccountRole"]] = relationship(
        cascade="all, delete-orphan", order_by="AccountRole.role", lazy="selectin"
    )

    @property
    def roles(self) -> list[str]:
        held = {row.role for row in self.role_rows}
        return [code for code in BY_CODE if code in held]


class AccountRole(Base):
    """A role that an account holds. `kind` repeats the account's, so that roles fit the person."""

    __tablename__ = "account_roles"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "kind"],
            ["accounts.id", "accounts.kind"],
            ondelete="CASCADE",
            name="fk_account_roles_account",
        ),
        CheckConstraint(
            f"(kind = '{ActorKind.OFFICE}' AND role IN ({_quoted(roles_of(ActorKind.OFFICE))}))"
            f" OR (kind = '{ActorKind.PARTNER}' AND role IN ({_quoted(roles_of(ActorKind.PARTNER))}))",
            name="role",
        ),
        Index(
            "uq_account_roles_one_administrator",
            "account_id",
            unique=True,
            postgresql_where=text(f"role IN ({_quoted(ADMINISTRATORS)})"),
        ),
    )

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]


class AccountSession(Base):
    """One sign-in in one browser; the cookie's token is kept as a hash. `client` is the kind of browser."""

    __tablename__ = "account_sessions"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index("ix_account_sessions_account_id", "account_id"),
        CheckConstraint(one_of("step", SignInStep), name="step"),
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="ended_for_a_reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    token_hash: Mapped[bytes]
    step: Mapped[str]
    client: Mapped[str]
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]


class SignInTries(Base):
    """Wrong tries for an e-mail address, whether or not anybody has an account under it.

    So a stranger learns from a lock as little as from a refusal.
    """

    __tablename__ = "sign_in_tries"

    email_index: Mapped[bytes] = index_of("sign_in_tries.email", primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_failed_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]


class Passkey(Base):
    """A WebAuthn credential: the public key of a device that signs for its owner."""

    __tablename__ = "account_passkeys"
    __table_args__ = (
        UniqueConstraint("credential_id"),
        Index("ix_account_passkeys_account_id", "account_id"),
        CheckConstraint("octet_length(credential_id) BETWEEN 16 AND 1023", name="credential_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    credential_id: Mapped[bytes]
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    name_cipher: Mapped[bytes]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]

    name = Encrypted()


class PasskeyChallenge(Base):
    """What a browser was asked to sign, by its hash; whoever answers takes it away.

    `session_id` is absent when a passkey is to sign somebody in who is not known yet.
    """

    __tablename__ = "passkey_challenges"

    challenge_hash: Mapped[bytes] = mapped_column(primary_key=True)
    session_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("account_sessions.id", ondelete="CASCADE"), index=True
    )
    expires_at: Mapped[datetime]


class RecoveryCode(Base):
    """A code for who has lost the second factor; works once."""

    __tablename__ = "account_recovery_codes"

    code_hash: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class StaffInvitation(Base):
    """An invitation by mail. The job that sends it draws the token, of which only the hash is kept."""

    __tablename__ = "staff_invitations"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index("ix_staff_invitations_unit_id", "unit_id"),
        CheckConstraint(KIND, name="kind"),
        CheckConstraint(OF_ONE_HOUSE, name="of_one_house"),
        CheckConstraint(DISTRICT, name="district"),
        CheckConstraint("jsonb_array_length(roles) > 0", name="some_role"),
        CheckConstraint("num_nonnulls(accepted_at, withdrawn_at) < 2", name="accepted_or_withdrawn"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    district: Mapped[str | None]
    roles: Mapped[list[str]] = mapped_column(JSONB)
    email_cipher: Mapped[bytes]
    name_cipher: Mapped[bytes]
    token_hash: Mapped[bytes | None]
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    email = Encrypted()
    name = Encrypted()

    def is_open(self, now: datetime) -> bool:
        return not self.accepted_at and not self.withdrawn_at and self.expires_at > now


class PasswordReset(Base):
    """A way to a new password by mail; as with an invitation, the job draws the token."""

    __tablename__ = "password_resets"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[bytes | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SetUpLink(Base):
    """The one-time link with which the first account comes into being. One at a time is open."""

    __tablename__ = "set_up_links"
    __table_args__ = (
        Index("uq_set_up_links_open", text("(true)"), unique=True, postgresql_where=text("used_at IS NULL")),
    )

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SavedView(Base):
    """How somebody likes to see one list of the console: what it is narrowed to, and its order.

    `query` is what stands in the page's address. Of each list one view at most opens by itself.
    """

    __tablename__ = "saved_views"
    __table_args__ = (
        UniqueConstraint("account_id", "list_name", "name"),
        Index(
            "uq_saved_views_one_default",
            "account_id",
            "list_name",
            unique=True,
            postgresql_where=text("is_default"),
        ),
        CheckConstraint("length(name) BETWEEN 1 AND 20", name="name"),
        CheckConstraint("jsonb_typeof(query) = 'object'", name="query"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    list_name: Mapped[str]
    name: Mapped[str]
    query: Mapped[dict[str, str]] = mapped_column(JSONB)
    is_default: Mapped[bool]
