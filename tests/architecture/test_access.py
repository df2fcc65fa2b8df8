"""Every address is called as every role, and with what belongs to others."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from backend.main import Parts
from backend.web.application import Application
from tests.architecture.access_matrix import ACCESS, ACROSS_ACCOUNTS, EVERYBODY, OBJECTS, PUBLIC_IDS
from tests.architecture.access_page import PAGE, page
from tests.architecture.objects import Person, filled, new_object
from tests.architecture.roles import (
    CONSOLE_ROLES,
    LIVING_CLERKS,
    LIVING_RESIDENTS,
    Cast,
    Role,
    new_cast,
    turned_away,
)
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.journey import Visitor

NewVisitor = Callable[[], Visitor]
LIVING = {*LIVING_RESIDENTS, *LIVING_CLERKS, *CONSOLE_ROLES} - {Role.COLLEAGUE_ENDED}
ALWAYS_READABLE = {"HEAD", "OPTIONS"}


def routes(app: Application) -> Iterator[tuple[str, Rule]]:
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - ALWAYS_READABLE:
            yield method, rule


def test_the_list_names_every_route_and_no_other(app: Application) -> None:
    assert {(method, rule.rule) for method, rule in routes(app)} == set(ACCESS)


def test_the_page_for_people_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), "run: python -m tests.architecture.access_page"


@pytest.fixture(scope="module")
def one_cast(parts: Parts, app: Application, simulator: Any) -> Cast:
    with parts.sessions() as db:
        return new_cast(db, app, lambda: Visitor(app.test_client(), simulator), parts.keys)


@pytest.mark.parametrize("role", Role)
def test_every_route_lets_in_exactly_whom_the_list_names(
    app: Application, db: Session, one_cast: Cast, role: Role
) -> None:
    let_in = 0
    for method, rule in routes(app):
        answer = call(app, one_cast.headers(role), method, rule)
        expected = turned_away(role, (method, rule.rule), ACCESS[method, rule.rule])
        place = f"{method} {rule.rule} as {role}"
        if expected:
            assert refusal(answer, *expected), place
        else:
            let_in += 1
            assert answer.status_code not in (401, 405, 500), f"{place}: {answer.text}"
            code = answer.json["code"] if answer.status_code in (403, 409) else ""
            assert not code.startswith(("session.", "permission.")), place
        if method == "DELETE" and role in LIVING and not expected:
            one_cast.sign_in_again(role, db)
    assert let_in >= 12, "so the list has been walked"


@pytest.mark.parametrize("method", sorted(ALWAYS_READABLE))
def test_asking_for_headers_only_is_no_way_past_the_guard(app: Application, method: str) -> None:
    for listed, path in ACCESS:
        if listed == "GET" and ACCESS[listed, path] is not EVERYBODY:
            rule = next(rule for rule in app.url_map.iter_rules() if rule.rule == path)
            assert call(app, {}, method, rule).status_code == 401, path


def call(app: Application, headers: dict[str, str], method: str, rule: Rule) -> TestResponse:
    """The address with ids of nothing, called with an empty body."""
    values = {name: "swagger-ui.css" if name == "name" else str(uuid4()) for name in rule.arguments}
    return send(app, headers, method, rule, values, {} if method in ("POST", "PUT") else None)


def send(
    app: Application, headers: dict[str, str], method: str, rule: Rule, values: dict[str, str], body: Any
) -> TestResponse:
    path = app.url_map.bind("localhost").build(rule.endpoint, values, method)
    client: FlaskClient = app.test_client(use_cookies=False)
    return client.open(path, method=method, headers=headers, json=body, buffered=True)


def ids_in(app: Application, method: str, rule: Rule) -> set[str]:
    """The ids a call takes, in its path and in its body, as the interface describes them."""
    document = app.extensions["openapi"]()
    path = "/".join(
        "{" + part.strip("<>").rpartition(":")[2] + "}" if part.startswith("<") else part
        for part in rule.rule.split("/")
    )
    operation = document["paths"][path][method.lower()]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    in_path = {name for name, converter in rule._converters.items() if "UUID" in type(converter).__name__}
    return in_path | uuid_fields(document, body)


def uuid_fields(document: dict[str, Any], shape: dict[str, Any]) -> set[str]:
    if "$ref" in shape:
        shape = document["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
    found = set()
    for name, inner in shape.get("properties", {}).items():
        items = inner.get("items", {})
        if "uuid" in (inner.get("format"), items.get("format")):
            found.add(name)
        found |= uuid_fields(document, items if items else inner)
    return found


def test_every_id_in_a_call_is_somebodys_object_or_public_for_a_written_reason(app: Application) -> None:
    for method, rule in routes(app):
        named = {OBJECTS[method, rule.rule].name} if (method, rule.rule) in OBJECTS else set()
        left = ids_in(app, method, rule) - named - set(PUBLIC_IDS)
        assert not left, f"{method} {rule.rule}: whose are {left}? See OBJECTS and PUBLIC_IDS"
    assert set(OBJECTS) <= set(ACCESS)


@pytest.mark.parametrize("called", OBJECTS, ids=" ".join)
def test_what_is_anothers_answers_like_what_does_not_exist(
    app: Application, visitor: NewVisitor, db: Session, called: tuple[str, str]
) -> None:
    method, path = called
    carried = OBJECTS[called]
    owned = new_object(db, visitor, carried.kind)
    rule = next(rule for rule in app.url_map.iter_rules() if rule.rule == path and method in rule.methods)

    def ask(person: Person, value: str) -> TestResponse:
        in_path = carried.name in rule.arguments
        body = carried.body if in_path else filled(carried, owned, value)
        sent = body if method in ("POST", "PUT") else None
        named = {carried.name: value} if in_path else {}
        return send(app, person.headers, method, rule, named, sent)

    nothing = str(uuid4())
    theirs, nobodys = ask(owned.stranger, owned.id), ask(owned.stranger, nothing)
    assert theirs.status_code in (404, 422), theirs.text
    assert told(theirs, owned.id) == told(nobodys, nothing), "no difference but the ids of the request"
    mine = ask(owned.owner, owned.id)
    assert mine.status_code in (200, 201, 204), f"the owner is served: {mine.text}"


def told(answer: TestResponse, asked_for: str) -> tuple[int, str, str]:
    """All that an answer tells: status, headers and body, without what is of each request alone."""
    headers, body = str(answer.headers), answer.text
    for own in (answer.headers["X-Request-Id"], asked_for):
        headers, body = headers.replace(own, "…"), body.replace(own, "…")
    return answer.status_code, headers, body


def test_the_routes_that_look_across_accounts_are_the_listed_ones(app: Application) -> None:
    found = set()
    for method, rule in routes(app):
        view = getattr(app.view_functions[rule.endpoint], "view_class", None)
        if getattr(getattr(view, method.lower(), None), "_is_across_accounts", False):
            found.add((method, rule.rule))
    assert found == set(ACROSS_ACCOUNTS)


def test_nobody_finds_what_is_anothers_in_a_list(visitor: NewVisitor, db: Session) -> None:
    owner, other = visitor(), visitor()
    for person in (owner, other):
        person.become_scored(db)
    owner.claim(new_incentive(db).id)
    for path in ("/resident/vouchers", "/resident/notices", "/resident/access-log"):
        mine, theirs = (
            {item["id"] for item in person.get(path).json["items"] if "id" in item}
            for person in (owner, other)
        )
        assert mine.isdisjoint(theirs)
    assert len(owner.get("/resident/vouchers").json["items"]) == 1
    assert other.get("/resident/vouchers").json["items"] == []


def test_a_clerk_finds_nothing_of_another_shop_in_list_and_summary(visitor: NewVisitor, db: Session) -> None:
    shop = new_shop(db)
    resident, clerk, stranger = visitor(), visitor(), visitor()
    resident.become_scored(db)
    clerk.become_clerk(db, shop)
    stranger.become_clerk(db, new_shop(db))
    voucher = resident.claim(new_incentive(db, shops=[shop]).id).json["id"]
    assert clerk.redeem(resident.show(voucher_id=voucher)).status_code == 201
    assert stranger.get("/merchant/redemptions").json["items"] == []
    assert stranger.get("/merchant/summary").json["accepted"] == 0
    assert len(clerk.get("/merchant/redemptions").json["items"]) == 1
    assert clerk.get("/merchant/summary").json["accepted"] == 1
