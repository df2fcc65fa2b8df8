"""Residents with a phone that can be asked about WeChat messages, and what stands about them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backend.city.message_files import MessageTemplate
from backend.main import Parts
from backend.notices import credits, jobs
from backend.notices.models import Message, MessageCredit, Notice, NoticeKind
from backend.notices.service import notify
from tests.factories.journey import Visitor

CLAIMED, REDEEMED, REVERSED, ENDS_SOON = (
    NoticeKind.VOUCHER_CLAIMED,
    NoticeKind.VOUCHER_REDEEMED,
    NoticeKind.VOUCHER_REVERSED,
    NoticeKind.VOUCHER_ENDS_SOON,
)
VALUES = {"offer": "借书免押金", "until": "2026年12月31日", "shop": "磁湖书店"}


@dataclass
class Correspondent:
    """A resident, seen from the database and from the phone."""

    visitor: Visitor
    db: Session
    parts: Parts

    @property
    def id(self) -> UUID:
        return UUID(self.visitor.tokens["resident"]["id"])

    @property
    def openid(self) -> str:
        return self.visitor.simulator.openid(self.visitor.user)

    def template(self, kind: NoticeKind) -> MessageTemplate:
        return self.parts.city.messages[kind]

    def agree(self, kind: NoticeKind, times: int = 1) -> None:
        """Agree on the phone; WeChat and we both count it."""
        template = self.template(kind)
        for _ in range(times):
            self.visitor.simulator.subscribe(self.visitor.user, **{template.id: "accept"})
            credits.count_acceptance(self.db, self.id, template, now=datetime.now(UTC))
        self.db.commit()

    def tell(self, kind: NoticeKind = CLAIMED, **values: str) -> UUID:
        """Leave a notice, as something that happened to this resident."""
        notify(self.db, self.id, kind, now=datetime.now(UTC), **(VALUES | values))
        self.db.commit()
        newest = select(Notice.id).where(Notice.resident_id == self.id).order_by(Notice.id.desc()).limit(1)
        return self.db.scalars(newest).one()

    def message(self, notice_id: UUID) -> Message | None:
        self.db.rollback()
        return self.db.get(Message, notice_id, populate_existing=True)

    def state(self, notice_id: UUID) -> str | None:
        message = self.message(notice_id)
        return message.state if message else None

    def credit(self, kind: NoticeKind) -> tuple[int, bool]:
        """How many are counted, and whether one is hinted."""
        self.db.rollback()
        row = self.db.get(MessageCredit, (self.id, self.template(kind).id), populate_existing=True)
        return (row.credits, row.hinted) if row else (0, False)

    def inbox(self) -> list[dict[str, Any]]:
        return self.visitor.simulator.inbox(self.visitor.user)

    def jobs_for(self, notice_id: UUID) -> int:
        query = text("SELECT count(*) FROM procrastinate_jobs WHERE args -> 'notice_ids' ? :id")
        return self.db.scalar(query, {"id": str(notice_id)}) or 0


@pytest.fixture
def correspondent(visitor: Callable[[], Visitor], db: Session, parts: Parts) -> Callable[[], Correspondent]:
    """Make somebody who has signed in."""

    def make() -> Correspondent:
        someone = visitor()
        assert someone.sign_in().status_code == 200
        return Correspondent(someone, db, parts)

    return make


@pytest.fixture
def resident_with_phone(correspondent: Callable[[], Correspondent]) -> Correspondent:
    return correspondent()


def send(*notice_ids: UUID) -> None:
    """What a worker does with the job."""
    jobs.send_messages(notice_ids=[str(notice_id) for notice_id in notice_ids])
