"""Whoever looks at a resident's data leaves a line that the resident reads, in the same transaction."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.audit.models import AccessLogEntry
from backend.core.clock import ShiftedClock, day_in_china
from backend.identity.providers import Window
from backend.incentives.models import Form, Incentive
from backend.main import Parts
from backend.partners.models import Shop
from backend.scoring.models import CreditRecord
from scripts.office import main
from scripts.office.desk import Office
from tests.architecture.access_matrix import ACCESS, CLERKS
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.console import new_account
from tests.factories.journey import API, Visitor
from tests.factories.people import NewPerson, new_person
from tests.factories.records import hold_record
from tests.factories.trail import count_rows
from tests.security.looking import Looked, watching

NewVisitor = Callable[[], Visitor]
Call = tuple[str, str, Any]
CHECK, REDEEM = "/merchant/validations", "/merchant/redemptions"


@dataclass
class Till:
    """A clerk at a shop, a scored customer, and how a code comes about in each way that matters."""

    db: Session
    clock: ShiftedClock
    clerk: Visitor
    stranger: Visitor
    resident: Visitor
    shop: Shop
    voucher: Incentive
    standing: Incentive

    def code(self, incentive: Incentive) -> str:
        if incentive.form == Form.STANDING:
            return self.resident.show(clock=self.clock, incentive_id=incentive.id)
        held = self.resident.claim(incentive.id).json["id"]  # type: ignore[index]
        return self.resident.show(clock=self.clock, voucher_id=held)

    def out_of_reach(self) -> str:
        """Signed while it was open, and then the score no longer reached."""
        code = self.code(self.standing)
        self.db.execute(
            update(Incentive).where(Incentive.id == self.standing.id).values(needed_milli=99_000, version=2)
        )
        self.db.commit()
        return code

    def used(self) -> str:
        code = self.code(self.voucher)
        assert self.clerk.redeem(code).status_code == 201
        return code

    def without_consent(self) -> str:
        code = self.code(self.voucher)
        assert self.resident.delete("/resident/consents/scoring").status_code == 204
        return code


@pytest.fixture
def till(visitor: NewVisitor, db: Session, clock: ShiftedClock) -> Till:
    shop = new_shop(db)
    resident, clerk, stranger = visitor(), visitor(), visitor()
    resident.become_scored(db)
    clerk.become_clerk(db, shop)
    stranger.become_clerk(db, new_shop(db))
    return Till(
        db,
        clock,
        clerk,
        stranger,
        resident,
        shop,
        new_incentive(db, shops=[shop], limit_times=9),
        new_incentive(db, shops=[shop], form=Form.STANDING, limit_times=9),
    )


CODES: dict[str, Callable[[Till], str]] = {
    "a voucher": lambda till: till.code(till.voucher),
    "a standing entitlement": lambda till: till.code(till.standing),
    "one out of reach by now": Till.out_of_reach,
    "one that was used": Till.used,
    "one whose consent was withdrawn": Till.without_consent,
}


def looks_at(till: Till) -> int:
    till.db.rollback()
    return count_rows(till.db, AccessLogEntry, resident_id=UUID(till.resident.tokens["resident"]["id"]))


@pytest.mark.parametrize("shown", CODES)
@pytest.mark.parametrize("path", [CHECK, REDEEM])
@pytest.mark.parametrize("where", ["here", "at another shop"])
def test_whatever_a_till_makes_of_a_genuine_code_the_resident_reads_that_it_looked(
    till: Till, shown: str, path: str, where: str
) -> None:
    code = CODES[shown](till)
    before = looks_at(till)
    with watching():
        ask(till.clerk if where == "here" else till.stranger, path, code)
    assert looks_at(till) == before + 1


@pytest.mark.parametrize("path", [CHECK, REDEEM])
@pytest.mark.parametrize("shown", ["a standing entitlement", "a voucher"])
def test_a_look_is_written_too_when_the_score_must_be_computed_anew(
    till: Till, clock: ShiftedClock, path: str, shown: str
) -> None:
    """The day after, before the night's run has reached this resident: the ID number tells the age."""
    clock.ahead = timedelta(days=1)
    for person in (till.resident, till.clerk):
        person.sign_in_as_clerk() if person is till.clerk else person.sign_in()
    code = CODES[shown](till)
    before = looks_at(till)
    with watching() as looked:
        assert ask(till.clerk, path, code).status_code in (200, 201)
    if shown == "a standing entitlement":
        assert "residents.id_number_cipher" in looked.opened, "so the watch sees what it is there for"
    assert looks_at(till) == before + 1


def ask(clerk: Visitor, path: str, code: str) -> TestResponse:
    return clerk.redeem(code) if path == REDEEM else clerk.post(path, {"code": code})


def test_a_wrong_number_said_aloud_is_a_look_each_time(till: Till, db: Session) -> None:
    incentive = new_incentive(db, shops=[till.shop], form=Form.STANDING, needs_match=True)
    ticket = till.resident.draw_ticket(incentive_id=incentive.id)
    code, right = ticket.at(till.clock.now()), str(ticket.match_number)
    wrong = f"{(int(right) + 1) % 100:02}"
    for number, (match, status) in enumerate([(None, 423), (wrong, 423), (right, 201)], start=1):
        assert till.clerk.redeem(code, **({"match": match} if match else {})).status_code == status
        assert looks_at(till) == number


def merchant_calls(till: Till) -> Iterator[Call]:
    """Every call of the merchant's interface, in a way that works."""
    code = till.code(till.voucher)
    yield "POST", "/merchant/validations", {"code": code}
    yield "POST", "/merchant/redemptions", {"code": code, "scan_id": token_hex(8)}
    redemption = till.clerk.get(REDEEM).json["items"][0]["id"]  # type: ignore[index]
    yield "GET", "/merchant/redemptions", None
    yield "GET", "/merchant/summary", None
    yield "GET", "/merchant/revoked-tickets", None
    yield "POST", f"/merchant/redemptions/{redemption}/reversal", {"reason": "扫错了"}
    yield "GET", "/merchant/session", None
    yield "DELETE", "/merchant/session", None


def test_no_call_of_a_merchant_looks_at_a_resident_without_a_line_in_the_log(
    till: Till,
) -> None:
    called, looking = set(), []
    for method, path, body in merchant_calls(till):
        before = looks_at(till)
        with watching() as looked:
            answer = till.clerk.call(method, path, json=body)
        assert answer.status_code < 300, answer.text
        called.add((method, rule_of(path)))
        written = looks_at(till) - before
        assert written or not looked, f"{method} {path} looked at {looked}"
        looking += [path] * bool(written)
    assert called == {call for call, who in ACCESS.items() if who is CLERKS}, "a new call is tried here too"
    assert looking == [CHECK, REDEEM]


def rule_of(path: str) -> str:
    parts = ["<uuid:redemption_id>" if "-" in part and len(part) == 36 else part for part in path.split("/")]
    return API + "/".join(parts)


def test_the_watch_notices_a_look_that_leaves_no_line(till: Till) -> None:
    """The control: what a careless query would do."""
    with watching() as looked:
        assert not looked
        till.resident.get("/resident/score")
    assert looked == Looked(opened=set(), read={"scores"})
    with watching() as looked:
        till.resident.get("/resident/identity")
    assert "residents.name_cipher" in looked.opened


def test_the_list_tells_who_when_why_and_what_a_page_at_a_time(till: Till) -> None:
    code = till.code(till.voucher)
    for _ in range(5):
        ask(till.clerk, CHECK, code)
    items: list[Any] = []
    cursor: str | None = None
    for _page in range(3):
        page: Any = till.resident.get(
            "/resident/access-log", limit=2, **({"cursor": cursor} if cursor else {})
        ).json
        items += page["items"]
        cursor = page["next_cursor"]
    assert cursor is None
    assert len(items) == 5
    assert [item["occurred_at"] for item in items] == sorted(
        (item["occurred_at"] for item in items), reverse=True
    )
    assert {item["purpose"] for item in items} == {f"核验能否享受“{till.voucher.title}”"}
    assert {item["shown"] for item in items} == {"可享受"}


# Commands of the office that touch a resident's rows and show nothing of them to anybody, and why.
SHOWS_NOTHING = {
    "mark-record": "the mark is what was decided in a case; the resident sees it at the record itself",
    "residences": "it tells how many came, moved and left, and nobody who",
    "confirm-identity": "the person stands at the counter and has begun it; the audit names the clerk",
}
CASE = ("--case-number", "2026-1", "--purpose", "办理异议")


def office_commands(
    till: Till, person: NewPerson, folder: Path
) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Every command of the office, in a way that works: (name, arguments, what is typed)."""
    db, me = till.db, till.resident.tokens["resident"]["id"]
    record = db.scalars(select(CreditRecord.id).where(CreditRecord.resident_id == UUID(me))).one()
    clerk, number = till.clerk.tokens["clerk"]["id"], str(till.voucher.number)
    yield "units", (), ""
    yield "shops", ("--text", till.shop.name), ""
    yield "clerks", (str(till.shop.id),), ""
    yield "invite-clerk", (str(till.shop.id), "--label", "三号收银台"), ""
    yield "incentives", ("--text", till.voucher.title), ""
    yield "pause", (number,), ""
    yield "resume", (number,), ""
    yield "raise-quota", (number, "--by", "1"), ""
    yield "audit", ("--subject", me), ""
    yield "score-city", (), ""
    registered = folder / "registered.csv"
    registered.write_text(f"身份证号,区县\n{person.id_number},黄石港区\n")
    yield "residences", (str(registered),), ""
    yield "records", (me, *CASE), ""
    yield "mark-record", (str(record), "objected"), ""
    yield "find-resident", CASE, f"{person.id_number}\n"
    yield "confirm-identity", ("--clerk", "07"), window_check(till, person)
    yield "lost-phone", (me, *CASE[:2]), ""
    yield "close-resident", (me, "--reason", "on_request", *CASE[:2]), ""
    yield "reopen-resident", (me, *CASE), ""
    yield "remove-clerk", (clerk,), ""
    yield "set-up-link", (), ""
    account = new_account(db, "zhou.min@example.gov.cn", "reviewer")
    db.commit()
    yield "unlock-account", (), f"{account.email}\n"


def window_check(till: Till, person: NewPerson) -> str:
    """A code taken on the phone, and what the clerk at the counter types."""
    claim = {"name": person.name, "id_number": person.id_number}
    with pytest.MonkeyPatch.context() as patch:
        providers = till.resident.client.application.extensions["identity_providers"]
        patch.setitem(providers, "window", Window())
        opened: Any = till.resident.post("/resident/identity/checks", {**claim, "provider": "window"})
    assert opened.status_code == 201, opened.text
    return f"{opened.json['code']}\n{person.name}\n{person.id_number}\ny\n"


def test_no_command_of_the_office_looks_at_a_resident_without_a_line_in_the_log(
    till: Till, parts: Parts, db: Session, visitor: NewVisitor, tmp_path: Path
) -> None:
    person, office = new_person(name="欧阳晓燕"), Office(tmp_path)
    hold_record(db, person.id_number, "blood-donation", occurred_on=day_in_china(datetime.now(UTC)))
    till.resident = visitor()
    till.resident.become_scored(db, person)
    office.parts = parts
    called, looking = set(), set()
    for name, arguments, typed in office_commands(till, person, tmp_path):
        before = looks_at(till)
        with watching() as looked:
            result = CliRunner().invoke(main, [name, *arguments], input=typed, obj=office)
        assert result.exit_code == 0, f"{name}: {result.output}"
        called.add(name)
        written = looks_at(till) - before
        assert written or not looked or name in SHOWS_NOTHING, f"{name} looked at {looked}"
        looking |= {name} if written else set()
    assert called == set(main.commands), "a new command is tried here too"
    assert looking == {"records", "find-resident", "lost-phone", "close-resident", "reopen-resident"}
