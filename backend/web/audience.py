"""Blueprints that say for whom their routes are, and the guard that follows from it.

A route without an audience cannot be built, and `refuse_unguarded_routes` stops the start when one
slips in by another way.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from flask_smorest import Blueprint
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from backend.core.actor import Actor, ActorKind, Audience
from backend.core.errors import DomainError, Kind
from backend.core.scopes import Scope, enter, remember
from backend.web import console
from backend.web.console import NotSignedIn
from backend.web.transaction import READING, act_as_system, request_session
from backend.web.validation import StrictParser
from backend.web.wording import SCHEMA

API_PREFIX = "/api/v1"
# By an access token, and by the console's cookie.
WHO_MAY: dict[Audience, ActorKind] = {
    Audience.RESIDENT: ActorKind.RESIDENT,
    Audience.MERCHANT: ActorKind.CLERK,
    Audience.SOURCE: ActorKind.SOURCE,
}
WHO_MAY_BY_COOKIE: dict[Audience, frozenset[ActorKind]] = {
    Audience.CONSOLE: frozenset({ActorKind.OFFICE, ActorKind.PARTNER}),
    Audience.OFFICE: frozenset({ActorKind.OFFICE}),
    Audience.PARTNER: frozenset({ActorKind.PARTNER}),
}
# Whoever is signed in may look after the own account; all else in the console needs a permission.
NEEDS_PERMISSION = {Audience.OFFICE, Audience.PARTNER}

View = TypeVar("View", bound=Callable[..., Any])
Authenticator = Callable[[Session, str], Actor]
TokenReader = Callable[[str], Actor]


class UnknownQuery(DomainError):
    """The address has query parameters that this call does not know."""

    kind = Kind.INVALID
    code = "request.invalid"
    detail = "有内容填写不正确，请检查后再试。"


class WrongAudience(DomainError):
    """A session of another kind of account, such as a clerk's on a resident's page."""

    kind = Kind.FORBIDDEN
    code = "session.wrong_audience"
    detail = "当前登录身份不能使用此功能。"


class AudienceBlueprint(Blueprint):
    """A blueprint of one audience. Views marked `@open_route` need no session."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, audience: Audience, noun: str) -> None:
        prefix = "" if audience is Audience.SERVICE else f"{API_PREFIX}/{audience.value}"
        super().__init__(f"{audience.value}_{noun}", __name__, url_prefix=prefix)
        self.audience = audience
        if audience in WHO_MAY:
            self.before_request(self._guard)
        if audience in WHO_MAY_BY_COOKIE:
            self.before_request(self._guard_console)
        if audience is Audience.PUBLIC:
            self.before_request(choose_rows)
        if audience is not Audience.SERVICE:
            self.before_request(refuse_unknown_query)

    def arguments(self, schema: Any, *, location: str = "json", **options: Any) -> Callable[[View], View]:
        """As flask-smorest's; a view that reads the query is marked, the others then refuse one."""
        read = super().arguments(schema, location=location, **options)

        def decorate(view: View) -> View:
            reading: View = read(view)
            if location == "query":
                reading._reads_query = True  # type: ignore[attr-defined]
            return reading

        return decorate

    def _guard(self) -> None:
        if self._lets_in_everybody():
            return
        actor = find_caller()
        if actor.kind is not WHO_MAY[self.audience]:
            raise WrongAudience
        # Finding the session has already set it for the transaction under way.
        resident_id = actor.id if actor.kind is ActorKind.RESIDENT else None
        scope = Scope(resident_id=resident_id, shop_id=actor.shop_id, source=actor.source)
        remember(request_session(), scope)
        g.actor = actor

    def _guard_console(self) -> None:
        if self._lets_in_everybody():
            return
        caller = console.find_caller()
        view = _view_method(request.method)
        console.check_origin(caller)
        console.check_step(view, caller)
        if caller.actor.kind not in WHO_MAY_BY_COOKIE[self.audience]:
            raise WrongAudience
        if self.audience in NEEDS_PERMISSION:
            console.check_permission(view, caller)
        enter(request_session(), console.scope_of(caller.actor))
        g.actor, g.caller = caller.actor, caller

    def _lets_in_everybody(self) -> bool:
        """Whether the view is open; also sees to whose rows it works with."""
        choose_rows()
        return bool(getattr(_view_method(request.method), "_is_open", False))


def choose_rows() -> None:
    """Let a view that looks across accounts see everybody's rows."""
    if getattr(_view_method(request.method), "_is_across_accounts", False):
        act_as_system()


def find_caller() -> Actor:
    """Who sent this request, whose session must be open now."""
    authenticate: Authenticator = current_app.extensions["authenticate"]
    return authenticate(request_session(), bearer_token_of(request.headers.get("Authorization", "")))


def bearer_token_of(header: str) -> str:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn
    return token


def refuse_unknown_query() -> None:
    """A view without query parameters takes none: a misspelt one must not seem to work."""
    if request.args and not getattr(_view_method(request.method), "_reads_query", False):
        raise UnknownQuery(errors={name: [SCHEMA["unknown"]] for name in request.args})


def audience_blueprint(audience: Audience, noun: str) -> AudienceBlueprint:
    """The only way routes come into being: for one audience, about one noun."""
    return AudienceBlueprint(audience, noun)


def open_route(view: View) -> View:
    """Mark a view of a guarded audience that has to work without a session, such as signing in."""
    view._is_open = True  # type: ignore[attr-defined]
    return across_accounts(view)


def across_accounts(view: View) -> View:
    """Mark a view that must look beyond the caller's own rows, such as proving who somebody is.

    The database then guards nothing: the view's own filters do. The access matrix lists all of them.
    """
    view._is_across_accounts = True  # type: ignore[attr-defined]
    return view


def _view_method(http_method: str) -> Callable[..., Any] | None:
    view = current_app.view_functions.get(request.endpoint or "")
    view_class = getattr(view, "view_class", None)
    # Asking for headers only runs the view that reads.
    name = "get" if http_method == "HEAD" else http_method.lower()
    return getattr(view_class, name, view)


def refuse_unguarded_routes(app: Flask, permissions: Collection[str] = ()) -> None:
    """Stop the start when a route belongs to no audience, or needs a permission and names none of those
    that there are (deny by default)."""
    known = {name: each for name, each in app.blueprints.items() if isinstance(each, AudienceBlueprint)}
    strangers = {rule.rule for rule in app.url_map.iter_rules() if _blueprint_of(rule) not in known}
    if strangers:
        raise RuntimeError(f"routes without an audience: {', '.join(sorted(strangers))}")
    unguarded = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        if known[_blueprint_of(rule)].audience in NEEDS_PERMISSION
        for method, view in _views(app, rule)
        if console.permission_of(view) not in permissions
    }
    if unguarded:
        raise RuntimeError(f"routes without a permission: {', '.join(sorted(unguarded))}")


def _blueprint_of(rule: Rule) -> str:
    return str(rule.endpoint).rpartition(".")[0]


def _views(app: Flask, rule: Rule) -> Iterator[tuple[str, Callable[..., Any]]]:
    view: Callable[..., Any] = app.view_functions[rule.endpoint]
    for method in (rule.methods or set()) - (READING - {"GET"}):
        yield method, getattr(getattr(view, "view_class", None), method.lower(), view)
