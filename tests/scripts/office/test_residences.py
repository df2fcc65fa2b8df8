"""Who lives in the city is told by a file; scores follow, and nothing is kept that is not needed."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.core.encryption import blind_index
from backend.identity.models import Resident
from backend.scoring.jobs import rescore
from backend.scoring.models import HeldResidence, Residence
from backend.scoring.service import SUBJECT_COLUMN, take_held_records
from tests.factories.answers import refusal
from tests.factories.journey import Visitor
from tests.factories.people import NewPerson, new_person
from tests.factories.records import hold_residence
from tests.scripts.office.conftest import Run

JOBS = text(
    "SELECT args ->> 'resident_id' FROM procrastinate_jobs"
    " WHERE status = 'todo' AND task_name LIKE '%rescore' AND args ->> 'resident_id' = :id"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "registered.csv"


def write(file: Path, rows: Sequence[tuple[str, str]], *, encoding: str = "utf-8") -> Path:
    lines = [" 身份证号,区县 ", *(",".join(row) for row in rows)]
    file.write_text("\n".join(lines) + "\n", encoding=encoding)
    return file


def newcomer(visitor: Callable[[], Visitor], person: NewPerson) -> Visitor:
    """Bound and willing, and nobody has told that they live here."""
    resident = visitor()
    resident.sign_in()
    resident.bind(person)
    resident.consent()
    return resident


def id_of(resident: Visitor) -> str:
    return str(resident.tokens["resident"]["id"])


def follow(db: Session, resident: Visitor) -> None:
    """Do what was queued for them."""
    db.rollback()
    queued = db.scalars(JOBS, {"id": id_of(resident)}).all()
    assert queued
    rescore.func(resident_id=queued[0])


def held(db: Session, person: NewPerson) -> str | None:
    db.rollback()
    index = blind_index(SUBJECT_COLUMN, person.id_number)
    return db.scalar(select(HeldResidence.district).where(HeldResidence.subject_index == index))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_who_lives_here_gets_a_score_and_loses_it_by_moving_away(
    visitor: Callable[[], Visitor], db: Session, run: Run, file: Path, encoding: str
) -> None:
    person = new_person()
    resident = newcomer(visitor, person)
    refusal(resident.get("/resident/score"), 409, "score.no_residence")
    told = run("residences", write(file, [(person.id_number, "黄石港区")], encoding=encoding))
    assert (told.exit_code, "新登记 1，" in told.stdout) == (0, True), told.output
    follow(db, resident)
    assert resident.get("/resident/score").status_code == 200
    again = run("residences", file)
    assert "已开户 1 人：新登记 0，换了区县 0，迁出 0" in again.stdout
    moved = run("residences", write(file, [(person.id_number, "420203")]))
    assert "换了区县 1" in moved.stdout
    assert db.scalar(select(Residence.district).where(Residence.resident_id == id_of(resident))) == "420203"
    away = run("residences", write(file, [(person.id_number, "迁出")]))
    assert "迁出 1" in away.stdout
    follow(db, resident)
    refusal(resident.get("/resident/score"), 409, "score.no_residence")


def test_of_who_has_not_joined_the_district_waits_under_a_fingerprint(
    visitor: Callable[[], Visitor], db: Session, run: Run, file: Path
) -> None:
    person = new_person()
    for district in ("黄石港区", "西塞山区"):
        told = run("residences", write(file, [(person.id_number, district)]))
        assert "未开户 1 人" in told.stdout
    assert held(db, person) == "420203"
    resident = newcomer(visitor, person)
    assert resident.get("/resident/score").status_code == 200
    assert held(db, person) is None
    stranger = new_person()
    run("residences", write(file, [(stranger.id_number, "黄石港区")]))
    run("residences", write(file, [(stranger.id_number, "迁出")]))
    assert held(db, stranger) is None


def test_a_residence_that_waited_counts_for_who_had_one_already(
    visitor: Callable[[], Visitor], db: Session, run: Run, file: Path
) -> None:
    person = new_person()
    resident = newcomer(visitor, person)
    run("residences", write(file, [(person.id_number, "黄石港区")]))
    hold_residence(db, person.id_number, district="420203")
    account = db.get_one(Resident, UUID(id_of(resident)))
    take_held_records(db, resident=account, id_number=person.id_number)
    db.commit()
    assert db.scalar(select(Residence.district).where(Residence.resident_id == id_of(resident))) == "420203"


def test_bad_rows_are_named_and_the_others_taken(
    db: Session, run: Run, file: Path, visitor: Callable[[], Visitor]
) -> None:
    good, other = new_person(), new_person()
    child = new_person(born_on=date(datetime.now(UTC).year - 5, 1, 2))
    wrong = good.id_number[:-1] + ("1" if good.id_number[-1] != "1" else "2")
    rows = [
        (child.id_number, "黄石港区"),
        (wrong, "黄石港区"),
        (good.id_number, "黄石港区"),
        (other.id_number, ""),
        ("", ""),
        (other.id_number, "武汉市"),
        (other.id_number, "黄石港区,湖北省"),
    ]
    told = run("residences", write(file, rows))
    assert told.exit_code == 1
    assert "未满 18 岁 1 人，没有收集" in told.stdout
    assert "身份证号的校验位不对" in told.stdout
    assert "没有填区县" in told.stdout
    assert "7   没有这个区县" in told.stdout
    assert "这一行的格数比标题多" in told.stdout
    assert told.stderr.endswith("有 4 行没有接收，请改好后再导入。\n")
    assert (held(db, good), held(db, other), held(db, child)) == ("420202", None, None)
    event = db.scalars(
        select(AuditEvent).where(AuditEvent.action == "residences.taken").order_by(AuditEvent.id.desc())
    ).first()
    assert event is not None
    assert (event.data["held"], event.data["refused"]) == (1, 4)
    for person in (good, other, child):
        assert person.id_number not in told.output + str(event.data)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "第一行应是"),
        ("身份证号,姓名,区县\n".encode(), "第一行应是"),
        ("身份证号,区县\n".encode("utf-16"), "文件编码应为"),
        (b"\x00\xff\xfe,\x80\n", "文件编码应为"),
        ('身份证号,区县\n"1'.encode(), "不是可读的 CSV 文件"),
    ],
)
def test_another_file_is_refused_whole(run: Run, file: Path, content: bytes, why: str) -> None:
    file.write_bytes(content)
    told = run("residences", file)
    assert told.exit_code == 2
    assert why in told.stderr
