"""A request sent again under its key gets the first answer and has one effect."""

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.core.scopes import act_as_owner
from backend.identity.queries import lock_resident
from backend.main import Parts
from backend.vouchers.models import Voucher
from backend.web import idempotency
from backend.web.application import Application
from backend.web.idempotency import forget_old_answers
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.crowd import same_phone
from tests.factories.journey import Visitor
from tests.factories.people import new_person
from tests.factories.tables import tables_holding
from tests.factories.trail import audit_actions

NewVisitor = Callable[[], Visitor]


@pytest.fixture
def resident(visitor: NewVisitor, db: Session) -> Visitor:
    resident = visitor()
    resident.become_scored(db)
    return resident


def was_replayed(answer: TestResponse) -> bool:
    return answer.headers.get("Idempotent-Replayed") == "true"


def count_vouchers(db: Session, resident: Visitor) -> int:
    mine = Voucher.resident_id == UUID(resident.tokens["resident"]["id"])
    return db.scalar(select(func.count()).select_from(Voucher).where(mine)) or 0


def test_the_same_request_again_gets_the_first_answer_and_no_second_effect(
    resident: Visitor, db: Session
) -> None:
    incentive = new_incentive(db, limit_times=5)
    first = resident.claim(incentive.id, key="claim-1")
    again = resident.claim(incentive.id, key="claim-1")
    assert (first.status_code, was_replayed(first)) == (201, False)
    assert (again.status_code, was_replayed(again)) == (201, True)
    assert (again.data, again.content_type) == (first.data, first.content_type)
    assert count_vouchers(db, resident) == 1
    assert audit_actions(db, "voucher", first.json["id"]) == ["voucher.issued"]


def test_without_a_key_or_under_another_each_request_has_its_effect(resident: Visitor, db: Session) -> None:
    incentive = new_incentive(db, limit_times=5)
    answers = [resident.claim(incentive.id, key=key) for key in (None, None, "one", "two")]
    assert [answer.status_code for answer in answers] == [201] * 4
    assert not any(was_replayed(answer) for answer in answers)
    assert count_vouchers(db, resident) == 4


def test_the_same_key_with_another_body_is_refused(resident: Visitor, db: Session) -> None:
    one, other = new_incentive(db), new_incentive(db)
    first = resident.claim(one.id, key="claim-1")
    refusal(resident.claim(other.id, key="claim-1"), 422, "idempotency.mismatch")
    assert resident.claim(one.id, key="claim-1").json == first.json
    assert count_vouchers(db, resident) == 1


def test_two_residents_may_use_the_same_key(resident: Visitor, visitor: NewVisitor, db: Session) -> None:
    incentive, other = new_incentive(db), visitor()
    other.become_scored(db)
    answers = [person.claim(incentive.id, key="claim-1") for person in (resident, other)]
    assert [(answer.status_code, was_replayed(answer)) for answer in answers] == [(201, False)] * 2
    assert answers[0].json["id"] != answers[1].json["id"]


def test_one_key_may_be_used_at_two_addresses(resident: Visitor, db: Session) -> None:
    incentive = new_incentive(db)
    body = {"incentive_id": str(incentive.id)}
    claimed = resident.post("/resident/vouchers", body, key="key-1")
    elsewhere = resident.post("/resident/score/what-if", {}, key="key-1")
    assert (claimed.status_code, elsewhere.status_code) == (201, 200)
    assert not was_replayed(elsewhere)


def test_one_key_may_be_used_for_two_methods(resident: Visitor, db: Session) -> None:
    voucher = resident.claim(new_incentive(db).id).json["id"]
    path = f"/resident/vouchers/{voucher}"
    gone = resident.call("DELETE", path, key="key-1")
    again = resident.call("DELETE", path, key="key-1")
    assert [(answer.status_code, was_replayed(answer)) for answer in (gone, again)] == [
        (204, False),
        (204, True),
    ]
    assert audit_actions(db, "voucher", voucher) == ["voucher.issued", "voucher.cancelled"]
    assert resident.call("GET", path, key="key-1").json["state"] == "cancelled"


def test_the_key_of_an_earlier_session_still_gets_the_first_answer(resident: Visitor, db: Session) -> None:
    incentive = new_incentive(db, limit_times=5)
    first = resident.claim(incentive.id, key="claim-1")
    resident.sign_in()
    assert resident.claim(incentive.id, key="claim-1").json == first.json


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_is_neither_empty_nor_endless(resident: Visitor, db: Session, key: str) -> None:
    refusal(resident.claim(new_incentive(db).id, key=key), 422, "idempotency.invalid_key")
    assert count_vouchers(db, resident) == 0


@pytest.mark.parametrize("key", ["k", "k" * 255])
def test_the_shortest_and_the_longest_key_are_good(resident: Visitor, db: Session, key: str) -> None:
    assert resident.claim(new_incentive(db).id, key=key).status_code == 201


def test_a_refusal_is_not_kept_but_judged_anew(resident: Visitor, visitor: NewVisitor, db: Session) -> None:
    incentive, faster = new_incentive(db, quota=1), visitor()
    faster.become_scored(db)
    held = faster.claim(incentive.id).json["id"]
    refusal(resident.claim(incentive.id, key="claim-1"), 409, "voucher.sold_out")
    faster.delete(f"/resident/vouchers/{held}")
    claimed = resident.claim(incentive.id, key="claim-1")
    assert (claimed.status_code, was_replayed(claimed)) == (201, False)


def test_a_wrongly_filled_form_does_not_use_the_key_up(resident: Visitor, db: Session) -> None:
    incentive = new_incentive(db)
    refusal(resident.post("/resident/vouchers", {}, key="claim-1"), 422, "request.invalid")
    assert resident.claim(incentive.id, key="claim-1").status_code == 201


def test_a_refusal_that_counts_is_not_kept_either(
    resident: Visitor, visitor: NewVisitor, db: Session
) -> None:
    shop, clerk = new_shop(db), visitor()
    clerk.become_clerk(db, shop)
    voucher = resident.claim(new_incentive(db, shops=[shop], needs_match=True).id).json["id"]
    ticket = resident.draw_ticket(voucher_id=voucher)
    wrong = "00" if ticket.match_number != "00" else "01"
    body = {"code": ticket.at(datetime.now(UTC)), "scan_id": "scan-1", "match": wrong}
    tries = [clerk.post("/merchant/redemptions", body, key="till-1") for _ in "12"]
    left = [refusal(answer, 423, "voucher.needs_match")["data"]["tries_left"] for answer in tries]
    assert left == [2, 1]
    right = clerk.post("/merchant/redemptions", body | {"match": ticket.match_number}, key="till-1")
    assert (right.status_code, was_replayed(right)) == (201, False)


def test_while_the_first_still_runs_the_second_is_told_so(
    resident: Visitor, app: Application, db: Session, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "WAIT_FOR_FIRST", "100ms")
    # Reminders: the first request waits for the resident's row, which this session holds.
    consents = resident.get("/resident/consents").json["items"]
    version = next(item["version"] for item in consents if item["purpose"] == "reminders")
    body = {"purpose": "reminders", "version": version}
    lock_resident(db, UUID(resident.tokens["resident"]["id"]))

    other_phone = same_phone(resident, app)
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(other_phone.post, "/resident/consents", body, key="agree-1")
        wait_until_the_first_waits(parts)
        refusal(resident.post("/resident/consents", body, key="agree-1"), 409, "idempotency.in_progress")
        db.rollback()
        assert first.result(timeout=10).status_code == 200
    assert was_replayed(resident.post("/resident/consents", body, key="agree-1"))


def wait_until_the_first_waits(parts: Parts) -> None:
    """By then it holds the key, and lacks the resident's row."""
    waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    deadline = datetime.now(UTC) + timedelta(seconds=5)
    while True:
        with parts.sessions() as db:
            act_as_owner(db)  # others see no more of a connection than that it is there
            if db.execute(text(waiting)).first() is not None:
                return
        assert datetime.now(UTC) < deadline, "the first request never came to wait"


def test_a_kept_answer_and_its_request_are_unreadable_in_the_table(visitor: NewVisitor, db: Session) -> None:
    resident, person = visitor(), new_person(name="诸葛小明")
    resident.sign_in()
    said = {"name": person.name, "id_number": person.id_number, "proof": {"provider": "sandbox"}}
    body, headers = json.dumps(said).encode(), {"Content-Type": "application/json"}
    answers = [
        resident.call("POST", "/resident/identity", key="bind-1", data=body, headers=headers) for _ in "12"
    ]
    assert [(answer.status_code, was_replayed(answer)) for answer in answers] == [(200, False), (200, True)]
    assert "诸**明" in answers[1].text
    assert tables_holding(db, "诸**明") == []
    assert tables_holding(db, person.id_number) == []
    plain_hash = hashlib.sha256(body).hexdigest()
    assert tables_holding(db, plain_hash) == [], "whoever has the table could try all ID numbers"


def test_answers_are_forgotten_after_seven_days(resident: Visitor, db: Session) -> None:
    incentive = new_incentive(db, limit_times=5)
    first = resident.claim(incentive.id, key="claim-1").json["id"]
    now = datetime.now(UTC)
    for days, expected in ((timedelta(days=7, minutes=-1), True), (timedelta(days=7, minutes=1), False)):
        forget_old_answers(db, now=now + days)
        db.commit()
        again = resident.claim(incentive.id, key="claim-1")
        assert (was_replayed(again), again.json["id"] == first) == (expected, expected)
