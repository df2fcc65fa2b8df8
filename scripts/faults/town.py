"""A small town to break things in: one unit with two shops, four offers, residents and clerks.

The offers may be claimed again and again, so that few people make much traffic.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from stdnum.cn import ric

from backend.city import City
from backend.core.clock import day_in_china
from backend.core.encryption import blind_index
from backend.core.ids import new_id
from backend.identity.service import invite_clerk
from backend.incentives.models import Form, Incentive, IncentiveShop, IncentiveState, QuotaRule, QuotaScope
from backend.partners.models import Shop, Unit, UnitState
from backend.scoring.engine.model import RecordStatus
from backend.scoring.models import HeldRecord, HeldResidence
from backend.scoring.service import SUBJECT_COLUMN
from scripts.faults.phones import Phone
from scripts.faults.system import System

RESIDENTS, CLERKS = 16, 16
SHOPS = 2
PLENTY, SCARCE = 1_000_000, 40
DISTRICT = "420202"
NAME = "周试验"
RECORDS_OF_EACH = 3

_sequence = count(1)


@dataclass(frozen=True)
class Town:
    """Offers by what they are for, and people who are signed in."""

    unit: UUID
    offers: dict[str, UUID]
    residents: Sequence[Phone]
    clerks: Sequence[Phone]

    @property
    def secrets(self) -> list[str]:
        """What must stand in no log."""
        people = [NAME] + [resident.id_number for resident in self.residents if resident.id_number]
        return people + [phone.token for phone in (*self.residents, *self.clerks) if phone.token]


def build_town(system: System) -> Town:
    with system.parts.sessions.begin() as db:
        shops = _add_shops(db)
        unit = shops[0].unit_id
        offers = _add_offers(db, shops)
        invites = [
            invite_clerk(db, shop_id=shops[number % SHOPS].id, label=None, now=datetime.now(UTC))
            for number in range(CLERKS)
        ]
    clerks = [Phone(system, f"clerk-{number}", invite=invite) for number, invite in enumerate(invites)]
    for clerk in clerks:
        clerk.sign_in()
    return Town(unit, offers, [new_resident(system) for _ in range(RESIDENTS)], clerks)


def new_resident(system: System) -> Phone:
    """Somebody who has joined, agreed and has a score with some lines."""
    id_number = _id_number()
    with system.parts.sessions.begin() as db:
        _hold(db, system.parts.city, id_number)
    resident = Phone(system, f"resident-{secrets.token_hex(4)}", id_number=id_number)
    resident.sign_in()
    resident.join(NAME)
    return resident


def new_stranger(system: System) -> Phone:
    """Somebody who has signed in and done nothing else."""
    stranger = Phone(system, f"stranger-{secrets.token_hex(4)}")
    stranger.sign_in()
    return stranger


def _add_shops(db: Session) -> list[Shop]:
    unit = Unit(
        id=new_id(),
        key="town",
        name="试验单位",
        category="culture_sport_tourism",
        district=DISTRICT,
        example=True,
        state=UnitState.ACTIVE,
        joined_at=datetime.now(UTC),
    )
    unit.shops = [
        Shop(
            id=new_id(),
            name=f"试验门店{number}",
            address="人民路 1 号",
            district=DISTRICT,
            latitude=30.2,
            longitude=115.04,
        )
        for number in range(SHOPS)
    ]
    db.add(unit)
    db.flush()
    return list(unit.shops)


def _add_offers(db: Session, shops: Sequence[Shop]) -> dict[str, UUID]:
    wanted: dict[str, dict[str, Any]] = {
        "plenty": {"quotas": {QuotaScope.TOTAL: PLENTY, QuotaScope.DAY: PLENTY, QuotaScope.SHOP: PLENTY}},
        "thrice": {"uses": 3, "quotas": {QuotaScope.TOTAL: PLENTY}},
        "scarce": {"quotas": {QuotaScope.TOTAL: SCARCE}},
        "standing": {"form": Form.STANDING, "voucher_days": None, "quotas": {QuotaScope.SHOP: PLENTY}},
    }
    offers = {}
    for number, (name, special) in enumerate(wanted.items(), start=800_001):
        quotas = special.pop("quotas")
        incentive = Incentive(id=new_id(), number=number, title=f"试验{name}", **(_usual() | special))
        db.add(incentive)
        db.flush()
        db.add_all(
            QuotaRule(incentive_id=incentive.id, scope=scope, quota=size) for scope, size in quotas.items()
        )
        db.add_all(IncentiveShop(incentive_id=incentive.id, shop_id=shop.id) for shop in shops)
        offers[name] = incentive.id
    return offers


def _usual() -> dict[str, Any]:
    return {
        "state": IncentiveState.PUBLISHED,
        "form": Form.VOUCHER,
        "summary": "试验用",
        "category": "culture_sport_tourism",
        "unit_name": "试验单位",
        "needed_milli": 0,
        "benefit_kind": "discount",
        "benefit": "九折",
        "terms": ["试验"],
        "districts": [],
        "valid_from": date(2020, 1, 1),
        "valid_until": date(2099, 12, 31),
        "limit_times": PLENTY,
        "limit_period": "year",
        "uses": 1,
        "voucher_days": 30,
        "needs_match": False,
        "offline": False,
        "has_return": False,
        "cost_bearer": "unit",
        "example": True,
        "published_at": datetime.now(UTC),
    }


def _hold(db: Session, city: City, id_number: str) -> None:
    now = datetime.now(UTC)
    subject, until = blind_index(SUBJECT_COLUMN, id_number), now + timedelta(days=30)
    db.add(HeldResidence(subject_index=subject, district=DISTRICT, held_until=until))
    today = day_in_china(now)
    indicators = [one.code for part in city.score_model(today).dimensions for one in part.indicators]
    for code in secrets.SystemRandom().sample(indicators, RECORDS_OF_EACH):
        db.add(
            HeldRecord(
                subject_index=subject,
                indicator=code,
                occurred_on=today - timedelta(days=30),
                quantity=1,
                status=RecordStatus.ACTIVE,
                received_at=now,
                held_until=until,
            )
        )


def _id_number() -> str:
    sequence = next(_sequence)
    body = f"{DISTRICT}19800101{sequence:03}"
    return str(body + ric.calc_check_digit(body + "0"))
