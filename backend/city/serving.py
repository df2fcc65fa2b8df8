"""The city this process serves; `main` says which at start."""

from backend.city.model import City


class _Served:
    city: City | None = None


def serve(city: City) -> None:
    _Served.city = city


def current_city() -> City:
    if _Served.city is None:
        raise RuntimeError("no city is served; call serve at start")
    return _Served.city
