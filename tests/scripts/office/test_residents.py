"""What the office does about one resident: it is done, traced, and read by the resident."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from click.testing import Result
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.core.clock import ShiftedClock
from backend.identity.models import ClosedReason, IdentityCheck, Resident
from backend.incentives.queries import remaining
from backend.notices.models import Notice
from backend.scoring.jobs import refresh_outdated, rescore
from backend.scoring.models import Score, ScoreMonth
from backend.vouchers.models import Voucher
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.journey import Visitor
from tests.factories.people import NewPerson, new_person
from tests.factories.trail import count_rows
from tests.scripts.office.conftest import Run, actions

NewVisitor = Callable[[], Visitor]
CASE = ("--case-number", "XY-2026-007")
REASONS = ("--reason", "deceased")


@pytest.fixture
def person() -> NewPerson:
    return new_person(name="王小明")


@pytest.fixture
def resident(visitor: NewVisitor, db: Session, person: NewPerson) -> Visitor:
    resident = visitor()
    resident.become_scored(db, person)
    return resident


def id_of(resident: Visitor) -> UUID:
    return UUID(resident.tokens["resident"]["id"])


def looks(resident: Visitor) -> list[tuple[str, str]]:
    items = resident.get("/resident/access-log").json["items"]
    return [(look["looked_by"], look["purpose"]) for look in items]


def test_a_resident_is_found_by_the_number_typed_and_reads_who_looked(
    resident: Visitor, person: NewPerson, db: Session, run: Run
) -> None:
    found = run("find-resident", *CASE, "--purpose", "核对异议", typed=(f" {person.id_number.lower()} ",))
    assert found.exit_code == 0, found.output
    assert str(id_of(resident)) in found.stdout
    assert "王*明" in found.stdout
    assert f"{person.id_number[:6]}********{person.id_number[-4:]}" in found.stdout
    assert person.name not in found.stdout
    assert looks(resident) == [("黄石市信用办", "核对异议（事项 XY-2026-007）")]
    assert actions(db, "resident", id_of(resident))[-1] == "resident.shown"


def test_nobody_is_found_in_vain_without_a_trace(db: Session, run: Run) -> None:
    case = f"XY-{uuid4()}"
    sought = run("find-resident", "--case-number", case, "--purpose", "看看", typed=(new_person().id_number,))
    assert "共 0 条" in sought.stdout
    assert actions(db, "case", case) == ["resident.sought_in_vain"]
    wrong = run("find-resident", *CASE, "--purpose", "看看", typed=("12345",))
    assert (wrong.exit_code, wrong.stderr) == (
        1,
        "身份证号不正确，请核对 18 位号码。（identity.invalid_id_number）\n",
    )
    assert run("find-resident", *CASE, typed=("12345",)).exit_code == 2


@pytest.fixture
def at_window(visitor: NewVisitor, all_providers: None) -> Visitor:
    newcomer = visitor()
    newcomer.sign_in()
    return newcomer


def take_code(newcomer: Visitor, person: NewPerson) -> tuple[str, str]:
    """The check's id, and the code to show at the window."""
    body = {"name": person.name, "id_number": person.id_number, "provider": "window"}
    check = newcomer.post("/resident/identity/checks", body).json
    assert check is not None
    return check["id"], check["code"]


def bind_with(newcomer: Visitor, person: NewPerson, check_id: str) -> TestResponse:
    proof = {"provider": "window", "ticket": check_id}
    body = {"name": person.name, "id_number": person.id_number, "proof": proof}
    return newcomer.post("/resident/identity", body)


def test_the_window_confirms_whoever_shows_code_and_card(at_window: Visitor, db: Session, run: Run) -> None:
    someone = new_person(name="李娜")
    check_id, code = take_code(at_window, someone)
    refusal(bind_with(at_window, someone, check_id), 409, "identity.check_pending")
    shown = f"{code[:4]}-{code[4:]}".lower()
    typed = (shown, someone.name, someone.id_number, "y")
    confirmed = run("confirm-identity", "--clerk", "A017", typed=typed)
    assert confirmed.exit_code == 0, confirmed.output
    check = db.get_one(IdentityCheck, UUID(check_id))
    assert (check.state, check.confirmed_by) == ("confirmed", "A017")
    assert run("confirm-identity", "--clerk", "A018", typed=typed).exit_code == 0
    assert bind_with(at_window, someone, check_id).json["masked_name"] == "李*"
    assert actions(db, "identity_check", check_id) == [
        "identity_check.opened",
        "identity_check.confirmed",
        "identity_check.used",
    ]
    over = run("confirm-identity", "--clerk", "A017", typed=typed)
    assert (over.exit_code, "identity.window_code_invalid" in over.stderr) == (1, True)


def test_without_the_clerks_yes_nothing_is_confirmed(at_window: Visitor, db: Session, run: Run) -> None:
    someone = new_person()
    check_id, code = take_code(at_window, someone)
    left = run("confirm-identity", "--clerk", "A017", typed=(code, someone.name, someone.id_number, "n"))
    assert (left.exit_code, left.stderr) == (1, "已取消。\n")
    assert db.get_one(IdentityCheck, UUID(check_id)).state == "open"


def test_the_fourth_time_the_card_does_not_fit_the_check_is_over(
    at_window: Visitor, db: Session, run: Run
) -> None:
    someone, card = new_person(name="李娜"), new_person(name="李那")
    check_id, code = take_code(at_window, someone)

    def confirm(name: str, number: str) -> Result:
        return run("confirm-identity", "--clerk", "A017", typed=(code, name, number, "y"))

    for left in (3, 2, 1):
        tried = confirm(card.name, someone.id_number)
        assert tried.exit_code == 1
        assert f"还可以再试 {left} 次。" in tried.stderr
    last = confirm(someone.name, card.id_number)
    assert "已作废" in last.stderr
    assert "identity.window_code_invalid" in confirm(someone.name, someone.id_number).stderr
    refusal(bind_with(at_window, someone, check_id), 409, "identity.check_failed")
    assert actions(db, "identity_check", check_id).count("identity_check.mismatched") == 4


def test_a_code_is_good_for_half_an_hour(at_window: Visitor, clock: ShiftedClock, run: Run) -> None:
    someone = new_person()
    _check_id, code = take_code(at_window, someone)
    clock.ahead = timedelta(minutes=30, seconds=1)
    late = run("confirm-identity", "--clerk", "A017", typed=(code, someone.name, someone.id_number, "y"))
    assert "identity.window_code_invalid" in late.stderr


def test_a_lost_phone_is_signed_out_by_the_office(resident: Visitor, db: Session, run: Run) -> None:
    done = run("lost-phone", id_of(resident), *CASE)
    assert done.exit_code == 0, done.output
    assert "王*明" in done.stdout
    refusal(resident.get("/resident/identity"), 401, "session.ended")
    resident.sign_in()
    assert looks(resident) == [("黄石市信用办", "挂失手机，在所有设备退出（事项 XY-2026-007）")]
    traced = actions(db, "resident", id_of(resident))
    assert traced[-2:] == ["resident.signed_out_everywhere", "resident.lost_phone"]


@pytest.mark.parametrize("reason", [reason.value for reason in ClosedReason])
def test_closing_ends_all_that_runs_for_a_person(
    app: Application, resident: Visitor, visitor: NewVisitor, db: Session, run: Run, reason: str
) -> None:
    shop, clerk = new_shop(db), visitor()
    clerk.become_clerk(db, shop)
    incentive = new_incentive(db, shops=[shop], quota=1)
    voucher = resident.claim(incentive.id).json["id"]
    code = resident.show(voucher_id=voucher)
    closed = run("close-resident", id_of(resident), "--reason", reason, *CASE)
    assert closed.exit_code == 0, closed.output

    refusal(resident.get("/resident/score"), 401, "session.ended")
    told = refusal(resident.sign_in(), 403, "resident.closed")
    assert "信用办" in told["detail"]
    refusal(clerk.redeem(code), 422, "voucher.not_valid")
    db.rollback()
    assert db.get_one(Voucher, UUID(voucher)).state == "cancelled"
    assert remaining(db, [incentive.id], datetime.now(UTC).date()) == {incentive.id: 1}
    rescore(resident_id=str(id_of(resident)))
    refresh_outdated(timestamp=0)
    assert count_rows(db, Score, resident_id=id_of(resident)) == 0
    assert count_rows(db, ScoreMonth, resident_id=id_of(resident)) == 0
    traced = actions(db, "resident", id_of(resident))
    assert {"resident.closed", "consent.withdrawn", "tickets.revoked", "score.deleted"} <= set(traced)


def test_a_closed_person_comes_in_by_no_other_account(
    resident: Visitor, person: NewPerson, visitor: NewVisitor, run: Run
) -> None:
    run("close-resident", id_of(resident), *REASONS, *CASE)
    other = visitor()
    other.sign_in()
    for move in (False, True):
        proof = {"provider": "sandbox"}
        body = {"name": person.name, "id_number": person.id_number, "proof": proof, "move": move}
        refusal(other.post("/resident/identity", body), 403, "resident.closed")


def test_a_mistake_is_undone_and_the_resident_decides_anew(
    resident: Visitor, person: NewPerson, db: Session, run: Run
) -> None:
    assert "没有停用" in run("reopen-resident", id_of(resident), *CASE, "--purpose", "看看").stderr
    run("close-resident", id_of(resident), *REASONS, *CASE)
    assert "已经停用" in run("close-resident", id_of(resident), *REASONS, *CASE).stderr
    found = run("find-resident", *CASE, "--purpose", "核对", typed=(person.id_number,))
    assert "已停用（已去世）" in found.stdout
    assert run("reopen-resident", id_of(resident), *CASE).exit_code == 2
    reopened = run("reopen-resident", id_of(resident), *CASE, "--purpose", "误停用，予以恢复")
    assert reopened.exit_code == 0, reopened.output

    assert resident.sign_in().status_code == 200
    assert resident.get("/resident/notices").json["items"][0]["kind"] == "account_reopened"
    refusal(resident.get("/resident/score"), 409, "score.not_authorised")
    assert looks(resident) == [
        ("黄石市信用办", "误停用，予以恢复（事项 XY-2026-007）"),
        ("黄石市信用办", "核对（事项 XY-2026-007）"),
        ("黄石市信用办", "停用账号：已去世（事项 XY-2026-007）"),
    ]
    assert resident.consent().status_code == 200
    assert resident.get("/resident/score").status_code == 200
    assert count_rows(db, Notice, resident_id=id_of(resident), kind="account_reopened") == 1


def test_an_account_that_is_nobodys_is_no_case(visitor: NewVisitor, db: Session, run: Run) -> None:
    nobody = visitor()
    nobody.sign_in()
    for command in (
        ("lost-phone", id_of(nobody), *CASE),
        ("close-resident", id_of(nobody), *REASONS, *CASE),
        ("reopen-resident", id_of(nobody), *CASE, "--purpose", "看看"),
        ("lost-phone", uuid4(), *CASE),
    ):
        assert run(*command).stderr == "没有找到。请核对编号。（not_found）\n"
    assert nobody.get("/resident/identity").status_code == 200
    assert db.get_one(Resident, id_of(nobody)).closed_at is None
