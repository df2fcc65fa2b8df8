"""The tables of notices, and of the WeChat messages that tell some of them too."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, new_id, one_of


class NoticeKind(StrEnum):
    IDENTITY_BOUND = "identity_bound"
    IDENTITY_MOVED = "identity_moved"
    NAME_CHANGED = "name_changed"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    ACCOUNT_REOPENED = "account_reopened"
    SCORE_READY = "score_ready"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    VOUCHER_CLAIMED = "voucher_claimed"
    VOUCHER_REDEEMED = "voucher_redeemed"
    VOUCHER_REVERSED = "voucher_reversed"
    VOUCHER_GIVEN_BACK = "voucher_given_back"
    VOUCHER_ENDS_SOON = "voucher_ends_soon"
    VOUCHER_EXPIRED = "voucher_expired"
    REPORT_ANSWERED = "report_answered"
    REPORT_CLOSED = "report_closed"


class MessageState(StrEnum):
    """`sending` is committed before WeChat is asked, so whoever finds it later knows that a message
    may be out. `unknown` is never sent again; what WeChat tells afterwards makes it `confirmed`."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CONFIRMED = "confirmed"


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


class MessageCredit(Base):
    """How many messages of a template a resident agreed to, as WeChat told us.

    For a long-term template any number above zero means as many as there are. `hinted`: the phone
    said that the resident agreed, and WeChat has not told it yet. `counted_at`: WeChat's latest word.
    """

    __tablename__ = "message_credits"
    __table_args__ = (CheckConstraint("credits >= 0", name="credits_not_negative"),)

    resident_id: Mapped[UUID] = mapped_column(
        ForeignKey("residents.id", ondelete="CASCADE"), primary_key=True
    )
    template_id: Mapped[str] = mapped_column(primary_key=True)
    credits: Mapped[int]
    hinted: Mapped[bool]
    counted_at: Mapped[datetime | None]


class Message(Base):
    """The WeChat message that tells a notice; a notice has one at most.

    `due_at` is when it may be tried, `attempts` how often it was. `ended_at` is when its state was
    settled: absent while it is queued or being sent.
    """

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint(one_of("state", MessageState), name="state"),
        CheckConstraint("(ended_at IS NULL) = (state IN ('queued', 'sending'))", name="ended_when_settled"),
        CheckConstraint(
            "sending_at IS NOT NULL OR state IN ('queued', 'refused', 'failed')", name="sent_once_begun"
        ),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        Index("ix_messages_due_at", "due_at", postgresql_where=text("state IN ('queued', 'sending')")),
        Index("ix_messages_resident_id_template_id", "resident_id", "template_id"),
    )

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    template_id: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    sending_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    msgid: Mapped[str | None]
