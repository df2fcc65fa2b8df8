"""What a department delivers becomes records, once, and what it takes back ends."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backend.core.encryption import blind_index
from backend.scoring.jobs import rescore
from backend.scoring.models import CreditRecord, HeldRecord
from backend.scoring.service import SUBJECT_COLUMN
from backend.sources import batches, jobs
from backend.sources.models import Batch, RefusedRow
from backend.sources.storage import batch_store
from tests.factories.answers import refusal
from tests.factories.journey import Visitor
from tests.factories.people import new_person
from tests.factories.sources import NDJSON, Program, counts, line, lines, new_batch, refused_rows, shown
from tests.factories.trail import audit_actions, count_rows

NewVisitor = Callable[[], Visitor]
RESCORES = text(
    "SELECT count(*) FROM jobs.procrastinate_jobs WHERE status = 'todo' AND args ->> 'resident_id' = :id"
)


def held_of(db: Session, id_number: str) -> list[HeldRecord]:
    subject = blind_index(SUBJECT_COLUMN, id_number)
    return list(db.scalars(select(HeldRecord).where(HeldRecord.subject_index == subject)))


def records_of(db: Session, resident: Visitor) -> list[CreditRecord]:
    query = select(CreditRecord).where(CreditRecord.resident_id == UUID(resident.tokens["resident"]["id"]))
    found = db.scalars(query.order_by(CreditRecord.id).execution_options(populate_existing=True)).all()
    db.rollback()
    return list(found)


def key() -> str:
    return f"血-{new_person().id_number[:6]}-{datetime.now(UTC).timestamp()}"


def test_a_record_of_a_resident_counts_within_the_job(
    program: Program, db: Session, visitor: NewVisitor
) -> None:
    resident = visitor()
    person = resident.become_scored(db)
    before = resident.get("/resident/score").json["score_milli"]  # type: ignore[index]
    batch = new_batch(program, lines(line(person.id_number, key())))
    assert (batch["state"], counts(batch)) == ("taken", {"new": 1})
    [record] = records_of(db, resident)
    assert (record.indicator, record.occurred_on, record.status) == (
        "blood-donation",
        date(2026, 6, 1),
        "active",
    )
    assert db.scalar(RESCORES, {"id": resident.tokens["resident"]["id"]}) == 1
    rescore(resident_id=resident.tokens["resident"]["id"])
    assert resident.get("/resident/score").json["score_milli"] > before  # type: ignore[index]
    assert audit_actions(db, "batch", UUID(batch["id"])) == ["batch.handed_in", "batch.taken"]


def test_a_record_of_somebody_unknown_waits_and_is_there_when_they_join(
    program: Program, db: Session, visitor: NewVisitor
) -> None:
    person, number = new_person(), key()
    batch = new_batch(program, lines(line(person.id_number, number)))
    [held] = held_of(db, person.id_number)
    held_id = held.id
    assert timedelta(days=29) < held.held_until - datetime.now(UTC) <= timedelta(days=30)
    db.rollback()
    resident = visitor()
    resident.become_scored(db, person)
    [record] = records_of(db, resident)
    assert (record.id, record.source_key, str(record.batch_id)) == (held_id, number, batch["id"])
    assert held_of(db, person.id_number) == []


def test_the_same_file_twice_changes_nothing(program: Program, db: Session, visitor: NewVisitor) -> None:
    resident = visitor()
    joined, stranger = resident.become_scored(db), new_person()
    content = lines(line(joined.id_number, key()), line(stranger.id_number, key()))
    assert counts(new_batch(program, content)) == {"new": 2}
    before = records_of(db, resident)
    assert counts(new_batch(program, content)) == {"unchanged": 2}
    assert [each.id for each in records_of(db, resident)] == [each.id for each in before]
    assert len(held_of(db, stranger.id_number)) == 1


def test_another_content_under_the_same_number_corrects_the_record(
    program: Program, db: Session, visitor: NewVisitor
) -> None:
    resident = visitor()
    person, number = resident.become_scored(db), key()
    new_batch(program, lines(line(person.id_number, number)))
    assert counts(new_batch(program, lines(line(person.id_number, number, quantity="2")))) == {"corrected": 1}
    old, new = records_of(db, resident)
    assert (old.quantity, old.status, old.ended_at is not None) == (1, "withdrawn", True)
    assert (new.quantity, new.status, new.ended_at) == (2, "active", None)


def test_a_correction_can_move_a_record_to_another_person(
    program: Program, db: Session, visitor: NewVisitor
) -> None:
    resident, other = visitor(), visitor()
    person, right, number = resident.become_scored(db), other.become_scored(db), key()
    new_batch(program, lines(line(person.id_number, number)))
    new_batch(program, lines(line(right.id_number, number)))
    assert [each.status for each in records_of(db, resident)] == ["withdrawn"]
    assert [each.status for each in records_of(db, other)] == ["active"]
    assert db.scalar(RESCORES, {"id": resident.tokens["resident"]["id"]})
    nobody = new_person()
    new_batch(program, lines(line(nobody.id_number, number)))
    assert [each.status for each in records_of(db, other)] == ["withdrawn"]
    assert len(held_of(db, nobody.id_number)) == 1


def test_a_correction_keeps_an_objection_standing(program: Program, db: Session, visitor: NewVisitor) -> None:
    resident = visitor()
    person, number = resident.become_scored(db), key()
    new_batch(program, lines(line(person.id_number, number)))
    db.execute(text("UPDATE credit_records SET status = 'objected' WHERE source_key = :key"), {"key": number})
    db.commit()
    new_batch(program, lines(line(person.id_number, number, quantity="2")))
    assert [each.status for each in records_of(db, resident)] == ["withdrawn", "objected"]


def test_single_records_are_taken_back_by_their_numbers(
    program: Program, db: Session, visitor: NewVisitor
) -> None:
    resident = visitor()
    joined, stranger = resident.become_scored(db), new_person()
    mine, theirs = key(), key()
    new_batch(program, lines(line(joined.id_number, mine), line(stranger.id_number, theirs)))
    answer = program.post("/source/records:withdraw", {"keys": [mine, theirs, "没有的"]})
    assert answer.json == {"records": 2}
    assert [each.status for each in records_of(db, resident)] == ["withdrawn"]
    assert held_of(db, stranger.id_number) == []
    again = program.post("/source/records:withdraw", {"keys": [mine, theirs]})
    assert again.json == {"records": 0}
    assert counts(new_batch(program, lines(line(joined.id_number, mine)))) == {"new": 1}, "delivered anew"


def test_a_batch_is_taken_back_whole(program: Program, db: Session, visitor: NewVisitor) -> None:
    resident = visitor()
    person, stays = resident.become_scored(db), key()
    new_batch(program, lines(line(person.id_number, stays)))
    strangers = [new_person() for _ in range(3)]
    batch = new_batch(
        program,
        lines(
            line(person.id_number, stays),
            line(person.id_number, key()),
            *(line(each.id_number, key()) for each in strangers),
        ),
    )
    answer = program.post(f"/source/batches/{batch['id']}/withdrawal")
    assert (answer.status_code, answer.json["state"]) == (200, "withdrawing")  # type: ignore[index]
    jobs.withdraw_batch(batch_id=batch["id"])
    after = shown(program, batch["id"])
    assert (after["state"], after["withdrawn_records"]) == ("withdrawn", 4)
    assert sorted(each.status for each in records_of(db, resident)) == ["active", "withdrawn"]
    assert not any(held_of(db, each.id_number) for each in strangers)
    again = program.post(f"/source/batches/{batch['id']}/withdrawal")
    assert refusal(again, 409, "batch.not_in_that_state")["data"] == {"state": "withdrawn"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_encodings_of_chinese_offices_are_read(program: Program, encoding: str) -> None:
    content = lines(line(new_person().id_number, key(), indicator="无偿献血"))
    assert counts(new_batch(program, content.encode(encoding))) == {"new": 1}


def test_a_file_of_json_lines_is_read(program: Program) -> None:
    rows = [
        {
            "id_number": new_person().id_number,
            "indicator": "blood-donation",
            "occurred_on": "2026-06-01",
            "quantity": 2,
            "key": key(),
        }
        for _ in range(3)
    ]
    content = "\n".join(json.dumps(row) for row in rows)
    assert counts(new_batch(program, content, NDJSON)) == {"new": 3}


def test_a_file_is_sealed_where_it_lies(program: Program, db: Session) -> None:
    person = new_person()
    batch = new_batch(program, lines(line(person.id_number, key())))
    path: Path = batch_store()._path(UUID(batch["id"]))
    assert person.id_number.encode() not in path.read_bytes()
    kept = db.get_one(Batch, UUID(batch["id"]))
    assert person.id_number.encode() in b"".join(batch_store().read_pieces(kept.id, batches.key_of(kept)))


def test_of_somebody_under_age_nothing_is_kept(program: Program, db: Session) -> None:
    child = new_person(born_on=date(2015, 5, 20))
    batch = new_batch(program, lines(line(child.id_number, key())))
    assert counts(batch) == {"refused": 1}
    [row] = refused_rows(program, batch)
    assert row["values"] == {}
    assert [fault["code"] for fault in row["faults"]] == ["id_number.under_age"]
    assert db.scalars(select(RefusedRow.values_cipher).where(RefusedRow.id == UUID(row["id"]))).all() == [
        None
    ]


def test_a_batch_without_content_is_refused(program: Program, db: Session) -> None:
    before = count_rows(db, Batch, source=program.source)
    refusal(program.deliver(""), 422, "batch.no_content")
    refusal(program.deliver("x", "text/html"), 415, "request.not_json")
    assert count_rows(db, Batch, source=program.source) == before


def test_the_days_of_a_file_come_to_an_end(program: Program, db: Session) -> None:
    batch = new_batch(program, lines(line("420202", key())))
    later = datetime.now(UTC) + timedelta(days=31)
    batches.forget_files(db, now=later)
    batches.sweep_files(db, batch_store(), now=later)
    db.commit()
    assert not batch_store()._path(UUID(batch["id"])).exists()
    [row] = refused_rows(program, batch)
    assert row["values"] == {}, "the reason stays, the content does not"
    assert shown(program, batch["id"])["refused_rows"] == 1
