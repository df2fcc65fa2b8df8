"""The roles, as people of a running system; and somebody else, whose things nobody may be told."""

from dataclasses import dataclass

from scripts.faults.phones import Phone
from scripts.faults.system import System
from scripts.faults.town import Town, new_resident


@dataclass(frozen=True)
class Nobody:
    role: str = "nobody"
    is_nobody: bool = True

    def sign_in(self) -> str:
        raise RuntimeError("nobody has no account")


@dataclass(frozen=True)
class Somebody:
    """A resident or a clerk."""

    role: str
    phone: Phone
    is_nobody: bool = False

    def sign_in(self) -> str:
        self.phone.sign_in()
        assert self.phone.token is not None
        return self.phone.token


def all_players(system: System, town: Town) -> list[Nobody | Somebody]:
    return [
        Nobody(),
        Somebody("resident", new_resident(system)),
        Somebody("clerk", town.clerks[0]),
    ]


def somebody_else(system: System, town: Town) -> frozenset[str]:
    """The ids and words of a resident who holds something, and of a use at a shop that is not the clerk's."""
    other, clerk = new_resident(system), town.clerks[1]
    voucher = other.claim(town.offers["plenty"], key=other.user).json()
    notices = other.insist("GET", "/resident/notices").json()["items"]
    used = clerk.redeem(other.draw_ticket(voucher_id=voucher["id"]), scan_id=other.user).json()
    me = other.insist("GET", "/resident/identity").json()
    ids = [voucher["id"], used["id"], me["id"], *(notice["id"] for notice in notices)]
    assert other.id_number is not None
    return frozenset([*ids, other.id_number])
