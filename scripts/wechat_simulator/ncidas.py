"""The stand-in's memory of who showed a network identity, to whom and with what end."""

import hashlib
import threading
from dataclasses import dataclass

from scripts.wechat_simulator.clock import Clock

LIFE_SECONDS = 600
PASSED, NOT_YET, OTHER_PERSON, TOO_OLD = 0, 1, 2, 3


@dataclass(frozen=True)
class Asked:
    """One check: an organisation, its business, and its own number of the check."""

    organisation: str
    business: str
    number: str


@dataclass(frozen=True)
class Shown:
    """Who used the national app for a check. `code` is the verdict to come: 0 passed."""

    name: str
    id_number: str
    code: int
    ends_at: float


class NetworkIdentities:
    """What people did in the national app."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._shown: dict[Asked, Shown] = {}

    def show(self, asked: Asked, *, name: str, id_number: str, code: int) -> None:
        with self._lock:
            self._shown[asked] = Shown(name, id_number, code, self._clock.now() + LIFE_SECONDS)

    def verify(self, asked: Asked, *, name: str, id_number: str) -> tuple[int, str | None]:
        """The verdict and, when passed, the person as this organisation may know them."""
        with self._lock:
            shown = self._shown.get(asked)
        if shown is None:
            return NOT_YET, None
        if self._clock.now() >= shown.ends_at:
            return TOO_OLD, None
        if (shown.name, shown.id_number) != (name, id_number):
            return OTHER_PERSON, None
        return shown.code, person_id(asked.organisation, id_number) if shown.code == PASSED else None

    def reset(self) -> None:
        with self._lock:
            self._shown.clear()


def person_id(organisation: str, id_number: str) -> str:
    """Another organisation gets another one for the same person."""
    return hashlib.sha256(f"ncidas\0{organisation}\0{id_number}".encode()).hexdigest()
