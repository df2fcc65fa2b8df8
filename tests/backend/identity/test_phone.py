"""A telephone number is given if one likes, kept sealed, and shown with its middle hidden."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from backend.identity.models import Resident
from backend.identity.phone import mask_phone
from tests.factories.answers import refusal
from tests.factories.journey import Visitor
from tests.factories.people import new_person
from tests.factories.tables import tables_holding
from tests.factories.trail import audit_actions

NUMBER = "13871905678"


def tap(resident: Visitor, **options: str) -> str:
    """The code that WeChat's button gives."""
    return str(resident.simulator.control("phone", user=resident.user, **options)["code"])


def id_of(resident: Visitor) -> UUID:
    return UUID(resident.tokens["resident"]["id"])


@pytest.fixture
def bound(resident: Visitor) -> Visitor:
    resident.bind(new_person())
    return resident


def test_a_number_is_kept_masked_and_forgotten(bound: Visitor, db: Session) -> None:
    assert bound.get("/resident/phone").json == {"phone": None}
    kept = bound.post("/resident/phone", {"code": tap(bound, number=NUMBER)})
    assert (kept.status_code, kept.json) == (200, {"phone": "138****5678"})
    assert bound.get("/resident/phone").json == kept.json
    assert db.get_one(Resident, id_of(bound)).phone == f"+86{NUMBER}"
    assert tables_holding(db, NUMBER) == []
    assert [bound.delete("/resident/phone").status_code for _ in range(2)] == [204, 204]
    assert bound.get("/resident/phone").json == {"phone": None}
    assert audit_actions(db, "resident", id_of(bound))[2:] == ["phone.kept", "phone.forgotten"]


def test_a_code_works_once_and_one_for_signing_in_not_at_all(bound: Visitor) -> None:
    code = tap(bound)
    assert bound.post("/resident/phone", {"code": code}).status_code == 200
    for wrong in (code, bound.simulator.login(bound.user), "x"):
        refusal(bound.post("/resident/phone", {"code": wrong}), 422, "wechat.phone_code_invalid")


def test_an_account_that_is_nobodys_has_no_number(resident: Visitor) -> None:
    refusal(resident.post("/resident/phone", {"code": tap(resident)}), 409, "identity.not_bound")


@pytest.mark.parametrize(
    ("number", "masked"),
    [("+8613812345678", "138****5678"), ("+85291234567", "****4567"), ("+861088886666", "****6666")],
)
def test_little_of_a_number_is_shown(number: str, masked: str) -> None:
    assert mask_phone(number) == masked
