"""How the guards know who is at the console: by a cookie, whose session says how far its owner has come
with signing in. What changes anything also brings a token that no other site can know."""

import hmac
from collections.abc import Callable
from hashlib import sha256
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Response, after_this_request, current_app, g, request

from backend.core.actor import Actor, ActorKind, SignInStep
from backend.core.console import Caller, CallerFinder, ConsoleAddress
from backend.core.errors import DomainError, Kind
from backend.core.scopes import WHOLE_CITY, Scope
from backend.web.transaction import READING

COOKIE = "console_session"
ATTRIBUTES: dict[str, Any] = {"path": "/api/v1", "httponly": True, "samesite": "Strict"}
CSRF_HEADER = "X-CSRF-Token"

View = TypeVar("View", bound=Callable[..., Any])


class NotSignedIn(DomainError):
    """No session came with the request: neither an access token nor, for the console, a cookie."""

    kind = Kind.UNAUTHENTICATED
    code = "session.required"
    detail = "请先登录。"


class StepMissing(DomainError):
    """The password was right; `step` says what is still to be done before one is signed in."""

    kind = Kind.UNAUTHENTICATED
    code = "session.step_missing"
    detail = "请先完成登录的下一步。"


class StepOver(DomainError):
    """The call belongs to signing in, and that is done."""

    kind = Kind.CONFLICT
    code = "session.step_over"
    detail = "您已经完成这一步。"


class ForeignRequest(DomainError):
    """The token that our own pages send with every change is missing or wrong."""

    kind = Kind.FORBIDDEN
    code = "session.csrf"
    detail = "页面已过期，请刷新后再试。"


class NotPermitted(DomainError):
    """None of the account's roles may do this."""

    kind = Kind.FORBIDDEN
    code = "permission.missing"
    detail = "您的角色没有这项权限。如需使用，请联系安全管理员或本单位管理员。"


def permission(code: str) -> Callable[[View], View]:
    """Mark what a view of the office or of a unit asks for; without it the program does not start."""

    def mark(view: View) -> View:
        view._permission = code  # type: ignore[attr-defined]
        return view

    return mark


def at_steps(*steps: SignInStep) -> Callable[[View], View]:
    """Mark at which steps of signing in a view may be called; others are for who is signed in."""

    def mark(view: View) -> View:
        view._steps = steps  # type: ignore[attr-defined]
        return view

    return mark


def permission_of(view: Any) -> str | None:
    return getattr(view, "_permission", None)


def find_caller() -> Caller:
    token = request.cookies.get(COOKIE)
    if not token:
        raise NotSignedIn
    find: CallerFinder = current_app.extensions["find_console_caller"]
    return find(token)


def current_caller() -> Caller:
    caller: Caller = g.caller
    return caller


def check_step(view: Any, caller: Caller) -> None:
    steps = getattr(view, "_steps", (SignInStep.SIGNED_IN,))
    if caller.step in steps:
        return
    if caller.step is SignInStep.SIGNED_IN:
        raise StepOver
    raise StepMissing(step=caller.step)


def check_origin(caller: Caller) -> None:
    """The cookie goes to our own pages only (SameSite); this stands where a browser forgets that."""
    given = request.headers.get(CSRF_HEADER, "").encode()
    if request.method not in READING and not hmac.compare_digest(given, csrf_token(caller.token).encode()):
        raise ForeignRequest


def check_permission(view: Any, caller: Caller) -> None:
    if permission_of(view) not in caller.actor.permissions:
        raise NotPermitted


def csrf_token(token: str) -> str:
    """Follows from the cookie, which a script cannot read and another site cannot set."""
    return hmac.new(token.encode(), b"csrf", sha256).hexdigest()


def scope_of(actor: Actor) -> Scope:
    is_office = actor.kind is ActorKind.OFFICE
    return Scope(
        account_id=actor.id,
        unit_id=actor.unit_id,
        office=(actor.district or WHOLE_CITY) if is_office else None,
    )


def hand_out_cookie(token: str) -> None:
    """A cookie of the browser's session: it ends with the window, and with ours."""

    def add(answer: Response) -> Response:
        if answer.status_code < HTTPStatus.BAD_REQUEST:  # else the session was not kept
            answer.set_cookie(COOKIE, token, secure=_is_secure(), **ATTRIBUTES)
        return answer

    after_this_request(add)


def take_cookie_back() -> None:
    def remove(answer: Response) -> Response:
        answer.delete_cookie(COOKIE, secure=_is_secure(), **ATTRIBUTES)
        return answer

    after_this_request(remove)


def _is_secure() -> bool:
    address: ConsoleAddress = current_app.extensions["console_address"]
    return address.is_secure
