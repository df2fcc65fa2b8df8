"""Applications that nobody touches go; who has left may apply anew."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock
from backend.partners import jobs
from backend.partners.models import Unit, UnitApplication, UnitDocument, UnitReview
from backend.web.application import Application
from tests.backend.partners.conftest import Applicant, decide
from tests.factories.answers import refusal
from tests.factories.console import Colleague, seat
from tests.factories.units import new_document


def forget() -> None:
    jobs.forget_untouched_applications.func(timestamp=0)


def test_what_was_returned_and_left_alone_goes_with_reviews_and_documents(
    applicant: Applicant, reviewer: Colleague, clock: ShiftedClock, db: Session
) -> None:
    applicant.submit()
    application_id = applicant.application(db).id
    clock.ahead = timedelta(days=200)
    forget()
    assert applicant.application(db).id == application_id, "it waits for the office, however long"
    clock.ahead = timedelta()
    decide(reviewer, application_id, "return", reasons={"answers.plan": "请写明名额"})
    clock.ahead = timedelta(days=179)
    forget()
    assert applicant.application(db).id == application_id
    clock.ahead = timedelta(days=181)
    forget()
    db.rollback()
    for table in (UnitDocument, UnitReview):
        rows = select(func.count()).where(table.application_id == application_id)
        assert db.scalar(rows) == 0, table
    assert db.get(UnitApplication, application_id, populate_existing=True) is None


def test_what_was_decided_stays(applicant: Applicant, reviewer: Colleague, db: Session) -> None:
    applicant.submit()
    application_id = applicant.application(db).id
    decide(reviewer, application_id, "return", reasons={"answers.plan": "请写明名额"})
    with pytest.raises(IntegrityError, match="goes with its application"):
        db.execute(delete(UnitReview).where(UnitReview.application_id == application_id))
    db.rollback()
    applicant.submit()
    with pytest.raises(IntegrityError, match="stays"):
        db.execute(delete(UnitApplication).where(UnitApplication.id == application_id))
    db.rollback()


def test_a_unit_that_has_left_may_apply_anew_by_another_address(
    unit: Applicant, app: Application, db: Session
) -> None:
    code = unit.form["unified_code"]
    old = db.scalars(select(Unit).where(Unit.unified_code == code)).one()
    manager = seat(db, app, "programme_manager")
    other = Applicant(app, mail=unit.mail)
    other.ask_for_link()
    other.open_letter(db)
    new_document(db, other.application(db))
    refusal(other.submit(unified_code=code), 409, "application.already_member")
    assert manager.post(f"/office/units/{old.id}/closing", {"reason": "停业"}).status_code == 200
    assert other.submit(unified_code=code).status_code == 200
    approved = decide(seat(db, app, "reviewer"), other.application(db).id, "approval")
    assert UUID(approved.json["unit_id"]) != old.id  # type: ignore[index]
