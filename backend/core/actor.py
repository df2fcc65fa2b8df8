"""Who is acting: filled by `identity` from the access token and by `accounts` from the console's cookie,
read by guards and services."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Audience(StrEnum):
    """For whom a route is; every route belongs to exactly one."""

    PUBLIC = "public"
    RESIDENT = "resident"
    MERCHANT = "merchant"
    # The console: signing in and one's own account, the credit office's work, the units' work.
    CONSOLE = "console"
    OFFICE = "office"
    PARTNER = "partner"
    # The programs of departments that deliver records.
    SOURCE = "source"
    # Health, metrics and the documents about the service itself, outside /api/v1.
    SERVICE = "service"


class ActorKind(StrEnum):
    RESIDENT = "resident"
    CLERK = "clerk"
    OFFICE = "office"
    PARTNER = "partner"
    SOURCE = "source"
    SYSTEM = "system"


class SignInStep(StrEnum):
    """How far somebody has come with signing in to the console; what is next, until they are in."""

    SECOND_FACTOR = "second_factor"
    ENROL_SECOND_FACTOR = "enrol_second_factor"
    SIGNED_IN = "signed_in"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or program that acts. `shop_id` is set for clerks only.

    For people of the console `id` is their account, None for the office at the command line. `unit_id`
    is set for people of a unit, `district` for those of the office whose work is limited to one, `source`
    for the program of a department.
    """

    kind: ActorKind
    id: UUID | None = None
    session_id: UUID | None = None
    shop_id: UUID | None = None
    unit_id: UUID | None = None
    district: str | None = None
    source: str | None = None
    permissions: frozenset[str] = frozenset()


SYSTEM = Actor(ActorKind.SYSTEM)
OFFICE = Actor(ActorKind.OFFICE)
