"""Where invented shops stand: points within a district, common street names, addresses."""

from math import cos, pi, radians, sin, sqrt
from random import Random

from backend.city.city_file import District, Point

_METRES_PER_DEGREE = 111_320
# Shops gather in towns: none stands in the outer part of the circle that stands for the district.
_BUILT_UP_SHARE = 0.8
_STREETS = (
    "人民路",
    "建设路",
    "解放路",
    "和平街",
    "新华路",
    "文化路",
    "学府路",
    "湖滨路",
    "滨江大道",
    "工农路",
    "团结路",
    "青年路",
    "长乐街",
    "花园路",
    "桂花路",
    "银杏路",
    "朝阳路",
    "迎宾大道",
    "公园路",
    "幸福街",
)


def draw_district(rng: Random, districts: tuple[District, ...]) -> District:
    """A district, by size: without population figures its circle's radius stands in for them."""
    return rng.choices(districts, weights=[district.radius_m for district in districts])[0]


def draw_point(rng: Random, district: District) -> Point:
    """A place inside the district's circle, evenly spread over its built-up part."""
    distance = district.radius_m * _BUILT_UP_SHARE * sqrt(rng.random())
    bearing = 2 * pi * rng.random()
    centre = district.centre
    north = distance * cos(bearing) / _METRES_PER_DEGREE
    east = distance * sin(bearing) / (_METRES_PER_DEGREE * cos(radians(centre.lat)))
    return Point(lat=round(centre.lat + north, 6), lng=round(centre.lng + east, 6))


def draw_streets(rng: Random, count: int) -> list[str]:
    """Different streets, one for each shop of a unit."""
    return rng.sample(_STREETS, count)


def draw_address(rng: Random, district: District, street: str) -> str:
    """An address that says itself that it is an example."""
    return f"{district.name}{street}{rng.randrange(1, 399)}号（示例地址）"
