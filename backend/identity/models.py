"""Tables of residents, clerks and their sessions. Personal texts are encrypted cells."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, new_id
from backend.core.encryption import Encrypted


class Resident(Base):
    """A WeChat account, and, once bound, the person it belongs to.

    Until then name, ID number, provider and time of binding are all absent.
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
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    openid_index: Mapped[bytes]
    openid_cipher: Mapped[bytes]
    name_cipher: Mapped[bytes | None]
    id_number_cipher: Mapped[bytes | None]
    id_number_index: Mapped[bytes | None]
    identity_provider: Mapped[str | None]
    bound_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    last_signed_in_at: Mapped[datetime]

    openid = Encrypted()
    name = Encrypted()
    id_number = Encrypted()

    @property
    def is_bound(self) -> bool:
        return self.bound_at is not None


class Clerk(Base):
    """A WeChat account that may honour vouchers at one shop. `label` is how the shop calls it."""

    __tablename__ = "clerks"
    __table_args__ = (UniqueConstraint("openid_index", "shop_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shops.id"))
    openid_index: Mapped[bytes]
    openid_cipher: Mapped[bytes]
    label_cipher: Mapped[bytes | None]
    created_at: Mapped[datetime]
    last_signed_in_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    openid = Encrypted()
    label = Encrypted()


class ClerkInvite(Base):
    """A one-time invitation to a shop; only the hash of its code is kept."""

    __tablename__ = "clerk_invites"
    __table_args__ = (
        UniqueConstraint("code_hash"),
        CheckConstraint("(used_at IS NULL) = (used_by IS NULL)", name="used_by_someone"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shops.id"))
    code_hash: Mapped[bytes]
    label_cipher: Mapped[bytes | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[UUID | None] = mapped_column(ForeignKey("clerks.id"))

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

    id_number_index: Mapped[bytes] = mapped_column(primary_key=True)
    name_index: Mapped[bytes]
