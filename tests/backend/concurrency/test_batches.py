"""Claims and redemptions done together: each gets its own outcome, and only what is committed counts."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from backend.config import Settings
from backend.core.scopes import act_as_owner
from backend.incentives.models import Form, Incentive, QuotaCount, QuotaScope
from backend.main import Parts, connect_batches
from backend.partners.models import Shop
from backend.vouchers import quick
from backend.vouchers.claim_statement import CLAIM, Claim, claim_parameters
from backend.vouchers.models import PersonalCount, Redemption, Voucher, VoucherState
from backend.vouchers.redeem_statement import REDEEM, redeem_parameters
from backend.vouchers.statements import Outcome, run_together
from backend.web.application import Application
from tests.backend.concurrency.races import outcomes, together
from tests.backend.concurrency.two_processes import as_call, in_two_processes
from tests.factories.answers import refusal
from tests.factories.batches import new_claim, new_redeeming, resident_id_of
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.crowd import new_crowd, same_phone
from tests.factories.journey import Visitor
from tests.factories.trail import audit_actions, count_rows
from tests.scripts.wechat_simulator.running import Simulator

NewVisitor = Callable[[], Visitor]
QUOTA = 50


@pytest.fixture
def batch_engine(parts: Parts) -> Iterator[Engine]:
    engine = connect_batches(parts.engine)
    yield engine
    engine.dispose()


@pytest.fixture
def claim_all(batch_engine: Engine) -> Callable[[Sequence[Claim]], list[bool]]:
    """Run some claims as one batch; gives which were accepted."""

    def run(claims: Sequence[Claim]) -> list[bool]:
        made = run_together(batch_engine, CLAIM, claim_parameters(claims))
        return [outcome.accepted for outcome in made]

    return run


@pytest.fixture
def till(app: Application, db: Session, visitor: NewVisitor) -> Callable[[Shop], Visitor]:
    def new(shop: Shop) -> Visitor:
        clerk = visitor()
        clerk.become_clerk(db, shop)
        return same_phone(clerk, app)

    return new


def opened(db: Session, resident: Visitor, **fields: Any) -> Incentive:
    """An incentive that somebody has claimed before, so that its quota is counted."""
    incentive = new_incentive(db, **fields)
    assert resident.claim(incentive.id).status_code == 201
    return incentive


def taken(db: Session, incentive: Incentive) -> int:
    return db.get_one(QuotaCount, (incentive.id, QuotaScope.TOTAL, ""), populate_existing=True).taken


def test_of_64_residents_who_claim_at_once_50_get_one_and_14_learn_that_it_is_sold_out(
    db: Session, crowd: list[Visitor], visitor: NewVisitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = visitor()
    first.become_scored(db)
    incentive = opened(db, first, quota=QUOTA + 1)
    sizes: list[int] = []

    def run(engine: Any, statement: str, parameters: dict[str, Any]) -> list[Outcome]:
        sizes.append(len(parameters["now"]))
        return run_together(engine, statement, parameters)

    monkeypatch.setattr(quick, "run_together", run)
    answers = together([partial(resident.claim, incentive.id) for resident in crowd])
    assert outcomes(answers) == {201: QUOTA, (409, "voucher.sold_out"): len(crowd) - QUOTA}
    assert taken(db, incentive) == QUOTA + 1
    assert count_rows(db, Voucher, incentive_id=incentive.id) == QUOTA + 1
    assert count_rows(db, PersonalCount, incentive_id=incentive.id) == QUOTA + 1
    won = [answer.json["id"] for answer in answers if answer.status_code == 201]
    assert [audit_actions(db, "voucher", id_) for id_ in won] == [["voucher.issued"]] * QUOTA
    assert max(sizes) > 1, "they were done together"


def test_in_one_batch_the_first_get_what_is_left(
    db: Session, parts: Parts, crowd: list[Visitor], claim_all: Callable[[Sequence[Claim]], list[bool]]
) -> None:
    incentive = opened(db, crowd[0], quota=4)
    claims = [new_claim(parts.keys, resident, incentive) for resident in crowd[1:7]]
    assert claim_all(claims) == [True, True, True, False, False, False]
    assert taken(db, incentive) == 4
    assert {row.id for row in db.query(Voucher).filter_by(incentive_id=incentive.id)} >= {
        claim.voucher_id for claim in claims[:3]
    }


def test_control_without_ranks_a_batch_runs_into_the_last_wall(
    db: Session, parts: Parts, crowd: list[Visitor], batch_engine: Engine
) -> None:
    incentive = opened(db, crowd[0], quota=4)
    claims = [new_claim(parts.keys, resident, incentive) for resident in crowd[1:7]]
    naive = CLAIM.replace("quotas.free < entitled.rank", "quotas.free < 1")
    assert naive != CLAIM
    with pytest.raises(IntegrityError, match="ck_quota_counts_within_quota"):
        run_together(batch_engine, naive, claim_parameters(claims))
    assert taken(db, incentive) == 1


def test_control_one_person_twice_in_a_batch_would_break_it(
    db: Session, parts: Parts, crowd: list[Visitor], batch_engine: Engine
) -> None:
    incentive = opened(db, crowd[0])
    twice = [new_claim(parts.keys, crowd[1], incentive) for _ in "12"]
    assert set(twice[0].keys) & set(twice[1].keys), "which is why these two never meet"
    with pytest.raises(IntegrityError, match="pk_personal_counts"):
        run_together(batch_engine, CLAIM, claim_parameters(twice))


def test_one_person_pressing_64_times_gets_no_more_than_the_limit(
    app: Application, db: Session, crowd: list[Visitor]
) -> None:
    incentive = opened(db, crowd[0], limit_times=3, limit_period="month")
    phones = [same_phone(crowd[5], app) for _ in crowd]
    answers = together([partial(phone.claim, incentive.id) for phone in phones])
    assert outcomes(answers) == {201: 3, (409, "voucher.limit_reached"): len(phones) - 3}


def test_a_bad_item_in_a_batch_harms_nobody(
    db: Session, parts: Parts, crowd: list[Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    incentive = opened(db, crowd[0], limit_times=2)
    taken_id = UUID(crowd[0].claim(incentive.id).json["id"])
    bad = resident_id_of(crowd[3])

    def run(engine: Any, statement: str, parameters: dict[str, Any]) -> list[Outcome]:
        ids = zip(parameters["voucher_id"], parameters["resident_id"], strict=True)
        spoiled = [taken_id if resident_id == bad else own for own, resident_id in ids]
        return run_together(engine, statement, {**parameters, "voucher_id": spoiled})

    monkeypatch.setattr(quick, "run_together", run)
    answers = together([partial(resident.claim, incentive.id) for resident in crowd[1:17]])
    assert outcomes(answers) == {201: 16}, "the plain way served the one that could not be done quickly"
    assert taken(db, incentive) == 18
    assert count_rows(db, Voucher, incentive_id=incentive.id) == 18


def test_two_codes_of_one_voucher_in_one_batch_honour_it_once(
    db: Session, parts: Parts, crowd: list[Visitor], till: Callable[[Shop], Visitor], batch_engine: Engine
) -> None:
    shop = new_shop(db)
    incentive = opened(db, crowd[0], shops=[shop])
    voucher = crowd[1].claim(incentive.id).json["id"]
    clerk = till(shop)
    codes = [crowd[1].show(voucher_id=voucher) for _ in "12"]
    uses = [new_redeeming(parts.keys, clerk, incentive, code) for code in codes]
    made = run_together(batch_engine, REDEEM, redeem_parameters(uses))
    assert [outcome.accepted for outcome in made] == [True, False]
    assert count_rows(db, Redemption, voucher_id=voucher) == 1


def test_one_code_at_two_tills_of_two_shops_at_once_is_honoured_once(
    db: Session, crowd: list[Visitor], till: Callable[[Shop], Visitor]
) -> None:
    shops = [new_shop(db), new_shop(db)]
    incentive = opened(db, crowd[0], shops=shops)
    tills = [till(shop) for shop in shops]
    for resident in crowd[1:9]:
        code = resident.show(voucher_id=resident.claim(incentive.id).json["id"])
        answers = together([partial(each.redeem, code) for each in tills])
        assert outcomes(answers) == {201: 1, (409, "voucher.already_redeemed"): 1}


def test_nobody_is_told_of_what_the_commit_refuses(db: Session, crowd: list[Visitor]) -> None:
    incentive = opened(db, crowd[0])
    with refused_at_the_commit(db, incentive, "RAISE unique_violation"):
        answers = together([partial(resident.claim, incentive.id) for resident in crowd[1:9]])
    assert outcomes(answers) == {(500, "internal"): 8}
    assert (count_rows(db, Voucher, incentive_id=incentive.id), taken(db, incentive)) == (1, 1)


def test_a_connection_lost_at_the_commit_is_told_as_such_and_the_next_batch_has_a_new_one(
    db: Session, crowd: list[Visitor]
) -> None:
    incentive = opened(db, crowd[0])
    with refused_at_the_commit(db, incentive, "PERFORM pg_terminate_backend(pg_backend_pid())"):
        refusal(crowd[1].claim(incentive.id, key="key-1"), 503, "database.unavailable")
    assert (count_rows(db, Voucher, incentive_id=incentive.id), taken(db, incentive)) == (1, 1)
    claimed = crowd[1].claim(incentive.id, key="key-1")
    assert (claimed.status_code, claimed.headers.get("Idempotent-Replayed")) == (201, None)


def test_when_too_many_wait_the_answer_is_503_and_nothing_happened(
    app: Application, db: Session, crowd: list[Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    incentive = opened(db, crowd[0])
    begun, go_on = Event(), Event()

    def run(*arguments: Any) -> list[Outcome]:
        begun.set()
        assert go_on.wait(20)
        return run_together(*arguments)

    monkeypatch.setattr(quick, "run_together", run)
    batcher = app.extensions["quick_ways"]._claims
    monkeypatch.setattr(batcher, "_most_waiting", 2)

    def press(resident: Visitor) -> Any:
        answer = resident.claim(incentive.id)
        if answer.status_code == 503:
            go_on.set()
        return answer

    answers = together([partial(press, resident) for resident in crowd[1:9]])
    assert begun.is_set()
    counted = outcomes(answers)
    busy = counted.pop((503, "service.busy"))
    assert busy >= 1
    assert counted == {201: 8 - busy}
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers if answer.status_code == 503)
    assert count_rows(db, Voucher, incentive_id=incentive.id) == 1 + 8 - busy


def test_a_request_that_waits_for_a_batch_and_one_that_a_batch_waits_for_both_end(
    parts: Parts, db: Session, crowd: list[Visitor], batch_engine: Engine
) -> None:
    """A plain claim holds the quota while a batch needs it: the batch gives way after a moment."""
    incentive = opened(db, crowd[0])
    db.execute(text("SELECT FROM quota_counts WHERE incentive_id = :id FOR UPDATE"), {"id": incentive.id})
    claims = [new_claim(parts.keys, crowd[1], incentive)]
    with pytest.raises(OperationalError, match="lock timeout"):
        run_together(batch_engine, CLAIM, claim_parameters(claims))
    db.rollback()
    assert crowd[1].claim(incentive.id).status_code == 201


def test_whoever_is_just_being_changed_by_another_holds_up_nobody(
    parts: Parts, db: Session, crowd: list[Visitor], claim_all: Callable[[Sequence[Claim]], list[bool]]
) -> None:
    incentive = opened(db, crowd[0])
    changing = {"who": resident_id_of(crowd[2])}
    db.execute(text("UPDATE consents SET decision = 'withdrawn' WHERE resident_id = :who"), changing)
    claims = [new_claim(parts.keys, resident, incentive) for resident in crowd[1:4]]
    assert claim_all(claims) == [True, False, True]
    db.rollback()


@pytest.mark.parametrize("withdrawn_first", [True, False])
def test_a_consent_is_held_by_a_claim_until_its_commit(
    parts: Parts, app: Application, simulator: Simulator, db: Session, crowd: list[Visitor],
    withdrawn_first: bool,
) -> None:  # fmt: skip
    incentive = opened(db, crowd[0])
    resident = new_crowd(parts, app, simulator, 1)[0]
    claim = claim_parameters([new_claim(parts.keys, resident, incentive)])
    withdraw = text("UPDATE consents SET decision = 'withdrawn' WHERE resident_id = :who")
    with parts.sessions() as batch:
        if withdrawn_first:
            db.execute(withdraw, {"who": resident_id_of(resident)})
            db.commit()
        accepted = batch.connection().exec_driver_sql(CLAIM, claim).one().accepted
        assert accepted is not withdrawn_first
        if accepted:
            db.execute(text("SET LOCAL lock_timeout = '50ms'"))
            with pytest.raises(OperationalError, match="lock timeout"):
                db.execute(withdraw, {"who": resident_id_of(resident)})


def test_two_processes_claim_honour_and_give_back_together_without_an_error(
    parts: Parts, settings: Settings, app: Application, simulator: Simulator, db: Session,
    till: Callable[[Shop], Visitor],
) -> None:  # fmt: skip
    shop = new_shop(db)
    residents = new_crowd(parts, app, simulator, 24)
    fields: dict[str, Any] = {"shops": [shop], "quota": 60, "per_day": 50, "limit_times": 4}
    offers = [opened(db, residents[0], **fields) for _ in range(3)]
    standing = new_incentive(db, shops=[shop], form=Form.STANDING, limit_times=3, per_shop=40)
    clerk, calls = till(shop), []
    for number, resident in enumerate(residents):
        held = [resident.claim(offer.id).json["id"] for offer in offers[:2]]
        codes = [resident.show(voucher_id=held[0]), resident.show(voucher_id=held[1])]
        codes += [resident.show(incentive_id=standing.id) for _ in range(3)]
        calls += [as_call(clerk, "POST", "/merchant/redemptions", code_body(code)) for code in codes]
        calls += [as_call(resident, "DELETE", f"/resident/vouchers/{id_}") for id_ in held]
        for offer in offers[:: 1 if number % 2 else -1]:
            body = {"incentive_id": str(offer.id)}
            calls += [as_call(resident, "POST", "/resident/vouchers", body) for _ in range(3)]
    # Both processes make every call, so that each meets itself coming from the other.
    statuses = in_two_processes(settings, calls)
    assert set(statuses) <= {200, 201, 204, 409, 422}, statuses
    assert statuses[201] > 100
    for offer in offers:
        issued = count_rows(db, Voucher, incentive_id=offer.id)
        cancelled = count_rows(db, Voucher, incentive_id=offer.id, state=VoucherState.CANCELLED)
        assert taken(db, offer) == issued - cancelled <= 50
        redeemed = count_rows(db, Voucher, incentive_id=offer.id, state=VoucherState.REDEEMED)
        assert count_rows(db, Redemption, incentive_id=offer.id) == redeemed
    assert count_rows(db, Redemption, incentive_id=standing.id) == 40


def code_body(code: str) -> dict[str, str]:
    return {"code": code, "scan_id": code[-20:]}


@contextmanager
def refused_at_the_commit(db: Session, incentive: Incentive, action: str) -> Iterator[None]:
    """Let the database do something at the commit of every voucher of an incentive."""
    act_as_owner(db)
    db.execute(
        text(
            "CREATE FUNCTION act_at_the_commit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS"
            f" $$ BEGIN {action}; RETURN NULL; END $$"
        )
    )
    db.execute(
        text(
            "CREATE CONSTRAINT TRIGGER act_at_the_commit AFTER INSERT ON vouchers"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
            f" WHEN (NEW.incentive_id = '{incentive.id}') EXECUTE FUNCTION act_at_the_commit()"
        )
    )
    db.commit()
    yield
    act_as_owner(db)
    db.execute(text("DROP FUNCTION act_at_the_commit CASCADE"))
    db.commit()
