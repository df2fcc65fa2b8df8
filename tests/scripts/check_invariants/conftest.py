"""A small city with a database of its own, in which everything happened once and nothing was broken."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from backend.city import City
from backend.config import Settings
from backend.core.database import SEARCH_PATH, connect, request_sessions, system_sessions
from backend.incentives.models import Form
from backend.main import Parts, alembic_config, create_app
from backend.web.limits import limiter
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.journey import Visitor
from tests.factories.people import new_person
from tests.factories.records import hold_record
from tests.scripts.wechat_simulator.running import Simulator


@dataclass(frozen=True)
class Answered:
    """What clients were told: a voucher's id, and a redemption's with its scan id."""

    voucher: str
    redemption: str
    scan_id: str


@dataclass(frozen=True)
class SmallCity:
    url: str
    data_dir: Path
    city: City
    answered: Answered


@pytest.fixture(scope="module")
def small_city(
    new_database: Callable[[str], str], settings: Settings, parts: Parts, simulator: Simulator
) -> Iterator[SmallCity]:
    url = new_database("invariants")
    command.upgrade(alembic_config(url), "head")
    engine = connect(url, pool_size=4)
    own = replace(
        parts, engine=engine, sessions=system_sessions(engine), request_sessions=request_sessions(engine)
    )
    app = create_app(parts=own)
    limiter.enabled = False
    with own.sessions() as db:
        answered = live_through_everything(db, lambda: Visitor(app.test_client(), simulator))
    yield SmallCity(url, settings.data_dir, own.city, answered)
    engine.dispose()


@pytest.fixture
def broken(small_city: SmallCity) -> Iterator[Session]:
    """A session of the tables' owner to break things with; rolled back in the end."""
    engine = create_engine(
        small_city.url.replace("postgresql://", "postgresql+psycopg://"),
        connect_args={"options": f"-c search_path={SEARCH_PATH} -c timezone=UTC"},
    )
    with Session(engine) as db:
        yield db
    engine.dispose()


def live_through_everything(db: Session, visitor: Callable[[], Visitor]) -> Answered:
    """Claims, uses, undoing, giving back, checking, leaving: each at least once."""
    shop = new_shop(db)
    once = new_incentive(db, shops=[shop], per_day=10, per_shop=10)
    twice = new_incentive(db, shops=[shop], uses=2)
    kept = new_incentive(db, shops=[shop])
    typed_in = new_incentive(db, shops=[shop])
    standing = new_incentive(db, shops=[shop], form=Form.STANDING, per_shop=10)
    clerk, resident, leaver = visitor(), visitor(), visitor()
    clerk.become_clerk(db, shop)
    person = new_person()
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    hold_record(db, person.id_number, "blood-donation", occurred_on=yesterday)
    resident.become_scored(db, person)

    voucher = resident.claim(once.id, key="claim-once").json["id"]
    code = resident.show(voucher_id=voucher)
    assert clerk.post("/merchant/validations", {"code": code}).json["entitled"]
    used = clerk.redeem(code, scan_id="scan-once")
    assert used.status_code == 201, used.text

    code = resident.show(voucher_id=resident.claim(twice.id).json["id"])
    undone = clerk.redeem(code).json["id"]
    assert clerk.post(f"/merchant/redemptions/{undone}/reversal", {"reason": "扫错"}).status_code == 200

    given_back = resident.claim(kept.id).json["id"]
    assert resident.delete(f"/resident/vouchers/{given_back}").status_code == 204
    resident.claim(kept.id)
    assert clerk.redeem(resident.show(incentive_id=standing.id)).status_code == 201
    typed = resident.draw_typed_code(shop, voucher_id=resident.claim(typed_in.id).json["id"]).json["code"]
    assert clerk.redeem(typed).status_code == 201

    leaver.become_scored(db)
    leaver.claim(kept.id)
    assert leaver.delete("/resident/consents/scoring").status_code == 204
    return Answered(voucher, used.json["id"], "scan-once")
