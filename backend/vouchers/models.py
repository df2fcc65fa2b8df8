"""Tables of vouchers, tickets, redemptions and of counts per person."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, DateTime, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, new_id, one_of
from backend.core.encryption import index_of


class VoucherState(StrEnum):
    ISSUED = "issued"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REVERSED = "reversed"


class RedemptionState(StrEnum):
    ACCEPTED = "accepted"
    REVERSED = "reversed"


class Counted(StrEnum):
    CLAIM = "claim"
    USE = "use"


class Voucher(Base):
    """One claimed voucher. It is `issued` exactly as long as uses are left and it has not ended."""

    __tablename__ = "vouchers"
    __table_args__ = (
        Index("ix_vouchers_resident_id_id", "resident_id", "id"),
        Index("ix_vouchers_incentive_id_issued_at_id", "incentive_id", "issued_at", "id"),
        Index("ix_vouchers_state_issued_at_id", "state", "issued_at", "id"),
        Index("ix_vouchers_issued_at_id", "issued_at", "id"),
        Index("ix_vouchers_expires_at", "expires_at", postgresql_where=text("state = 'issued'")),
        CheckConstraint(one_of("state", VoucherState), name="state"),
        CheckConstraint("uses_left BETWEEN 0 AND uses", name="uses_left"),
        CheckConstraint("state <> 'issued' OR uses_left > 0", name="issued_has_uses"),
        CheckConstraint("state <> 'redeemed' OR uses_left = 0", name="redeemed_is_used_up"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    incentive_id: Mapped[UUID] = mapped_column(ForeignKey("incentives.id"))
    incentive_version: Mapped[int]
    state: Mapped[str]
    uses: Mapped[int]
    uses_left: Mapped[int]
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Ticket(Base):
    """A signed HS1 ticket, or what a typed code stands for. The primary key makes an id usable once, ever."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index("ix_tickets_resident_id", "resident_id"),
        Index("ix_tickets_revoked", "expires_at", postgresql_where=text("revoked_at IS NOT NULL")),
        CheckConstraint("octet_length(ticket_id) = 12 AND octet_length(anchor) = 16", name="lengths"),
        CheckConstraint("match_failures >= 0", name="match_failures"),
    )

    ticket_id: Mapped[bytes] = mapped_column(primary_key=True)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    incentive_id: Mapped[UUID] = mapped_column(ForeignKey("incentives.id"))
    voucher_id: Mapped[UUID | None] = mapped_column(ForeignKey("vouchers.id"))
    # None for a typed code: no phone can show it as a QR code.
    anchor: Mapped[bytes | None]
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime]
    # Two digits the resident says aloud, for offers that ask for it.
    match_number: Mapped[str | None]
    match_failures: Mapped[int] = mapped_column(default=0)
    revoked_at: Mapped[datetime | None]


class TypedCode(Base):
    """Eight characters that a resident says at one shop instead of showing a QR code. Of the codes of an
    entitlement one is live; a new one replaces it."""

    __tablename__ = "typed_codes"
    __table_args__ = (
        UniqueConstraint("code_index"),
        Index(
            "uq_typed_codes_live",
            "resident_id",
            "incentive_id",
            "voucher_id",
            unique=True,
            postgresql_where=text("replaced_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    ticket_id: Mapped[bytes] = mapped_column(ForeignKey("tickets.ticket_id"), primary_key=True)
    code_index: Mapped[bytes] = index_of("typed_codes.code")
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    incentive_id: Mapped[UUID] = mapped_column(ForeignKey("incentives.id"))
    voucher_id: Mapped[UUID | None] = mapped_column(ForeignKey("vouchers.id"))
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shops.id"))
    replaced_at: Mapped[datetime | None]


class WrongTries(Base):
    """When a till lately typed what is no code for its shop; the CHECK is the last wall."""

    __tablename__ = "wrong_tries"
    __table_args__ = (CheckConstraint("cardinality(tried_at) <= 5", name="most"),)

    clerk_id: Mapped[UUID] = mapped_column(ForeignKey("clerks.id"), primary_key=True)
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shops.id"))
    tried_at: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))


class Redemption(Base):
    """An advantage honoured at a shop. Each ticket once, each use of a voucher once."""

    __tablename__ = "redemptions"
    __table_args__ = (
        UniqueConstraint("ticket_id"),
        UniqueConstraint("shop_id", "scan_id"),
        Index(
            "uq_redemptions_voucher_use",
            "voucher_id",
            "use_number",
            unique=True,
            postgresql_where=text("state = 'accepted' AND voucher_id IS NOT NULL"),
        ),
        Index("ix_redemptions_shop_id_id", "shop_id", "id"),
        Index("ix_redemptions_resident_id", "resident_id"),
        Index("ix_redemptions_accepted_at_id", "accepted_at", "id"),
        Index("ix_redemptions_incentive_id_accepted_at_id", "incentive_id", "accepted_at", "id"),
        Index("ix_redemptions_reversed", "accepted_at", "id", postgresql_where=text("state = 'reversed'")),
        Index("ix_redemptions_reversed_at", "reversed_at", postgresql_where=text("reversed_at IS NOT NULL")),
        CheckConstraint(one_of("state", RedemptionState), name="state"),
        CheckConstraint("(voucher_id IS NULL) = (use_number IS NULL)", name="use_number"),
        CheckConstraint("(state = 'reversed') = (reversed_at IS NOT NULL)", name="reversed_at"),
        CheckConstraint("amount_fen IS NULL OR amount_fen >= 0", name="amount"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    ticket_id: Mapped[bytes] = mapped_column(ForeignKey("tickets.ticket_id"))
    voucher_id: Mapped[UUID | None] = mapped_column(ForeignKey("vouchers.id"))
    use_number: Mapped[int | None]
    incentive_id: Mapped[UUID] = mapped_column(ForeignKey("incentives.id"))
    # By which version it was honoured; None for what was honoured before versions were kept.
    incentive_version: Mapped[int | None]
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shops.id"))
    clerk_id: Mapped[UUID] = mapped_column(ForeignKey("clerks.id"))
    scan_id: Mapped[str]
    order_ref: Mapped[str | None]
    amount_fen: Mapped[int | None]
    state: Mapped[str]
    accepted_at: Mapped[datetime]
    reversed_at: Mapped[datetime | None]
    reversed_by: Mapped[UUID | None] = mapped_column(ForeignKey("clerks.id"))
    reversal_reason: Mapped[str | None]


class PersonalCount(Base):
    """How often a resident claimed or used an incentive in a period; the CHECK is the last wall."""

    __tablename__ = "personal_counts"
    __table_args__ = (
        CheckConstraint(one_of("counted", Counted), name="counted"),
        CheckConstraint("times BETWEEN 0 AND most", name="within_limit"),
    )

    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), primary_key=True)
    incentive_id: Mapped[UUID] = mapped_column(ForeignKey("incentives.id"), primary_key=True)
    counted: Mapped[str] = mapped_column(primary_key=True)
    period_start: Mapped[date] = mapped_column(primary_key=True)
    times: Mapped[int]
    most: Mapped[int]
