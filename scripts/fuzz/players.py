"""The roles, as people of a running system; and somebody else, whose things nobody may be told."""

import secrets
from dataclasses import dataclass

from scripts.faults.phones import Phone
from scripts.faults.system import System
from scripts.faults.town import Town, new_resident


@dataclass(frozen=True)
class Person:
    """One who plays: a resident, a clerk, or nobody, whose phone has signed in nowhere.

    `own` are the addresses that are meant for the role; at all others it is only turned away.
    """

    role: str
    phone: Phone
    own: str

    @property
    def is_nobody(self) -> bool:
        return self.role == "nobody"

    def sign_in(self) -> dict[str, str]:
        # A 401 of an address for others ends no session, and WeChat counts who signs in.
        own = "/merchant/session" if self.role == "clerk" else "/resident/notices"
        if not self.phone.token or self.phone.attempt("GET", own).status_code == 401:
            self.phone.sign_in()
        return {"Authorization": f"Bearer {self.phone.token}"}


def new_players(system: System, clerk: Phone) -> list[Person]:
    return [
        Person("clerk", clerk, own="^/api/v1/merchant/"),
        Person("resident", new_resident(system), own="^/api/v1/resident/"),
        Person(
            "nobody",
            Phone(system, f"nobody-{secrets.token_hex(4)}"),
            own="^/(?!api/v1/(resident|merchant)/)|/session(/refresh)?$",
        ),
    ]


def somebody_else(system: System, town: Town) -> frozenset[str]:
    """The ids and words of a resident who holds something, and of a use at a shop that is not the clerk's."""
    other, clerk = new_resident(system), town.clerks[1]  # shops take turns, so this one's is another
    voucher = other.claim(town.offers["plenty"], key=other.user).json()
    notices = other.insist("GET", "/resident/notices").json()["items"]
    used = clerk.redeem(other.draw_ticket(voucher_id=voucher["id"]), scan_id=other.user).json()
    me = other.insist("GET", "/resident/identity").json()
    ids = [voucher["id"], used["id"], me["id"], *(notice["id"] for notice in notices)]
    assert other.id_number is not None
    return frozenset([*ids, other.id_number])
