"""My inbox: what happened to me, in sentences, until I have read it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from string import Formatter
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock
from backend.notices.models import NoticeKind
from backend.notices.service import notify
from backend.notices.texts import SENTENCES, title_and_body
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.journey import Visitor

NewVisitor = Callable[[], Visitor]


@pytest.fixture
def resident(visitor: NewVisitor, db: Session) -> Visitor:
    resident = visitor()
    resident.become_scored(db)
    return resident


def test_a_journey_is_told_in_order_newest_first(resident: Visitor, visitor: NewVisitor, db: Session) -> None:
    shop, clerk = new_shop(db, name="磁湖书店"), visitor()
    incentive = new_incentive(db, shops=[shop], title="借书免押金", limit_times=5)
    clerk.become_clerk(db, shop)
    voucher = resident.claim(incentive.id).json["id"]
    redemption = clerk.redeem(resident.show(voucher_id=voucher)).json["id"]
    clerk.post(f"/merchant/redemptions/{redemption}/reversal", {"reason": "扫错了"})
    resident.delete(f"/resident/vouchers/{voucher}")
    resident.delete("/resident/consents/scoring")

    inbox = resident.get("/resident/notices").json
    assert [item["kind"] for item in inbox["items"]] == [
        "consent_withdrawn",
        "voucher_given_back",
        "voucher_reversed",
        "voucher_redeemed",
        "voucher_claimed",
        "score_ready",
        "identity_bound",
    ]
    assert inbox["unread"] == 7
    told = {item["kind"]: item["body"] for item in inbox["items"]}
    assert told["voucher_redeemed"] == "“借书免押金”已在磁湖书店使用。若不是您本人使用，请联系信用办。"
    for item in inbox["items"]:
        assert item["title"]
        assert "{" not in item["body"]


def test_reading_a_notice_is_remembered_with_the_first_time(resident: Visitor, clock: ShiftedClock) -> None:
    notice = resident.get("/resident/notices").json["items"][0]
    assert notice["read_at"] is None
    first = resident.post(f"/resident/notices/{notice['id']}/read")
    assert first.status_code == 200
    assert first.json["read_at"]
    clock.ahead = timedelta(minutes=5)
    assert resident.post(f"/resident/notices/{notice['id']}/read").json == first.json
    inbox = resident.get("/resident/notices").json
    assert (inbox["unread"], inbox["items"][0]) == (1, first.json)


def test_a_notice_that_is_not_there_is_not_found(resident: Visitor) -> None:
    refusal(resident.post(f"/resident/notices/{uuid4()}/read"), 404, "not_found")


def test_a_neighbours_notice_is_neither_shown_nor_read(resident: Visitor, visitor: NewVisitor) -> None:
    neighbour = visitor()
    neighbour.sign_in()
    assert neighbour.get("/resident/notices").json == {"items": [], "next_cursor": None, "unread": 0}
    notice = resident.get("/resident/notices").json["items"][0]
    refusal(neighbour.post(f"/resident/notices/{notice['id']}/read"), 404, "not_found")
    assert resident.get("/resident/notices").json["unread"] == 2


def test_every_kind_of_notice_has_its_sentence() -> None:
    assert set(SENTENCES) == set(NoticeKind)


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_every_sentence_can_be_told_with_its_values(resident: Visitor, db: Session, kind: NoticeKind) -> None:
    fields = {field for _text, field, _spec, _how in Formatter().parse(SENTENCES[kind][1]) if field}
    assert fields <= {"offer", "until", "shop", "title"}
    values = {name: f"«{name}»" for name in fields}
    notify(db, UUID(resident.tokens["resident"]["id"]), kind, now=datetime.now(UTC), **values)
    db.commit()
    newest = resident.get("/resident/notices", limit=1).json["items"][0]
    assert (newest["kind"], newest["title"]) == (kind, SENTENCES[kind][0])
    assert all(value in newest["body"] for value in values.values())


def test_a_name_with_braces_is_told_as_it_is() -> None:
    _title, body = title_and_body("voucher_given_back", {"offer": "{0} {shop} 打折"})
    assert "“{0} {shop} 打折”" in body
