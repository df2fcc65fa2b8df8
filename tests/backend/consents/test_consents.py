"""Agreeing and declining, purpose by purpose, to a named version of a text."""

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.consents.models import Consent, ConsentEvent
from backend.main import Parts
from backend.notices.models import Notice
from tests.factories.answers import refusal
from tests.factories.journey import Visitor
from tests.factories.people import new_person
from tests.factories.records import hold_residence
from tests.factories.trail import audit_actions

NewVisitor = Callable[[], Visitor]


@pytest.fixture
def resident(visitor: NewVisitor, db: Session) -> Visitor:
    """Bound and resident in the city, who has decided nothing yet."""
    resident, person = visitor(), new_person()
    hold_residence(db, person.id_number)
    resident.sign_in()
    assert resident.bind(person).status_code == 200
    return resident


def id_of(resident: Visitor) -> UUID:
    return UUID(resident.tokens["resident"]["id"])


def consent(resident: Visitor, purpose: str) -> dict[str, Any]:
    """My decision as the list shows it."""
    items: list[dict[str, Any]] = resident.get("/resident/consents").json["items"]
    return next(item for item in items if item["purpose"] == purpose)


def decide(
    resident: Visitor, purpose: str, decision: str | None = None, version: str | None = None
) -> TestResponse:
    body = {"purpose": purpose, "version": version or consent(resident, purpose)["version"]}
    return resident.post("/resident/consents", body | ({"decision": decision} if decision else {}))


def ledger(db: Session, resident: Visitor) -> list[tuple[str, str]]:
    rows = db.scalars(select(ConsentEvent).where(ConsentEvent.resident_id == id_of(resident)))
    return [(row.purpose, row.decision) for row in sorted(rows, key=lambda row: row.id)]


def consent_audit(db: Session, resident: Visitor) -> list[str]:
    actions = audit_actions(db, "resident", id_of(resident))
    return [action for action in actions if action.startswith("consent.")]


def test_scoring_stands_first_and_nothing_is_decided_beforehand(resident: Visitor) -> None:
    items = resident.get("/resident/consents").json["items"]
    assert [item["purpose"] for item in items] == ["scoring", "reminders"]
    for item in items:
        assert (
            item["given_at"] is item["given_version"] is item["declined_at"] is item["withdrawn_at"] is None
        )
        assert item["title"]
        assert item["required_for"]
        assert item["withdrawal"]
        assert hashlib.sha256(item["text"].encode()).hexdigest() == item["text_sha256"]


def test_the_texts_can_be_read_before_an_identity_is_bound(visitor: NewVisitor) -> None:
    stranger = visitor()
    stranger.sign_in()
    assert len(stranger.get("/resident/consents").json["items"]) == 2


def test_agreeing_is_recorded_with_the_very_text(resident: Visitor, db: Session) -> None:
    text = consent(resident, "scoring")
    answer = decide(resident, "scoring")
    assert answer.status_code == 200
    given = consent(resident, "scoring")
    assert given["given_at"]
    assert given["given_version"] == text["version"]
    assert given["declined_at"] is given["withdrawn_at"] is None
    assert answer.json["items"][0] == given
    event = db.scalars(select(ConsentEvent).where(ConsentEvent.resident_id == id_of(resident))).one()
    assert (event.version, event.text_sha256) == (text["version"], text["text_sha256"])
    assert (event.decision, event.channel) == ("given", "resident")
    assert consent_audit(db, resident) == ["consent.given"]


def test_no_score_exists_before_agreeing_and_one_right_after(resident: Visitor, db: Session) -> None:
    refusal(resident.get("/resident/score"), 409, "score.not_authorised")
    decide(resident, "scoring")
    assert resident.get("/resident/score").json["score_milli"] > 0
    kinds = db.scalars(select(Notice.kind).where(Notice.resident_id == id_of(resident))).all()
    assert sorted(kinds) == ["identity_bound", "score_ready"]


def test_agreeing_to_one_purpose_says_nothing_about_another(resident: Visitor) -> None:
    decide(resident, "reminders")
    assert consent(resident, "scoring")["given_at"] is None
    refusal(resident.get("/resident/score"), 409, "score.not_authorised")


def test_agreeing_twice_is_one_event(resident: Visitor, db: Session) -> None:
    first = decide(resident, "scoring")
    again = decide(resident, "scoring")
    assert (again.status_code, again.json) == (200, first.json)
    assert ledger(db, resident) == [("scoring", "given")]
    assert consent_audit(db, resident) == ["consent.given"]


@pytest.mark.parametrize("decision", ["given", "declined"])
@pytest.mark.parametrize("version", ["2025-06", "2099-01", "x"])
def test_only_the_version_in_force_can_be_decided_on(
    resident: Visitor, db: Session, decision: str, version: str
) -> None:
    body = refusal(decide(resident, "scoring", decision, version), 409, "consent.outdated_version")
    assert body["data"] == {"current_version": consent(resident, "scoring")["version"]}
    assert ledger(db, resident) == []
    assert consent(resident, "scoring")["given_at"] is None


def test_an_agreement_to_an_older_text_stands_and_says_so(resident: Visitor, db: Session) -> None:
    decide(resident, "scoring")
    row = db.get_one(Consent, (id_of(resident), "scoring"))
    row.version = "2025-06"
    db.commit()
    shown = consent(resident, "scoring")
    assert (shown["given_version"], shown["version"]) == ("2025-06", "2026-01")
    assert shown["given_at"]
    assert resident.get("/resident/score").status_code == 200
    decide(resident, "scoring")
    assert consent(resident, "scoring")["given_version"] == "2026-01"
    assert len(ledger(db, resident)) == 2, "agreeing to the new text is an event of its own"


def test_declining_is_remembered_so_that_nobody_asks_again(resident: Visitor, db: Session) -> None:
    assert decide(resident, "scoring", "declined").status_code == 200
    shown = consent(resident, "scoring")
    assert shown["declined_at"]
    assert shown["given_at"] is shown["given_version"] is shown["withdrawn_at"] is None
    refusal(resident.get("/resident/score"), 409, "score.not_authorised")
    assert ledger(db, resident) == [("scoring", "declined")]
    assert consent_audit(db, resident) == ["consent.declined"]


def test_whoever_declined_may_come_back_to_it(resident: Visitor, db: Session) -> None:
    decide(resident, "scoring", "declined")
    decide(resident, "scoring")
    shown = consent(resident, "scoring")
    assert shown["given_at"]
    assert shown["declined_at"] is None
    assert ledger(db, resident) == [("scoring", "declined"), ("scoring", "given")]


def test_declining_what_was_given_withdraws_it(resident: Visitor, db: Session) -> None:
    decide(resident, "scoring")
    decide(resident, "scoring", "declined")
    assert consent(resident, "scoring")["withdrawn_at"]
    refusal(resident.get("/resident/score"), 409, "score.not_authorised")
    assert ledger(db, resident) == [("scoring", "given"), ("scoring", "withdrawn")]


@pytest.mark.parametrize("decision", ["given", "declined"])
def test_only_a_proven_person_decides(visitor: NewVisitor, db: Session, decision: str) -> None:
    stranger = visitor()
    stranger.sign_in()
    refusal(decide(stranger, "scoring", decision), 409, "identity.not_bound")
    assert ledger(db, stranger) == []


def test_a_purpose_that_the_city_does_not_have_is_not_found(resident: Visitor) -> None:
    refusal(decide(resident, "marketing", version="2026-01"), 404, "not_found")
    refusal(resident.get("/resident/consents/marketing/effects"), 404, "not_found")
    refusal(resident.delete("/resident/consents/marketing"), 404, "not_found")


@pytest.mark.parametrize("decision", ["withdrawn", "maybe", "", 1])
def test_a_decision_is_yes_or_no(resident: Visitor, db: Session, decision: object) -> None:
    body = {"purpose": "scoring", "version": "2026-01", "decision": decision}
    answer = resident.post("/resident/consents", body)
    assert set(refusal(answer, 422, "request.invalid")["errors"]) == {"decision"}
    assert ledger(db, resident) == []


def test_nothing_is_agreed_to_by_leaving_the_form_empty(resident: Visitor, db: Session) -> None:
    errors = refusal(resident.post("/resident/consents", {}), 422, "request.invalid")["errors"]
    assert set(errors) == {"purpose", "version"}
    assert ledger(db, resident) == []


def test_the_texts_are_those_of_the_city(resident: Visitor, parts: Parts) -> None:
    for item in resident.get("/resident/consents").json["items"]:
        newest = parts.city.consents[item["purpose"]][-1]
        assert (item["version"], item["text"]) == (newest.version, newest.text)
