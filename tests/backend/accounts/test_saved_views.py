"""How somebody likes to see a list is kept for that person alone."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.accounts import saved_views
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.console import Colleague, seat


@pytest.fixture
def officer(app: Application, db: Session) -> Colleague:
    return seat(db, app, "programme_manager")


def save(person: Colleague, name: str = "八月核对", *, is_default: bool = False, **more: Any) -> Any:
    body = {"list": "vouchers", "name": name, "query": {"state": "redeemed", "sort": "oldest"}, **more}
    return person.post("/console/views", {**body, "is_default": is_default})


def views_of(person: Colleague, list_name: str = "vouchers") -> Any:
    return person.get("/console/views", list=list_name).json["items"]  # type: ignore[index]


def test_a_view_comes_back_as_it_was_saved_to_whoever_saved_it(
    officer: Colleague, app: Application, db: Session
) -> None:
    saved = save(officer)
    assert saved.status_code == 201, saved.text
    assert views_of(officer) == [saved.json]
    assert saved.json["query"] == {"state": "redeemed", "sort": "oldest"}
    assert views_of(officer, "units") == []
    assert views_of(seat(db, app, "programme_manager")) == []


def test_one_view_of_a_list_opens_by_itself(officer: Colleague) -> None:
    first, second = save(officer, "甲", is_default=True).json, save(officer, "乙", is_default=True).json
    save(officer, "丙", list="redemptions", query={"state": "reversed"}, is_default=True)
    assert {view["name"]: view["is_default"] for view in views_of(officer)} == {"甲": False, "乙": True}
    change = {"name": "甲的新名", "is_default": True}
    assert officer.put(f"/console/views/{first['id']}", change).json == {**first, **change}
    assert [view["is_default"] for view in views_of(officer) if view["id"] == second["id"]] == [False]
    assert [view["is_default"] for view in views_of(officer, "redemptions")] == [True]


def test_a_deleted_view_can_be_saved_again_under_its_name(officer: Colleague) -> None:
    saved = save(officer).json
    refusal(save(officer), 409, "view.name_taken")
    assert officer.delete(f"/console/views/{saved['id']}").status_code == 204
    assert views_of(officer) == []
    assert save(officer).status_code == 201


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"query": {"q": "周敏"}, "list": "staff"}, "query"),
        ({"query": {"resident_id": "1"}}, "query"),
        ({"query": {"state": ""}}, "query.state.value"),
        ({"name": "13800138000 的券"}, "name"),
        ({"name": "长" * 21}, "name"),
        ({"list": "residents"}, "list"),
    ],
)
def test_what_may_be_a_persons_name_or_is_no_filter_is_not_kept(
    officer: Colleague, more: dict[str, Any], field: str
) -> None:
    refused: Any = refusal(save(officer, **more), 422, "request.invalid")
    assert field in refused["errors"]
    assert views_of(officer) == []


def test_there_are_no_more_views_than_one_can_choose_from(
    officer: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_views, "MOST_OF_A_LIST", 2)
    assert [save(officer, name).status_code for name in ("甲", "乙")] == [201, 201]
    refusal(save(officer, "丙"), 409, "view.too_many")
    assert save(officer, "丙", list="redemptions").status_code == 201
