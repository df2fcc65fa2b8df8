"""All four kinds of keys are replaced while people use the system, and nobody notices."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import jwt
import pytest
from alembic import command
from sqlalchemy import select

from backend.audit.models import AuditEvent
from backend.core.encryption import Vault
from backend.core.ids import new_id
from backend.core.keys import KeyRing
from backend.core.keys.readers import Register
from backend.core.keys.turning import (
    Role,
    activate,
    retire,
    retire_ticket_keys,
    stage,
    stage_ticket_key,
)
from backend.identity.models import Resident
from backend.main import alembic_config
from scripts.key_rotation.personal import Cell, personal_tables
from scripts.key_rotation.rewriting import count_by_key
from scripts.key_rotation.waiting import Waiting
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.journey import ShownTicket, Visitor
from tests.scripts.key_rotation.load import Load, administrator, check, newcomer, regular, shopper
from tests.scripts.key_rotation.web import WORKERS, RunningWeb, running_web
from tests.scripts.wechat_simulator.running import Simulator


@pytest.fixture(scope="module")
def web(
    new_database: Callable[[str], str], simulator: Simulator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningWeb]:
    url = new_database("rotated")
    command.upgrade(alembic_config(url), "head")
    folder: Path = tmp_path_factory.mktemp("rotated")
    with running_web(url, folder, simulator) as running:
        yield running


def rotate(web: RunningWeb, role: str, *options: str) -> str:
    done = web.keys("rotate", role, "--settle", "1", "--patience", "30", *options)
    assert done.exit_code == 0, done.output
    return done.output


def signed_with(visitor: Visitor) -> str:
    return str(jwt.get_unverified_header(visitor.tokens["access_token"])["kid"])


def test_four_rotations_under_load_fail_no_request_and_leave_nothing_behind(web: RunningWeb) -> None:
    load = Load(web)
    with web.sessions() as db:
        scenes = {
            "newcomer": newcomer(web),
            "another": newcomer(web),
            "regular": regular(web, db),
            "shopper": shopper(web, db),
            "administrator": administrator(web, db),
        }
    with load.running(scenes):
        load.let_go_round()
        for role in ("data", "index"):
            assert "轮换完成" in rotate(web, role, "--batch", "20")
        assert "再运行一次" in rotate(web, "session")
        load.let_go_round()
        assert "轮换完成" in rotate(web, "session", "--at-once")
        rotate(web, "ticket", "--begins-in", "4")
        load.let_go_round()
    assert load.failures == [], "\n".join(load.failures[:3])
    assert min(load.rounds.values()) > 5

    ring = web.source.load()
    numbers = [[key.key_id for key in keys] for keys in (ring.data, ring.index, ring.session, ring.ticket)]
    assert numbers == [[2], [2], [2], [1, 2]]
    everything_is_readable(web, ring)
    with web.sessions() as db:
        residents = db.scalars(select(Resident)).all()
        accounts = [resident.openid for resident in residents]
        people = [resident.id_number for resident in residents if resident.is_bound]
        trail = select(AuditEvent.action).where(AuditEvent.subject_id == "index:2").order_by(AuditEvent.id)
        steps = db.scalars(trail).all()
    assert len(set(accounts)) == len(accounts) > 10
    assert len(set(people)) == len(people) > 10
    assert steps == ["key.staged", "key.activated"]


def everything_is_readable(web: RunningWeb, ring: KeyRing) -> None:
    """With the keys that are left, and nothing stands under another."""
    vault, engine = Vault(ring), web.sessions.kw["bind"]
    for role in (Role.DATA, Role.INDEX):
        assert list(count_by_key(engine, role)) == [2]
    opened: Counter[str] = Counter()
    with web.sessions() as db:
        for table in personal_tables(Role.DATA):
            for part in table.columns:
                assert isinstance(part, Cell)
                for row_id, cell in db.execute(select(table.row_id, part.column)):
                    opened[table.table.name] += cell is not None and bool(part.renewed(vault, row_id, cell))
    assert opened.total() > 50
    assert opened["accounts"] == 4, "two people with name and address"


def test_control_a_data_key_that_goes_before_its_cells_are_rewritten_takes_them_along(
    web: RunningWeb,
) -> None:
    visitor = web.visitor()
    with web.sessions() as db:
        visitor.become_scored(db)
    active = activate(stage(web.source.load(), Role.DATA), Role.DATA, datetime.now(UTC))
    everybody_takes_up(web, retire(active, Role.DATA))
    assert visitor.get("/resident/identity").status_code == 500
    everybody_takes_up(web, active)
    check(visitor.get("/resident/identity"))
    assert "轮换完成" in rotate(web, "data")
    check(visitor.get("/resident/identity"))


def test_control_an_index_key_that_goes_too_early_makes_a_person_twice(web: RunningWeb) -> None:
    visitor = web.visitor()
    before = check(visitor.sign_in())["resident"]["id"]
    ring = web.source.load()
    active = activate(stage(ring, Role.INDEX), Role.INDEX, datetime.now(UTC))
    everybody_takes_up(web, retire(active, Role.INDEX))
    assert check(visitor.sign_in())["resident"]["id"] != before
    everybody_takes_up(web, ring)
    assert check(visitor.sign_in())["resident"]["id"] == before


def test_control_a_session_key_that_goes_too_early_signs_people_out(web: RunningWeb) -> None:
    visitor = web.visitor()
    check(visitor.sign_in())
    assert "再运行一次" in rotate(web, "session")
    check(visitor.get("/resident/identity"))
    assert signed_with(visitor) == str(web.source.load().session[0].key_id)
    rotate(web, "session", "--at-once")
    assert visitor.get("/resident/identity").status_code == 401


def test_a_ticket_of_the_earlier_key_is_good_until_that_key_goes(web: RunningWeb) -> None:
    resident, clerk = web.visitor(), web.visitor()
    with web.sessions() as db:
        shop = new_shop(db)
        offer = new_incentive(db, shops=[shop])
        resident.become_scored(db)
        clerk.become_clerk(db, shop)
    voucher = check(resident.claim(offer.id), 201)["id"]
    before = resident.draw_ticket(voucher_id=voucher)

    def is_entitled(shown: ShownTicket) -> bool:
        code = shown.at(datetime.now(UTC))
        return bool(check(clerk.post("/merchant/validations", {"code": code}))["entitled"])

    ring = retire_ticket_keys(web.source.load(), datetime.now(UTC))
    everybody_takes_up(web, stage_ticket_key(ring, datetime.now(UTC)))
    published = web.visitor().client.open("/.well-known/hs1-keys.json", method="GET").json
    assert len(published["keys"]) == 2
    after = resident.draw_ticket(voucher_id=voucher)
    assert [is_entitled(before), is_entitled(after)] == [True, True]
    assert "还在有效期内" in web.keys("rotate", "ticket").output
    rotate(web, "ticket", "--at-once")
    assert [is_entitled(before), is_entitled(after)] == [False, True]


def test_a_ticket_key_that_a_process_does_not_take_up_is_withdrawn(web: RunningWeb) -> None:
    before = web.source.load()
    stranger = Register(web.environment["DATABASE_URL"], new_id())
    waiting = Waiting(web.sessions.kw["bind"], settle_s=0, patience_s=0)
    stranger.say(before.fingerprint)
    refused = web.keys("rotate", "ticket", "--begins-in", "3")
    assert refused.exit_code == 1
    assert "还有进程没有换用" in refused.output
    assert web.source.load() == before
    waiting.for_readers(before, lambda _along, _running: None, within_s=10)
    stranger.leave()
    assert "同步" in web.keys("status").output


def everybody_takes_up(web: RunningWeb, ring: KeyRing) -> None:
    with web.source.changing():
        web.source.save(ring)
    seen: list[tuple[int, int]] = []
    waiting = Waiting(web.sessions.kw["bind"], settle_s=0, patience_s=30)
    waiting.for_readers(ring, lambda along, running: seen.append((along, running)))
    assert seen[-1] == (WORKERS, WORKERS)
