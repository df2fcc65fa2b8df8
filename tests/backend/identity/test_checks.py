"""Proofs of identity: the provider is asked, and a check is good once, for one person and one account."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock, day_in_china
from backend.core.encryption import blind_index
from backend.core.errors import DomainError
from backend.identity.models import CheckState, IdentityCheck, Resident
from backend.identity.retention import forget_old_sign_ins
from backend.identity.window import confirm_at_window
from backend.main import Parts
from backend.web.limits import limiter
from tests.backend.concurrency.races import together
from tests.backend.identity.conftest import begin, count_connections, finish, look_into_camera, proven
from tests.factories.answers import refusal
from tests.factories.journey import Visitor
from tests.factories.people import NewPerson, new_person
from tests.factories.tables import tables_holding
from tests.factories.trail import audit_actions, count_rows

NewVisitor = Callable[[], Visitor]
BEGIN_FACE = "/cityservice/face/identify/getverifyid"
ASK_FACE = "/cityservice/face/identify/queryverifyinfo"

pytestmark = pytest.mark.usefixtures("all_providers")


def id_of(resident: Visitor) -> UUID:
    return UUID(resident.tokens["resident"]["id"])


def is_bound(resident: Visitor) -> bool:
    return bool(resident.get("/resident/identity").json["bound"])


def state_of(db: Session, check_id: str) -> str:
    db.rollback()
    return db.get_one(IdentityCheck, UUID(check_id)).state


def test_a_face_that_wechat_confirms_binds_the_person(resident: Visitor, db: Session) -> None:
    person = new_person(name="王小明")
    opened = begin(resident, person, "face")
    assert opened.status_code == 201
    assert set(opened.json) == {"id", "provider", "expires_at", "verify_id"}
    look_into_camera(resident, opened.json["verify_id"])
    bound = finish(resident, person, "face", opened.json["id"])
    assert (bound.status_code, bound.json["masked_name"]) == (200, "王*明")
    assert "session" not in bound.json
    assert db.get_one(Resident, id_of(resident)).identity_provider == "face"
    assert state_of(db, opened.json["id"]) == "used"
    actions = audit_actions(db, "identity_check", opened.json["id"])
    assert actions == ["identity_check.opened", "identity_check.used"]


def test_the_phones_word_that_it_is_done_proves_nothing(resident: Visitor, db: Session) -> None:
    person = new_person()
    check = begin(resident, person, "face").json
    refusal(finish(resident, person, "face", check["id"]), 409, "identity.check_pending")
    assert not is_bound(resident)
    look_into_camera(resident, check["verify_id"], result=90002)
    refused = refusal(finish(resident, person, "face", check["id"]), 409, "identity.check_failed")
    assert refused["data"] == {"provider_code": 90002}
    assert state_of(db, check["id"]) == "failed"
    look_into_camera(resident, check["verify_id"])
    refusal(finish(resident, person, "face", check["id"]), 409, "identity.check_failed")
    assert not is_bound(resident)
    assert finish(resident, person, "face", proven(resident, person)).status_code == 200


def test_the_national_platform_is_asked_about_exactly_this_person(resident: Visitor, db: Session) -> None:
    person, other = new_person(), new_person(name="李娜")
    check = begin(resident, person, "ncidas").json
    parameters = check["parameters"]
    assert (parameters["orgID"], parameters["businessID"]) == ("city-credit", "binding")
    refusal(finish(resident, person, "ncidas", check["id"]), 409, "identity.check_pending")

    def show(who: str, number: str) -> None:
        resident.simulator.control("ncidas", **parameters, name=who, idNumber=number)

    show(other.name, other.id_number)
    refusal(finish(resident, person, "ncidas", check["id"]), 409, "identity.check_failed")
    again = begin(resident, person, "ncidas").json
    parameters = again["parameters"]
    show(person.name, person.id_number)
    assert finish(resident, person, "ncidas", again["id"]).status_code == 200
    used = db.get_one(IdentityCheck, UUID(again["id"]))
    assert used.scoped_index is not None


def test_a_platform_that_does_not_answer_uses_nothing_up(
    resident: Visitor,
) -> None:
    person = new_person()
    check = begin(resident, person, "ncidas").json
    resident.simulator.control("ncidas", **check["parameters"], name=person.name, idNumber=person.id_number)
    for mode in ("http500", "html200", "jsonlist", "reset"):
        resident.simulator.fault("/ncidas/verify", mode, times=1)
        refused = refusal(
            finish(resident, person, "ncidas", check["id"]), 503, "identity.provider_unavailable"
        )
        assert person.name not in str(refused)
    assert finish(resident, person, "ncidas", check["id"]).status_code == 200


def test_a_check_is_used_once_and_its_repeat_gets_the_same_answer(
    resident: Visitor, visitor: NewVisitor, db: Session
) -> None:
    person = new_person()
    check_id = proven(resident, person)
    first = finish(resident, person, "face", check_id)
    again = finish(resident, person, "face", check_id)
    assert (again.status_code, again.json) == (200, first.json)
    renamed = new_person(name="李娜")
    refusal(
        finish(resident, NewPerson(renamed.name, person.id_number), "face", check_id),
        422,
        "identity.check_of_another",
    )
    assert audit_actions(db, "resident", id_of(resident)).count("identity.bound") == 1


def test_a_used_check_does_not_bring_back_what_a_later_one_changed(resident: Visitor, db: Session) -> None:
    person = new_person(name="王小明")
    renamed = NewPerson("王大文", person.id_number)
    first = proven(resident, person)
    finish(resident, person, "face", first)
    assert finish(resident, renamed, "face", proven(resident, renamed)).json["masked_name"] == "王*文"
    refusal(finish(resident, person, "face", first), 409, "identity.check_used")
    assert db.get_one(Resident, id_of(resident)).name == "王大文"


def test_a_check_is_good_for_its_own_account_person_and_way_only(
    resident: Visitor, visitor: NewVisitor
) -> None:
    person, thief = new_person(), visitor()
    thief.sign_in()
    check_id = proven(resident, person)
    theirs = refusal(finish(thief, person, "face", check_id), 404, "not_found")
    nobodys = refusal(finish(thief, person, "face", str(uuid4())), 404, "not_found")
    assert {**theirs, "request_id": ""} == {**nobodys, "request_id": ""}
    refusal(finish(thief, person, "face", "not-an-id"), 404, "not_found")
    refusal(finish(resident, new_person(), "face", check_id), 422, "identity.check_of_another")
    refusal(finish(resident, person, "window", check_id), 422, "identity.check_of_another")
    refusal(finish(resident, person, "face", None), 422, "identity.check_needed")
    assert not is_bound(thief)
    assert finish(resident, person, "face", check_id).status_code == 200


def test_a_check_ends_with_its_time_and_with_the_next_one(
    resident: Visitor, clock: ShiftedClock, db: Session, parts: Parts
) -> None:
    person = new_person()
    first, second = proven(resident, person), proven(resident, person)
    refusal(finish(resident, person, "face", first), 410, "identity.check_expired")
    assert state_of(db, first) == "expired"
    clock.ahead = timedelta(hours=1, seconds=1)
    resident.sign_in()
    refusal(finish(resident, person, "face", second), 410, "identity.check_expired")
    assert state_of(db, second) == "open"
    with parts.sessions.begin() as night:
        forget_old_sign_ins(night, now=clock.now())
    assert state_of(db, second) == "expired"
    with parts.sessions.begin() as night:
        forget_old_sign_ins(night, now=clock.now() + timedelta(days=31))
    assert count_rows(db, IdentityCheck, id=UUID(second)) == 0


def test_a_slow_wechat_leaves_the_check_good(resident: Visitor) -> None:
    person = new_person()
    check_id = proven(resident, person)
    resident.simulator.fault(ASK_FACE, "http500", times=2)
    refusal(finish(resident, person, "face", check_id), 503, "wechat.unavailable")
    assert not is_bound(resident)
    assert finish(resident, person, "face", check_id).status_code == 200


def test_a_check_that_wechat_does_not_begin_is_not_kept(resident: Visitor, db: Session) -> None:
    person = new_person()
    resident.simulator.fault(BEGIN_FACE, "http500", times=1)
    refusal(begin(resident, person, "face", key="begin-1"), 503, "wechat.unavailable")
    assert count_rows(db, IdentityCheck, resident_id=id_of(resident)) == 0
    assert begin(resident, person, "face", key="begin-1").status_code == 201


def test_while_wechat_is_asked_nobody_waits_for_a_connection(
    resident: Visitor, db: Session, parts: Parts
) -> None:
    """The fault holds WeChat's answer back; meanwhile no session of ours stands in a transaction."""
    person = new_person()
    check_id = proven(resident, person)
    resident.simulator.fault(ASK_FACE, "delay", times=1, delay_ms=1500)
    busy = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'"
    )
    db.rollback()
    before = len(resident.simulator.calls(ASK_FACE))
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(finish, resident, person, "face", check_id, key="slow-1")
        while len(resident.simulator.calls(ASK_FACE)) == before:
            assert not answer.done()
        assert count_connections(parts, busy) == 0
        assert not answer.done(), "so it was looked at while WeChat was asked"
        assert answer.result().status_code == 200


def test_a_repeat_under_its_key_opens_no_second_check(resident: Visitor, db: Session) -> None:
    person = new_person()
    first = begin(resident, person, "face", key="check-1")
    again = begin(resident, person, "face", key="check-1")
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json == first.json
    assert count_rows(db, IdentityCheck, resident_id=id_of(resident)) == 1


def test_the_same_key_twice_at_once_has_one_effect(resident: Visitor, db: Session) -> None:
    person = new_person()
    check_id = proven(resident, person)
    resident.simulator.fault(ASK_FACE, "delay", times=2, delay_ms=300)
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(finish, resident, person, "face", check_id, key="same-1") for _ in range(2)]
        statuses = sorted(call.result().status_code for call in calls)
    assert statuses in ([200, 200], [200, 409])
    assert audit_actions(db, "resident", id_of(resident)).count("identity.bound") == 1
    assert finish(resident, person, "face", check_id, key="same-1").status_code == 200


def test_somebody_under_18_is_turned_away_before_anybody_is_asked(resident: Visitor, db: Session) -> None:
    today = day_in_china(datetime.now(UTC))
    child = new_person(name="小小少年", born_on=today.replace(year=today.year - 17, day=1))
    asked = len(resident.simulator.calls(BEGIN_FACE))
    refusal(begin(resident, child, "face"), 403, "identity.under_age")
    assert len(resident.simulator.calls(BEGIN_FACE)) == asked
    refusal(resident.get("/resident/identity"), 401, "session.ended")
    assert count_rows(db, Resident, id=id_of(resident)) == 0
    assert count_rows(db, IdentityCheck, resident_id=id_of(resident)) == 0


def test_an_account_that_is_somebodys_begins_no_check_for_another(resident: Visitor) -> None:
    resident.bind(new_person())
    refusal(begin(resident, new_person(), "face"), 409, "identity.already_bound")


def test_a_check_holds_nothing_readable(resident: Visitor, db: Session) -> None:
    person = new_person(name="欧阳晓燕")
    face, window = begin(resident, person, "face").json, begin(resident, person, "window").json
    for secret in (person.name, person.id_number, face["verify_id"], window["code"]):
        assert tables_holding(db, secret) == []
    index = blind_index("identity_checks.code", window["code"])
    assert tables_holding(db, index) == ["public.identity_checks"], "the search itself works"


@pytest.mark.parametrize("provider", ["face", "ncidas", "window"])
def test_beginning_checks_is_limited(resident: Visitor, provider: str) -> None:
    person = new_person()
    limiter.enabled = True
    try:
        answers = [begin(resident, person, provider).status_code for _ in range(21)]
    finally:
        limiter.enabled = False
        limiter.reset()
    assert answers == [201] * 20 + [429]


def test_at_most_one_check_of_an_account_runs(resident: Visitor, db: Session) -> None:
    person = new_person()
    for provider in ("face", "window", "ncidas", "sandbox"):
        assert begin(resident, person, provider).status_code == 201
    live = select(func.count()).where(
        IdentityCheck.resident_id == id_of(resident), IdentityCheck.state == CheckState.OPEN
    )
    assert db.scalar(live) == 1


def test_tries_at_the_window_are_counted_also_when_they_come_at_once(
    resident: Visitor, db: Session, parts: Parts
) -> None:
    person = new_person(name="李娜")
    check = begin(resident, person, "window").json

    def guess() -> str:
        """As the office's command does: a refusal that is a change is kept."""
        with parts.sessions() as desk:
            try:
                confirm_at_window(
                    desk,
                    code=check["code"],
                    name="李那",
                    id_number=person.id_number,
                    clerk="A017",
                    now=parts.clock.now(),
                )
            except DomainError as refusal:
                desk.commit()
                return refusal.code
        return "confirmed"

    answers = Counter(together([guess] * 8))
    assert answers == {"identity.window_mismatch": 4, "identity.window_code_invalid": 4}
    stored = db.get_one(IdentityCheck, UUID(check["id"]))
    assert (stored.state, stored.wrong_tries) == ("failed", 4)
