"""The demonstration city in a database: its people sign in as who they are, and everybody counts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic import command
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.core.clock import day_in_china
from backend.core.database import Base, connect, request_sessions, system_sessions
from backend.identity.models import Clerk, Resident, SandboxPerson
from backend.incentives.models import Incentive, IncentiveShop, QuotaRule
from backend.main import Parts, alembic_config, create_app
from backend.partners.models import Shop, Unit
from backend.scoring.models import CreditRecord, HeldRecord, HeldResidence, Score, ScoreMonth
from backend.web.application import Application
from scripts.demonstration import Person, demonstration_people, generate_people, generate_units, load
from scripts.demonstration.load import load_demonstration
from scripts.demonstration.residents import ResidentRows
from scripts.wechat_simulator.persons import openid_of
from tests.factories.answers import refusal
from tests.factories.journey import Visitor
from tests.factories.people import NewPerson
from tests.factories.trail import audit_actions, count_rows
from tests.scripts.demonstration.scores import score_of
from tests.scripts.demonstration.test_huangshi_content import PUBLISHED
from tests.scripts.wechat_simulator.running import APPID, Simulator

RESIDENTS, SEED = 30, 7


@dataclass(frozen=True)
class Contents:
    """What a database holds, without what is drawn anew each time: ids and encrypted cells."""

    rows: dict[str, int]
    residents: dict[str | None, Any]
    waiting: set[bytes]


@dataclass
class Loaded:
    """A database filled with the demonstration, and an application that serves it."""

    parts: Parts
    app: Application
    people: list[Person]
    at_first: Contents

    @property
    def joined(self) -> list[Person]:
        return [person for person in self.people if person.joined_on]

    @property
    def waiting(self) -> list[Person]:
        return [person for person in self.people if not person.joined_on]

    def count(self, table: type[Base]) -> int:
        """How many rows there were before any test used the application."""
        return self.at_first.rows[table.__tablename__]


@contextmanager
def loaded_city(parts: Parts, url: str, now: datetime) -> Iterator[Parts]:
    command.upgrade(alembic_config(url), "head")
    engine = connect(url, pool_size=4)
    filled = replace(
        parts, engine=engine, sessions=system_sessions(engine), request_sessions=request_sessions(engine)
    )
    with filled.sessions.begin() as db:
        load_demonstration(
            db,
            parts.city,
            residents=RESIDENTS,
            seed=SEED,
            openid_of=lambda user: openid_of(APPID, user),
            now=now,
        )
    yield filled
    engine.dispose()


def contents_of(parts: Parts) -> Contents:
    with parts.sessions() as db:
        tables = Base.metadata.sorted_tables
        return Contents(
            rows={table.name: db.scalar(select(func.count()).select_from(table)) or 0 for table in tables},
            residents={resident.openid: _told_of(db, resident) for resident in db.scalars(select(Resident))},
            waiting=set(db.scalars(select(HeldResidence.subject_index))),
        )


@pytest.fixture(scope="module")
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def loaded(
    parts: Parts, app: Application, new_database: Callable[[str], str], now: datetime
) -> Iterator[Loaded]:
    people = list(generate_people(parts.city, RESIDENTS, SEED, day_in_china(now)))
    with loaded_city(parts, new_database("demonstration"), now) as filled:
        yield Loaded(filled, create_app(parts=filled), people, contents_of(filled))


@pytest.fixture
def demo(loaded: Loaded) -> Iterator[Session]:
    with loaded.parts.sessions() as session:
        yield session


@pytest.fixture
def as_user(loaded: Loaded, simulator: Simulator) -> Callable[[str], Visitor]:
    return lambda user: Visitor(loaded.app.test_client(), simulator, user)


def test_everybody_is_there(loaded: Loaded, now: datetime) -> None:
    own = demonstration_people(loaded.parts.city, day_in_china(now))
    adults = [person for person in own if person.openid_user != "wu-zihan"]
    assert len(adults) == len(own) - 1, "one is a minor and stays out"
    assert len(loaded.joined) + len(loaded.waiting) == RESIDENTS
    assert 10 < len(loaded.joined) < RESIDENTS
    assert loaded.count(SandboxPerson) == RESIDENTS + len(adults)
    joined = [*loaded.joined, *(person for person in adults if person.joined_on)]
    assert len(joined) == len(loaded.joined) + 1, "one of the city's own has been there for long"
    assert loaded.count(Resident) == loaded.count(Score) == len(joined)
    assert loaded.count(CreditRecord) == sum(len(person.records) for person in joined)
    everyone_else = [*loaded.waiting, *(person for person in adults if not person.joined_on)]
    assert loaded.count(HeldRecord) == sum(len(person.records) for person in everyone_else)
    assert loaded.count(HeldResidence) == sum(person.residence for person in everyone_else)


def test_units_shops_clerks_and_incentives_are_there(loaded: Loaded) -> None:
    city = loaded.parts.city
    units = list(generate_units(city, SEED))
    invited = {clerk.user for clerk in city.demonstration.clerks}
    shops = [shop for unit in units for shop in unit.shops]
    assert (loaded.count(Unit), loaded.count(Shop)) == (len(units), len(shops))
    clerks = [clerk.user for shop in shops for clerk in shop.clerks if clerk.user not in invited]
    assert loaded.count(Clerk) == len(clerks)
    assert loaded.count(Incentive) == len(city.incentives)
    with_quota = [incentive.quota for incentive in city.incentives if incentive.quota]
    quotas = [size for quota in with_quota for size in (quota.total, quota.per_day, quota.per_shop) if size]
    assert loaded.count(QuotaRule) == len(quotas)
    shops_of = {unit.key: len(unit.shops) for unit in units}
    held_at = [shops_of[incentive.unit] for incentive in city.incentives if incentive.unit]
    assert loaded.count(IncentiveShop) == sum(held_at)


def test_those_who_joined_sign_in_as_they_are_and_see_their_score(
    demo: Session, loaded: Loaded, as_user: Callable[[str], Visitor], now: datetime
) -> None:
    for person in loaded.joined:
        visitor = as_user(person.openid_user)
        session = visitor.sign_in().json["resident"]
        assert session["bound"]
        assert session["masked_name"][0] == person.name[0]
        page = visitor.get("/resident/score").json
        result = score_of(loaded.parts.city, person, day_in_china(now))
        assert page["score_milli"] == result.score_milli
        assert page["level"] == (result.level and {"code": result.level.code, "name": result.level.name})
        months = visitor.get("/resident/score/history", limit=200).json["items"]
        assert months[0]["score_milli"] == result.score_milli
        assert len(months) == count_rows(demo, ScoreMonth, resident_id=session["id"]) >= 1
        actions = audit_actions(demo, "resident", session["id"])
        assert actions == ["resident.joined", "identity.bound", "consent.given", "score.computed"]


def test_those_who_did_not_join_yet_come_with_their_name_and_find_their_records(
    loaded: Loaded, as_user: Callable[[str], Visitor], now: datetime
) -> None:
    for person in [loaded.waiting[0], *demonstration_people(loaded.parts.city, day_in_china(now))[:2]]:
        visitor = as_user(person.openid_user)
        assert visitor.sign_in().json["resident"]["bound"] is False
        wrong_name = visitor.bind(NewPerson("别人", person.id_number))
        refusal(wrong_name, 422, "identity.mismatch")
        assert visitor.bind(NewPerson(person.name, person.id_number)).status_code == 200
        assert visitor.consent().status_code == 200
        result = score_of(loaded.parts.city, person, day_in_china(now))
        assert visitor.get("/resident/score").json["score_milli"] == result.score_milli


def test_a_clerk_of_the_city_signs_in_without_an_invitation(
    loaded: Loaded, as_user: Callable[[str], Visitor]
) -> None:
    invited = {clerk.user for clerk in loaded.parts.city.demonstration.clerks}
    shops = [shop for unit in generate_units(loaded.parts.city, SEED) for shop in unit.shops]
    shop, clerk = next((shop, clerk) for shop in shops for clerk in shop.clerks if clerk.user not in invited)
    signed_in = as_user(clerk.user).sign_in_as_clerk().json["clerk"]
    assert signed_in["shop"]["name"] == shop.name


def test_the_nine_published_incentives_are_in_the_catalogue(as_user: Callable[[str], Visitor]) -> None:
    visitor = as_user("anybody")
    listed = visitor.get("/public/incentives", limit=200).json["items"]
    published = {item["number"]: item["title"] for item in listed if not item["example"]}
    assert published == {number: title for number, title, *_rest in PUBLISHED}
    assert len(published) == 9


def test_the_same_seed_makes_the_same_city(
    loaded: Loaded, parts: Parts, new_database: Callable[[str], str], now: datetime
) -> None:
    with loaded_city(parts, new_database("again"), now) as again:
        assert contents_of(again) == loaded.at_first


def test_all_processors_together_make_the_same_city(
    loaded: Loaded,
    parts: Parts,
    new_database: Callable[[str], str],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(load, "FEW", 0)
    monkeypatch.setattr(load, "BATCH", 4)
    with loaded_city(parts, new_database("spread"), now) as spread:
        assert contents_of(spread) == loaded.at_first


def test_who_joined_today_did_so_before_now(loaded: Loaded, now: datetime) -> None:
    just_after_midnight = now.replace(hour=16, minute=1)
    joined_today = replace(loaded.joined[0], joined_on=day_in_china(just_after_midnight))
    rows = ResidentRows(loaded.parts.city, openid_of=str, now=just_after_midnight)
    events = next(block for block in rows.blocks_of([joined_today]) if block.table == "audit_events")
    moments = {line.split("\t")[0] for line in events.text.decode().splitlines()}
    assert events.columns[0] == "occurred_at"
    assert moments == {str(just_after_midnight)}


def _told_of(db: Session, resident: Resident) -> Any:
    records = select(
        CreditRecord.indicator, CreditRecord.occurred_on, CreditRecord.quantity, CreditRecord.status
    )
    return (
        resident.name,
        resident.id_number,
        resident.bound_at,
        db.get_one(Score, resident.id).score_milli,
        sorted(map(tuple, db.execute(records.where(CreditRecord.resident_id == resident.id)))),
    )
