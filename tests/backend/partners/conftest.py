"""Applicants, and the office that decides about them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.accounts import jobs as accounts_jobs
from backend.accounts.models import Account, StaffInvitation
from backend.config import Settings
from backend.core.clock import ShiftedClock
from backend.core.encryption import blind_index
from backend.partners import jobs
from backend.partners.models import UnitApplication
from backend.web.application import Application
from tests.factories.console import PASSWORD, Colleague, seat
from tests.factories.mail import letters_to, link_in
from tests.factories.units import filled_in, new_document


@dataclass
class Applicant(Colleague):
    """Somebody who applies for a unit, by the link from the letter, and later manages it."""

    mail: Path = field(kw_only=True)
    token: str = ""
    form: dict[str, Any] = field(default_factory=filled_in)

    def ask_for_link(self) -> TestResponse:
        return self.post("/public/unit-applications", {"email": self.email, "contact": self.name})

    def open_letter(self, db: Session) -> str:
        """The application's letter is sent and read; gives its subject."""
        application = self.application(db)
        jobs.send_application_link.func(application_id=str(application.id))
        letter = letters_to(self.mail, self.email)[-1]
        page, self.token = link_in(letter)
        assert page == "application"
        return str(letter["Subject"])

    def application(self, db: Session) -> UnitApplication:
        db.rollback()
        index = blind_index("unit_applications.email", self.email)
        found = db.scalars(select(UnitApplication).where(UnitApplication.email_index == index)).one()
        db.refresh(found)
        return found

    def look(self) -> TestResponse:
        return self.post("/public/unit-applications/look", {"token": self.token})

    def keep(self, **changed: Any) -> TestResponse:
        self.form |= changed
        return self.put("/public/unit-applications/draft", {"token": self.token, **self.form})

    def submit(self, **changed: Any) -> TestResponse:
        self.form |= changed
        return self.post("/public/unit-applications/submission", {"token": self.token, **self.form})

    def join(self, db: Session, unit_id: UUID) -> None:
        """Accept the invitation that follows the approval."""
        db.rollback()
        query = select(StaffInvitation.id).where(StaffInvitation.unit_id == unit_id)
        accounts_jobs.send_invitation.func(invitation_id=str(db.scalars(query).one()))
        page, token = link_in(letters_to(self.mail, self.email)[-1])
        assert page == "invitation"
        body = {"token": token, "name": self.name, "password": self.password}
        accepted = self.post("/console/invitations/accept", body)
        assert accepted.status_code == 200, accepted.text

    def sign(self, **other: Any) -> TestResponse:
        version = self.get("/public/membership").json["commitment"]["version"]  # type: ignore[index]
        body = {"version": version, "signer_name": "秦岚", "signer_position": "总经理", "password": PASSWORD}
        return self.post("/partner/unit/commitment", {**body, **other})


@pytest.fixture
def new_applicant(app: Application, settings: Settings, clock: ShiftedClock) -> Callable[[], Applicant]:
    return lambda: Applicant(app, clock, mail=settings.data_dir / "mail")


@pytest.fixture
def empty_handed(new_applicant: Callable[[], Applicant], db: Session) -> Applicant:
    """Somebody who has opened the link of a new application."""
    somebody = new_applicant()
    assert somebody.ask_for_link().status_code == 202
    somebody.open_letter(db)
    return somebody


@pytest.fixture
def applicant(empty_handed: Applicant, db: Session) -> Applicant:
    """Somebody who has also uploaded the licence."""
    new_document(db, empty_handed.application(db))
    return empty_handed


@pytest.fixture
def reviewer(app: Application, db: Session) -> Colleague:
    return seat(db, app, "reviewer")


def decide(reviewer: Colleague, application_id: object, decision: str, **body: Any) -> TestResponse:
    return reviewer.post(f"/office/unit-applications/{application_id}/{decision}", {"version": 1, **body})


@pytest.fixture
def unit(applicant: Applicant, reviewer: Colleague, db: Session) -> Applicant:
    """Who manages a unit that has just been approved."""
    assert applicant.submit().status_code == 200
    application = applicant.application(db)
    approved = decide(reviewer, application.id, "approval")
    assert approved.status_code == 200, approved.text
    applicant.join(db, UUID(approved.json["unit_id"]))  # type: ignore[index]
    return applicant


def days_later(days: int, *people: Colleague, clock: ShiftedClock, db: Session) -> None:
    """So many days from now; who is named has signed in again by then."""
    clock.ahead = timedelta(days=days)
    for person in people:
        person.clock = clock
        person.sit_down(db, db.get_one(Account, person.id))
