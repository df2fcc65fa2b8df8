"""Binding a real identity: one person, one account, adults only."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.core.clock import CHINA, ShiftedClock, day_in_china
from backend.core.encryption import blind_index
from backend.identity.models import Resident, SandboxPerson, SignInSession
from backend.identity.providers import Window
from backend.notices.models import Notice
from tests.factories.answers import refusal
from tests.factories.journey import Visitor
from tests.factories.moments import move_to
from tests.factories.people import NewPerson, new_person
from tests.factories.records import hold_residence
from tests.factories.tables import tables_holding
from tests.factories.trail import audit_actions

NewVisitor = Callable[[], Visitor]


@pytest.fixture
def resident(visitor: NewVisitor) -> Visitor:
    resident = visitor()
    resident.sign_in()
    return resident


def id_of(resident: Visitor) -> str:
    return str(resident.tokens["resident"]["id"])


def is_bound(resident: Visitor) -> bool:
    return bool(resident.get("/resident/identity").json["bound"])


def bind(resident: Visitor, name: str, id_number: str, provider: str = "sandbox") -> TestResponse:
    body = {"name": name, "id_number": id_number, "proof": {"provider": provider}}
    return resident.post("/resident/identity", body)


def test_a_bound_account_shows_the_masked_name_only(resident: Visitor, db: Session) -> None:
    person = new_person(name="王小明")
    answer = resident.bind(person)
    assert answer.status_code == 200
    expected = {"id": id_of(resident), "bound": True, "masked_name": "王*明"}
    assert answer.json == resident.get("/resident/identity").json == expected
    assert person.name not in answer.text
    assert person.id_number not in answer.text
    assert audit_actions(db, "resident", id_of(resident)) == ["resident.joined", "identity.bound"]
    kinds = db.scalars(select(Notice.kind).where(Notice.resident_id == UUID(id_of(resident)))).all()
    assert kinds == ["identity_bound"]


def test_nothing_personal_stands_readable_in_any_table(resident: Visitor, db: Session) -> None:
    person = new_person(name="欧阳晓燕")
    openid = resident.simulator.person(resident.user)["openid"]
    resident.become_scored(db, person)
    for text in (person.name, person.id_number, person.id_number[6:], openid):
        assert tables_holding(db, text) == [], text
    stored = db.get_one(Resident, UUID(id_of(resident)))
    assert (stored.name, stored.id_number, stored.openid) == (person.name, person.id_number, openid)
    assert tables_holding(db, stored.id_number_index) == ["public.residents"], "the search itself works"


def test_the_number_may_be_typed_wide_small_and_with_spaces(resident: Visitor, db: Session) -> None:
    person = new_person()
    wide = person.id_number.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789X"})
    assert bind(resident, f" {person.name} ", f" {wide.lower()} ").status_code == 200
    stored = db.get_one(Resident, UUID(id_of(resident)))
    assert (stored.name, stored.id_number) == (person.name, person.id_number)


@pytest.mark.parametrize(
    "number",
    [
        "420202198505201234",
        "420202850520123",
        "42020219850230123X",
        "not a number",
        "420202299901010012",
        "1" * 18,
    ],
)
def test_a_wrong_number_is_named_and_nothing_is_bound(resident: Visitor, number: str) -> None:
    errors = refusal(bind(resident, "张伟", number), 422, "identity.invalid_id_number")["errors"]
    assert set(errors) == {"id_number"}
    assert not is_bound(resident)


@pytest.mark.parametrize("name", ["", " ", "\u3000", "张" * 51])
def test_a_name_has_letters_and_an_end(resident: Visitor, name: str) -> None:
    errors = refusal(bind(resident, name, new_person().id_number), 422, "request.invalid")["errors"]
    assert set(errors) == {"name"}
    assert not is_bound(resident)


@pytest.mark.parametrize("key", [None, "bind-1"])
def test_of_somebody_under_18_nothing_at_all_is_stored(
    resident: Visitor, db: Session, key: str | None
) -> None:
    today = day_in_china(datetime.now(UTC))
    child = new_person(
        name="小小少年", born_on=today.replace(year=today.year - 18, day=1) + timedelta(days=40)
    )
    body = {"name": child.name, "id_number": child.id_number, "proof": {"provider": "sandbox"}}
    refusal(resident.post("/resident/identity", body, key=key), 403, "identity.under_age")

    refusal(resident.get("/resident/identity"), 401, "session.ended")
    assert db.get(Resident, UUID(id_of(resident))) is None
    assert db.scalar(select(func.count()).where(SignInSession.resident_id == UUID(id_of(resident)))) == 0
    traces: list[str | bytes] = [child.name, child.id_number]
    columns = (
        "residents.id_number",
        "held_records.subject",
        "sandbox_people.id_number",
        "sandbox_people.name",
    )
    traces += [blind_index(column, text) for column in columns for text in (child.id_number, child.name)]
    assert [trace for trace in traces if tables_holding(db, trace)] == []
    assert audit_actions(db, "resident", id_of(resident)) == ["resident.joined", "account.removed"]


def test_a_grown_up_who_types_a_childs_number_stays_who_they_are(resident: Visitor, db: Session) -> None:
    resident.bind(new_person())
    child = new_person(born_on=day_in_china(datetime.now(UTC)).replace(day=1) - timedelta(days=4000))
    refusal(resident.bind(child), 403, "identity.under_age")
    assert is_bound(resident)
    assert audit_actions(db, "resident", id_of(resident)) == ["resident.joined", "identity.bound"]


def test_one_binds_on_the_eighteenth_birthday_and_not_an_hour_before(
    resident: Visitor, clock: ShiftedClock
) -> None:
    birthday = day_in_china(datetime.now(UTC)) + timedelta(days=10)
    while birthday.month == 2 and birthday.day == 29:
        birthday += timedelta(days=1)
    person = new_person(born_on=birthday.replace(year=birthday.year - 18))
    midnight = datetime(birthday.year, birthday.month, birthday.day, tzinfo=CHINA)
    move_to(clock, midnight - timedelta(hours=1))
    resident.sign_in()
    refusal(resident.bind(person), 403, "identity.under_age")
    move_to(clock, midnight + timedelta(minutes=1))
    resident.sign_in()
    assert resident.bind(person).status_code == 200


def test_somebody_born_on_29_february_waits_for_1_march(resident: Visitor, clock: ShiftedClock) -> None:
    year = datetime.now(UTC).year + 1
    while (year - 18) % 4:
        year += 1
    person = new_person(born_on=date(year - 18, 2, 29))
    for day, status in (
        (datetime(year, 2, 28, 12, tzinfo=CHINA), 403),
        (datetime(year, 3, 1, 1, tzinfo=CHINA), 200),
    ):
        move_to(clock, day)
        resident.sign_in()
        assert resident.bind(person).status_code == status


def know(db: Session, person: NewPerson) -> None:
    """Let the sandbox know whose number it is."""
    number, name = person.id_number, person.name
    db.add(
        SandboxPerson(
            id_number_index=blind_index("sandbox_people.id_number", number),
            name_index=blind_index("sandbox_people.name", name),
        )
    )
    db.commit()


def test_the_name_has_to_belong_to_the_number(resident: Visitor, db: Session) -> None:
    person = new_person(name="李娜")
    know(db, person)
    refusal(bind(resident, "李那", person.id_number), 422, "identity.mismatch")
    assert not is_bound(resident)
    assert audit_actions(db, "resident", id_of(resident)) == ["resident.joined"]
    assert bind(resident, "李娜", person.id_number).status_code == 200


@pytest.mark.parametrize("provider", ["face", "window", "ncidas", "SANDBOX"])
def test_a_way_of_proof_that_is_not_in_use_is_refused(resident: Visitor, provider: str) -> None:
    person = new_person()
    answer = bind(resident, person.name, person.id_number, provider)
    assert set(refusal(answer, 422, "identity.unknown_provider")["errors"]) == {"proof.provider"}
    assert not is_bound(resident)


def test_where_the_sandbox_is_not_in_use_it_proves_nothing(
    resident: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    extensions = resident.client.application.extensions
    monkeypatch.setitem(extensions, "identity_providers", {"window": Window()})
    refusal(resident.bind(new_person()), 422, "identity.unknown_provider")


def test_one_person_has_one_account(resident: Visitor, visitor: NewVisitor, db: Session) -> None:
    person, second = new_person(), visitor()
    second.sign_in()
    resident.bind(person)
    refusal(second.bind(person), 409, "identity.bound_elsewhere")
    assert not is_bound(second)
    index = blind_index("residents.id_number", person.id_number)
    assert db.scalar(select(func.count()).where(Resident.id_number_index == index)) == 1
    assert audit_actions(db, "resident", id_of(second)) == ["resident.joined"]


def test_an_account_once_bound_stays_that_persons(resident: Visitor, db: Session) -> None:
    person, other = new_person(name="王小明"), new_person(name="李娜")
    resident.bind(person)
    refusal(resident.bind(other), 409, "identity.already_bound")
    assert resident.get("/resident/identity").json["masked_name"] == "王*明"
    assert db.get_one(Resident, UUID(id_of(resident))).id_number == person.id_number


def test_binding_the_same_person_again_changes_nothing(resident: Visitor, db: Session) -> None:
    person = new_person()
    first, again = resident.bind(person), resident.bind(person)
    assert (again.status_code, again.json) == (200, first.json)
    assert audit_actions(db, "resident", id_of(resident)) == ["resident.joined", "identity.bound"]
    assert len(resident.get("/resident/notices").json["items"]) == 1


def test_what_waited_for_a_person_is_attached_at_the_binding(resident: Visitor, db: Session) -> None:
    person = new_person()
    hold_residence(db, person.id_number)
    resident.bind(person)
    resident.consent()
    assert resident.get("/resident/score").status_code == 200
    subject = blind_index("held_records.subject", person.id_number)
    assert tables_holding(db, subject) == [], "no longer waiting for anybody"


def test_a_new_name_is_taken_over_with_a_new_proof(resident: Visitor, db: Session) -> None:
    person = new_person(name="王小明")
    resident.bind(person)
    changed = bind(resident, "王大文", person.id_number)
    assert (changed.status_code, changed.json["masked_name"]) == (200, "王*文")
    stored = db.get_one(Resident, UUID(id_of(resident)))
    assert (stored.name, stored.id_number) == ("王大文", person.id_number)
    assert audit_actions(db, "resident", id_of(resident))[1:] == ["identity.bound", "identity.name_changed"]
    notices = resident.get("/resident/notices").json["items"]
    assert [notice["kind"] for notice in notices] == ["name_changed", "identity_bound"]


def test_a_name_that_the_provider_does_not_know_changes_nothing(resident: Visitor, db: Session) -> None:
    person = new_person(name="李娜")
    know(db, person)
    resident.bind(person)
    refusal(bind(resident, "李那", person.id_number), 422, "identity.mismatch")
    assert db.get_one(Resident, UUID(id_of(resident))).name == "李娜"
