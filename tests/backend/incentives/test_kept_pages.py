"""The public list comes from kept pages, and nobody can tell: it is never outdated, in any process."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.orm import Session

from backend.core.actor import OFFICE
from backend.core.clock import ShiftedClock, day_in_china
from backend.core.database import connect, request_sessions, system_sessions
from backend.incentives.front import CatalogueFront
from backend.incentives.models import Form
from backend.incentives.pages import CataloguePages
from backend.incentives.running import pause_incentive, raise_quota, resume_incentive
from backend.main import Parts, create_app
from backend.web.application import Application
from tests.backend.incentives.conftest import Shelf
from tests.factories.journey import API, Visitor
from tests.factories.moments import in_china

LIST = f"{API}/public/incentives"


@pytest.fixture(scope="module")
def other_process(parts: Parts, app: Application) -> Iterator[Application]:
    """An application with connections and pages of its own, as another process has them."""
    engine = connect(parts.settings.database_url.get_secret_value(), pool_size=4)  # type: ignore[union-attr]
    sessions = {"sessions": system_sessions(engine), "request_sessions": request_sessions(engine)}
    yield create_app(parts=replace(parts, engine=engine, **sessions))
    engine.dispose()


@pytest.fixture
def searches(parts: Parts) -> Iterator[list[str]]:
    """The statements that look through the catalogue."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "incentives.summary" in statement:
            seen.append(statement)

    event.listen(parts.engine, "before_cursor_execute", note)
    yield seen
    event.remove(parts.engine, "before_cursor_execute", note)


def test_a_page_is_made_once_and_then_kept(shelf: Shelf, searches: list[str]) -> None:
    shelf.add()
    searches.clear()
    pages = [shelf.page() for _ in range(3)]
    assert pages[0] == pages[1] == pages[2]
    assert len(searches) == 1


@pytest.mark.parametrize("act", ["publish", "pause", "resume", "raise", "change", "by hand"])
def test_a_change_is_seen_at_once_in_every_process(
    shelf: Shelf, db: Session, app: Application, other_process: Application, act: str
) -> None:
    incentive = shelf.add(quota=5)
    noon: dict[str, Any] = {"actor": OFFICE, "now": in_china(0, 12)}
    if act == "resume":
        pause_incentive(db, incentive.id, reason=None, **noon)
        db.commit()
    clients = [app.test_client(), other_process.test_client()]

    def seen() -> list[Any]:
        answers = [client.get(LIST, query_string={"q": shelf.word}).json for client in clients]
        return [
            [(item["number"], item["title"], item["remaining"]) for item in answer["items"]]
            for answer in answers
        ]

    before = [seen() for _ in range(2)][-1]
    acts: dict[str, Callable[[], Any]] = {
        "publish": shelf.add,
        "pause": lambda: pause_incentive(db, incentive.id, reason=None, **noon),
        "resume": lambda: resume_incentive(db, incentive.id, **noon),
        "raise": lambda: raise_quota(db, incentive.id, by=3, **noon),
        "change": lambda: setattr(db.merge(incentive), "title", "改了名"),
        "by hand": lambda: db.connection().exec_driver_sql(
            "UPDATE incentives SET title = '手工改' WHERE number = %s", (incentive.number,)
        ),
    }
    acts[act]()
    db.flush()
    if db.in_transaction():
        assert seen() == before, "not before the commit"
    db.commit()
    after = seen()
    assert after[0] == after[1] != before[0]


def test_what_is_left_is_right_after_every_claim(
    shelf: Shelf, resident: Visitor, app: Application, other_process: Application, searches: list[str]
) -> None:
    incentives = [shelf.add(quota=3, per_day=2), shelf.add(quota=1), shelf.add(form=Form.STANDING)]
    clients = [app.test_client(), other_process.test_client()]

    def left() -> list[list[int | None]]:
        answers = [client.get(LIST, query_string={"q": shelf.word}).json for client in clients]
        return [[item["remaining"] for item in reversed(answer["items"])] for answer in answers]

    assert left() == [[2, 1, None]] * 2
    searches.clear()
    for incentive, expected in zip(incentives, ([1, 1, None], [1, 0, None]), strict=False):
        assert resident.claim(incentive.id).status_code == 201
        searches.clear()
        assert left() == [expected] * 2
        assert searches == [], "only the number changed, not the page"


def test_a_new_day_is_seen_at_once(shelf: Shelf, clock: ShiftedClock) -> None:
    today = day_in_china(clock.now())
    ends = shelf.add(valid_until=today)
    stays = shelf.add(quota=9, per_day=4)
    assert shelf.numbers() == [stays.number, ends.number]
    clock.ahead = timedelta(days=1)
    assert shelf.numbers() == [stays.number]


def test_what_is_near_is_never_kept(shelf: Shelf, searches: list[str]) -> None:
    shelf.add()
    searches.clear()
    for _ in range(2):
        shelf.page(near="30.2,115.04")
        shelf.visitor.client.get(f"{LIST}?q={shelf.word}&n%65ar=30.2,115.04")
    assert len(searches) == 4


def test_a_kept_page_has_the_same_headers_and_the_same_304(shelf: Shelf, unkept: Callable[..., Any]) -> None:
    shelf.add()
    query = {"q": shelf.word}
    client = shelf.visitor.client
    made, kept = (client.get(LIST, query_string=query) for _ in range(2))
    unmade = {"X-Request-Id"}
    assert {name: value for name, value in made.headers if name not in unmade} == {
        name: value for name, value in kept.headers if name not in unmade
    }
    assert made.headers["X-Request-Id"] != kept.headers["X-Request-Id"]
    known = {"If-None-Match": kept.headers["ETag"], "X-Request-Id": "asked-again-1"}
    again = client.get(LIST, query_string=query, headers=known)
    assert (again.status_code, again.data, again.headers["X-Request-Id"]) == (304, b"", "asked-again-1")
    assert again.headers["ETag"] == kept.headers["ETag"]
    fresh = unkept(LIST, query_string=query, headers=known)
    assert {name for name, _ in again.headers} == {name for name, _ in fresh.headers}
    assert client.get(LIST, query_string=query, headers={"If-None-Match": 'W/"x"'}).status_code == 200


def test_refusals_are_not_kept_and_signed_in_callers_pass(shelf: Shelf, resident: Visitor) -> None:
    for _ in range(2):
        assert shelf.visitor.get("/public/incentives", sort="cheapest").status_code == 422
    signed_in = resident.get("/public/incentives", q=shelf.word)
    assert signed_in.headers["Cache-Control"] == "no-store"
    assert "Cache-Control" not in shelf.visitor.get("/public/incentives", q=shelf.word).headers


def test_the_longest_unused_pages_make_room(parts: Parts) -> None:
    pages = CataloguePages(parts.request_sessions, parts.clock, most_bytes=3_000)
    pulse = pages.take_pulse()
    body = b'{"items":[]}'.ljust(500)
    for number in range(3):
        pages.keep(f"q={number}", pulse, body, [])
    assert pages.find("q=0", pulse)
    pages.keep("q=3", pulse, body, [])
    assert [bool(pages.find(f"q={number}", pulse)) for number in range(4)] == [True, False, True, True]


QUERIES = st.fixed_dictionaries(
    {},
    optional={
        "q": st.sampled_from(["门票", "激励", "九折 门票", '"remaining":1', "%"]),
        "level": st.sampled_from(["good", "excellent"]),
        "form": st.sampled_from(["voucher", "standing"]),
        "kind": st.sampled_from(["voucher", "discount", "deposit_waived"]),
        "district": st.sampled_from(["420202", "420222"]),
        "sort": st.sampled_from(["newest", "level"]),
        "limit": st.integers(1, 4).map(str),
        "near": st.just("30.2,115.04"),
    },
)


@pytest.fixture(scope="module")
def unkept(parts: Parts) -> Callable[..., Any]:
    """The application behind the kept pages."""
    bare = create_app(parts=parts)
    front = bare.wsgi_app
    while not isinstance(front, CatalogueFront):
        front = front.app  # type: ignore[attr-defined]
    bare.wsgi_app = front.app  # type: ignore[method-assign]
    return bare.test_client().get


def test_kept_and_made_pages_are_the_same_to_the_byte(shelf: Shelf, unkept: Callable[..., Any]) -> None:
    for number, title in enumerate(("门票", '写着"remaining":5的门票', '\\"remaining\\":7', "激励")):
        form = Form.STANDING if number == 3 else Form.VOUCHER
        shelf.add(title=title, level="good", needed_milli=60_000, form=form, quota=7 + number)

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(query=QUERIES)
    def same(query: dict[str, str]) -> None:
        asked = {**query, "q": f"{shelf.word} {query.get('q', '')}".strip()}
        made = unkept(LIST, query_string=asked)
        for _ in range(2):
            kept = shelf.visitor.client.get(LIST, query_string=asked)
            assert (kept.status_code, kept.data) == (made.status_code, made.data)
            assert kept.headers["ETag"] == made.headers["ETag"]

    same()


def test_many_at_once_read_and_change_and_nobody_sees_an_old_page(
    shelf: Shelf, app: Application, db: Session
) -> None:
    """After each commit every thread must see the new title, while all of them keep asking."""
    incentive = shelf.add(title="0")

    def title() -> str:
        answer = app.test_client().get(LIST, query_string={"q": shelf.word})
        told: str = answer.json["items"][0]["title"]  # type: ignore[index]
        return told

    with ThreadPoolExecutor(8) as pool:
        for turn in range(1, 6):
            asking = [pool.submit(title) for _ in range(8)]
            db.merge(incentive).title = str(turn)
            db.commit()
            after = [pool.submit(title) for _ in range(8)]
            assert {one.result(30) for one in asking} <= {str(turn - 1), str(turn)}
            assert {one.result(30) for one in after} == {str(turn)}
