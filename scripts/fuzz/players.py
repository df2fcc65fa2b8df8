"""The roles, as people of a running system; and somebody else, whose things nobody may be told."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from backend.accounts.sessions import open_session
from backend.core.actor import SignInStep
from backend.web.console import COOKIE, CSRF_HEADER, csrf_token
from scripts.demonstration.accounts import add_account
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


@dataclass(frozen=True)
class Colleague:
    """One of the console, with every role that one person of the office, or of the unit, may have."""

    role: str
    system: System
    roles: tuple[str, ...]
    unit_id: UUID | None
    own: str
    is_nobody: bool = False

    def sign_in(self) -> dict[str, str]:
        """As somebody new each time: what was asked before may have ended the session, or the account."""
        now = datetime.now(UTC)
        with self.system.parts.sessions.begin() as db:
            account = add_account(db, *self.roles, unit_id=self.unit_id, now=now)
            caller = open_session(db, account, SignInStep.SIGNED_IN, client="fuzz", now=now)
        return {"Cookie": f"{COOKIE}={caller.token}", CSRF_HEADER: csrf_token(caller.token)}


Player = Person | Colleague

OFFICE = ("programme_manager", "reviewer", "score_keeper", "case_officer", "window_clerk")
UNIT = ("unit_manager", "unit_editor")


def new_players(system: System, clerk: Phone, unit_id: UUID) -> list[Player]:
    console = "^/api/v1/(console|{})/"
    return [
        Person("clerk", clerk, own="^/api/v1/merchant/"),
        Person("resident", new_resident(system), own="^/api/v1/resident/"),
        Person(
            "nobody",
            Phone(system, f"nobody-{secrets.token_hex(4)}"),
            own="^/(?!api/v1/(resident|merchant)/)|/session(/refresh)?$",
        ),
        Colleague("office", system, OFFICE, None, own=console.format("office")),
        Colleague("unit", system, UNIT, unit_id, own=console.format("partner")),
    ]


@dataclass(frozen=True)
class Other:
    """A resident who holds something and used it at a shop that is not the clerk's."""

    ids: frozenset[str]
    id_number: str

    def hidden_from(self, player: Player) -> frozenset[str]:
        """What was claimed and used the console sees, and never by whom."""
        return frozenset({self.id_number} | (set() if isinstance(player, Colleague) else self.ids))


def somebody_else(system: System, town: Town) -> Other:
    other, clerk = new_resident(system), town.clerks[1]  # shops take turns, so this one's is another
    voucher = other.claim(town.offers["plenty"], key=other.user).json()
    notices = other.insist("GET", "/resident/notices").json()["items"]
    used = clerk.redeem(other.draw_ticket(voucher_id=voucher["id"]), scan_id=other.user).json()
    me = other.insist("GET", "/resident/identity").json()
    ids = [voucher["id"], used["id"], me["id"], *(notice["id"] for notice in notices)]
    assert other.id_number is not None
    return Other(frozenset(ids), other.id_number)
