"""A notice leaves as a WeChat message once, after the commit, and only where the resident agreed."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock
from backend.main import Parts
from backend.notices import jobs, messages, service
from backend.notices.models import Message, MessageState, Notice, NoticeKind
from backend.notices.post_office import PostOffice, open_post_office, post_office
from backend.wechat.accounts import build_wechat
from backend.wechat.messages import SendOutcome, Sent
from tests.backend.notices.conftest import (
    CLAIMED,
    ENDS_SOON,
    REDEEMED,
    REVERSED,
    VALUES,
    Correspondent,
    send,
)
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.journey import Visitor
from tests.factories.trail import audit_actions
from tests.scripts.wechat_simulator.running import APPID, SECRET, Simulator

SEND = "/cgi-bin/message/subscribe/send"


@pytest.fixture
def someone(resident_with_phone: Correspondent) -> Correspondent:
    return resident_with_phone


@pytest.fixture
def fresh_wechat(parts: Parts, simulator: Simulator) -> Iterator[None]:
    """A post office whose doors nothing has closed yet, and which waits half a second at most."""
    before = post_office()
    wechat = build_wechat(
        appid=APPID, secret=SECRET, base_url=simulator.base_url, redis=None, timeout=(0.5, 0.5)
    )
    open_post_office(PostOffice(wechat, before.openid_of, before.resident_of))
    yield
    open_post_office(before)


class Answering:
    """A WeChat that answers as told; for outcomes that have their own tests on the wire."""

    def __init__(self, *outcomes: Sent) -> None:
        self.outcomes = list(outcomes)
        self.asked = 0

    def send_message(self, **_: Any) -> Sent:
        self.asked += 1
        return self.outcomes.pop(0)


@pytest.fixture
def answering(parts: Parts) -> Iterator[Callable[..., Answering]]:
    before = post_office()

    def make(*outcomes: Sent) -> Answering:
        wechat: Any = Answering(*outcomes)
        open_post_office(PostOffice(wechat, before.openid_of, before.resident_of))
        return wechat  # type: ignore[no-any-return]

    yield make
    open_post_office(before)


def test_a_claim_is_told_on_the_phone(someone: Correspondent, db: Session) -> None:
    someone.visitor.become_scored(db)
    someone.agree(CLAIMED)
    incentive = new_incentive(db, title="整年借书免押金而且可以在所有分馆通借通还书")
    assert someone.visitor.claim(incentive.id).status_code == 201
    notice = someone.visitor.get("/resident/notices").json["items"][0]
    assert someone.inbox() == []  # nothing leaves before the commit, nor in the request
    assert someone.state(UUID(notice["id"])) == MessageState.QUEUED
    send(UUID(notice["id"]))
    (arrived,) = someone.inbox()
    assert arrived["template_id"] == someone.template(CLAIMED).id
    assert arrived["data"]["thing1"] == "整年借书免押金而且可以在所有分馆通借通…"
    assert arrived["page"] == "pages/vouchers/index"
    message = someone.message(UUID(notice["id"]))
    assert message is not None
    assert (message.state, message.msgid) == (MessageState.SENT, str(arrived["msgid"]))
    assert audit_actions(db, "notice", notice["id"]) == ["message.sent"]


def test_what_a_shop_does_is_told_on_the_phone_too(
    someone: Correspondent, visitor: Callable[[], Visitor], db: Session
) -> None:
    """The shop's request sees its customer's agreement, and nothing of it."""
    someone.visitor.become_scored(db)
    shop, clerk = new_shop(db, name="磁湖书店"), visitor()
    clerk.become_clerk(db, shop)
    incentive = new_incentive(db, shops=[shop], title="借书免押金")
    voucher = someone.visitor.claim(incentive.id).json["id"]
    someone.agree(REDEEMED)
    someone.agree(REVERSED)
    redemption = clerk.redeem(someone.visitor.show(voucher_id=voucher)).json["id"]
    undone = clerk.post(f"/merchant/redemptions/{redemption}/reversal", {"reason": "扫错了"})
    assert undone.status_code == 200
    notices = [item["id"] for item in someone.visitor.get("/resident/notices").json["items"][:2]]
    send(*map(UUID, reversed(notices)))
    arrived = someone.inbox()
    assert [message["template_id"] for message in arrived] == [
        someone.template(REDEEMED).id,
        someone.template(REVERSED).id,
    ]
    assert all(message["data"]["thing2"] == "磁湖书店" for message in arrived)


def test_without_an_agreement_the_inbox_is_all(someone: Correspondent) -> None:
    notice = someone.tell()
    assert someone.message(notice) is None
    assert someone.jobs_for(notice) == 0


def test_a_kind_without_a_template_is_never_a_message(someone: Correspondent) -> None:
    someone.agree(CLAIMED)
    assert someone.message(someone.tell(NoticeKind.VOUCHER_EXPIRED)) is None


def test_the_message_is_queued_with_the_notice_or_not_at_all(someone: Correspondent, db: Session) -> None:
    someone.agree(CLAIMED)
    service.notify(db, someone.id, CLAIMED, now=datetime.now(UTC), **VALUES)
    db.rollback()
    assert someone.visitor.get("/resident/notices").json["items"] == []
    notice = someone.tell()
    assert someone.state(notice) == MessageState.QUEUED
    assert someone.jobs_for(notice) == 1


def test_two_jobs_for_one_message_send_it_once(someone: Correspondent) -> None:
    someone.agree(CLAIMED, times=5)
    notice = someone.tell()
    threads = [threading.Thread(target=send, args=(notice,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(someone.inbox()) == 1
    assert someone.credit(CLAIMED) == (4, False)


def test_one_agreement_is_one_message(someone: Correspondent) -> None:
    someone.agree(CLAIMED)
    first, second = someone.tell(), someone.tell()
    send(first, second)
    assert [someone.state(first), someone.state(second)] == [MessageState.SENT, MessageState.REFUSED]
    assert len(someone.inbox()) == 1
    assert someone.message(someone.tell()) is None


def test_a_long_term_agreement_is_for_all(someone: Correspondent) -> None:
    someone.agree(ENDS_SOON)
    notices = [someone.tell(ENDS_SOON) for _ in range(3)]
    send(*notices)
    assert [someone.state(notice) for notice in notices] == [MessageState.SENT] * 3
    assert someone.credit(ENDS_SOON) == (1, False)


def test_who_refused_at_wechat_is_not_asked_for_again(someone: Correspondent, simulator: Simulator) -> None:
    someone.agree(CLAIMED, times=3)
    notice = someone.tell()
    simulator.control("subscribe-off", user=someone.visitor.user, template_id=someone.template(CLAIMED).id)
    send(notice)
    assert someone.state(notice) == MessageState.REFUSED
    assert someone.credit(CLAIMED) == (0, False)


def test_an_answer_that_never_came_leaves_it_unknown_and_sends_nothing_twice(
    someone: Correspondent, simulator: Simulator, fresh_wechat: None, clock: ShiftedClock
) -> None:
    someone.agree(CLAIMED, times=2)
    notice = someone.tell()
    simulator.fault(SEND, "delay", delay_ms=700)
    send(notice)
    assert someone.state(notice) == MessageState.UNKNOWN
    clock.ahead = timedelta(days=2)
    send(notice)
    jobs.send_due_messages(timestamp=0)
    assert len(someone.inbox()) == 1
    assert someone.credit(CLAIMED) == (1, False)


def test_a_worker_that_died_while_sending_leaves_it_unknown(
    someone: Correspondent, db: Session, clock: ShiftedClock
) -> None:
    """It is found in `sending`: nobody knows whether the request had left."""
    someone.agree(CLAIMED)
    notice = someone.tell()
    assert messages.begin_sending(db, notice, now=datetime.now(UTC)) is not None
    db.commit()
    send(notice)
    jobs.send_due_messages(timestamp=0)
    assert someone.state(notice) == MessageState.SENDING  # it may still be under way
    clock.ahead = messages.DIED_AFTER + timedelta(seconds=5)
    jobs.send_due_messages(timestamp=0)
    assert someone.state(notice) == MessageState.UNKNOWN
    assert someone.inbox() == []


def test_the_word_of_a_sender_given_up_comes_too_late(
    someone: Correspondent, db: Session, clock: ShiftedClock
) -> None:
    someone.agree(CLAIMED)
    notice = someone.tell()
    messages.begin_sending(db, notice, now=datetime.now(UTC))
    db.commit()
    clock.ahead = messages.DIED_AFTER + timedelta(seconds=5)
    jobs.send_due_messages(timestamp=0)
    messages.end_sending(db, notice, Sent(SendOutcome.LATER), now=datetime.now(UTC))
    db.commit()
    assert someone.state(notice) == MessageState.UNKNOWN


def test_what_wechat_could_not_take_is_sent_when_it_can(
    someone: Correspondent, answering: Callable[..., Answering], clock: ShiftedClock
) -> None:
    later = Sent(SendOutcome.LATER, retry_after=300)
    wechat = answering(later, later, Sent(SendOutcome.SENT, "42"))
    someone.agree(CLAIMED)
    notice = someone.tell()
    send(notice)
    assert someone.state(notice) == MessageState.QUEUED
    assert someone.credit(CLAIMED) == (1, False)
    send(notice)  # not due yet
    assert wechat.asked == 1
    for minutes, asked in ((6, 2), (20, 3)):
        clock.ahead = timedelta(minutes=minutes)
        jobs.send_due_messages(timestamp=0)
        assert wechat.asked == asked
    assert someone.state(notice) == MessageState.SENT
    assert someone.credit(CLAIMED) == (0, False)


def test_old_news_is_given_up_after_a_day(
    someone: Correspondent, answering: Callable[..., Answering], clock: ShiftedClock
) -> None:
    answering(*[Sent(SendOutcome.LATER, retry_after=5)] * 2)
    someone.agree(CLAIMED)
    notice = someone.tell()
    send(notice)
    clock.ahead = timedelta(hours=24)
    send(notice)
    assert someone.state(notice) == MessageState.FAILED
    assert someone.credit(CLAIMED) == (1, False)


@pytest.mark.parametrize(
    ("outcome", "state", "credit", "other_credit"),
    [
        (SendOutcome.REJECTED, MessageState.FAILED, 2, 1),
        (SendOutcome.REFUSED, MessageState.REFUSED, 0, 1),
        (SendOutcome.BAD_ADDRESS, MessageState.FAILED, 0, 0),
        (SendOutcome.UNKNOWN, MessageState.UNKNOWN, 1, 1),
    ],
)
def test_every_end_is_settled_with_its_credit(
    someone: Correspondent,
    answering: Callable[..., Answering],
    outcome: SendOutcome,
    state: MessageState,
    credit: int,
    other_credit: int,
) -> None:
    answering(Sent(outcome))
    someone.agree(CLAIMED, times=2)
    someone.agree(REDEEMED)
    notice = someone.tell()
    send(notice)
    assert someone.state(notice) == state
    assert someone.credit(CLAIMED) == (credit, False)
    assert someone.credit(REDEEMED) == (other_credit, False)


def test_nothing_is_locked_while_wechat_is_asked(
    someone: Correspondent, answering: Callable[..., Answering], parts: Parts
) -> None:
    """The claim stands committed, and the connection is back in the pool."""
    someone.agree(CLAIMED)
    notice = someone.tell()
    seen = []

    class Looking(Answering):
        def send_message(self, **options: Any) -> Sent:
            with parts.sessions() as other:
                seen.append(other.get_one(Message, notice).state)
            return super().send_message(**options)

    wechat: Any = Looking(Sent(SendOutcome.SENT))
    before = post_office()
    open_post_office(PostOffice(wechat, before.openid_of, before.resident_of))
    send(notice)
    assert seen == [MessageState.SENDING]


def test_a_message_about_to_leave_shows_no_address_in_a_log(someone: Correspondent, db: Session) -> None:
    someone.agree(CLAIMED)
    letter = messages.begin_sending(db, someone.tell(), now=datetime.now(UTC))
    assert letter is not None
    assert someone.openid == letter.openid
    assert someone.openid not in repr(letter)


def test_many_notices_without_agreements_cost_one_statement(
    correspondent: Callable[[], Correspondent], db: Session, parts: Parts
) -> None:
    people = [correspondent() for _ in range(3)]
    notices = [
        Notice(resident_id=person.id, kind=kind, values=VALUES, created_at=datetime.now(UTC))
        for person in people
        for kind in (CLAIMED, REDEEMED)
    ]
    db.add_all(notices)
    db.flush()
    ids = [notice.id for notice in notices]
    assert statements(parts, lambda: service.queue_messages(db, ids)) == 1
    people[0].agree(CLAIMED)
    people[1].agree(REDEEMED)
    assert statements(parts, lambda: service.queue_messages(db, ids)) == 1  # the job goes by another way
    db.commit()
    queued = {notice.id for notice in notices if people[0].message(notice.id)}
    assert queued == {notices[0].id, notices[3].id}
    assert [people[0].jobs_for(notice_id) for notice_id in queued] == [1, 1]


def test_no_notices_cost_nothing(db: Session, parts: Parts) -> None:
    assert statements(parts, lambda: service.queue_messages(db, [])) == 0


def test_a_notice_is_told_by_one_message_at_most(someone: Correspondent, db: Session) -> None:
    someone.agree(CLAIMED)
    notice = someone.tell()
    service.queue_messages(db, [notice])
    db.commit()
    assert someone.jobs_for(notice) == 1
    row = Message(
        notice_id=notice,
        resident_id=someone.id,
        template_id="T",
        state="queued",
        attempts=0,
        created_at=datetime.now(UTC),
        due_at=datetime.now(UTC),
    )
    db.expunge_all()
    db.add(row)
    with pytest.raises(IntegrityError):
        db.flush()
    db.rollback()


def statements(parts: Parts, work: Callable[[], None]) -> int:
    """How many statements the work sends through SQLAlchemy."""
    sent = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(parts.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(parts.engine, "before_cursor_execute", note)
    return len([statement for statement in sent if not statement.startswith(("SET", "SELECT set_config"))])
