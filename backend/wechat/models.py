"""The table of what WeChat pushed to us."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, new_id
from backend.core.encryption import Encrypted


class Push(Base):
    """One message or event, as WeChat wrote it. It holds openids, so it is encrypted.

    `digest` is of what makes it the same one when WeChat sends it again. `event` is WeChat's name
    of the kind, or the type of a message.
    """

    __tablename__ = "wechat_pushes"
    __table_args__ = (
        UniqueConstraint("digest"),
        Index("ix_wechat_pushes_received_at", "received_at"),
        Index("ix_wechat_pushes_waiting", "received_at", postgresql_where=text("handled_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    digest: Mapped[bytes]
    event: Mapped[str]
    body_cipher: Mapped[bytes]
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]

    body = Encrypted()
