"""Unified social credit codes (GB 32100) of invented units.

Each holds a valid organisation code (GB 11714). Codes are drawn by chance; one that a living unit
holds is a coincidence.
"""

from random import Random

from stdnum.cn import uscc

from backend.city.incentive_files import UnitKind

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
# Registering authority and kind of body, the first two characters.
_KINDS: dict[UnitKind, str] = {
    "government": "11",
    "public_body": "12",
    "hospital": "12",
    "school": "12",
    "association": "51",
    "enterprise": "91",
    "bank": "91",
    "sole_trader": "92",
}


class UnifiedCodes:
    """Draws unified codes for one city, and never the same one twice."""

    def __init__(self, city_code: str) -> None:
        self._city_code = city_code
        self._taken: set[str] = set()

    def draw(self, rng: Random, kind: UnitKind) -> str:
        """A code nobody has yet."""
        while True:
            body = f"{_KINDS[kind]}{self._city_code}{_draw_organisation_code(rng)}"
            code = body + uscc.calc_check_digit(body)
            if code not in self._taken:
                self._taken.add(code)
                return code


def organisation_check_digit(body: str) -> str:
    """The ninth character of an organisation code, from the first eight; letters count from A = 10."""
    values = (int(character, 36) for character in body)
    total = sum(value * weight for value, weight in zip(values, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def _draw_organisation_code(rng: Random) -> str:
    body = "MA" + "".join(rng.choices(_ALPHABET, k=6))
    return body + organisation_check_digit(body)
