"""What stands before Flask: it takes plain requests only, and leaves all others as they came."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from backend.incentives.models import Incentive
from backend.partners.models import Shop
from backend.vouchers.quick import QuickWays
from backend.web.application import Application
from backend.web.quick import MOST_BODY
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive
from tests.factories.journey import Visitor

NewVisitor = Callable[[], Visitor]
CLAIM = "/resident/vouchers"


@pytest.fixture
def incentive(db: Session, shop: Shop) -> Incentive:
    return new_incentive(db, shops=[shop], quota=50, limit_times=50)


@pytest.fixture
def tried(app: Application, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each request that reached the quick way of claims."""
    noted: list[str] = []
    claim = QuickWays.claim

    def note(ways: QuickWays, *arguments: object) -> str | None:
        noted.append("claim")
        return claim(ways, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(QuickWays, "claim", note)
    return noted


def post(visitor: Visitor, body: str, kind: str = "application/json", query: str = "") -> int:
    return visitor.call("POST", CLAIM + query, data=body.encode(), content_type=kind).status_code


def test_a_plain_request_is_taken_whatever_its_charset(
    resident: Visitor, incentive: Incentive, tried: list[str]
) -> None:
    body = f'{{"incentive_id": "{incentive.id}"}}'
    assert [post(resident, body), post(resident, body, "application/json; charset=utf-8")] == [201, 201]
    assert tried == ["claim", "claim"]


@pytest.mark.parametrize(
    ("body", "kind", "query", "status"),
    [
        ('{"incentive_id": "ID"}', "text/plain", "", 415),
        ('{"incentive_id": "ID"}', "application/json", "?a=1", 422),
        ('{"incentive_id": "ID", "level": "good"}', "application/json", "", 422),
        ('{"incentive_id": 1}', "application/json", "", 422),
        ('{"incentive_id": "nobody"}', "application/json", "", 422),
        ('["ID"]', "application/json", "", 422),
        ('{"incentive_id": "ID"', "application/json", "", 422),
        ("", "application/json", "", 422),
        ('{"incentive_id": "ID"}' + " " * MOST_BODY, "application/json", "", 201),
    ],
)
def test_whatever_is_not_plain_goes_on_to_flask_as_it_came(
    resident: Visitor, incentive: Incentive, tried: list[str], body: str, kind: str, query: str, status: int
) -> None:  # fmt: skip
    assert post(resident, body.replace("ID", str(incentive.id)), kind, query) == status
    assert tried == []


def test_nobody_another_kind_of_account_and_an_ended_session_are_told_so(
    resident: Visitor, clerk: Visitor, incentive: Incentive, tried: list[str]
) -> None:
    body = {"incentive_id": str(incentive.id)}
    refusal(resident.call("POST", CLAIM, json=body, headers={"Authorization": ""}), 401, "session.required")
    refusal(clerk.post(CLAIM, body), 403, "session.wrong_audience")
    assert tried == []
    resident.delete("/resident/session")
    refusal(resident.post(CLAIM, body), 401, "session.ended")
    assert tried == ["claim"], "only the database knows that the session has ended"


def test_an_incentive_nobody_knows_is_looked_for_and_not_found(resident: Visitor, tried: list[str]) -> None:
    refusal(resident.post(CLAIM, {"incentive_id": str(uuid4())}), 404, "not_found")
    assert tried == ["claim"]


def test_an_error_in_a_quick_way_is_told_by_flask_and_not_tried_again(
    resident: Visitor, incentive: Incentive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("whatever")

    monkeypatch.setattr(QuickWays, "claim", fail)
    body = {"incentive_id": str(incentive.id)}
    answer = resident.call("POST", CLAIM, json=body, headers={"X-Request-Id": "request-77"})
    assert refusal(answer, 500, "internal")["request_id"] == "request-77"
