"""A unit looks after its shops and clerks, the office after those of its district."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock
from backend.core.scopes import Scope, enter
from backend.identity.models import Clerk, ClerkInvite
from backend.main import Parts
from backend.partners import shop_queries
from backend.partners.models import Shop, Unit
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.console import Colleague, seat
from tests.factories.journey import Visitor
from tests.factories.trail import audit_actions

NewVisitor = Callable[[], Visitor]
FACTS: dict[str, Any] = {
    "name": "磁湖书店（湖滨路店）",
    "address": "湖滨路 2 号",
    "district": "420202",
    "phone": "0714-6543210",
    "hours": "每天 9:00–21:00",
}


@pytest.fixture
def shop(db: Session) -> Shop:
    return new_shop(db)


@pytest.fixture
def manager(app: Application, db: Session, shop: Shop) -> Colleague:
    return seat(db, app, "unit_manager", unit_id=shop.unit_id)


def added(manager: Colleague, **other: Any) -> dict[str, Any]:
    answer = manager.post("/partner/shops", {**FACTS, **other})
    assert answer.status_code == 201, answer.text
    return dict(answer.json)  # type: ignore[arg-type]


def invited(manager: Colleague, shop: Shop, label: str = "小陈") -> dict[str, Any]:
    answer = manager.post(f"/partner/shops/{shop.id}/clerk-invitations", {"label": label})
    assert answer.status_code == 201, answer.text
    return dict(answer.json)  # type: ignore[arg-type]


def clerks_of(manager: Colleague, shop: Shop) -> list[dict[str, Any]]:
    return list(manager.get(f"/partner/shops/{shop.id}/clerks").json["items"])  # type: ignore[index]


def test_a_unit_adds_a_shop_without_a_place_and_everybody_finds_it(
    manager: Colleague, shop: Shop, db: Session
) -> None:
    new = added(manager)
    assert {**FACTS, "latitude": None, "longitude": None}.items() <= new.items()
    assert (new["version"], new["closed_at"], new["clerks"], new["incentives"]) == (1, None, 0, [])
    assert new["unit"]["id"] == str(shop.unit_id)
    public: Any = manager.get(f"/public/units/{shop.unit_id}").json
    told = {each["name"]: (each["phone"], each["hours"]) for each in public["shops"]}
    assert told == {shop.name: (None, None), FACTS["name"]: (FACTS["phone"], FACTS["hours"])}
    assert audit_actions(db, "shop", new["id"]) == ["shop.added"]


def test_a_shop_without_a_place_is_near_nobody_and_still_in_the_list(
    manager: Colleague, shop: Shop, db: Session
) -> None:
    placeless = db.get_one(Shop, UUID(added(manager)["id"]))
    incentive = new_incentive(db, shops=[placeless])
    detail: Any = manager.get(f"/public/incentives/{incentive.id}").json
    assert [(each["latitude"], each["distance_m"]) for each in detail["shops"]] == [(None, None)]
    found: Any = manager.get("/public/incentives", q=incentive.title, near="30.2,115.04", sort="nearest").json
    assert [(item["id"], item["distance_m"]) for item in found["items"]] == [(str(incentive.id), None)]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "店" * 101}, "name"),
        ({"phone": "六五四三二一"}, "phone"),
        ({"latitude": 30.2}, "latitude"),
        ({"latitude": 91, "longitude": 115}, "latitude"),
        ({"district": "999999"}, "district"),
        ({"unit_id": "019a0000-0000-7000-8000-000000000000"}, "unit_id"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(manager: Colleague, wrong: dict[str, Any], field: str) -> None:
    answer = manager.post("/partner/shops", {**FACTS, **wrong})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]  # type: ignore[index]


def test_who_saves_second_is_told(manager: Colleague, db: Session) -> None:
    new = added(manager)
    path = f"/partner/shops/{new['id']}"
    changed = manager.put(path, {**FACTS, "name": "湖滨书店", "version": 1})
    assert (changed.json["name"], changed.json["version"]) == ("湖滨书店", 2)  # type: ignore[index]
    refusal(manager.put(path, {**FACTS, "hours": None, "version": 1}), 409, "shop.stale")
    assert manager.get(path).json["name"] == "湖滨书店"  # type: ignore[index]
    assert audit_actions(db, "shop", new["id"]) == ["shop.added", "shop.changed"]


def test_a_list_is_narrowed_and_walked(manager: Colleague, shop: Shop) -> None:
    for name in ("乙店", "丙店", "甲店"):
        added(manager, name=name)
    manager.post(f"/partner/shops/{shop.id}/closing")
    first: Any = manager.get("/partner/shops", state="open", limit=2).json
    second: Any = manager.get("/partner/shops", state="open", limit=2, cursor=first["next_cursor"]).json
    names = [item["name"] for item in first["items"] + second["items"]]
    assert sorted(names) == sorted(["乙店", "丙店", "甲店"])
    assert names == sorted(names, key=str.encode)
    assert second["next_cursor"] is None
    found: Any = manager.get("/partner/shops", q="乙").json
    assert [item["name"] for item in found["items"]] == ["乙店"]
    closed: Any = manager.get("/partner/shops", state="closed").json
    assert [item["id"] for item in closed["items"]] == [str(shop.id)]


def test_a_shop_tells_what_would_be_of_no_use_without_it(manager: Colleague, shop: Shop, db: Session) -> None:
    other = db.get_one(Shop, UUID(added(manager)["id"]))
    only, both = new_incentive(db, shops=[shop]), new_incentive(db, shops=[shop, other])
    new_incentive(db, shops=[shop], state="paused")
    path = f"/partner/shops/{shop.id}"
    held: Any = manager.get(path).json["incentives"]  # type: ignore[index]
    assert [(each["number"], each["only_here"]) for each in held] == [
        (only.number, True),
        (both.number, False),
    ]
    manager.post(f"/partner/shops/{other.id}/closing")
    held = manager.get(path).json["incentives"]  # type: ignore[index]
    assert [each["only_here"] for each in held] == [True, True]


def test_nobody_honours_at_a_closed_shop_until_it_opens_again(
    manager: Colleague, shop: Shop, visitor: NewVisitor, db: Session
) -> None:
    clerk, resident, waiting = visitor(), visitor(), invited(manager, shop)
    clerk.become_clerk(db, shop)
    resident.become_scored(db)
    voucher: Any = resident.claim(new_incentive(db, shops=[shop]).id).json
    closed: Any = manager.post(f"/partner/shops/{shop.id}/closing").json
    assert closed["closed_at"] is not None
    refusal(clerk.redeem(resident.show(voucher_id=voucher["id"])), 401, "session.ended")
    refusal(clerk.sign_in_as_clerk(), 403, "clerk.not_invited")
    refusal(visitor().sign_in_as_clerk(waiting["code"]), 410, "clerk.invite_used")
    refusal(
        manager.post(f"/partner/shops/{shop.id}/clerk-invitations", {"label": "小王"}), 409, "shop.closed"
    )
    assert manager.delete(f"/partner/shops/{shop.id}/closing").json["closed_at"] is None  # type: ignore[index]
    refusal(clerk.get("/merchant/session"), 401, "session.ended")
    assert clerk.sign_in_as_clerk().status_code == 200
    assert clerk.redeem(resident.show(voucher_id=voucher["id"])).status_code == 201
    assert audit_actions(db, "shop", shop.id) == ["shop.closed", "shop.reopened"]
    assert audit_actions(db, "clerk_invite", waiting["id"]) == ["clerk.invited", "clerk.invitation_withdrawn"]


def test_closing_twice_changes_nothing_the_second_time(manager: Colleague, shop: Shop, db: Session) -> None:
    first, second = (manager.post(f"/partner/shops/{shop.id}/closing").json for _ in range(2))
    assert first == second
    assert audit_actions(db, "shop", shop.id) == ["shop.closed"]


def test_a_suspended_unit_mends_its_shops_and_opens_none(manager: Colleague, shop: Shop, db: Session) -> None:
    db.execute(update(Unit).where(Unit.id == shop.unit_id).values(state="suspended"))
    db.commit()
    refusal(manager.post("/partner/shops", FACTS), 409, "unit.not_open")
    refusal(
        manager.post(f"/partner/shops/{shop.id}/clerk-invitations", {"label": "小陈"}), 409, "unit.not_open"
    )
    assert manager.put(f"/partner/shops/{shop.id}", {**FACTS, "version": 1}).status_code == 200
    assert manager.post(f"/partner/shops/{shop.id}/closing").status_code == 200
    refusal(manager.delete(f"/partner/shops/{shop.id}/closing"), 409, "unit.not_open")


def test_an_invitation_is_looked_at_and_accepted_once(
    manager: Colleague, shop: Shop, visitor: NewVisitor, db: Session
) -> None:
    code, clerk = invited(manager, shop)["code"], visitor()
    looked: Any = clerk.post("/merchant/invitations/look", {"invite": code}).json
    assert looked["shop"] == {"id": str(shop.id), "name": shop.name, "address": shop.address}
    assert (looked["unit_name"], "expires_at" in looked) == (shop.unit.name, True)
    assert clerk.sign_in_as_clerk(code).status_code == 200
    refusal(clerk.post("/merchant/invitations/look", {"invite": code}), 410, "clerk.invite_used")
    assert [each["label"] for each in clerks_of(manager, shop)] == ["小陈"]
    listed: Any = manager.get(f"/partner/shops/{shop.id}/clerk-invitations").json
    assert [each["state"] for each in listed["items"]] == ["used"]
    assert "code" not in listed["items"][0]


def test_a_withdrawn_invitation_and_an_old_one_let_nobody_in(
    manager: Colleague, shop: Shop, visitor: NewVisitor, clock: ShiftedClock
) -> None:
    old, withdrawn = invited(manager, shop), invited(manager, shop)
    assert manager.delete(f"/partner/clerk-invitations/{withdrawn['id']}").status_code == 204
    refusal(visitor().sign_in_as_clerk(withdrawn["code"]), 410, "clerk.invite_used")
    clock.ahead = timedelta(days=31)
    for code in (old["code"], withdrawn["code"], "made-up"):
        refusal(visitor().post("/merchant/invitations/look", {"invite": code}), 410, "clerk.invite_used")


def test_a_paused_clerk_is_out_at_once_and_comes_back_without_an_invitation(
    manager: Colleague, shop: Shop, visitor: NewVisitor, db: Session
) -> None:
    clerk = visitor()
    clerk.become_clerk(db, shop)
    path = f"/partner/clerks/{clerks_of(manager, shop)[0]['id']}"
    assert manager.post(f"{path}/pause").json["paused_at"] is not None  # type: ignore[index]
    refusal(clerk.get("/merchant/session"), 401, "session.ended")
    refusal(clerk.sign_in_as_clerk(), 403, "clerk.paused")
    assert manager.delete(f"{path}/pause").json["paused_at"] is None  # type: ignore[index]
    assert clerk.sign_in_as_clerk().status_code == 200
    assert manager.delete(path).status_code == 204
    refusal(clerk.get("/merchant/session"), 401, "session.ended")
    refusal(clerk.sign_in_as_clerk(), 403, "clerk.not_invited")
    assert clerks_of(manager, shop) == []
    refusal(manager.delete(path), 404, "not_found")
    actions = ["clerk.joined", "clerk.paused", "clerk.resumed", "clerk.removed"]
    assert audit_actions(db, "clerk", UUID(path.rpartition("/")[2])) == actions


def test_a_session_of_a_paused_clerk_opens_no_scope(shop: Shop, visitor: NewVisitor, db: Session) -> None:
    """A sign-in and a pause at the same moment: whoever is last, the pause holds."""
    clerk = visitor()
    clerk.become_clerk(db, shop)
    assert clerk.get("/merchant/session").status_code == 200
    db.execute(update(Clerk).where(Clerk.shop_id == shop.id).values(paused_at=datetime.now(UTC)))
    db.commit()
    refusal(clerk.get("/merchant/session"), 401, "session.ended")


def test_the_office_of_a_district_looks_after_its_shops_alone(
    app: Application, shop: Shop, db: Session
) -> None:
    here, there = (seat(db, app, "programme_manager", district=key) for key in ("420202", "420203"))
    new = here.post("/office/shops", {**FACTS, "unit_id": str(shop.unit_id)})
    assert new.status_code == 201, new.text
    away = there.post("/office/shops", {**FACTS, "unit_id": str(shop.unit_id)})
    assert away.json["errors"].keys() == {"district"}  # type: ignore[index]
    refusal(there.get(f"/office/shops/{shop.id}"), 404, "not_found")
    of_unit: Any = here.get("/office/shops", unit_id=str(shop.unit_id)).json
    assert {item["id"] for item in of_unit["items"]} == {str(shop.id), new.json["id"]}  # type: ignore[index]
    assert there.get("/office/shops", unit_id=str(shop.unit_id)).json["items"] == []  # type: ignore[index]
    moved = here.put(f"/office/shops/{shop.id}", {**FACTS, "district": "420203", "version": 1})
    assert moved.json["errors"].keys() == {"district"}  # type: ignore[index]


def test_an_editor_of_the_unit_looks_and_changes_nothing(app: Application, shop: Shop, db: Session) -> None:
    editor = seat(db, app, "unit_editor", unit_id=shop.unit_id)
    assert editor.get(f"/partner/shops/{shop.id}").status_code == 200
    refusal(editor.post("/partner/shops", FACTS), 403, "permission.missing")
    refusal(editor.post(f"/partner/shops/{shop.id}/closing"), 403, "permission.missing")


def test_a_forgotten_filter_changes_nothing_of_another_unit(
    app: Application, shop: Shop, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = seat(db, app, "unit_manager", unit_id=new_shop(db).unit_id)
    monkeypatch.setattr(shop_queries, "looked_after_by", lambda _actor: text("true"))
    changed = stranger.put(f"/partner/shops/{shop.id}", {**FACTS, "version": 1})
    refusal(changed, 404, "not_found")
    assert stranger.get(f"/partner/shops/{shop.id}/clerks").json["items"] == []  # type: ignore[index]
    db.rollback()
    assert db.get_one(Shop, shop.id).name == shop.name


def test_the_database_shows_a_unit_and_a_district_their_clerks_alone(
    parts: Parts, shop: Shop, visitor: NewVisitor, db: Session
) -> None:
    elsewhere = new_shop(db, district="420203")
    for place in (shop, elsewhere):
        visitor().become_clerk(db, place)
    with parts.request_sessions() as scoped:
        for scope in (Scope(unit_id=shop.unit_id), Scope(office="420202")):
            enter(scoped, scope)
            seen = set(scoped.scalars(select(Clerk.shop_id)))
            assert shop.id in seen
            assert elsewhere.id not in seen
            ended = text("UPDATE sessions SET ended_at = now() WHERE clerk_id IN (SELECT id FROM clerks)")
            assert scoped.execute(ended).rowcount >= 1  # type: ignore[attr-defined]
            renamed = update(Shop).where(Shop.id == elsewhere.id).values(name="改名")
            assert scoped.execute(renamed).rowcount == 0  # type: ignore[attr-defined]
            scoped.rollback()


@pytest.mark.parametrize(
    ("table", "values", "constraint"),
    [
        (Shop, {"latitude": None}, "place_whole"),
        (ClerkInvite, {"used_at": datetime.now(UTC), "withdrawn_at": datetime.now(UTC)}, "used_"),
    ],
)
def test_the_database_refuses_what_cannot_be(
    manager: Colleague, shop: Shop, db: Session, table: Any, values: dict[str, Any], constraint: str
) -> None:
    invited(manager, shop)
    with pytest.raises(IntegrityError, match=constraint):
        db.execute(update(table).values(values))
    db.rollback()
