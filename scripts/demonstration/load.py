"""Filling an empty database with the demonstration city."""

from datetime import datetime
from itertools import islice
from uuid import UUID

import click
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.city import City
from backend.core.actor import OFFICE
from backend.core.clock import day_in_china
from backend.core.encryption import blind_index
from backend.core.ids import new_id
from backend.identity.id_number import is_adult
from backend.identity.models import Clerk
from backend.incentives.service import publish_from_city
from backend.partners.models import Shop, Unit, UnitState
from scripts.demonstration import units as generated
from scripts.demonstration.copying import send
from scripts.demonstration.cores import on_all_cores
from scripts.demonstration.population import demonstration_people, generate_people
from scripts.demonstration.residents import OpenidOf, ResidentRows
from scripts.demonstration.units import generate_units

BATCH = 500
# Below this, starting processes takes longer than they save.
FEW = 4 * BATCH


def load_demonstration(
    db: Session, city: City, *, residents: int, seed: int, openid_of: OpenidOf, now: datetime
) -> None:
    """Units with shops and clerks, the catalogue, and people. `openid_of` is the simulator's."""
    shops_of_unit = add_units(db, city, seed=seed, openid_of=openid_of, now=now)
    for data in city.incentives:
        unit_id, shop_ids = shops_of_unit[data.unit] if data.unit else (None, [])
        publish_from_city(db, city, data, unit_id=unit_id, shop_ids=shop_ids, now=now)
    db.flush()
    add_people(db, city, residents=residents, seed=seed, openid_of=openid_of, now=now)


def add_units(
    db: Session, city: City, *, seed: int, openid_of: OpenidOf, now: datetime
) -> dict[str, tuple[UUID, list[UUID]]]:
    """All units of the city; gives for each key its id and those of its shops, in their order.

    The clerks of `demonstration.yaml` are left out: they join by invitation, on the screen.
    """
    by_key: dict[str, tuple[UUID, list[UUID]]] = {}
    invited = {clerk.user for clerk in city.demonstration.clerks}
    for data in generate_units(city, seed):
        unit = Unit(
            id=new_id(),
            key=data.key,
            name=data.name,
            unified_code=data.unified_code,
            category=data.category,
            district=data.district,
            example=data.example,
            state=UnitState.ACTIVE,
            joined_at=now,
        )
        unit.shops = [_as_shop(shop) for shop in data.shops]
        db.add(unit)
        db.flush()
        audit.record(db, "unit.joined", subject=("unit", unit.id), actor=OFFICE, now=now)
        for shop, made in zip(data.shops, unit.shops, strict=True):
            others = [clerk for clerk in shop.clerks if clerk.user not in invited]
            db.add_all(_as_clerk(clerk, made.id, openid_of(clerk.user), now) for clerk in others)
        by_key[data.key] = (unit.id, [shop.id for shop in unit.shops])
    return by_key


def add_people(
    db: Session, city: City, *, residents: int, seed: int, openid_of: OpenidOf, now: datetime
) -> None:
    """The demonstration's own people, most of whom have not joined yet, and any number of others."""
    today = day_in_china(now)
    rows = ResidentRows(city, openid_of=openid_of, now=now)
    own = demonstration_people(city, today)
    send(db, rows.blocks_of(person for person in own if is_adult(person.id_number, today=today)))
    people = generate_people(city, residents, seed, today)
    batches = iter(lambda: list(islice(people, BATCH)), [])
    with click.progressbar(length=residents, label="市民") as bar:
        for made, blocks in on_all_cores(rows.blocks_of, batches, wanted=residents > FEW):
            send(db, blocks)
            bar.update(made)


def _as_shop(shop: generated.Shop) -> Shop:
    return Shop(
        id=new_id(),
        name=shop.name,
        address=shop.address,
        district=shop.district,
        latitude=shop.point.lat,
        longitude=shop.point.lng,
    )


def _as_clerk(clerk: generated.Clerk, shop_id: UUID, openid: str, now: datetime) -> Clerk:
    row = Clerk(
        id=new_id(),
        shop_id=shop_id,
        openid_index=blind_index("clerks.openid", openid),
        created_at=now,
        last_signed_in_at=now,
    )
    row.openid, row.label = openid, clerk.name
    return row
