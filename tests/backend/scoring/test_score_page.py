"""The score page: the number, and every line behind it."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock
from backend.identity.sessions import read_actor
from backend.main import Parts, connect_batches
from backend.scoring import jobs
from backend.scoring.engine.model import RecordStatus
from backend.scoring.models import Score
from backend.scoring.ready import ReadyPages
from backend.scoring.schemas import ScoreSchema
from tests.backend.scoring.conftest import NewScored, Scored, today
from tests.factories.answers import refusal
from tests.factories.journey import Visitor
from tests.factories.trail import audit_actions

PEOPLE: dict[str, list[Any]] = {
    "nothing on file": [],
    "a good citizen": [
        ("social-insurance-year", 45, 1),
        ("volunteer-hours", 40, 37),
        ("blood-donation", 100, 1),
        ("blood-donation", 1094, 1),
        ("skill-level", 900, 1),
    ],
    "every cap reached": [
        ("volunteer-hours", 10, 500),
        ("volunteer-star", 10, 9),
        ("good-samaritan", 5, 3),
        ("social-insurance-year", 5, 9),
        ("housing-fund-year", 5, 9),
        ("tax-filing-on-time", 5, 9),
        ("business-tax-credit", 5, 9),
        ("model-worker", 5, 1),
        ("professional-title", 5, 9),
        ("provincial-commendation", 5, 9),
        ("judgment-performed", 5, 9),
        ("juror-commended", 5, 9),
    ],
    "below sixty": [
        ("major-penalty", 60, 1),
        ("penalty", 30, 2),
        ("refused-enforcement", 400, 1),
        ("social-insurance-year", 200, 1),
    ],
    "as low as it goes": [
        ("judgment-debtor-listed", 10, 3),
        ("refused-enforcement", 10, 3),
        ("major-penalty", 10, 9),
        ("insurance-fraud", 10, 9),
        ("tax-arrears-announced", 10, 9),
        ("housing-fund-fraud", 10, 9),
    ],
    "disputed, repaired, withdrawn, over and not yet": [
        ("penalty", 25, 1, RecordStatus.OBJECTED),
        ("blood-donation", 25, 1, RecordStatus.OBJECTED),
        ("false-commitment", 300, 1, RecordStatus.REPAIRED),
        ("major-penalty", 5, 1, RecordStatus.WITHDRAWN),
        ("penalty", 365, 1),
        ("penalty", -3, 1),
    ],
}


@pytest.fixture(params=PEOPLE)
def scored(request: pytest.FixtureRequest, new_scored: NewScored) -> Scored:
    return new_scored(*PEOPLE[request.param])


def test_the_page_shows_what_the_engine_computes_from_the_same_records(scored: Scored) -> None:
    page, result = scored.page(), scored.by_engine(today())
    assert page["as_of"] == str(today())
    assert page["score_milli"] == result.score_milli
    assert page["score"] == f"{(result.score_milli + 50) // 100 / 10:.1f}"
    assert page["level"] == (result.level and {"code": result.level.code, "name": result.level.name})
    assert {part["code"]: part["points_milli"] for part in page["dimensions"]} == {
        part.code: part.points_milli for part in result.dimensions
    }


def test_every_point_on_the_page_adds_up_to_the_score(scored: Scored) -> None:
    page = scored.page()
    assert _sum_of_trace(page) == page["score_milli"]
    for part in page["dimensions"]:
        lines = sum(line["points_milli"] for line in part["lines"])
        assert lines + sum(cut["cut_milli"] for cut in part["adjustments"]) == part["points_milli"]
        assert part["min_milli"] <= part["points_milli"] <= part["max_milli"]


def test_every_record_has_its_line_with_source_basis_and_dates(scored: Scored) -> None:
    lines = [line for part in scored.page()["dimensions"] for line in part["lines"]]
    given = sorted((record.indicator, str(record.occurred_on), record.quantity) for record in scored.records)
    assert (
        sorted((line["indicator"]["code"], line["occurred_on"], line["quantity"]) for line in lines) == given
    )
    for line in lines:
        assert all(line[name] for name in ("source_unit", "legal_basis", "catalogue_item", "unit"))
        assert (line["why"] is None) == line["counted"]
        assert line["counted"] or line["points_milli"] == 0


def test_a_record_that_does_not_count_says_why(new_scored: NewScored) -> None:
    page = new_scored(*PEOPLE["disputed, repaired, withdrawn, over and not yet"]).page()
    lines = [line for part in page["dimensions"] for line in part["lines"]]
    reasons = {(line["indicator"]["code"], line["status"], line["not_counted"]) for line in lines}
    assert reasons == {
        ("penalty", "objected", "objected"),
        ("blood-donation", "objected", None),
        ("false-commitment", "repaired", "repaired"),
        ("major-penalty", "withdrawn", "withdrawn"),
        ("penalty", "active", "expired"),
        ("penalty", "active", "not_yet"),
    }


def test_the_next_level_is_as_far_as_it_says(scored: Scored) -> None:
    page = scored.page()
    following = page["next_level"]
    if page["score_milli"] >= 90_000:
        assert following is None
        return
    edges = {60_000: "good", 80_000: "excellent", 90_000: "outstanding"}
    edge = min(edge for edge in edges if edge > page["score_milli"])
    assert (following["code"], following["from_milli"]) == (edges[edge], edge)
    assert following["missing_milli"] == edge - page["score_milli"]
    read = [Decimal(text) for text in (page["score"], following["missing"], following["from"])]
    assert read[0] + read[1] == read[2]


def test_each_way_to_the_next_level_brings_what_it_promises(new_scored: NewScored) -> None:
    scored = new_scored(*PEOPLE["a good citizen"])
    ways = scored.page()["next_level"]["ways"]
    assert ways
    for way in ways:
        imagined = {"indicator": way["indicator"]["code"], "quantity": way["quantity"]}
        answer = scored.visitor.post("/resident/score/what-if", {"add": [imagined]}).json
        assert answer["score_milli"] == way["score_milli"]
        assert way["reaches"] == (answer["score_milli"] >= 80_000)


def test_below_sixty_no_level_has_a_name(new_scored: NewScored) -> None:
    scored = new_scored(*PEOPLE["below sixty"])
    answer = scored.visitor.get("/resident/score")
    assert answer.json["score_milli"] < 60_000
    assert answer.json["level"] is None
    # The names from 60 upwards are the city's; only the next of them may stand here, once.
    names = [level.name for level in scored.city.levels]
    assert [answer.text.count(name) for name in names] == [1, 0, 0]
    assert answer.json["next_level"]["name"] == names[0]


def test_the_page_says_that_the_model_is_an_example(new_scored: NewScored) -> None:
    assert new_scored().page()["model"] == {"version": "2026-01", "example": True}


def test_the_stored_score_and_the_one_computed_the_next_day_are_the_engines(
    db: Session, clock: ShiftedClock, new_scored: NewScored
) -> None:
    scored = new_scored(*PEOPLE["a good citizen"], ("penalty", 364, 1))
    stored = _stored(db, scored)
    assert (stored.as_of, stored.score_milli) == (today(), scored.by_engine(today()).score_milli)
    assert stored.explanation == scored.page()

    tomorrow = today() + timedelta(days=1)
    clock.ahead = timedelta(days=1)
    scored.visitor.sign_in()
    anew, result = scored.page(), scored.by_engine(tomorrow)
    assert result.score_milli != scored.by_engine(today()).score_milli, "decay, and a penalty that ends"
    assert (anew["as_of"], anew["score_milli"]) == (str(tomorrow), result.score_milli)
    assert _stored(db, scored).as_of == today(), "looking changes nothing"

    jobs.refresh_outdated(timestamp=0)
    refreshed = _stored(db, scored)
    assert (refreshed.as_of, refreshed.score_milli) == (tomorrow, result.score_milli)
    assert refreshed.explanation == anew == scored.page()
    assert audit_actions(db, "resident", _id_of(scored.visitor)).count("score.computed") == 2


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """What the application asks of the database."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


def _session_of(parts: Parts, visitor: Visitor) -> UUID:
    token = visitor.tokens["access_token"]
    session_id = read_actor(token, keys=parts.keys.session, now=parts.clock.now()).session_id
    assert session_id is not None
    return session_id


def _stored(db: Session, scored: Scored) -> Score:
    row = db.get_one(Score, _id_of(scored.visitor))
    db.refresh(row)
    return row


def _id_of(resident: Visitor) -> UUID:
    return UUID(resident.tokens["resident"]["id"])


def _sum_of_trace(page: Any) -> int:
    lines = sum(line["points_milli"] for part in page["dimensions"] for line in part["lines"])
    cuts = [cut for part in page["dimensions"] for cut in part["adjustments"]] + page["adjustments"]
    total: int = page["base_milli"] + lines + sum(cut["cut_milli"] for cut in cuts)
    return total


def test_the_stored_page_is_what_the_document_describes(new_scored: NewScored) -> None:
    """It is sent as it was stored: nothing shapes it on its way."""
    for delivered in PEOPLE.values():
        answer = new_scored(*delivered).visitor.get("/resident/score")
        assert answer.status_code == 200
        assert ScoreSchema().validate(answer.json) == {}
        assert ScoreSchema().dump(answer.json) == answer.json


def test_one_statement_finds_session_and_page(scored: Scored, statements: list[str]) -> None:
    statements.clear()
    scored.page()
    assert len(statements) == 1
    assert "enter_session" in statements[0]


def test_a_session_that_ended_gets_no_stored_page(scored: Scored) -> None:
    token = dict(scored.visitor.tokens)
    assert scored.visitor.delete("/resident/session").status_code == 204
    scored.visitor.tokens = token
    refusal(scored.visitor.get("/resident/score"), 401, "session.ended")


def test_nobody_gets_the_page_of_another(parts: Parts, new_scored: NewScored) -> None:
    mine, theirs = (new_scored() for _ in range(2))
    session_id = _session_of(parts, mine.visitor)
    pages = ReadyPages(connect_batches(parts.engine))
    found = [
        pages.find(resident_id=_id_of(asked.visitor), session_id=session_id, now=parts.clock.now())
        for asked in (mine, theirs)
    ]
    assert found[0] is not None
    assert found[1] is None
