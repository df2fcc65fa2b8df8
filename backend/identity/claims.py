"""What people say of themselves: a name and an ID number, read before anything else is done with them."""

from dataclasses import dataclass, field
from datetime import datetime

from backend.core.clock import day_in_china
from backend.core.encryption import blind_index, is_same_text
from backend.identity.errors import UnderAge
from backend.identity.id_number import is_adult, read_id_number

CLAIM = "identity_checks.claim"


@dataclass(frozen=True)
class Claim:
    """An adult's name and ID number in canonical form. Neither is shown in a `repr`."""

    name: str = field(repr=False)
    id_number: str = field(repr=False)

    def fingerprint(self) -> bytes:
        """By which the finish of a check knows that it is about the same person as its start."""
        return blind_index(CLAIM, f"{self.name}\0{self.id_number}")

    def is_behind(self, fingerprint: bytes) -> bool:
        return is_same_text(CLAIM, fingerprint, self.fingerprint())


def read_claim(*, name: str, id_number: str, now: datetime) -> Claim:
    """Raises InvalidIdNumber, which names the field, and UnderAge."""
    today = day_in_china(now)
    number = read_id_number(id_number, today=today)
    if not is_adult(number, today=today):
        raise UnderAge
    return Claim(name.strip(), number)
