"""Proof that a name and an ID number belong to the person at the phone.

Providers differ in how they ask; all answer the same two questions: begin a check, and how did it
end. They are asked between transactions, since some take seconds, so none gets the request's session.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from backend.core.encryption import blind_indexes
from backend.core.readable_codes import draw_code
from backend.identity.claims import Claim
from backend.identity.errors import CheckPending, IdentityMismatch, UnknownProvider
from backend.identity.models import SandboxPerson
from backend.wechat.accounts import WeChat

SANDBOX = "sandbox"
FACE = "face"
NCIDAS = "ncidas"
WINDOW = "window"
PROVIDER_NAMES = frozenset({SANDBOX, FACE, NCIDAS, WINDOW})

SANDBOX_LIFE = timedelta(hours=1)
WINDOW_LIFE = timedelta(minutes=30)
# Ways in which WeChat says that a face check is over without having passed: the device, the person, the
# network, the camera, the picture, the time, another account or identity. What it does not list may
# still become a pass, so it ends nothing here.
FACE_ENDS = frozenset({*range(90001, 90015), 90017, 90018, 90107, 90109, 90199, 84001, 84002, 84003})


@dataclass(frozen=True)
class Begun:
    """A check as its provider opened it.

    `handle` is the provider's name for it and `code` what is typed at the window; `for_phone` is what
    the phone needs to go on, beside the code.
    """

    life: timedelta
    handle: str | None = field(default=None, repr=False)
    code: str | None = field(default=None, repr=False)
    for_phone: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Asked:
    """Which check is asked about: `openid` is the account's that began it, `number` our name for it."""

    openid: str = field(repr=False)
    number: str
    handle: str | None = field(default=None, repr=False)
    is_confirmed: bool = False


@dataclass(frozen=True)
class Verdict:
    """How a check ended. `code` is the provider's word for it, `scoped_id` its name for the person."""

    passed: bool
    code: int | str | None = None
    scoped_id: str | None = field(default=None, repr=False)


class IdentityProvider(Protocol):
    """`begins_with_check` is false where a claim can be proven without one."""

    begins_with_check: bool

    def begin(self, claim: Claim, *, openid: str, number: str) -> Begun:
        """Open a check for this person under `number`."""

    def verdict(self, claim: Claim, asked: Asked | None) -> Verdict:
        """How it ended; CheckPending while it has not, or the provider's own refusal."""


class Sandbox:
    """For trials only; production refuses to start with it.

    It knows the people of the demonstration city, whose names must fit, and believes anyone else. It
    looks them up in a transaction of its own, as any platform outside would.
    """

    begins_with_check = False

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    def begin(self, claim: Claim, *, openid: str, number: str) -> Begun:  # noqa: ARG002
        return Begun(SANDBOX_LIFE)

    def verdict(self, claim: Claim, asked: Asked | None) -> Verdict:  # noqa: ARG002
        with self._sessions() as db:
            numbers = blind_indexes("sandbox_people.id_number", claim.id_number)
            known = db.scalar(select(SandboxPerson).where(SandboxPerson.id_number_index.in_(numbers)))
        if known and known.name_index not in blind_indexes("sandbox_people.name", claim.name):
            raise IdentityMismatch(errors={"name": [IdentityMismatch.detail]})
        return Verdict(passed=True)


class Face:
    """WeChat's face check 2.0. That the phone says "done" proves nothing: WeChat is asked."""

    begins_with_check = True

    def __init__(self, wechat: WeChat) -> None:
        self._wechat = wechat

    def begin(self, claim: Claim, *, openid: str, number: str) -> Begun:
        check = self._wechat.begin_face_check(
            openid=openid, name=claim.name, id_number=claim.id_number, number=number
        )
        for_phone = {"verify_id": check.verify_id}
        return Begun(timedelta(seconds=check.expires_in), handle=check.verify_id, for_phone=for_phone)

    def verdict(self, claim: Claim, asked: Asked | None) -> Verdict:
        assert asked is not None
        assert asked.handle is not None
        result = self._wechat.face_check_result(
            openid=asked.openid,
            name=claim.name,
            id_number=claim.id_number,
            number=asked.number,
            verify_id=asked.handle,
        )
        if not result.passed and result.code not in FACE_ENDS:
            raise CheckPending
        return Verdict(result.passed, result.code)


class Window:
    """A clerk at the office's window looks at the card and confirms; see `backend.identity.window`."""

    begins_with_check = True

    def begin(self, claim: Claim, *, openid: str, number: str) -> Begun:  # noqa: ARG002
        return Begun(WINDOW_LIFE, code=draw_code())

    def verdict(self, claim: Claim, asked: Asked | None) -> Verdict:  # noqa: ARG002
        assert asked is not None
        if not asked.is_confirmed:
            raise CheckPending
        return Verdict(passed=True)


def provider_named(
    name: str, in_use: Mapping[str, IdentityProvider], *, field: str = "proof.provider"
) -> IdentityProvider:
    """The provider, or UnknownProvider naming the `field` it was read from."""
    if name not in in_use:
        raise UnknownProvider(errors={field: [UnknownProvider.detail]})
    return in_use[name]
