"""A person comes over to another WeChat account, with everything that is theirs."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from backend.core.encryption import blind_indexes
from backend.identity.models import IdentityCheck, RefreshToken, Resident, SignInSession
from backend.main import Parts
from backend.notices.models import MessageCredit
from backend.vouchers.models import Ticket, Voucher
from backend.web.application import Application
from tests.backend.concurrency.races import Naive, naive_winners, outcomes, together
from tests.backend.identity.conftest import finish, proven
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.crowd import new_crowd
from tests.factories.journey import Visitor
from tests.factories.people import NewPerson, new_person
from tests.factories.trail import audit_actions, count_rows
from tests.scripts.wechat_simulator.running import Simulator

NewVisitor = Callable[[], Visitor]
PHONES = 8

pytestmark = pytest.mark.usefixtures("all_providers")


@pytest.fixture
def person() -> NewPerson:
    return new_person(name="王小明")


@pytest.fixture
def old_phone(visitor: NewVisitor, db: Session, person: NewPerson) -> Visitor:
    """The account the person has had until now, scored."""
    old_phone = visitor()
    old_phone.become_scored(db, person)
    return old_phone


def id_of(resident: Visitor) -> UUID:
    return UUID(resident.tokens["resident"]["id"])


def go_on_with(phone: Visitor, session: dict[str, str]) -> None:
    phone.tokens = {**phone.tokens, **session}


def test_a_move_is_asked_for_and_the_proof_stays_good_until_then(
    resident: Visitor, old_phone: Visitor, person: NewPerson, db: Session
) -> None:
    check_id = proven(resident, person)
    refusal(finish(resident, person, "face", check_id), 409, "identity.bound_elsewhere")
    assert resident.get("/resident/identity").json["bound"] is False
    assert old_phone.get("/resident/identity").json["bound"] is True
    assert finish(resident, person, "face", check_id, move=True).status_code == 200


def test_score_vouchers_and_consents_come_along_and_the_old_phone_is_out(
    resident: Visitor, old_phone: Visitor, person: NewPerson, db: Session
) -> None:
    shop = new_shop(db)
    voucher = old_phone.claim(new_incentive(db, shops=[shop]).id).json["id"]
    code = old_phone.show(voucher_id=voucher)
    score = old_phone.get("/resident/score").json
    account, person_id = id_of(resident), id_of(old_phone)
    before = resident.tokens

    moved = finish(resident, person, "face", proven(resident, person), move=True)
    assert (moved.status_code, moved.json["id"], moved.json["masked_name"]) == (200, str(person_id), "王*明")
    refusal(resident.get("/resident/identity"), 401, "session.ended")
    go_on_with(resident, moved.json["session"])
    assert resident.get("/resident/score").json == score
    assert resident.get(f"/resident/vouchers/{voucher}").json["state"] == "issued"
    assert resident.get("/resident/notices").json["items"][0]["kind"] == "identity_moved"

    refusal(old_phone.get("/resident/identity"), 401, "session.ended")
    refreshed = old_phone.post(
        "/resident/session/refresh", {"refresh_token": old_phone.tokens["refresh_token"]}
    )
    refusal(refreshed, 401, "session.ended")
    clerk = Visitor(resident.client, resident.simulator)
    clerk.become_clerk(db, shop)
    refusal(clerk.redeem(code), 422, "voucher.not_valid")
    assert clerk.redeem(resident.show(voucher_id=voucher)).status_code == 201

    assert count_rows(db, Resident, id=account) == 0
    assert audit_actions(db, "resident", account) == ["resident.joined", "account.removed"]
    assert "identity.moved" in audit_actions(db, "resident", person_id)
    assert count_rows(db, IdentityCheck, resident_id=person_id, state="used") == 1
    # A phone that did not get the answer goes on with the refresh token it has.
    resident.tokens = before
    again = resident.post("/resident/session/refresh", {"refresh_token": before["refresh_token"]})
    assert again.json["resident"]["id"] == str(person_id)


def test_both_accounts_sign_in_as_who_they_are_now(
    resident: Visitor, old_phone: Visitor, person: NewPerson
) -> None:
    person_id = str(id_of(old_phone))
    finish(resident, person, "face", proven(resident, person), move=True)
    assert resident.sign_in().json["resident"] == {"id": person_id, "bound": True, "masked_name": "王*明"}
    left = old_phone.sign_in().json["resident"]
    assert left["bound"] is False
    assert left["id"] != person_id
    assert finish(old_phone, person, "face", proven(old_phone, person), move=True).json["id"] == person_id


def test_a_new_name_comes_along_too(
    resident: Visitor, old_phone: Visitor, person: NewPerson, db: Session
) -> None:
    renamed = NewPerson("王大明", person.id_number)
    moved = finish(resident, renamed, "face", proven(resident, renamed), move=True)
    assert moved.json["masked_name"] == "王*明"
    assert db.get_one(Resident, id_of(old_phone)).name == "王大明"
    assert "identity.name_changed" in audit_actions(db, "resident", id_of(old_phone))


def test_an_account_that_is_already_somebodys_takes_nobody_in(
    resident: Visitor, old_phone: Visitor, person: NewPerson
) -> None:
    check_id = proven(resident, person)
    other = new_person(name="李娜")
    resident.bind(other)
    refusal(finish(resident, person, "face", check_id, move=True), 409, "identity.already_bound")
    assert old_phone.get("/resident/identity").json["bound"] is True
    assert resident.get("/resident/identity").json["masked_name"] == "李*"


def test_a_proof_from_before_the_last_move_moves_nobody(
    resident: Visitor, old_phone: Visitor, person: NewPerson, visitor: NewVisitor
) -> None:
    late = visitor()
    late.sign_in()
    stale = proven(late, person)
    assert finish(resident, person, "face", proven(resident, person), move=True).status_code == 200
    refusal(finish(late, person, "face", stale, move=True), 409, "identity.moved_meanwhile")
    assert finish(late, person, "face", proven(late, person), move=True).status_code == 200


def test_of_8_phones_that_move_at_once_one_wins_and_nothing_is_lost(
    app: Application, parts: Parts, simulator: Simulator, old_phone: Visitor, person: NewPerson, db: Session
) -> None:
    voucher = old_phone.claim(new_incentive(db).id).json["id"]
    phones = new_crowd(parts, app, simulator, PHONES, scored=False)
    for phone in phones:
        simulator.login(phone.user)
    checks = [proven(phone, person) for phone in phones]
    moves = [
        partial(finish, phone, person, "face", check, move=True)
        for phone, check in zip(phones, checks, strict=True)
    ]
    answers = together(moves)
    assert outcomes(answers) == {200: 1, (409, "identity.moved_meanwhile"): PHONES - 1}
    index = blind_indexes("residents.id_number", person.id_number)
    held = db.query(Resident).filter(Resident.id_number_index.in_(index)).one()
    assert held.id == id_of(old_phone)
    assert db.get_one(Voucher, UUID(voucher)).resident_id == held.id
    accounts = [count_rows(db, Resident, id=id_of(phone)) for phone in phones]
    assert sorted(accounts) == [0] + [1] * (PHONES - 1)
    winner = phones[accounts.index(0)]
    assert held.openid == simulator.person(winner.user)["openid"]
    assert audit_actions(db, "resident", held.id).count("identity.moved") == 1


def test_control_phones_that_look_and_then_take_the_person_all_win(
    app: Application, parts: Parts, simulator: Simulator, database_url: str, db: Session
) -> None:
    """Each believes to be the last one; all but one then hold a person who is gone."""
    target = new_crowd(parts, app, simulator, 1, scored=True)[0]
    takes = [
        Naive(
            "SELECT id FROM residents WHERE id = %(id)s AND moved_at IS NULL",
            "UPDATE residents SET moved_at = now() WHERE id = %(id)s",
            {"id": id_of(target)},
        )
    ] * PHONES
    assert naive_winners(database_url, *takes) == PHONES


def test_a_move_and_the_old_phone_signing_tickets_at_once_leave_no_good_ticket(
    resident: Visitor, old_phone: Visitor, person: NewPerson, db: Session
) -> None:
    shop = new_shop(db)
    voucher = old_phone.claim(new_incentive(db, shops=[shop]).id).json["id"]
    old_phone.draw_ticket(voucher_id=voucher)
    check_id = proven(resident, person)

    def sign() -> None:
        for _ in range(5):
            try:
                old_phone.draw_ticket(voucher_id=voucher)
            except AssertionError:  # signed out by then
                return

    together([sign, lambda: finish(resident, person, "face", check_id, move=True)])
    db.rollback()
    assert count_rows(db, Ticket, resident_id=id_of(old_phone), revoked_at=None) == 0
    assert count_rows(db, Ticket, resident_id=id_of(old_phone)) >= 1


def test_sessions_of_the_account_on_other_devices_end_with_it(
    resident: Visitor, old_phone: Visitor, person: NewPerson, db: Session
) -> None:
    tablet = Visitor(resident.client, resident.simulator, resident.user)
    tablet.sign_in()
    account = id_of(resident)
    finish(resident, person, "face", proven(resident, person), move=True)
    refusal(tablet.get("/resident/identity"), 401, "session.ended")
    assert count_rows(db, SignInSession, resident_id=account) == 0
    assert (
        db.query(RefreshToken)
        .join(SignInSession, SignInSession.id == RefreshToken.session_id)
        .filter(SignInSession.resident_id == id_of(old_phone), SignInSession.ended_at.is_(None))
        .count()
        == 2
    )


def test_messages_agreed_to_in_the_old_account_are_not_sent_to_the_new_one(
    resident: Visitor, old_phone: Visitor, person: NewPerson, db: Session
) -> None:
    db.add(MessageCredit(resident_id=id_of(old_phone), template_id="any", credits=2, hinted=False))
    db.commit()
    finish(resident, person, "face", proven(resident, person), move=True)
    db.rollback()
    assert db.get_one(MessageCredit, (id_of(old_phone), "any")).credits == 0
