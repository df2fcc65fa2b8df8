"""The city's units with invented shops and clerks, those of `demonstration.yaml` among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from backend.city import City
from backend.city.city_file import Point
from backend.city.demonstration_file import DemonstrationClerk
from backend.city.incentive_files import UnitData, UnitKind
from scripts.demonstration.names import make_name
from scripts.demonstration.places import draw_address, draw_district, draw_point, draw_streets
from scripts.demonstration.unified_codes import UnifiedCodes

_SHOPS_AT_MOST = 4
_CLERKS_AT_MOST = 3
_SHOPKEEPERS: tuple[UnitKind, ...] = ("enterprise", "sole_trader")


@dataclass(frozen=True, slots=True)
class Clerk:
    """`user` signs in at the simulator."""

    user: str
    name: str


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop, counter or window where a unit's incentives hold. Its place is invented."""

    key: str
    name: str
    district: str
    address: str
    point: Point
    clerks: tuple[Clerk, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the city folder with an invented unified code and at least one shop."""

    key: str
    name: str
    unified_code: str
    kind: UnitKind
    category: str
    district: str | None
    example: bool
    shops: tuple[Shop, ...]


def generate_units(city: City, seed: int) -> list[Unit]:
    """Every unit of the city folder; a unit's shops stay the same when other units come and go."""
    codes = UnifiedCodes(city.districts[0].id_prefix[:4] + "00")
    return [_make_unit(city, data, codes, Random(f"{seed}:unit:{data.key}")) for data in city.units]


def _make_unit(city: City, data: UnitData, codes: UnifiedCodes, rng: Random) -> Unit:
    kind: UnitKind = data.kind or "enterprise"
    clerks = [clerk for clerk in city.demonstration.clerks if clerk.unit == data.key]
    shops_at_least = 1 + max((clerk.shop for clerk in clerks), default=0)
    streets = draw_streets(rng, max(shops_at_least, rng.randint(1, _SHOPS_AT_MOST)))
    return Unit(
        key=data.key,
        name=data.name,
        unified_code=codes.draw(rng, kind),
        kind=kind,
        category=data.category,
        district=data.district,
        example=data.example,
        shops=tuple(
            _make_shop(city, data, index, street, clerks, rng) for index, street in enumerate(streets)
        ),
    )


def _make_shop(
    city: City,
    unit: UnitData,
    index: int,
    street: str,
    demonstration_clerks: Sequence[DemonstrationClerk],
    rng: Random,
) -> Shop:
    """The first shop stands in the unit's own district, the others anywhere in the city."""
    at_home = index == 0 and unit.district is not None
    district = (
        city.district(unit.district) if at_home and unit.district else draw_district(rng, city.districts)
    )
    key = f"{unit.key}-{index + 1}"
    known = [Clerk(clerk.user, clerk.name) for clerk in demonstration_clerks if clerk.shop == index]
    invented = [_make_clerk(f"{key}-clerk-{n + 1}", rng) for n in range(rng.randint(1, _CLERKS_AT_MOST))]
    return Shop(
        key=key,
        name=_shop_name(unit, district.name + street),
        district=district.key,
        address=draw_address(rng, district, street),
        point=draw_point(rng, district),
        clerks=(*known, *invented),
    )


def _shop_name(unit: UnitData, place: str) -> str:
    """A real unit's invented shop calls itself an example; an example unit's name does so already."""
    if not unit.example:
        return f"{unit.name}（示例网点·{place}）"
    return f"{unit.name}（{place}{'店' if unit.kind in _SHOPKEEPERS else '网点'}）"


def _make_clerk(user: str, rng: Random) -> Clerk:
    return Clerk(user, make_name(rng, rng.choice(("female", "male")), rng.randint(1966, 2004)))
