"""Who is acting: filled by `identity` from the access token, read by guards and services."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Audience(StrEnum):
    """For whom a route is; every route belongs to exactly one."""

    PUBLIC = "public"
    RESIDENT = "resident"
    MERCHANT = "merchant"
    # Health, metrics and the documents about the service itself, outside /api/v1.
    SERVICE = "service"


class ActorKind(StrEnum):
    RESIDENT = "resident"
    CLERK = "clerk"
    OFFICE = "office"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or program that acts. `shop_id` is set for clerks only."""

    kind: ActorKind
    id: UUID | None = None
    session_id: UUID | None = None
    shop_id: UUID | None = None


SYSTEM = Actor(ActorKind.SYSTEM)
OFFICE = Actor(ActorKind.OFFICE)
