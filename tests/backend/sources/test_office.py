"""The office looks after sources: it sees how they deliver, hands files in, mends what was refused."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from backend.city.source_files import Source
from backend.sources import jobs
from backend.sources.models import Batch, BatchState
from backend.sources.watching import Alert, alerts_of
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.console import Colleague, seat
from tests.factories.people import new_person
from tests.factories.sources import Program, counts, line, lines, new_batch
from tests.factories.trail import audit_actions

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
MONTHLY = Source(key="blood-bank", name="市血站", every_days=30)


@pytest.fixture
def keeper(db: Session, app: Application) -> Colleague:
    return seat(db, app, "score_keeper")


def hand_in(keeper: Colleague, content: str, **query: str) -> dict[str, Any]:
    """A file on behalf of the blood bank, gone through."""
    answer = keeper.call(
        "POST",
        "/office/sources/blood-bank/batches",
        data=content.encode(),
        content_type="text/csv",
        query_string=query,
        headers={"Content-Disposition": "attachment; filename*=UTF-8''%E4%B8%83%E6%9C%88.csv"},
    )
    assert answer.status_code == 202, answer.text
    jobs.take_batch(batch_id=answer.json["id"])  # type: ignore[index]
    shown: dict[str, Any] = keeper.get(f"/office/batches/{answer.json['id']}").json  # type: ignore[index,assignment]
    return shown


def rows_of(keeper: Colleague, batch: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = keeper.get(f"/office/batches/{batch['id']}/refused-rows").json["items"]  # type: ignore[index]
    return found


def test_a_file_is_handed_in_on_behalf_of_a_source(keeper: Colleague) -> None:
    batch = hand_in(keeper, lines(line(new_person().id_number, f"office {datetime.now(UTC)}")))
    assert counts(batch) == {"new": 1}
    said = (batch["name"], batch["source_name"], batch["by_program"], batch["handed_in_by"])
    assert said == ("七月.csv", "市血站", False, "周敏")
    listed = keeper.get("/office/batches", source="blood-bank", limit=200).json["items"]  # type: ignore[index]
    assert batch["id"] in {each["id"] for each in listed}
    refusal(keeper.call("POST", "/office/sources/nobody/batches", data=b"x"), 404, "not_found")


def test_numbers_of_people_are_masked_on_the_page_and_whole_in_the_file(
    keeper: Colleague, db: Session
) -> None:
    person, other = new_person(), new_person()
    batch = hand_in(keeper, lines(line(person.id_number, "", indicator=other.id_number)))
    [row] = rows_of(keeper, batch)
    masked = f"{person.id_number[:6]}********{person.id_number[-4:]}"
    assert row["values"]["id_number"] == masked
    assert other.id_number not in str(row), "wherever one was typed"
    answer = keeper.post(f"/office/batches/{batch['id']}/refused-rows/file")
    [titles, cells] = load_workbook(BytesIO(answer.data)).active.iter_rows(values_only=True)  # type: ignore[union-attr]
    told = dict(zip(titles, cells, strict=True))
    assert (told["身份证号"], told["原来的行"]) == (person.id_number, "2")
    assert told["问题"].startswith("“")
    assert audit_actions(db, "batch", UUID(batch["id"]))[-1] == "batch.refused_rows_taken"


def test_a_refused_row_is_mended_on_the_page(keeper: Colleague) -> None:
    person, number = new_person(), f"mended {datetime.now(UTC)}"
    batch = hand_in(keeper, lines(line(person.id_number, "", quantity="两")))
    [row] = rows_of(keeper, batch)
    mending = f"/office/refused-rows/{row['id']}/mending"
    still = refusal(keeper.post(mending, {"values": {"quantity": "2"}}), 422, "refused_row.still_refused")
    assert still["errors"] == {"key": ["没有填记录编号。"]}
    answer = keeper.post(mending, {"values": {"quantity": "2", "key": number}})
    assert (answer.status_code, answer.json["mended_rows"]) == (200, 1)  # type: ignore[index]
    assert rows_of(keeper, batch) == []
    refusal(keeper.post(mending, {"values": {"key": "another"}}), 409, "refused_row.mended")


def test_nothing_is_mended_in_a_batch_that_was_taken_back(keeper: Colleague) -> None:
    batch = hand_in(keeper, lines(line(new_person().id_number, "")))
    [row] = rows_of(keeper, batch)
    assert keeper.post(f"/office/batches/{batch['id']}/withdrawal").status_code == 200
    answer = keeper.post(f"/office/refused-rows/{row['id']}/mending", {"values": {"key": "late"}})
    refusal(answer, 409, "batch.not_in_that_state")


def test_mended_rows_come_back_in_a_file_of_their_own(keeper: Colleague) -> None:
    people = [new_person() for _ in range(3)]
    number = datetime.now(UTC).isoformat()
    bad = [line(each.id_number, f"{number} {place}", quantity="x") for place, each in enumerate(people)]
    batch = hand_in(keeper, lines(*bad))
    content = "原来的行,身份证号,指标,发生日期,记录编号\n" + "".join(
        f"{row},{who.id_number},无偿献血,2026-06-01,{number} {row}\n"
        for row, who in ((2, people[0]), (4, people[2]))
    )
    again = hand_in(keeper, content, mends_id=batch["id"])
    assert (counts(again), again["mends_id"]) == ({"new": 2}, batch["id"])
    assert [row["row"] for row in rows_of(keeper, batch)] == [3]
    assert keeper.get(f"/office/batches/{batch['id']}").json["mended_rows"] == 2  # type: ignore[index]


def test_a_secret_is_shown_once(keeper: Colleague) -> None:
    made: Any = keeper.post("/office/sources/library/clients")
    assert (made.status_code, len(made.json["secret"])) == (201, 43)
    listed: Any = keeper.get("/office/sources/library/clients").json
    assert made.json["id"] in [each["id"] for each in listed["items"]]
    assert made.json["secret"] not in str(listed)
    assert keeper.delete(f"/office/source-clients/{made.json['id']}").status_code == 204


def test_who_works_for_a_district_finds_no_batch(
    keeper: Colleague, db: Session, app: Application, program: Program
) -> None:
    batch = new_batch(program, lines(line(new_person().id_number, "")))
    local = seat(db, app, "score_keeper", district="420202")
    assert local.get("/office/batches").json == {"items": [], "next_cursor": None}
    refusal(local.get(f"/office/batches/{batch['id']}"), 404, "not_found")
    [row] = rows_of(keeper, batch)
    answer = local.post(f"/office/refused-rows/{row['id']}/mending", {"values": {"key": "x"}})
    refusal(answer, 404, "not_found")


def test_the_page_of_sources_counts_what_came(keeper: Colleague, program: Program) -> None:
    new_batch(program, lines(line(new_person().id_number, f"counted {datetime.now(UTC)}")))
    items: Any = keeper.get("/office/sources").json["items"]  # type: ignore[index]
    bank = next(each for each in items if each["key"] == "blood-bank")
    assert bank["last_delivered_at"]
    assert sum(each["rows"] for each in bank["indicators"]) >= 1
    assert next(each for each in items if each["key"] == "bravery")["alerts"] == ["never"]


def delivered(days_ago: int, rows: int = 100, *, refused: int = 0, state: str = BatchState.TAKEN) -> Batch:
    return Batch(state=state, done_at=NOW - timedelta(days=days_ago), rows_read=rows, refused_rows=refused)


@pytest.mark.parametrize(
    ("batches", "alerts"),
    [
        ([], [Alert.NEVER]),
        ([delivered(33)], []),
        ([delivered(34)], [Alert.LATE]),
        ([delivered(1, 301), delivered(31), delivered(61), delivered(91)], [Alert.ODD_VOLUME]),
        ([delivered(1, 300), delivered(31), delivered(61), delivered(91)], []),
        ([delivered(1, 33), delivered(31), delivered(61), delivered(91)], [Alert.ODD_VOLUME]),
        ([delivered(1, 900), delivered(31), delivered(61)], []),
        ([delivered(1, 100, refused=6)], [Alert.ODD_REFUSALS]),
        ([delivered(1, 100, refused=5)], []),
        ([delivered(0, state=BatchState.FAILED), delivered(1)], [Alert.FAILED]),
    ],
)
def test_what_calls_for_a_question(batches: list[Batch], alerts: list[Alert]) -> None:
    assert alerts_of(MONTHLY, batches, now=NOW) == alerts
