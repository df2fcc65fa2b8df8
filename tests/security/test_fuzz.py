"""The interface is asked what nobody would ask, as each role; the long form is `make fuzz`."""

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.config import PROJECT
from backend.web.application import Application
from scripts.fuzz.running import Extent, Outcome, described, play
from tests.architecture.access_matrix import ACCESS
from tests.factories import console
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.journey import Visitor
from tests.scripts.running_system import ENVIRONMENT
from tests.security.conftest import Corner

NewVisitor = Callable[[], Visitor]
SHORT = Extent(requests=5, chains=10)
SEED = 20260201
CONSOLE = "^/api/v1/(console|office|partner)/"


@dataclass(frozen=True)
class Player:
    role: str
    visitor: Visitor | None = None

    @property
    def is_nobody(self) -> bool:
        return self.visitor is None

    def sign_in(self) -> dict[str, str]:
        assert self.visitor is not None
        is_clerk = self.role == "clerk"
        own = "/merchant/session" if is_clerk else "/resident/notices"
        # A 401 of an address for others ends no session, and WeChat counts who signs in.
        if not self.visitor.tokens or self.visitor.get(own).status_code == 401:
            answer = self.visitor.sign_in_as_clerk() if is_clerk else self.visitor.sign_in()
            assert answer.status_code == 200, answer.text
        return self.visitor.headers


@dataclass(frozen=True)
class Colleague:
    """Somebody at the console, whose session may end any time; a new one is opened for them."""

    role: str
    seat: console.Colleague
    db: Session
    is_nobody: bool = False

    def sign_in(self) -> dict[str, str]:
        self.seat.sit_down(self.db, self.db.get_one(Account, self.seat.id))
        return self.seat.headers


def ids_of(corner: Corner) -> frozenset[str]:
    notices: Any = corner.resident.get("/resident/notices").json
    own = [corner.resident_id, corner.voucher_id, corner.redemption_id]
    return frozenset([*map(str, own), *(notice["id"] for notice in notices["items"])])


@pytest.mark.parametrize("role", ["nobody", "resident", "clerk"])
def test_no_request_meets_an_error_an_undescribed_answer_or_anothers_things(
    app: Application, visitor: NewVisitor, db: Session, elsewhere: Corner, role: str
) -> None:
    somebody, shop = visitor(), new_shop(db)
    new_incentive(db, shops=[shop])
    somebody.become_clerk(db, shop) if role == "clerk" else somebody.become_scored(db)
    player = Player(role, None if role == "nobody" else somebody)
    outcome = play(described("/openapi.json", app, SHORT, seed=SEED), player, planted=ids_of(elsewhere))
    assert outcome.broken == []
    assert list(outcome.faults.values()) == []
    assert outcome.requests > 1_000
    assert {status for status in outcome.statuses if status >= 500} <= {503}
    assert len(outcome.operations) >= len([path for _method, path in ACCESS if path.startswith("/api")])


@pytest.mark.parametrize("role", ["security_admin", "unit_manager"])
def test_a_person_at_the_console_meets_none_of_that_either(
    app: Application, db: Session, elsewhere: Corner, role: str
) -> None:
    unit_id = new_shop(db).unit_id if role == "unit_manager" else None
    own = console.seat(db, app, role, unit_id=unit_id)
    # The office sees everybody of the console; a unit nobody of another.
    far = console.seat(db, app, "unit_editor", unit_id=elsewhere.shop.unit_id)
    planted = ids_of(elsewhere) | ({str(far.id), far.email} if unit_id else set())
    schema = described("/openapi.json", app, SHORT, seed=SEED).include(path_regex=CONSOLE)
    outcome = play(schema, Colleague(role, own, db), planted=planted)
    assert outcome.broken == []
    assert list(outcome.faults.values()) == []
    assert {status for status in outcome.statuses if status >= 500} <= {503}
    assert "GET /api/v1/console/sessions" in outcome.reached


def test_a_wrong_answer_would_be_noticed(
    app: Application, here: Corner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: an error of ours, an undescribed code, and something of another person."""

    def broken(*_args: Any, **_named: Any) -> Any:
        raise RuntimeError("broken")

    monkeypatch.setattr("backend.partners.queries.get_unit", broken)
    planted = ids_of(here)
    own = {"/api/v1/public/units/{unit_id}", "/api/v1/resident/vouchers"}
    schema = described("/openapi.json", app, Extent(3, 1), seed=SEED).include(path=sorted(own))
    outcome: Outcome = play(schema, Player("resident", here.resident), planted=planted)
    found = {(fault.operation.rpartition("/")[2], fault.check) for fault in outcome.faults.values()}
    assert ("{unit_id}", "not_a_server_error") in found
    assert ("vouchers", "no_foreign_object") in found


def test_on_a_running_system_the_players_get_somewhere_and_nothing_is_wrong() -> None:
    """The first to finish is a clerk: every call that is meant for clerks must have succeeded."""
    ended = subprocess.run(
        [sys.executable, "-m", "scripts.fuzz", "--requests", "50", "--each", "5"],
        cwd=PROJECT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    told = re.search(r"至少成功一次的操作：([0-9]+) / ([0-9]+)", ended.stdout)
    # An invitation that can be looked at is one nobody has used, and whoever plays a clerk has used theirs.
    unused = "/api/v1/merchant/invitations/look"
    own = [path for _, path in ACCESS if path.startswith("/api/v1/merchant/") and path != unused]
    assert told is not None
    assert int(told[1]) >= len(own)
