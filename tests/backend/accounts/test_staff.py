"""Administrators look after people: roles, suspension, locks; each within the own district or unit."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.accounts.roles import ROLES
from backend.audit.models import AuditEvent
from backend.core.clock import ShiftedClock
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.catalogue import new_shop
from tests.factories.console import Colleague, seat
from tests.factories.trail import audit_actions

NewColleague = Callable[..., Colleague]


@pytest.fixture
def security(app: Application, db: Session) -> Colleague:
    return seat(db, app, "security_admin")


@pytest.fixture
def member(app: Application, db: Session) -> Colleague:
    return seat(db, app, "reviewer")


def shown(administrator: Colleague, person: Colleague) -> dict[str, Any]:
    answer = administrator.get(f"/office/staff/{person.id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json  # type: ignore[assignment]
    return found


def give(administrator: Colleague, person: Colleague, *roles: str, **more: Any) -> Any:
    version = more.pop("version", None) or shown(administrator, person)["version"]
    body = {"roles": list(roles), "version": version, **more}
    return administrator.put(f"/office/staff/{person.id}/roles", body)


def listed(administrator: Colleague, **query: Any) -> list[str]:
    """All ids, page by page."""
    found: list[str] = []
    cursor = None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = administrator.get("/office/staff", limit=3, **query, **more).json
        assert page is not None
        found += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def test_the_page_of_roles_says_what_each_may_do(security: Colleague) -> None:
    items = security.get("/office/roles").json["items"]  # type: ignore[index]
    assert [item["code"] for item in items] == [role.code for role in ROLES]
    by_code = {item["code"]: item for item in items}
    assert by_code["security_admin"]["name"] == "安全管理员"
    assert {"code": "staff.manage", "name": "分配角色、停用和解锁人员"} in by_code["security_admin"][
        "permissions"
    ]
    assert by_code["unit_editor"]["kind"] == "partner"


def test_other_roles_count_from_the_next_request_on(
    security: Colleague, app: Application, db: Session
) -> None:
    person = seat(db, app, "audit_admin")
    refusal(person.post(f"/office/staff/{security.id}/unlock"), 403, "permission.missing")
    assert give(security, person, "reviewer", "case_officer", district="420202").status_code == 200
    refusal(person.get("/office/staff"), 403, "permission.missing")
    after = shown(security, person)
    assert (after["roles"], after["district"], after["version"]) == (
        ["reviewer", "case_officer"],
        "420202",
        2,
    )
    event = db.scalars(
        select(AuditEvent).where(
            AuditEvent.action == "account.roles_changed", AuditEvent.subject_id == str(person.id)
        )
    ).one()
    assert (event.actor_kind, event.actor_id) == ("office", security.id), "it is known who did it"
    assert event.data == {"before": ["audit_admin"], "roles": ["reviewer", "case_officer"]}


def test_one_administrators_role_may_follow_another_but_not_join_it(
    security: Colleague, app: Application, db: Session
) -> None:
    person = seat(db, app, "audit_admin")
    refusal(give(security, person, "audit_admin", "system_admin"), 409, "account.administrators_exclude")
    assert give(security, person, "system_admin").json["roles"] == ["system_admin"]


def test_of_two_who_edit_at_once_the_second_is_told(security: Colleague, member: Colleague) -> None:
    assert give(security, member, "case_officer", version=1).status_code == 200
    refusal(give(security, member, "score_keeper", version=1), 409, "account.stale")
    assert shown(security, member)["roles"] == ["case_officer"]


def test_roles_fit_the_person(security: Colleague, member: Colleague) -> None:
    refusal(give(security, member, "unit_manager"), 422, "account.unknown_role")
    refusal(give(security, member, "reviewer", district="110101"), 422, "account.unknown_district")


def test_nobody_acts_on_the_own_account(security: Colleague) -> None:
    own = f"/office/staff/{security.id}"
    refusal(give(security, security, "system_admin"), 409, "account.own")
    refusal(security.post(f"{own}/suspension", {"reason": "试试"}), 409, "account.own")
    refusal(security.post(f"{own}/unlock"), 409, "account.own")
    refusal(security.delete(f"{own}/second-factors"), 409, "account.own")


def test_who_is_suspended_is_out_at_once_and_stays_out(
    security: Colleague, new_colleague: NewColleague, db: Session
) -> None:
    person = new_colleague("reviewer")
    answer = security.post(f"/office/staff/{person.id}/suspension", {"reason": "离职，2026年7月"})
    assert answer.json["state"] == "suspended"  # type: ignore[index]
    assert answer.json["suspension_reason"] == "离职，2026年7月"  # type: ignore[index]
    refusal(person.get("/console/session"), 401, "session.ended")
    refusal(person.enter_password(), 403, "account.suspended")
    refusal(person.enter_password("wrong-1-wrong"), 401, "console.wrong_credentials")
    assert security.delete(f"/office/staff/{person.id}/suspension").json["state"] == "active"  # type: ignore[index]
    account_id = person.id
    assert person.enter_password().status_code == 200
    assert audit_actions(db, "account", account_id)[-3:] == [
        "account.suspended",
        "account.sign_in_refused",
        "account.suspension_lifted",
    ]


def test_suspending_twice_keeps_the_first_reason(security: Colleague, member: Colleague, db: Session) -> None:
    for reason in ("离职", "又一次"):
        last = security.post(f"/office/staff/{member.id}/suspension", {"reason": reason})
    assert last.json["suspension_reason"] == "离职"  # type: ignore[index]
    for _ in range(2):
        security.delete(f"/office/staff/{member.id}/suspension")
    actions = audit_actions(db, "account", member.id)
    assert actions == ["account.signed_in", "account.suspended", "account.suspension_lifted"]


def test_a_lock_is_seen_and_lifted(
    security: Colleague, new_colleague: NewColleague, clock: ShiftedClock, db: Session
) -> None:
    person = new_colleague("reviewer")
    for _ in range(5):
        person.enter_password("wrong-1-wrong")
    seen = shown(security, person)
    assert seen["state"] == "locked"
    assert seen["locked_until"] is not None
    assert str(person.id) in listed(security, state="locked")
    assert str(person.id) not in listed(security, state="active")
    account_id = person.id
    assert security.post(f"/office/staff/{account_id}/unlock").status_code == 204
    assert person.enter_password().status_code == 200
    assert audit_actions(db, "account", account_id)[-1] == "account.unlocked"


def test_who_has_lost_phone_and_codes_sets_up_anew(
    security: Colleague, new_colleague: NewColleague, clock: ShiftedClock
) -> None:
    person = new_colleague("reviewer")
    assert security.delete(f"/office/staff/{person.id}/second-factors").status_code == 204
    refusal(person.get("/console/session"), 401, "session.ended")
    assert person.enter_password().json["step"] == "enrol_second_factor"  # type: ignore[index]
    person.enrol()
    assert person.session["step"] == "signed_in"


def test_an_administrator_signs_somebody_out(security: Colleague, member: Colleague) -> None:
    assert security.post(f"/office/staff/{member.id}/sign-out").status_code == 204
    refusal(member.get("/console/session"), 401, "session.ended")


def test_people_are_found_by_name_address_role_and_place(
    security: Colleague, app: Application, db: Session
) -> None:
    unit_id = new_shop(db).unit_id
    person = seat(db, app, "reviewer", "window_clerk", district="420203")
    partner = seat(db, app, "unit_editor", unit_id=unit_id)
    account = db.get_one(Account, person.id)
    account.name = "诸葛卿云"
    db.commit()
    mine, theirs = str(person.id), str(partner.id)
    for query in ({"q": "卿云"}, {"q": person.email}, {"q": person.email.upper()}):
        assert listed(security, **query) == [mine]
    assert mine in listed(security, role="window_clerk", district="420203")
    assert listed(security, unit_id=str(unit_id)) == [theirs]
    assert theirs not in listed(security, kind="office")
    assert listed(security, q="没有这个人") == []
    everybody = listed(security)
    assert len(everybody) == len(set(everybody))
    assert {mine, theirs, str(security.id)} <= set(everybody)
    refusal(security.get("/office/staff", state="asleep"), 422, "request.invalid")
    refusal(security.get("/office/staff", cursor="x"), 422, "paging.bad_cursor")


def test_a_districts_administrator_sees_and_invites_that_districts_people_alone(
    app: Application, db: Session
) -> None:
    local = seat(db, app, "security_admin", district="420202")
    neighbour, elsewhere = (seat(db, app, "reviewer", district=place) for place in ("420202", "420203"))
    whole_city = seat(db, app, "reviewer")
    found = listed(local)
    assert str(neighbour.id) in found
    assert not {str(elsewhere.id), str(whole_city.id)} & set(found)
    for hidden in (elsewhere, whole_city):
        refusal(local.get(f"/office/staff/{hidden.id}"), 404, "not_found")
    body = {"email": Colleague(app).email, "name": "新同事", "roles": ["reviewer"]}
    for place in ({}, {"district": "420203"}):
        refusal(local.post("/office/staff/invitations", {**body, **place}), 403, "account.outside_district")
    unit = {"unit_id": str(new_shop(db).unit_id), "roles": ["unit_manager"]}
    refusal(local.post("/office/staff/invitations", {**body, **unit}), 403, "account.outside_district")
    assert local.post("/office/staff/invitations", {**body, "district": "420202"}).status_code == 201
    refusal(give(local, neighbour, "reviewer", district="420203"), 403, "account.outside_district")
    refusal(give(local, neighbour, "reviewer"), 403, "account.outside_district")


def test_a_units_manager_looks_after_the_units_people(app: Application, db: Session) -> None:
    unit_id, other_id = new_shop(db).unit_id, new_shop(db).unit_id
    manager, editor = (seat(db, app, role, unit_id=unit_id) for role in ("unit_manager", "unit_editor"))
    stranger = seat(db, app, "unit_editor", unit_id=other_id)
    items = manager.get("/partner/staff").json["items"]  # type: ignore[index]
    assert {item["id"] for item in items} == {str(manager.id), str(editor.id)}
    refusal(manager.get(f"/partner/staff/{stranger.id}"), 404, "not_found")
    refusal(manager.get(f"/partner/staff/{uuid4()}"), 404, "not_found")
    body = {"email": Colleague(app).email, "name": "新同事", "roles": ["unit_editor"]}
    invitation = manager.post("/partner/staff/invitations", body).json
    assert invitation is not None
    assert invitation["unit"]["id"] == str(unit_id)
    office = {**body, "roles": ["reviewer"]}
    refusal(manager.post("/partner/staff/invitations", office), 422, "account.unknown_role")
    changed = manager.put(f"/partner/staff/{editor.id}/roles", {"roles": ["unit_manager"], "version": 1})
    assert changed.json["roles"] == ["unit_manager"]  # type: ignore[index]
    refusal(manager.get("/office/staff"), 403, "session.wrong_audience")


def test_an_invitation_of_another_unit_is_not_seen(app: Application, db: Session) -> None:
    ours, theirs = (seat(db, app, "unit_manager", unit_id=new_shop(db).unit_id) for _ in range(2))
    body = {"email": Colleague(app).email, "name": "新同事", "roles": ["unit_editor"]}
    theirs.post("/partner/staff/invitations", body)
    assert ours.get("/partner/staff/invitations").json == {"items": []}
    assert len(theirs.get("/partner/staff/invitations").json["items"]) == 1  # type: ignore[index]


def test_a_session_of_long_ago_says_when_somebody_was_last_here(
    security: Colleague, new_colleague: NewColleague, clock: ShiftedClock
) -> None:
    person = new_colleague("reviewer")
    before = shown(security, person)["last_signed_in_at"]
    clock.ahead += timedelta(minutes=5)
    person.sign_in()
    assert shown(security, person)["last_signed_in_at"] > before
