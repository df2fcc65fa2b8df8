"""Proof that a name and an ID number belong to the person at the phone.

Providers differ in how they ask; all answer the same question. The trial has a sandbox. WeChat's face
check, the national network identity and the window clerk become further entries of `PROVIDERS`.
"""

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from backend.core.encryption import blind_index
from backend.identity.errors import IdentityMismatch, UnknownProvider
from backend.identity.models import SandboxPerson

SANDBOX = "sandbox"


@dataclass(frozen=True)
class Claim:
    """What someone says of themselves, with what the provider gave them as proof."""

    name: str
    id_number: str
    ticket: str | None


class IdentityProvider(Protocol):
    def check_identity(self, db: Session, claim: Claim) -> None:
        """Return when the proof holds; raise IdentityMismatch when it does not."""


class Sandbox:
    """For trials only; production refuses to start with it.

    It knows the people of the demonstration city, whose names must fit, and believes anyone else.
    """

    def check_identity(self, db: Session, claim: Claim) -> None:
        known = db.get(SandboxPerson, blind_index("sandbox_people.id_number", claim.id_number))
        if known and known.name_index != blind_index("sandbox_people.name", claim.name):
            raise IdentityMismatch(errors={"name": [IdentityMismatch.detail]})


PROVIDERS: dict[str, IdentityProvider] = {SANDBOX: Sandbox()}


def provider_named(name: str, in_use: frozenset[str]) -> IdentityProvider:
    if name not in in_use or name not in PROVIDERS:
        raise UnknownProvider(errors={"proof.provider": [UnknownProvider.detail]})
    return PROVIDERS[name]
