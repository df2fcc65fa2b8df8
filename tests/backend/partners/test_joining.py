"""How a unit becomes a member: an application, a return, an approval, a signature that anybody can check."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask.testing import FlaskClient
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock
from backend.core.scopes import Scope, enter
from backend.main import Parts
from backend.partners.models import Commitment, Unit, UnitApplication, UnitChange, UnitReview
from backend.web.application import Application
from tests.backend.partners.conftest import Applicant, decide
from tests.factories.answers import refusal
from tests.factories.catalogue import new_shop
from tests.factories.console import Colleague, new_account, new_colleague, seat
from tests.factories.trail import audit_actions, count_rows
from tests.factories.units import filled_in, new_application, new_code, new_document

NewApplicant = Callable[[], Applicant]


def from_base64url(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def check_with_public_data_alone(client: FlaskClient, commitment_id: str) -> dict[str, Any]:
    """What a browser does: the text against its hash, the statement against the seal."""
    shown: Any = client.get(f"/api/v1/public/commitments/{commitment_id}").json
    keys: Any = client.get("/.well-known/seal-keys.json").json
    key = next(key for key in keys["keys"] if key["key_id"] == shown["key_id"])
    public = Ed25519PublicKey.from_public_bytes(from_base64url(key["public_key"]))
    public.verify(from_base64url(shown["seal"]), shown["statement"].encode())
    with pytest.raises(InvalidSignature):
        public.verify(from_base64url(shown["seal"]), shown["statement"].replace("总", "副").encode())
    statement: dict[str, Any] = json.loads(shown["statement"])
    assert statement["text"]["sha256"] == sha256(shown["text"].encode()).hexdigest()
    assert statement["id"] == commitment_id
    return statement


def test_a_unit_applies_is_returned_applies_again_and_signs(
    applicant: Applicant, reviewer: Colleague, app: Application, db: Session
) -> None:
    assert applicant.look().json["state"] == "draft"  # type: ignore[index]
    assert applicant.keep(phone=None).json["unit_name"] == applicant.form["unit_name"]  # type: ignore[index]
    assert applicant.submit(phone="0714-6543210").json["state"] == "submitted"  # type: ignore[index]
    refusal(applicant.keep(), 409, "application.not_open")

    application_id = applicant.application(db).id
    returned = decide(reviewer, application_id, "return", reasons={"answers.plan": "请写明名额"})
    assert returned.status_code == 200, returned.text
    assert applicant.open_letter(db).endswith("需要补充")
    seen: Any = applicant.look().json
    assert (seen["state"], seen["reviews"][-1]["reasons"]) == ("returned", {"answers.plan": "请写明名额"})

    plan = {"plan": "免押金，每月 50 名"}
    assert applicant.submit(answers=applicant.form["answers"] | plan).json["version"] == 2  # type: ignore[index]
    refusal(decide(reviewer, application_id, "approval", version=1), 409, "application.decided")
    approved = decide(reviewer, application_id, "approval", version=2)
    assert approved.json["state"] == "approved", approved.text  # type: ignore[index]
    unit_id = approved.json["unit_id"]  # type: ignore[index]

    applicant.join(db, UUID(unit_id))
    own: Any = applicant.get("/partner/unit").json
    assert (own["state"], own["commitment"]) == ("approved", None)
    assert own["to_sign"]["sha256"] == sha256(own["to_sign"]["text"].encode()).hexdigest()
    assert app.test_client().get(f"/api/v1/public/units/{unit_id}").status_code == 404
    signed = applicant.sign()
    assert signed.status_code == 201, signed.text
    own = applicant.get("/partner/unit").json
    assert (own["state"], own["to_sign"]) == ("active", None)

    shown: Any = app.test_client().get(f"/api/v1/public/units/{unit_id}").json
    statement = check_with_public_data_alone(app.test_client(), shown["commitment"]["id"])
    assert statement["unit"]["name"] == applicant.form["unit_name"]
    assert statement["signer"] == {"name": "秦岚", "position": "总经理"}
    assert audit_actions(db, "unit_application", application_id) == [
        "unit_application.begun",
        "unit_application.submitted",
        "unit_application.returned",
        "unit_application.submitted",
        "unit_application.approved",
    ]
    assert audit_actions(db, "unit", unit_id) == ["unit.approved", "unit.became_active"]
    assert audit_actions(db, "commitment", shown["commitment"]["id"]) == ["commitment.signed"]
    refusal(applicant.sign(), 409, "commitment.already_signed")


def test_what_is_missing_is_named_all_at_once_and_what_was_typed_is_kept(applicant: Applicant) -> None:
    body = refusal(applicant.submit(unit_name=None, phone=None, answers={}), 422, "application.incomplete")
    assert set(body["errors"]) == {
        *("unit_name", "phone"),
        *("answers.address", "answers.business", "answers.plan"),
    }
    seen: Any = applicant.look().json
    assert (seen["state"], seen["unified_code"]) == ("draft", applicant.form["unified_code"])


def test_a_wrong_field_is_refused_by_name(applicant: Applicant) -> None:
    wrong = {"category": "nothing", "district": "110101", "answers": {"unasked": "x"}}
    body = refusal(applicant.keep(**wrong), 422, "application.incomplete")
    assert set(body["errors"]) == {"category", "district", "answers.unasked"}
    refusal(applicant.keep(phone="call me"), 422, "request.invalid")


def test_a_code_that_does_not_check_needs_an_explanation_and_a_reason(
    applicant: Applicant, reviewer: Colleague, db: Session
) -> None:
    wrong = new_code()
    wrong = wrong[:-1] + ("1" if wrong[-1] != "1" else "2")
    body = refusal(applicant.submit(unified_code=wrong), 422, "application.incomplete")
    assert set(body["errors"]) == {"unified_code"}
    assert applicant.submit(code_explanation="老登记证，尚未换发").status_code == 200
    application_id = applicant.application(db).id
    assert reviewer.get(f"/office/unit-applications/{application_id}").json["code_is_right"] is False  # type: ignore[index]
    refusal(decide(reviewer, application_id, "approval"), 422, "application.code_not_confirmed")
    reason = "已电话核实"
    assert decide(reviewer, application_id, "approval", code_reason=reason).status_code == 200
    review = select(UnitReview.code_reason).where(UnitReview.application_id == application_id)
    assert db.scalar(review) == reason


def test_a_unit_does_not_join_twice(
    applicant: Applicant, new_applicant: NewApplicant, reviewer: Colleague, db: Session
) -> None:
    assert applicant.submit().status_code == 200
    second = new_applicant()
    second.ask_for_link()
    second.open_letter(db)
    new_document(db, second.application(db))
    code = applicant.form["unified_code"]
    assert second.submit(unified_code=code.lower()).status_code == 200
    assert decide(reviewer, applicant.application(db).id, "approval").status_code == 200
    late = decide(reviewer, second.application(db).id, "approval")
    refusal(late, 409, "application.already_member")
    third = new_applicant()
    third.ask_for_link()
    third.open_letter(db)
    new_document(db, third.application(db))
    refusal(third.submit(unified_code=code), 409, "application.already_member")


def test_who_has_an_account_already_is_told_before_anybody_reviews(applicant: Applicant, db: Session) -> None:
    new_account(db, applicant.email, "reviewer")
    db.commit()
    refusal(applicant.submit(), 409, "application.contact_has_account")


def test_asking_again_sends_the_link_of_the_same_application_and_voids_the_old_one(
    applicant: Applicant, db: Session, clock: ShiftedClock
) -> None:
    first = applicant.token
    assert applicant.ask_for_link().status_code == 202
    clock.ahead = timedelta(minutes=3)
    assert applicant.ask_for_link().status_code == 202
    applicant.open_letter(db)
    assert applicant.look().status_code == 200
    applicant.token, newer = first, applicant.token
    refusal(applicant.look(), 410, "application.link_invalid")
    applicant.token = newer
    clock.ahead = timedelta(days=31)
    refusal(applicant.look(), 410, "application.link_invalid")


def test_somebody_who_keeps_asking_gets_no_flood_of_letters(applicant: Applicant, db: Session) -> None:
    before = queued(db, applicant)
    for _ in range(3):
        assert applicant.ask_for_link().status_code == 202
    assert queued(db, applicant) == before


def queued(db: Session, applicant: Applicant) -> int:
    count = text("SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'application_id' = :id")
    return db.scalar(count, {"id": str(applicant.application(db).id)}) or 0


def test_of_two_reviewers_who_decide_at_once_one_wins(app: Application, db: Session) -> None:
    application = new_application(db)
    first, second = (seat(db, app, "reviewer") for _ in range(2))
    calls = [
        lambda: decide(first, application.id, "approval"),
        lambda: decide(second, application.id, "return", reasons={"unit_name": "请写全称"}),
    ]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda call: call(), calls))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    loser = next(answer for answer in answers if answer.status_code == 409)
    refusal(loser, 409, "application.decided")
    assert count_rows(db, UnitReview, application_id=application.id) == 1


def test_signing_asks_for_the_password_and_for_the_text_in_force(
    app: Application, db: Session, clock: ShiftedClock
) -> None:
    unit_id = new_shop(db).unit_id
    manager = new_colleague(db, app, "unit_manager", clock=clock, unit_id=unit_id)
    body = {"version": "2026-01", "signer_name": "秦岚", "signer_position": "总经理", "password": "wrong-1"}
    refusal(manager.post("/partner/unit/commitment", body), 422, "console.wrong_password")
    old = {**body, "password": manager.password, "version": "2019-01"}
    refusal(manager.post("/partner/unit/commitment", old), 409, "commitment.outdated")
    assert count_rows(db, Commitment, unit_id=unit_id) == 0


def test_a_closed_unit_signs_nothing(app: Application, db: Session, clock: ShiftedClock) -> None:
    unit_id = new_shop(db).unit_id
    manager = new_colleague(db, app, "unit_manager", clock=clock, unit_id=unit_id)
    db.execute(update(Unit).where(Unit.id == unit_id).values(state="closed"))
    db.commit()
    body = {
        "version": "2026-01",
        "signer_name": "秦岚",
        "signer_position": "总经理",
        "password": manager.password,
    }
    refusal(manager.post("/partner/unit/commitment", body), 409, "unit.not_open")
    assert manager.get("/partner/unit").json["to_sign"] is None  # type: ignore[index]


@pytest.mark.parametrize(
    ("before", "after"),
    [("active", "approved"), ("closed", "active"), ("closed", "suspended"), ("approved", "suspended")],
)
def test_the_database_itself_refuses_an_illegal_change_of_state(db: Session, before: str, after: str) -> None:
    unit_id = uuid4()
    db.add(
        Unit(id=unit_id, name="某单位", category="tax", example=True, state=before, joined_at=text("now()"))
    )
    db.flush()
    with pytest.raises(DBAPIError, match="does not become"):
        db.execute(update(Unit).where(Unit.id == unit_id).values(state=after))


def test_a_district_sees_its_own_applications_alone(app: Application, db: Session) -> None:
    here, there = (new_application(db, district=place) for place in ("420202", "420203"))
    local, whole = seat(db, app, "reviewer", district="420202"), seat(db, app, "reviewer")
    found: Any = local.get("/office/unit-applications", q=here.unit_name).json
    assert [item["id"] for item in found["items"]] == [str(here.id)]
    assert local.get("/office/unit-applications", q=there.unit_name).json["items"] == []  # type: ignore[index]
    assert len(whole.get("/office/unit-applications", q=there.unit_name).json["items"]) == 1  # type: ignore[index]
    assert decide(local, here.id, "approval").status_code == 200
    refusal(decide(local, there.id, "approval"), 404, "not_found")


def test_the_row_guards_alone_keep_districts_and_units_apart(parts: Parts, db: Session) -> None:
    here, there = (new_application(db, district=place) for place in ("420202", "420203"))
    ids = select(UnitApplication.id).where(UnitApplication.id.in_([here.id, there.id]))
    changes = {}
    for application in (here, there):
        unit_id = new_shop(db).unit_id
        db.execute(update(Unit).where(Unit.id == unit_id).values(district=application.district))
        db.add(UnitChange(unit_id=unit_id, to_state="active", changed_at=application.created_at))
        changes[application.district] = unit_id
    db.commit()
    sees = select(UnitChange.unit_id).where(UnitChange.unit_id.in_(changes.values()))
    for scope, applications, units in (
        (Scope(), set(), set()),
        (Scope(office="420202"), {here.id}, {changes["420202"]}),
        (Scope(office="*"), {here.id, there.id}, set(changes.values())),
        (Scope(unit_id=changes["420203"]), set(), {changes["420203"]}),
    ):
        with parts.request_sessions() as scoped:
            enter(scoped, scope)
            assert set(scoped.scalars(ids)) == applications
            assert set(scoped.scalars(sees)) == units
    with parts.request_sessions() as scoped:
        enter(scoped, Scope(unit_id=changes["420202"]))
        theirs = update(Unit).where(Unit.id == changes["420203"]).values(state="suspended")
        assert scoped.execute(theirs).rowcount == 0  # type: ignore[attr-defined]
        mine = Unit.id == changes["420202"]
        with pytest.raises(DBAPIError, match="permission denied"):
            scoped.execute(update(Unit).where(mine).values(name="改名"))


def test_a_list_is_read_page_by_page(reviewer: Colleague, db: Session) -> None:
    name = f"翻页{uuid4().hex[:6]}"
    wanted = [str(new_application(db, unit_name=f"{name}-{n}").id) for n in range(5)]
    found, cursor = [], None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page: Any = reviewer.get("/office/unit-applications", q=name, limit=2, **more).json
        found += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == wanted


def test_the_short_address_leads_to_the_page_for_applying(app: Application) -> None:
    answer = app.test_client().get("/apply")
    assert (answer.status_code, answer.location) == (302, "http://localhost:8000/admin/#/apply")


def test_a_form_as_typed_is_taken_with_spaces_and_small_letters(applicant: Applicant) -> None:
    code = filled_in()["unified_code"]
    spaced = f"{code[:8]} {code[8:]}".lower()
    assert applicant.submit(unified_code=spaced).json["unified_code"] == code  # type: ignore[index]
