"""The yearly re-check: confirmed as it was, changed and reviewed, returned, overdue."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.city.membership_files import RECHECK
from backend.core.clock import ShiftedClock, day_in_china
from backend.core.console import ConsoleAddress
from backend.partners import jobs
from backend.partners.models import Commitment, UnitDuty, UnitRecheck
from backend.web.application import Application
from tests.backend.partners.conftest import Applicant, days_later
from tests.factories.answers import refusal
from tests.factories.authenticator import Authenticator
from tests.factories.catalogue import new_shop
from tests.factories.console import PASSWORD, Colleague, new_colleague, seat
from tests.factories.trail import audit_actions
from tests.factories.units import new_recheck

PATH = "/partner/unit/recheck"


def page(unit: Applicant) -> dict[str, Any]:
    shown: dict[str, Any] = unit.get(PATH).json  # type: ignore[assignment]
    return shown


def submit(unit: Applicant, **changed: Any) -> TestResponse:
    """Confirm what stands there, but for what is said to have changed."""
    shown = page(unit)
    answers = {**shown["facts"]["answers"], "kept": "兑现 620 次", **changed.pop("answers", {})}
    signature = {
        "version": shown["commitment"]["version"],
        "signer_name": "秦岚",
        "signer_position": "总经理",
    }
    facts = {**shown["facts"], **changed, "answers": answers}
    return unit.post(PATH, {**signature, "password": PASSWORD, "facts": facts})


def unit_of(reviewer: Colleague, unit: Applicant) -> dict[str, Any]:
    unit_id = unit.get("/partner/unit").json["id"]  # type: ignore[index]
    found: dict[str, Any] = reviewer.get(f"/office/units/{unit_id}").json  # type: ignore[assignment]
    return found


@pytest.fixture
def member(unit: Applicant, db: Session) -> Applicant:
    """Who manages a unit that has just signed."""
    assert unit.sign().status_code == 201
    return unit


def test_a_year_later_a_unit_confirms_that_all_is_as_it_was(
    member: Applicant, reviewer: Colleague, clock: ShiftedClock, db: Session
) -> None:
    signed_on = day_in_china(clock.now())
    assert page(member)["duty"]["due_on"] == (signed_on + timedelta(days=365)).isoformat()
    assert page(member)["duty"]["state"] == "later"
    refusal(submit(member), 409, "recheck.not_due")
    days_later(336, member, reviewer, clock=clock, db=db)
    first = member.get("/partner/unit").json["commitment"]["id"]  # type: ignore[index]
    assert page(member)["duty"]["state"] == "open"
    missing = refusal(submit(member, answers={"kept": ""}, phone=None), 422, "recheck.incomplete")
    assert set(missing["errors"]) == {"phone", "answers.kept"}

    done: Any = submit(member)
    assert (done.status_code, done.json["state"], done.json["changed"]) == (201, "accepted", []), done.text
    own: Any = member.get("/partner/unit").json
    assert own["commitment"]["id"] != first, "signed anew, also the same text"
    assert db.get_one(Commitment, UUID(first)).ended_at is not None
    again = next(each for each in own["duties"] if each["what"] == RECHECK and each["state"] == "later")
    assert again["due_on"] == (signed_on + timedelta(days=336 + 365)).isoformat()
    refusal(submit(member), 409, "recheck.not_due")
    assert audit_actions(db, "unit_recheck", done.json["id"]) == [
        "unit_recheck.submitted",
        "unit_recheck.accepted",
    ]


def test_what_has_changed_goes_to_the_office_and_counts_when_it_is_accepted(
    member: Applicant, reviewer: Colleague, clock: ShiftedClock, db: Session
) -> None:
    days_later(350, member, reviewer, clock=clock, db=db)
    before = member.form["unit_name"]
    sent: Any = submit(member, unit_name=f"{before}新名", phone="0714-1112222").json
    assert (sent["state"], sent["changed"]) == ("submitted", ["unit_name", "phone"])
    assert unit_of(reviewer, member)["name"] == before
    waiting: Any = reviewer.get("/office/units", q=before, recheck="submitted").json
    assert [row["name"] for row in waiting["items"]] == [before]

    returned = {"reasons": {"phone": "打不通"}}
    path = f"/office/unit-rechecks/{sent['id']}"
    assert reviewer.post(f"{path}/return", returned).status_code == 200
    refusal(reviewer.post(f"{path}/acceptance"), 409, "recheck.decided")
    shown = page(member)
    assert (shown["last"]["reasons"], shown["duty"]["state"]) == ({"phone": "打不通"}, "open")
    second: Any = submit(member, unit_name=f"{before}新名", phone="0714-3334444").json
    accepted = reviewer.post(f"/office/unit-rechecks/{second['id']}/acceptance")
    assert accepted.json["state"] == "accepted", accepted.text  # type: ignore[index]
    now: Any = unit_of(reviewer, member)
    assert (now["name"], now["facts"]["phone"]) == (f"{before}新名", "0714-3334444")
    own: Any = member.get("/partner/unit").json
    assert own["to_sign"] is not None, "the commitment names the unit as it was called before"
    assert member.sign().status_code == 201
    assert member.get("/partner/unit").json["to_sign"] is None  # type: ignore[index]
    assert audit_actions(db, "unit_recheck", sent["id"]) == [
        "unit_recheck.submitted",
        "unit_recheck.returned",
    ]


def test_what_is_returned_late_leaves_time_to_mend(
    member: Applicant, reviewer: Colleague, clock: ShiftedClock, db: Session
) -> None:
    days_later(365, member, reviewer, clock=clock, db=db)
    sent: Any = submit(member, contact="新联系人").json
    reviewer.post(f"/office/unit-rechecks/{sent['id']}/return", {"reasons": {"contact": "写全名"}})
    assert page(member)["duty"]["due_on"] == (day_in_china(clock.now()) + timedelta(days=14)).isoformat()


def test_a_re_check_that_is_overdue_is_listed_and_a_suspended_unit_may_still_do_it(
    member: Applicant, app: Application, clock: ShiftedClock, db: Session
) -> None:
    manager = seat(db, app, "programme_manager")
    days_later(366, member, manager, clock=clock, db=db)
    assert page(member)["duty"]["state"] == "overdue"
    listed: Any = manager.get("/office/units", q=member.form["unit_name"], overdue="recheck").json
    (row,) = listed["items"]
    assert "年审" in row["overdue"]
    assert manager.post(f"/office/units/{row['id']}/suspension", {"reason": "逾期未年审"}).status_code == 200
    assert submit(member).json["state"] == "accepted"  # type: ignore[index]
    assert manager.delete(f"/office/units/{row['id']}/suspension").json["state"] == "active"  # type: ignore[index]


def test_units_that_signed_before_there_were_re_checks_get_one(
    member: Applicant, clock: ShiftedClock, db: Session
) -> None:
    unit_id = UUID(member.get("/partner/unit").json["id"])  # type: ignore[index]
    mine = (UnitDuty.unit_id == unit_id, UnitDuty.what == RECHECK)
    db.execute(update(UnitDuty).where(*mine).values(what="gone"))
    db.commit()
    for _ in range(2):
        jobs.remind_units.func(timestamp=0)
    db.rollback()
    assert len(db.scalars(select(UnitDuty).where(*mine)).all()) == 1


def test_the_database_takes_no_change_that_nobody_has_accepted(db: Session, app: Application) -> None:
    unit_id = new_shop(db).unit_id
    writer = seat(db, app, "unit_manager", unit_id=unit_id)
    recheck = new_recheck(db, unit_id, submitted_by=writer.id)
    accepted = update(UnitRecheck).where(UnitRecheck.id == recheck.id)
    with pytest.raises(IntegrityError, match="ck_unit_rechecks_change_decided"):
        db.execute(accepted.values(state="accepted", decided_at=recheck.submitted_at))
    db.rollback()


def test_who_has_a_second_factor_shows_it_to_sign(app: Application, db: Session) -> None:
    unit_id = new_shop(db).unit_id
    person = new_colleague(db, app, "unit_manager", unit_id=unit_id)
    person.enrol()
    version = person.get("/public/membership").json["commitment"]["version"]  # type: ignore[index]
    body = {"version": version, "signer_name": "秦岚", "signer_position": "总经理", "password": PASSWORD}
    for code in ({}, {"code": "000000"}):
        assert set(
            refusal(person.post("/partner/unit/commitment", body | code), 422, "console.wrong_code")["errors"]
        ) == {"code"}
    signed = person.post("/partner/unit/commitment", body | {"code": person.recovery_codes.pop()})
    assert signed.status_code == 201, signed.text


def test_who_has_a_passkey_signs_with_it(app: Application, db: Session) -> None:
    unit_id = new_shop(db).unit_id
    person, stranger = (new_colleague(db, app, "unit_manager", unit_id=unit_id) for _ in range(2))
    mine, theirs = _with_passkey(app, person), _with_passkey(app, stranger)
    version = person.get("/public/membership").json["commitment"]["version"]  # type: ignore[index]
    body = {"version": version, "signer_name": "秦岚", "signer_position": "总经理", "password": PASSWORD}
    asked = _asked(person)
    of_another = body | {"credential": theirs.get(asked)}
    refusal(person.post("/partner/unit/commitment", of_another), 422, "console.passkey_refused")
    asked_of_another = body | {"credential": mine.get(_asked(stranger))}
    refusal(person.post("/partner/unit/commitment", asked_of_another), 422, "console.passkey_refused")
    wrong = body | {"credential": mine.get(asked), "password": "wrong-password-1"}
    refusal(person.post("/partner/unit/commitment", wrong), 422, "console.wrong_password")
    answer = {"credential": mine.get(_asked(person))}
    signed = person.post("/partner/unit/commitment", body | answer)
    assert signed.status_code == 201, signed.text
    refusal(person.post("/partner/unit/commitment", body | answer), 422, "console.passkey_refused")


def _with_passkey(app: Application, person: Colleague) -> Authenticator:
    address: ConsoleAddress = app.extensions["console_address"]
    device = Authenticator(address.origin)
    credential = device.create(person.post("/console/passkeys/options").json)  # type: ignore[arg-type]
    added = person.post("/console/passkeys", {"credential": credential, "name": "办公电脑"})
    assert added.status_code == 201, added.text
    return device


def _asked(person: Colleague) -> dict[str, Any]:
    """What a passkey is to sign."""
    answer = person.post("/console/passkeys/proof/options")
    assert answer.status_code == 200, answer.text
    options: dict[str, Any] = answer.json  # type: ignore[assignment]
    return options
