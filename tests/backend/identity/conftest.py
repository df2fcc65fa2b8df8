"""All ways of proof in use, and the steps that a phone takes outside of our application."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import TextClause
from werkzeug.test import TestResponse

from backend.core.scopes import act_as_owner
from backend.main import Parts, identity_providers
from backend.web.application import Application
from tests.factories.journey import Visitor
from tests.factories.people import NewPerson
from tests.scripts.wechat_simulator.running import Simulator

ALL_PROVIDERS = frozenset({"sandbox", "face", "ncidas", "window"})


@pytest.fixture
def all_providers(
    app: Application, parts: Parts, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = parts.settings.model_copy(
        update={
            "identity_providers": ALL_PROVIDERS,
            "ncidas_base_url": f"{simulator.base_url}/ncidas",
            "ncidas_org_id": "city-credit",
            "ncidas_business_id": "binding",
        }
    )
    monkeypatch.setitem(
        app.extensions, "identity_providers", identity_providers(replace(parts, settings=settings))
    )


@pytest.fixture
def resident(visitor: Callable[[], Visitor]) -> Visitor:
    """Somebody signed in whom we do not know yet."""
    resident = visitor()
    resident.sign_in()
    return resident


def begin(resident: Visitor, person: NewPerson, provider: str, *, key: str | None = None) -> TestResponse:
    body = {"name": person.name, "id_number": person.id_number, "provider": provider}
    return resident.post("/resident/identity/checks", body, key=key)


def finish(
    resident: Visitor,
    person: NewPerson,
    provider: str,
    check_id: str | None,
    *,
    move: bool = False,
    key: str | None = None,
) -> TestResponse:
    body: dict[str, Any] = {"name": person.name, "id_number": person.id_number}
    body["proof"] = {"provider": provider, "ticket": check_id}
    return resident.post("/resident/identity", body | ({"move": True} if move else {}), key=key)


def look_into_camera(resident: Visitor, verify_id: str, *, result: int = 10000) -> None:
    """What happens between `wx.requestFacialVerify` and its success event."""
    resident.simulator.control(f"face/{verify_id}", result=result)


def proven(resident: Visitor, person: NewPerson) -> str:
    """A face check that passed and waits to be used; its id."""
    check = begin(resident, person, "face").json
    assert check is not None
    look_into_camera(resident, check["verify_id"])
    return str(check["id"])


def count_connections(parts: Parts, query: TextClause) -> int:
    """What the database tells of its connections, which it does to their owner only."""
    with parts.sessions() as db:
        act_as_owner(db)
        return int(db.scalar(query) or 0)
