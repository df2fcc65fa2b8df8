"""Why there is no score: a reason each, and none of them lasts longer than it must."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock
from backend.core.encryption import blind_index
from backend.scoring import jobs
from backend.scoring.models import CreditRecord, HeldRecord, HeldResidence, Residence, Score, ScoreMonth
from backend.scoring.service import SUBJECT_COLUMN
from tests.backend.scoring.conftest import NewScored, today
from tests.factories.answers import refusal
from tests.factories.journey import Visitor
from tests.factories.people import new_person
from tests.factories.records import hold_record, hold_residence
from tests.factories.trail import audit_actions, count_rows

NewVisitor = Callable[[], Visitor]
REFUSED = [
    ("GET", "/resident/score"),
    ("GET", "/resident/score/ways"),
    ("POST", "/resident/score/what-if"),
]


def test_each_step_to_a_score_has_its_reason(db: Session, visitor: NewVisitor) -> None:
    resident, person = visitor(), new_person()
    resident.sign_in()
    _assert_no_score(resident, "identity.not_bound")
    resident.bind(person)
    _assert_no_score(resident, "score.not_authorised")
    resident.consent()
    _assert_no_score(resident, "score.no_residence")
    assert count_rows(db, Score, resident_id=_id_of(resident)) == 0

    other, other_person = visitor(), new_person()
    other.become_scored(db, other_person)
    assert other.get("/resident/score").status_code == 200


def test_data_on_its_way_has_a_day_and_on_that_day_there_is_a_score(
    db: Session, clock: ShiftedClock, visitor: NewVisitor
) -> None:
    resident, person = visitor(), new_person()
    expected_on = today() + timedelta(days=3)
    hold_residence(db, person.id_number, expected_on=expected_on)
    for step in (resident.sign_in, lambda: resident.bind(person), resident.consent):
        assert step().status_code == 200
    for days in (0, 2):
        clock.ahead = timedelta(days=days)
        resident.sign_in()
        pending = refusal(resident.get("/resident/score"), 409, "score.data_pending")
        assert pending["data"] == {"expected_on": str(expected_on)}

    clock.ahead = timedelta(days=3)
    resident.sign_in()
    assert resident.get("/resident/score").json["as_of"] == str(expected_on)
    jobs.refresh_outdated(timestamp=0)
    assert count_rows(db, Score, resident_id=_id_of(resident), as_of=expected_on) == 1
    assert len(resident.get("/resident/score/history").json["items"]) == 1
    told = [notice["kind"] for notice in resident.get("/resident/notices").json["items"]]
    assert told.count("score_ready") == 1


def test_with_the_consent_score_and_history_go_and_the_records_stay(
    db: Session, new_scored: NewScored
) -> None:
    scored = new_scored(("blood-donation", 10, 1))
    resident, resident_id = scored.visitor, _id_of(scored.visitor)
    before = scored.page()
    assert resident.delete("/resident/consents/scoring").status_code == 204
    _assert_no_score(resident, "score.not_authorised")
    assert [count_rows(db, table, resident_id=resident_id) for table in (Score, ScoreMonth)] == [0, 0]
    assert count_rows(db, CreditRecord, resident_id=resident_id) == 1
    assert audit_actions(db, "resident", resident_id)[-2:] == ["consent.withdrawn", "score.deleted"]
    jobs.rescore(resident_id=str(resident_id))
    assert count_rows(db, Score, resident_id=resident_id) == 0

    assert resident.consent().status_code == 200
    assert scored.page() == before


def test_records_that_waited_are_attached_when_their_person_binds_and_once_only(
    db: Session, visitor: NewVisitor
) -> None:
    person, other = new_person(), new_person()
    hold_residence(db, person.id_number)
    for id_number, count in ((person.id_number, 3), (other.id_number, 1)):
        for days in range(count):
            hold_record(
                db, id_number, "blood-donation", occurred_on=today() - timedelta(days=days), quantity=days + 1
            )
    first, second = visitor(), visitor()
    first.sign_in()
    second.sign_in()
    assert [first.bind(person).status_code for _ in range(2)] == [200, 200]
    refusal(second.bind(person), 409, "identity.bound_elsewhere")

    attached = db.query(CreditRecord).filter_by(resident_id=_id_of(first)).all()
    assert sorted(record.quantity for record in attached) == [1, 2, 3]
    assert count_rows(db, Residence, resident_id=_id_of(first)) == 1
    assert count_rows(db, CreditRecord, resident_id=_id_of(second)) == 0
    assert _waiting(db, person.id_number) == 0
    assert _waiting(db, other.id_number) == 1


def test_a_score_is_nobody_elses(db: Session, new_scored: NewScored, visitor: NewVisitor) -> None:
    new_scored(("blood-donation", 10, 1))
    for method, path in REFUSED:
        refusal(visitor().call(method, path, json={}), 401, "session.required")


def _assert_no_score(resident: Visitor, code: str) -> None:
    for method, path in REFUSED:
        answer = resident.call(method, path, **({"json": {}} if method == "POST" else {}))
        refusal(answer, 409, code)
    assert resident.get("/resident/score/history").json["items"] == []


def _waiting(db: Session, id_number: str) -> int:
    subject = blind_index(SUBJECT_COLUMN, id_number)
    return sum(count_rows(db, table, subject_index=subject) for table in (HeldRecord, HeldResidence))


def _id_of(resident: Visitor) -> UUID:
    return UUID(resident.tokens["resident"]["id"])
