"""The office's commands: they change what they say, leave their trace, and say refusals in sentences."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.clock import day_in_china
from backend.partners.models import Shop, Unit
from backend.scoring.models import CreditRecord
from scripts.office import main
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.journey import Visitor
from tests.factories.people import new_person
from tests.factories.records import hold_record
from tests.scripts.office.conftest import Run, actions

NewVisitor = Callable[[], Visitor]
YESTERDAY = day_in_china(datetime.now(UTC)) - timedelta(days=1)


def test_units_and_shops_are_found_by_a_part_of_their_name(db: Session, run: Run) -> None:
    shop, other = new_shop(db), new_shop(db)
    unit = db.get_one(Unit, shop.unit_id)
    found = run("units", "--text", unit.name)
    assert unit.name in found.stdout
    assert "文化体育旅游" in found.stdout
    assert "共 1 条" in found.stdout
    for text in (shop.name, unit.name):
        found = run("shops", "--text", text)
        assert str(shop.id) in found.stdout
        assert str(other.id) not in found.stdout
    assert "共 0 条" in run("shops", "--text", "100%没有").stdout


def test_an_invited_clerk_works_until_removed(db: Session, visitor: NewVisitor, run: Run) -> None:
    shop, clerk = new_shop(db), visitor()
    invited = run("invite-clerk", shop.id, "--label", "二号收银台")
    assert invited.exit_code == 0
    assert shop.name in invited.stdout
    code = re.search(r"邀请码：(\S+)（30 天内有效）", invited.stdout)
    assert code
    joined = clerk.sign_in_as_clerk(code[1])
    assert joined.status_code == 200
    clerk_id = joined.json["clerk"]["id"]
    listed = run("clerks", shop.id).stdout
    assert clerk_id in listed
    assert "二号收银台" in listed

    removed = run("remove-clerk", clerk_id)
    assert removed.exit_code == 0
    assert shop.name in removed.stdout
    assert clerk.get("/merchant/summary").json["code"] == "session.ended"
    assert clerk.sign_in_as_clerk().json["code"] == "clerk.not_invited"
    assert clerk.sign_in_as_clerk(code[1]).json["code"] == "clerk.invite_used"
    assert clerk_id not in run("clerks", shop.id).stdout
    assert run("remove-clerk", clerk_id).exit_code == 0
    assert actions(db, "clerk", clerk_id) == ["clerk.joined", "clerk.removed"]


def test_a_paused_incentive_leaves_the_list_and_a_resumed_one_comes_back(db: Session, run: Run) -> None:
    incentive = new_incentive(db, quota=7)
    number = incentive.number

    def line() -> list[str]:
        return run("incentives", "--text", incentive.title).stdout.splitlines()[1].split()

    assert line() == [str(number), "公布中", "券", "0.0", "7", incentive.title]
    assert incentive.title in run("pause", number).stdout
    assert line()[1] == "已暂停"
    again = run("pause", number)
    assert (again.exit_code, again.stderr) == (
        1,
        "该激励现在的情况不能这样操作。（incentive.not_in_that_state）\n",
    )
    assert run("resume", number).exit_code == 0
    assert line()[1] == "公布中"
    assert actions(db, "incentive", incentive.id) == ["incentive.paused", "incentive.published"]


def test_a_quota_is_raised_and_never_lowered(db: Session, visitor: NewVisitor, run: Run) -> None:
    incentive = new_incentive(db, quota=1)
    first, second = visitor(), visitor()
    first.become_scored(db)
    second.become_scored(db)
    assert first.claim(incentive.id).status_code == 201
    assert second.claim(incentive.id).json["code"] == "voucher.sold_out"
    assert run("raise-quota", incentive.number, "--by", -1).exit_code == 2
    assert second.claim(incentive.id).json["code"] == "voucher.sold_out"
    assert f"{incentive.number} 的总名额现在是 2" in run("raise-quota", incentive.number, "--by", 1).stdout
    assert second.claim(incentive.id).status_code == 201
    assert actions(db, "incentive", incentive.id) == ["incentive.quota_raised"]


def test_the_resident_reads_who_looked_at_their_records_and_why(
    db: Session, visitor: NewVisitor, run: Run
) -> None:
    person, resident = new_person(), visitor()
    hold_record(db, person.id_number, "volunteer-hours", occurred_on=YESTERDAY, quantity=12)
    resident.become_scored(db, person)
    resident_id = resident.tokens["resident"]["id"]
    case = ("--case-number", "YY-2026-001", "--purpose", "核对异议")
    shown = run("records", resident_id, *case)
    assert shown.exit_code == 0
    record = db.scalars(select(CreditRecord).where(CreditRecord.resident_id == resident_id)).one()
    line = [str(record.id), "有效", YESTERDAY.isoformat(), "志愿服务时长", "12"]
    assert shown.stdout.splitlines()[1].split() == line
    looks = resident.get("/resident/access-log").json["items"]
    assert [(look["looked_by"], look["purpose"], look["shown"]) for look in looks] == [
        ("黄石市信用办", "核对异议（事项 YY-2026-001）", "信用记录 1 条")
    ]
    assert "records.shown" in actions(db, "resident", resident_id)


def test_records_are_not_shown_without_a_case_and_a_purpose(
    db: Session, visitor: NewVisitor, run: Run
) -> None:
    resident = visitor()
    resident.become_scored(db)
    resident_id = resident.tokens["resident"]["id"]
    for missing in ((), ("--purpose", "看看"), ("--case-number", " ", "--purpose", "看看")):
        assert run("records", resident_id, *missing).exit_code == 2
    assert run("records", uuid4(), "--case-number", "1", "--purpose", "看看").exit_code == 1
    assert resident.get("/resident/access-log").json["items"] == []
    assert "records.shown" not in actions(db, "resident", resident_id)


def test_a_marked_record_is_marked_and_traced(db: Session, visitor: NewVisitor, run: Run) -> None:
    person, resident = new_person(), visitor()
    hold_record(db, person.id_number, "volunteer-hours", occurred_on=YESTERDAY, quantity=12)
    resident.become_scored(db, person)
    resident_id = resident.tokens["resident"]["id"]
    record_id = db.scalars(select(CreditRecord.id).where(CreditRecord.resident_id == resident_id)).one()
    marked = run("mark-record", record_id, "objected")
    assert "已标记为“异议中”" in marked.stdout
    assert run("mark-record", record_id, "deleted").exit_code == 2
    assert run("mark-record", uuid4(), "objected").exit_code == 1
    db.rollback()
    assert db.get_one(CreditRecord, record_id).status == "objected"
    assert actions(db, "credit_record", record_id) == ["record.objected"]
    traced = run("audit", "--subject", record_id).stdout
    assert "record.objected" in traced
    assert "共 1 条" in traced


def test_a_shop_that_is_not_there_is_refused_in_a_sentence(db: Session, run: Run) -> None:
    before = db.scalars(select(Shop.id)).all()
    refused = run("invite-clerk", uuid4())
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == "没有找到。请核对编号。（not_found）\n"
    assert db.scalars(select(Shop.id)).all() == before


def test_without_data_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    result = CliRunner().invoke(main, ["--data-dir", str(tmp_path), "units"])
    assert result.exit_code == 2
    assert "请先运行 make run" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("no-such-command",), "没有这个命令，或者参数不对。用 --help 看用法。"),
        (("units", "--what"), "没有选项 --what。用 --help 看用法。"),
        (("pause",), "缺少 NUMBER。用 --help 看用法。"),
        (("pause", "ten"), "NUMBER 填写不正确。用 --help 看用法。"),
        (("records", uuid4(), "--purpose", "看看"), "缺少 --case-number。用 --help 看用法。"),
        (
            ("records", uuid4(), "--purpose", " ", "--case-number", "1"),
            "--purpose 不能是空的。用 --help 看用法。",
        ),
    ],
)
def test_misuse_is_said_in_chinese(run: Run, arguments: tuple[object, ...], said: str) -> None:
    misused = run(*arguments)
    assert (misused.exit_code, misused.stderr) == (2, f"{said}\n")


def test_the_trail_is_told_in_chinese(db: Session, visitor: NewVisitor, run: Run) -> None:
    resident = visitor()
    resident.sign_in()
    resident.bind(new_person())
    told = run("audit", "--subject", resident.tokens["resident"]["id"]).stdout.splitlines()
    assert [line.split()[2:5] for line in told[1:3]] == [
        ["绑定身份", "identity.bound", "市民"],
        ["首次登录", "resident.joined", "市民"],
    ]
