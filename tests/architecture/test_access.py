"""Every address is called by everybody, and lets in whom the written list names."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from backend.web.application import Application
from tests.architecture.access_matrix import ACCESS, CLERKS, RESIDENTS
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.journey import API, Visitor

NewVisitor = Callable[[], Visitor]
SIGNING_OUT = ("DELETE", f"{API}/resident/session"), ("DELETE", f"{API}/merchant/session")
ALWAYS_READABLE = {"HEAD", "OPTIONS"}


def routes(app: Application) -> Iterator[tuple[str, Rule]]:
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - ALWAYS_READABLE:
            yield method, rule


def test_the_list_names_every_route_and_no_other(app: Application) -> None:
    assert {(method, rule.rule) for method, rule in routes(app)} == set(ACCESS)


def test_every_route_lets_in_exactly_whom_the_list_names(
    app: Application, visitor: NewVisitor, db: Session
) -> None:
    stranger, resident, clerk = visitor(), visitor(), visitor()
    resident.become_scored(db)
    clerk.become_clerk(db, new_shop(db))
    for method, rule in routes(app):
        who = ACCESS[method, rule.rule]
        for caller, is_named in ((stranger, None), (resident, RESIDENTS), (clerk, CLERKS)):
            answer = call(app, caller, method, rule)
            place = f"{method} {rule.rule}"
            if who in (RESIDENTS, CLERKS) and caller is stranger:
                refusal(answer, 401, "session.required")
            elif who in (RESIDENTS, CLERKS) and who is not is_named:
                refusal(answer, 403, "session.wrong_audience")
            else:
                assert answer.status_code not in (401, 403, 405, 500), f"{place}: {answer.text}"
        if (method, rule.rule) in SIGNING_OUT:
            resident.sign_in()
            clerk.sign_in_as_clerk()


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_asking_for_headers_only_is_no_way_past_the_guard(app: Application, method: str) -> None:
    for listed, path in ACCESS:
        if listed == "GET" and ACCESS[listed, path] in (RESIDENTS, CLERKS):
            rule = next(rule for rule in app.url_map.iter_rules() if rule.rule == path)
            assert call(app, None, method, rule).status_code == 401, path


def call(app: Application, caller: Visitor | None, method: str, rule: Rule) -> TestResponse:
    """The address with ids of nothing, called with an empty body."""
    values = {name: "swagger-ui.css" if name == "name" else str(uuid4()) for name in rule.arguments}
    path = app.url_map.bind("localhost").build(rule.endpoint, values, method)
    tokens = caller.tokens if caller else {}
    headers = {"Authorization": f"Bearer {tokens['access_token']}"} if tokens else {}
    body: dict[str, str] | None = {} if method == "POST" else None
    return app.test_client().open(path, method=method, headers=headers, json=body, buffered=True)


def test_what_is_another_residents_is_not_found(visitor: NewVisitor, db: Session) -> None:
    owner, other = visitor(), visitor()
    for person in (owner, other):
        person.become_scored(db)
    voucher = owner.claim(new_incentive(db).id).json["id"]
    notice = owner.get("/resident/notices").json["items"][0]["id"]
    draft = {"ticket_id": "A" * 16, "anchor": "A" * 21 + "Q"}
    calls: list[tuple[str, str, object]] = [
        ("GET", f"/resident/vouchers/{voucher}", None),
        ("POST", "/resident/tickets", {"voucher_id": voucher, "tickets": [draft]}),
        ("POST", f"/resident/notices/{notice}/read", {}),
        ("DELETE", f"/resident/vouchers/{voucher}", None),
    ]
    for method, path, body in calls:
        refusal(other.call(method, path, json=body), 404, "not_found")
        mine = owner.call(method, path, json=body)
        assert mine.status_code in (200, 204), f"{method} {path}: {mine.text}"


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


def test_what_is_another_shops_is_not_found(visitor: NewVisitor, db: Session) -> None:
    shop, elsewhere = new_shop(db), new_shop(db)
    incentive = new_incentive(db, shops=[shop])
    resident, clerk, stranger = visitor(), visitor(), visitor()
    resident.become_scored(db)
    clerk.become_clerk(db, shop)
    stranger.become_clerk(db, elsewhere)
    voucher = resident.claim(incentive.id).json["id"]
    redemption = clerk.redeem(resident.show(voucher_id=voucher)).json["id"]
    path, body = f"/merchant/redemptions/{redemption}/reversal", {"reason": "扫错了"}
    refusal(stranger.post(path, body), 404, "not_found")
    assert stranger.get("/merchant/redemptions").json["items"] == []
    assert clerk.post(path, body).status_code == 200
