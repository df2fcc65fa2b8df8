"""The table of notices."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, new_id, one_of


class NoticeKind(StrEnum):
    IDENTITY_BOUND = "identity_bound"
    SCORE_READY = "score_ready"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    VOUCHER_CLAIMED = "voucher_claimed"
    VOUCHER_REDEEMED = "voucher_redeemed"
    VOUCHER_REVERSED = "voucher_reversed"
    VOUCHER_GIVEN_BACK = "voucher_given_back"
    VOUCHER_ENDS_SOON = "voucher_ends_soon"
    VOUCHER_EXPIRED = "voucher_expired"


class Notice(Base):
    """One message in a resident's inbox. `values` fill the sentence of its kind."""

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_resident_id_id", "resident_id", "id"),
        CheckConstraint(one_of("kind", NoticeKind), name="kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    kind: Mapped[str]
    values: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
