"""Make the lists of a city long: for the pictures of the console and the bench of its lists.

Nobody stands behind these rows, which fits a look and a measurement and nothing else: a running system
that is filled so never becomes a city's own. `python -m scripts.demonstration.long_lists --help`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import click
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backend.city import City
from backend.city.city_file import District
from backend.config import PROJECT, Mode, Settings
from backend.core.encryption import blind_index, place_of, vault
from backend.core.ids import new_id
from backend.core.scopes import act_as_owner
from backend.incentives.models import Incentive
from backend.main import assemble
from backend.partners.models import Shop, Unit, UnitApplication, UnitChange
from scripts.demonstration.accounts import add_account
from scripts.demonstration.copying import Block, RowGatherer, send
from scripts.demonstration.fair_months import add_fair_months
from scripts.demonstration.names import make_name
from scripts.demonstration.places import draw_address, draw_district, draw_point, draw_streets
from scripts.demonstration.unified_codes import UnifiedCodes

BATCH = 2_000
MONTHS = 18
_WHAT = ("便民超市", "社区书屋", "中医诊所", "物业服务有限公司", "停车场", "新时代文明实践志愿服务联合会")
_STATES = ("active", "active", "active", "active", "approved", "suspended", "closed")
_WAITING = ("submitted", "submitted", "returned")

# Copies of one incentive of the city's files, each with a unit and a name of its own.
INCENTIVES = """
INSERT INTO incentives
SELECT (copy).* FROM (
    SELECT jsonb_populate_record(source.made, jsonb_build_object(
        'id', gen_random_uuid(), 'number', 20000000 + n,
        'title', (source.made).title || '（第 ' || n || ' 期）',
        'valid_until', date '2030-01-01' + n % 3000,
        'state', CASE WHEN n % 9 = 0 THEN 'paused' WHEN n % 7 = 0 THEN 'ended' ELSE 'published' END,
        'unit_id', unit.id, 'unit_name', unit.name
    )) AS copy
    FROM generate_series(1, CAST(:many AS integer)) AS n,
        (SELECT count(*) AS incentives FROM incentives) AS all_incentives,
        (SELECT count(*) AS units FROM units WHERE state = 'active') AS all_units,
        (SELECT incentives AS made, row_number() OVER (ORDER BY number) - 1 AS place
            FROM incentives) AS source,
        (SELECT id, name, row_number() OVER (ORDER BY id) - 1 AS place FROM units
            WHERE state = 'active') AS unit
    WHERE source.place = n % all_incentives.incentives AND unit.place = n % all_units.units
) AS copies
"""
HELD_AT = """
INSERT INTO incentive_shops (incentive_id, shop_id)
SELECT incentives.id, shop.id FROM incentives
    JOIN (SELECT DISTINCT ON (unit_id) unit_id, id FROM shops ORDER BY unit_id, id) AS shop USING (unit_id)
WHERE number BETWEEN 20000001 AND 20000000 + :many
"""
DRAFTS = """
INSERT INTO incentive_drafts (
    id, unit_id, content, state, revision, author_id, edited_by, reasons, created_at, edited_at, submitted_at
)
SELECT gen_random_uuid(), incentives.unit_id,
    jsonb_build_object('title', title, 'summary', summary, 'category', category, 'form', form),
    CASE WHEN number % 3 = 0 THEN 'draft' ELSE 'submitted' END, 1, :author, :author, '[]', :last, :last,
    :last - make_interval(hours => (number - 20000000)::integer)
FROM incentives WHERE number BETWEEN 20000001 AND 20000000 + :many
"""
# Every eleventh is of the incentive asked for, every thousandth was cancelled or reversed.
DEEDS = (
    """
INSERT INTO vouchers (id, resident_id, incentive_id, incentive_version, state, uses, uses_left, issued_at,
    expires_at)
SELECT gen_random_uuid(), gen_random_uuid(), CASE WHEN place % 11 = 0 THEN :incentive ELSE :other END, 1,
    CASE WHEN place % 1000 = 0 THEN 'cancelled' WHEN place % 3 = 0 THEN 'issued' ELSE 'expired' END, 1, 1,
    :last - make_interval(mins => place), :last FROM generate_series(1, :many) AS place
""",
    """
INSERT INTO redemptions (id, ticket_id, incentive_id, resident_id, shop_id, clerk_id, scan_id, state,
    accepted_at, reversed_at)
SELECT gen_random_uuid(), decode(md5(place::text || :incentive), 'hex'),
    CASE WHEN place % 11 = 0 THEN :incentive ELSE :other END, gen_random_uuid(), :shop, gen_random_uuid(),
    gen_random_uuid()::text, CASE WHEN place % 1000 = 0 THEN 'reversed' ELSE 'accepted' END,
    :last - make_interval(mins => place), CASE WHEN place % 1000 = 0 THEN :last END
FROM generate_series(1, :many) AS place
""",
    """
INSERT INTO audit_events (occurred_at, action, actor_kind, actor_id, subject_kind, subject_id, data)
SELECT :last - make_interval(mins => place),
    CASE WHEN place % 1000 = 0 THEN 'export.made' ELSE 'voucher.issued' END,
    CASE WHEN place % 1000 = 0 THEN 'office' ELSE 'resident' END,
    CASE WHEN place % 1000 = 0 THEN :incentive ELSE gen_random_uuid() END, 'voucher', place::text, '{}'
FROM generate_series(1, :many) AS place
""",
)
FILLED = "units, shops, unit_applications, incentives, incentive_drafts, vouchers, redemptions, audit_events"


@dataclass(frozen=True)
class Lengths:
    """How many of each: units with a shop and an application, incentives and drafts, deeds of residents."""

    units: int
    incentives: int
    deeds: int


def fill(db: Session, city: City, lengths: Lengths, *, seed: int, now: datetime) -> None:
    """Add that many rows to a city that has its own units and incentives."""
    add_units(db, city, lengths.units, seed=seed, now=now)
    add_fair_months(db, city, MONTHS, seed=seed, now=now)
    db.flush()
    act_as_owner(db)
    db.execute(text("SET LOCAL statement_timeout = 0"))
    author = add_account(db, now=now).id
    db.execute(text(INCENTIVES), {"many": lengths.incentives})
    db.execute(text(HELD_AT), {"many": lengths.incentives})
    db.execute(text(DRAFTS), {"many": lengths.incentives, "author": author, "last": now})
    add_deeds(db, *_two_incentives(db), shop=_any_shop(db), last=now, many=lengths.deeds)
    db.execute(text(f"ANALYZE {FILLED}"))


def add_units(db: Session, city: City, many: int, *, seed: int, now: datetime) -> None:
    """Units with a shop each, and as many applications of others."""
    units = _Units(city, Random(seed), now)
    numbers = iter(range(many))
    while batch := list(islice(numbers, BATCH)):
        send(db, units.rows(batch))


def add_deeds(db: Session, incentive: UUID, other: UUID, *, shop: UUID, last: datetime, many: int) -> None:
    """Vouchers, redemptions and audit events, a minute apart, `last` being the latest."""
    # Residents, tickets and clerks are not what is looked at.
    db.execute(text("SET LOCAL session_replication_role = replica"))
    names = {"incentive": incentive, "other": other, "shop": shop, "last": last, "many": many}
    for statement in DEEDS:
        wanted = {name: value for name, value in names.items() if f":{name}" in statement}
        db.execute(text(statement), wanted)
    db.execute(text("SET LOCAL session_replication_role = DEFAULT"))


class _Units:
    """Units of invented names, short and long, with how they joined."""

    def __init__(self, city: City, rng: Random, now: datetime) -> None:
        self._city, self._rng, self._now = city, rng, now
        self._codes = UnifiedCodes(city.districts[0].id_prefix[:4] + "99")
        self._rows = RowGatherer((Unit, UnitChange, Shop, UnitApplication))

    def rows(self, numbers: Iterable[int]) -> list[Block]:
        for number in numbers:
            self._add(number)
        return self._rows.take()

    def _add(self, number: int) -> None:
        district = draw_district(self._rng, self._city.districts)
        (street,) = draw_streets(self._rng, 1)
        state = _STATES[number % len(_STATES)]
        joined_at = self._now - timedelta(hours=number)
        unit: dict[str, Any] = {
            "name": f"{self._city.name}{district.name}{street}{_WHAT[number % len(_WHAT)]}{number + 1}号",
            "unified_code": self._codes.draw(self._rng, "enterprise"),
            "category": self._city.incentives[number % len(self._city.incentives)].category,
            "district": district.key,
        }
        unit_id = new_id()
        self._rows.add(Unit, id=unit_id, key=None, example=True, state=state, joined_at=joined_at, **unit)
        self._rows.add(
            UnitChange,
            id=new_id(),
            unit_id=unit_id,
            from_state=None,
            to_state="approved",
            reason=None,
            account_id=None,
            changed_at=joined_at,
        )
        self._add_shop(unit_id, unit["name"], district, street)
        self._add_application(number, unit, joined_at)

    def _add_shop(self, unit_id: UUID, name: str, district: District, street: str) -> None:
        point = draw_point(self._rng, district)
        self._rows.add(
            Shop,
            id=new_id(),
            unit_id=unit_id,
            name=f"{name}门店",
            address=draw_address(self._rng, district, street),
            district=district.key,
            latitude=point.lat,
            longitude=point.lng,
            closed_at=None,
        )

    def _add_application(self, number: int, unit: dict[str, Any], at: datetime) -> None:
        """Of another unit that wants to join, and writes the same."""
        application_id, mail = new_id(), f"unit-{number}@example.cn"
        texts = {"email": mail, "contact": make_name(self._rng, "female", 1990), "phone": "13800138000"}
        self._rows.add(
            UnitApplication,
            id=application_id,
            state=_WAITING[number % len(_WAITING)],
            version=1,
            unit_name=unit["name"],
            unified_code=self._codes.draw(self._rng, "enterprise"),
            category=unit["category"],
            district=unit["district"],
            answers={"address": "示例地址", "business": "示例业务"},
            email_index=blind_index("unit_applications.email", mail),
            created_at=at,
            changed_at=at,
            submitted_at=at,
            **{
                f"{name}_cipher": vault().seal(
                    value, place_of("unit_applications", f"{name}_cipher", application_id)
                )
                for name, value in texts.items()
            },
        )


def _two_incentives(db: Session) -> Sequence[UUID]:
    of_units = select(Incentive.id).where(Incentive.unit_id.is_not(None)).order_by(Incentive.number)
    return db.scalars(of_units.limit(2)).all()


def _any_shop(db: Session) -> UUID:
    return db.scalars(select(Shop.id).where(Shop.closed_at.is_(None)).order_by(Shop.id).limit(1)).one()


@click.command(help=__doc__)
@click.option("--data-dir", default=PROJECT / ".data", type=click.Path(file_okay=False, path_type=Path))
@click.option("--units", default=800, show_default=True, type=click.IntRange(1))
@click.option("--incentives", default=5_000, show_default=True, type=click.IntRange(1))
@click.option("--deeds", default=2_000, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=1, show_default=True)
def main(data_dir: Path, units: int, incentives: int, deeds: int, seed: int) -> None:
    settings = Settings(data_dir=data_dir, log_level="WARNING")
    if settings.mode is Mode.PRODUCTION:
        raise click.ClickException("正式运行的系统里不能加入编造的数据。")
    parts = assemble(settings)
    with parts.sessions.begin() as db:
        fill(db, parts.city, Lengths(units, incentives, deeds), seed=seed, now=datetime.now(UTC))
    click.echo(f"已加入 {units} 个单位、{incentives} 个激励项目、{deeds} 条领券和核销。")


if __name__ == "__main__":
    main()
