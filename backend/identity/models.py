"""Tables of residents, clerks, their sessions and proofs. Personal texts are encrypted cells."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, new_id, one_of
from backend.core.encryption import Encrypted, index_of


class ClosedReason(StrEnum):
    """Why the office closed a resident."""

    DECEASED = "deceased"
    MOVED_AWAY = "moved_away"
    DUPLICATE = "duplicate"
    ON_REQUEST = "on_request"


class CheckState(StrEnum):
    """Where a proof of identity stands. Only the window's becomes `confirmed` before it is used."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    USED = "used"
    FAILED = "failed"
    EXPIRED = "expired"


class Resident(Base):
    """A WeChat account, and, once bound, the person it belongs to.

    Until then name, ID number, provider and time of binding are all absent. `moved_at` is when the
    person last came over from another account; `closed_at` is set while the office keeps it closed.
    """

    __tablename__ = "residents"
    __table_args__ = (
        UniqueConstraint("openid_index"),
        UniqueConstraint("id_number_index"),
        CheckConstraint(
            "num_nulls(name_cipher, id_number_cipher, id_number_index, identity_provider, bound_at)"
            " IN (0, 5)",
            name="bound_wholly_or_not",
        ),
        CheckConstraint(
            "bound_at IS NOT NULL OR num_nonnulls(phone_cipher, moved_at, closed_at) = 0",
            name="nobody_has_nothing",
        ),
        CheckConstraint("(closed_at IS NULL) = (closed_reason IS NULL)", name="closed_with_reason"),
        CheckConstraint(one_of("closed_reason", ClosedReason), name="closed_reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    openid_index: Mapped[bytes] = index_of("residents.openid")
    openid_cipher: Mapped[bytes]
    name_cipher: Mapped[bytes | None]
    id_number_cipher: Mapped[bytes | None]
    id_number_index: Mapped[bytes | None] = index_of("residents.id_number")
    identity_provider: Mapped[str | None]
    bound_at: Mapped[datetime | None]
    moved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_reason: Mapped[str | None]
    phone_cipher: Mapped[bytes | None]
    created_at: Mapped[datetime]
    last_signed_in_at: Mapped[datetime]

    openid = Encrypted()
    name = Encrypted()
    id_number = Encrypted()
    phone = Encrypted()

    @property
    def is_bound(self) -> bool:
        return self.bound_at is not None

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class IdentityCheck(Base):
    """One proof that the person at a phone is who they say, from the asking to its single use.

    Whom it is about is kept as a fingerprint of name and ID number together. `number` is our name
    for it at the provider, `handle` the provider's own. A window's check has a code, kept as a
    fingerprint, and the number of the clerk who looked at the card.
    """

    __tablename__ = "identity_checks"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("code_index"),
        Index(
            "uq_identity_checks_live",
            "resident_id",
            unique=True,
            postgresql_where=text("state IN ('open', 'confirmed')"),
        ),
        Index("ix_identity_checks_resident_id", "resident_id"),
        Index("ix_identity_checks_expires_at", "expires_at"),
        CheckConstraint(one_of("state", CheckState), name="state"),
        CheckConstraint("wrong_tries BETWEEN 0 AND 4", name="wrong_tries"),
        CheckConstraint("wrong_tries < 4 OR state = 'failed'", name="ends_with_the_fourth_wrong_try"),
        CheckConstraint("(state = 'used') = (used_at IS NOT NULL)", name="used_at"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed_by_someone"),
        CheckConstraint("state <> 'confirmed' OR confirmed_at IS NOT NULL", name="confirmed_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id", ondelete="CASCADE"))
    provider: Mapped[str]
    number: Mapped[str]
    claim_index: Mapped[bytes] = index_of("identity_checks.claim")
    handle_cipher: Mapped[bytes | None]
    code_index: Mapped[bytes | None] = index_of("identity_checks.code")
    scoped_index: Mapped[bytes | None] = index_of("identity_checks.scoped_id")
    state: Mapped[str] = mapped_column(default=CheckState.OPEN)
    wrong_tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None]
    used_at: Mapped[datetime | None]

    handle = Encrypted()


class Clerk(Base):
    """A WeChat account that may honour vouchers at one shop. `label` is how the shop calls it.

    Somebody paused comes back without an invitation, somebody removed only with one.
    """

    __tablename__ = "clerks"
    __table_args__ = (UniqueConstraint("openid_index", "shop_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shops.id"))
    openid_index: Mapped[bytes] = index_of("clerks.openid")
    openid_cipher: Mapped[bytes]
    label_cipher: Mapped[bytes | None]
    created_at: Mapped[datetime]
    last_signed_in_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]

    openid = Encrypted()
    label = Encrypted()


class ClerkInvite(Base):
    """A one-time invitation to a shop; only the hash of its code is kept."""

    __tablename__ = "clerk_invites"
    __table_args__ = (
        UniqueConstraint("code_hash"),
        Index("ix_clerk_invites_shop_id", "shop_id", "created_at"),
        CheckConstraint("(used_at IS NULL) = (used_by IS NULL)", name="used_by_someone"),
        CheckConstraint("num_nonnulls(used_at, withdrawn_at) <= 1", name="used_or_withdrawn"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shops.id"))
    code_hash: Mapped[bytes]
    label_cipher: Mapped[bytes | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[UUID | None] = mapped_column(ForeignKey("clerks.id"))
    withdrawn_at: Mapped[datetime | None]

    label = Encrypted()


class SignInSession(Base):
    """One sign-in on one device. Access tokens name it, so ending it ends them at once."""

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("num_nonnulls(resident_id, clerk_id) = 1", name="belongs_to_one"),
        Index("ix_sessions_resident_id", "resident_id"),
        Index("ix_sessions_clerk_id", "clerk_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    resident_id: Mapped[UUID | None] = mapped_column(ForeignKey("residents.id", ondelete="CASCADE"))
    clerk_id: Mapped[UUID | None] = mapped_column(ForeignKey("clerks.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]


class RefreshToken(Base):
    """A refresh token, by its hash. It works once; a second use ends the session."""

    __tablename__ = "refresh_tokens"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SandboxPerson(Base):
    """A pair of name and ID number that the trial's identity provider knows; fingerprints only."""

    __tablename__ = "sandbox_people"

    id_number_index: Mapped[bytes] = index_of("sandbox_people.id_number", primary_key=True)
    name_index: Mapped[bytes] = index_of("sandbox_people.name")
