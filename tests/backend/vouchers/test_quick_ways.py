"""The quick way does what the plain way does, and leaves to it whatever is not plainly in order."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.incentives.models import Form, Incentive
from backend.main import Parts
from backend.notices.models import Message, MessageCredit, Notice, NoticeKind
from backend.partners.models import Shop
from backend.vouchers import quick
from backend.vouchers.models import Voucher
from backend.vouchers.quick import QuickWays
from backend.vouchers.statements import run_together
from tests.factories.answers import refusal
from tests.factories.batches import resident_id_of
from tests.factories.catalogue import new_incentive
from tests.factories.journey import Visitor
from tests.factories.trail import count_rows

NewVisitor = Callable[[], Visitor]

# What differs between any two claims or redemptions; all else must be alike.
OWN = ["id", "resident_id", "voucher_id", "ticket_id", "scan_id", "subject_id", "actor_id", "clerk_id"]
OWN += ["request_id", "request_digest", "body_cipher"]
MOMENTS = ["issued_at", "accepted_at", "occurred_at", "created_at"]


@dataclass
class Tried:
    """The outcomes of the quick way, in order: was it accepted?"""

    accepted: list[bool] = field(default_factory=list)


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> Tried:
    noted = Tried()

    def run(*arguments: Any) -> Any:
        outcomes = run_together(*arguments)
        noted.accepted += [outcome.accepted for outcome in outcomes]
        return outcomes

    monkeypatch.setattr(quick, "run_together", run)
    return noted


@contextmanager
def only_the_plain_way() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QuickWays, "claim", lambda *_: None)
        patch.setattr(QuickWays, "redeem", lambda *_: None)
        yield


@pytest.fixture
def incentive(db: Session, shop: Shop, new_resident: NewVisitor) -> Incentive:
    """Somebody has claimed it, so its quotas are counted: claims take the quick way from now on."""
    made = new_incentive(db, shops=[shop], quota=50, per_day=20, per_shop=10, limit_times=3, title="旧名")
    assert new_resident().claim(made.id).status_code == 201
    return made


def test_the_usual_claim_and_the_usual_use_are_quick(
    shop: Shop, incentive: Incentive, clerk: Visitor, resident: Visitor, tried: Tried
) -> None:
    vouchers = [resident.claim(incentive.id).json["id"] for _ in range(2)]
    assert tried.accepted == [True, True], "the first counts the person, the second counts on"
    clerk.redeem(resident.show(voucher_id=vouchers[0]))  # the first use at the shop makes its count
    tried.accepted.clear()
    assert clerk.redeem(resident.show(voucher_id=vouchers[1])).status_code == 201
    assert tried.accepted == [True]


def test_a_standing_entitlement_is_used_quickly_up_to_its_limit(
    db: Session, shop: Shop, clerk: Visitor, resident: Visitor, tried: Tried
) -> None:
    standing = new_incentive(db, shops=[shop], form=Form.STANDING, limit_times=2)
    for _ in range(2):
        assert clerk.redeem(resident.show(incentive_id=standing.id)).status_code == 201
    refusal(clerk.redeem(resident.show(incentive_id=standing.id)), 409, "voucher.limit_reached")
    assert tried.accepted == [True, True, False]


def test_a_voucher_for_several_uses_counts_them_down_quickly(
    db: Session, shop: Shop, clerk: Visitor, resident: Visitor, tried: Tried
) -> None:
    voucher = resident.claim(new_incentive(db, shops=[shop], uses=3).id).json["id"]
    uses = [clerk.redeem(resident.show(voucher_id=voucher)).json["id"] for _ in range(2)]
    clerk.post(f"/merchant/redemptions/{uses[0]}/reversal", {"reason": "扫错了"})
    for _ in range(2):
        assert clerk.redeem(resident.show(voucher_id=voucher)).status_code == 201
    assert tried.accepted == [False, *[True] * 4]
    numbers = db.scalars(
        text("SELECT use_number FROM redemptions WHERE voucher_id = :id AND state = 'accepted'"),
        {"id": voucher},
    )
    assert sorted(numbers) == [1, 2, 3], "the number that came free was given again"


def test_spoken_digits_that_are_right_are_quick_and_wrong_ones_are_judged(
    db: Session, shop: Shop, clerk: Visitor, resident: Visitor, tried: Tried
) -> None:
    voucher = resident.claim(new_incentive(db, shops=[shop], needs_match=True).id).json["id"]
    ticket = resident.draw_ticket(voucher_id=voucher)
    tried.accepted.clear()
    code = ticket.at(datetime.now(UTC))
    wrong = "00" if ticket.match_number != "00" else "01"
    refusal(clerk.redeem(code), 423, "voucher.needs_match")
    refusal(clerk.redeem(code, match=wrong), 423, "voucher.needs_match")
    assert clerk.redeem(code, match=ticket.match_number).status_code == 201
    assert tried.accepted == [False, False, True]


def test_both_ways_leave_the_same_rows_and_give_the_same_answer(
    db: Session, incentive: Incentive, clerk: Visitor, new_resident: NewVisitor, tried: Tried
) -> None:
    clerk.redeem(claimed_code(new_resident(), incentive))  # the shop's first use makes its count
    tried.accepted.clear()
    ways: list[tuple[Any, ...]] = []
    for way in (nullcontext(), only_the_plain_way()):
        resident = new_resident()
        with way:
            claimed = resident.claim(incentive.id, key="key-1")
            code = resident.show(voucher_id=claimed.json["id"])
            body = {"code": code, "scan_id": code[-20:], "order_ref": "订单 7", "amount_fen": 4200}
            used = clerk.post("/merchant/redemptions", body, key=f"till-{len(ways)}")
        shapes = [
            (answer.status_code, sorted(answer.headers.keys()), answer.content_type, answer.text[-2:])
            for answer in (claimed, used)
        ]
        told = [without(answer.json, "id", *MOMENTS) for answer in (claimed, used)]
        listed = [list(answer.json) for answer in (claimed, used)]
        ways.append((shapes, told, listed, rows_of(db, resident, claimed.json["id"], used.json["id"])))
    assert tried.accepted == [True, True]
    quick_way, plain_way = ways
    assert quick_way == plain_way
    assert {table for table, rows in quick_way[3].items() if not rows} == set()


def test_whoever_agreed_to_a_wechat_message_gets_one_also_by_the_quick_way(
    db: Session, parts: Parts, incentive: Incentive, new_resident: NewVisitor, tried: Tried
) -> None:
    template = parts.city.messages[NoticeKind.VOUCHER_CLAIMED]
    agreed, other = new_resident(), new_resident()
    who = resident_id_of(agreed)
    db.add(MessageCredit(resident_id=who, template_id=template.id, credits=1, hinted=False))
    db.commit()
    assert [person.claim(incentive.id).status_code for person in (agreed, other)] == [201, 201]
    assert tried.accepted == [True, True]
    notice = db.query(Notice).filter_by(resident_id=who, kind=NoticeKind.VOUCHER_CLAIMED).one()
    assert db.get_one(Message, notice.id).template_id == template.id
    sending = text("SELECT count(*) FROM procrastinate_jobs WHERE args::text LIKE '%' || :notice || '%'")
    assert db.scalar(sending, {"notice": str(notice.id)}) == 1
    assert count_rows(db, Message, resident_id=resident_id_of(other)) == 0


def test_a_repeated_key_gets_the_answer_that_the_quick_way_kept(
    db: Session, incentive: Incentive, clerk: Visitor, resident: Visitor, tried: Tried
) -> None:
    first, again = (resident.claim(incentive.id, key="claim-1") for _ in range(2))
    assert (again.status_code, again.data, again.headers["Idempotent-Replayed"]) == (201, first.data, "true")
    assert tried.accepted == [True, False]
    assert count_rows(db, Voucher, resident_id=resident_id_of(resident)) == 1


def test_the_same_scan_again_gets_the_same_redemption(
    incentive: Incentive, clerk: Visitor, resident: Visitor, new_resident: NewVisitor
) -> None:
    clerk.redeem(claimed_code(new_resident(), incentive))
    code = claimed_code(resident, incentive)
    first, again = (clerk.redeem(code, scan_id="scan-1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json


def test_a_changed_incentive_is_never_shown_as_it_was(
    db: Session, incentive: Incentive, resident: Visitor, tried: Tried
) -> None:
    assert resident.claim(incentive.id).json["offer"]["title"] == "旧名"
    change(db, "UPDATE incentives SET title = '新名', version = version + 1 WHERE id = :id", incentive)
    titles = [resident.claim(incentive.id).json["offer"]["title"] for _ in range(2)]
    assert titles == ["新名", "新名"]
    assert tried.accepted == [True, False, True]


TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
CLAIM_SPOILERS = {
    "session ended": "UPDATE sessions SET ended_at = now() WHERE resident_id = :who",
    "session ran out": "UPDATE sessions SET expires_at = now() WHERE resident_id = :who",
    "consent withdrawn": "UPDATE consents SET decision = 'withdrawn' WHERE resident_id = :who",
    "score of another day": f"UPDATE scores SET as_of = {TODAY} - 1 WHERE resident_id = :who",
    "score too low": "UPDATE scores SET score_milli = -1 WHERE resident_id = :who",
    "paused": "UPDATE incentives SET state = 'paused' WHERE id = :id",
    "ended": f"UPDATE incentives SET valid_until = {TODAY} - 1 WHERE id = :id",
    "not begun": f"UPDATE incentives SET valid_from = {TODAY} + 1 WHERE id = :id",
    "shown only": "UPDATE incentives SET unavailable_reason = '…' WHERE id = :id",
    "opens higher": "UPDATE incentives SET needed_milli = 99000 WHERE id = :id",
    "sold out": "UPDATE quota_counts SET taken = quota WHERE incentive_id = :id AND scope = 'total'",
    "sold out today": "UPDATE quota_counts SET taken = quota WHERE incentive_id = :id AND scope = 'day'",
    "not counted yet": "DELETE FROM quota_counts WHERE incentive_id = :id AND scope = 'day'",
    "limit reached": "UPDATE personal_counts SET times = most WHERE resident_id = :who",
}


@pytest.mark.parametrize("spoiler", [None, *CLAIM_SPOILERS])
def test_the_quick_way_claims_only_what_is_plainly_in_order(
    db: Session, incentive: Incentive, resident: Visitor, tried: Tried, spoiler: str | None
) -> None:
    assert resident.claim(incentive.id).status_code == 201
    tried.accepted.clear()
    if spoiler:
        change(db, CLAIM_SPOILERS[spoiler], incentive, resident)
    answer = resident.claim(incentive.id)
    assert tried.accepted == [spoiler is None]
    # A score of another day is computed anew, and a count is begun: the plain way accepts these.
    expected = spoiler in (None, "score of another day", "not counted yet")
    assert (answer.status_code == 201) is expected, answer.text


STANDING_SPOILERS = {
    name: CLAIM_SPOILERS[name]
    for name in ("consent withdrawn", "score of another day", "score too low", "paused", "ended")
} | {name: CLAIM_SPOILERS[name] for name in ("not begun", "shown only", "opens higher", "limit reached")}
USE_SPOILERS = {
    "till signed out": "UPDATE sessions SET ended_at = now() WHERE clerk_id = :clerk",
    "till ran out": "UPDATE sessions SET expires_at = now() WHERE clerk_id = :clerk",
    "clerk removed": "UPDATE clerks SET removed_at = now() WHERE id = :clerk",
    "clerk paused": "UPDATE clerks SET paused_at = now() WHERE id = :clerk",
    "shop closed": (
        "UPDATE shops SET closed_at = now() WHERE id = (SELECT shop_id FROM clerks WHERE id = :clerk)"
    ),
    "consent withdrawn": CLAIM_SPOILERS["consent withdrawn"],
    "ticket revoked": "UPDATE tickets SET revoked_at = now() WHERE resident_id = :who",
    "not at this shop": "DELETE FROM incentive_shops WHERE incentive_id = :id",
    "shop's quota used up": (
        "UPDATE quota_counts SET taken = quota WHERE incentive_id = :id AND scope = 'shop'"
    ),
    "not counted yet": "DELETE FROM quota_counts WHERE incentive_id = :id AND scope = 'shop'",
    "voucher cancelled": "UPDATE vouchers SET state = 'cancelled' WHERE resident_id = :who",
    "voucher ran out": "UPDATE vouchers SET expires_at = now() WHERE resident_id = :who",
}


@pytest.mark.parametrize("spoiler", [None, *USE_SPOILERS])
def test_the_quick_way_honours_only_what_is_plainly_in_order(
    db: Session, incentive: Incentive, clerk: Visitor, resident: Visitor, new_resident: NewVisitor,
    tried: Tried, spoiler: str | None,
) -> None:  # fmt: skip
    clerk.redeem(claimed_code(new_resident(), incentive))
    code = claimed_code(resident, incentive)
    tried.accepted.clear()
    if spoiler:
        change(db, USE_SPOILERS[spoiler], incentive, resident, clerk)
    answer = clerk.redeem(code)
    assert tried.accepted == [spoiler is None]
    assert (answer.status_code == 201) is (spoiler in (None, "not counted yet")), answer.text


@pytest.mark.parametrize("spoiler", [None, *STANDING_SPOILERS])
def test_the_quick_way_judges_a_standing_entitlement_at_each_use(
    db: Session, shop: Shop, clerk: Visitor, resident: Visitor, tried: Tried, spoiler: str | None
) -> None:
    standing = new_incentive(db, shops=[shop], form=Form.STANDING, limit_times=3)
    clerk.redeem(resident.show(incentive_id=standing.id))
    code = resident.show(incentive_id=standing.id)
    tried.accepted.clear()
    if spoiler:
        change(db, STANDING_SPOILERS[spoiler], standing, resident, clerk)
    answer = clerk.redeem(code)
    assert tried.accepted == [spoiler is None]
    assert (answer.status_code == 201) is (spoiler in (None, "score of another day")), answer.text


def test_a_voucher_in_hand_stays_good_when_its_incentive_is_paused(
    db: Session, incentive: Incentive, clerk: Visitor, resident: Visitor, new_resident: NewVisitor,
    tried: Tried,
) -> None:  # fmt: skip
    clerk.redeem(claimed_code(new_resident(), incentive))
    code = claimed_code(resident, incentive)
    change(db, CLAIM_SPOILERS["paused"], incentive)
    tried.accepted.clear()
    assert clerk.redeem(code).status_code == 201
    assert tried.accepted == [True]


def test_whoever_is_signed_out_is_told_so_whatever_the_request_says(
    db: Session, incentive: Incentive, resident: Visitor, tried: Tried
) -> None:
    change(db, CLAIM_SPOILERS["session ended"], incentive, resident)
    for body in ({"incentive_id": str(incentive.id)}, {"incentive_id": "?"}, {}, []):
        refusal(resident.post("/resident/vouchers", body), 401, "session.ended")
    refusal(resident.claim(incentive.id, key="k" * 256), 401, "session.ended")


def test_a_resident_is_no_clerk(incentive: Incentive, resident: Visitor, clerk: Visitor) -> None:
    refusal(resident.redeem(claimed_code(resident, incentive)), 403, "session.wrong_audience")
    refusal(clerk.claim(incentive.id), 403, "session.wrong_audience")


def claimed_code(resident: Visitor, incentive: Incentive) -> str:
    return resident.show(voucher_id=resident.claim(incentive.id).json["id"])


def change(
    db: Session,
    statement: str,
    incentive: Incentive,
    resident: Visitor | None = None,
    clerk: Visitor | None = None,
) -> None:
    who = resident_id_of(resident) if resident else None
    till = clerk.tokens["clerk"]["id"] if clerk else None
    values = {"id": incentive.id, "who": who, "clerk": till}
    db.execute(text(statement), {name: value for name, value in values.items() if f":{name}" in statement})
    db.commit()


def rows_of(db: Session, resident: Visitor, *subjects: str) -> dict[str, list[dict[str, Any]]]:
    """What is there about a resident, table by table, without what is each row's own."""
    who = resident_id_of(resident)
    where = dict.fromkeys(
        ("vouchers", "personal_counts", "redemptions", "access_log", "notices"), "resident_id = :who"
    )
    where["audit_events"] = "subject_id = ANY(:subjects)"
    return {
        table: [
            without(row, *OWN, *MOMENTS)
            for row in db.scalars(
                text(f"SELECT to_jsonb(t) FROM {table} AS t WHERE {condition} ORDER BY to_jsonb(t)::text"),
                {"who": who} if "who" in condition else {"subjects": list(subjects)},
            )
        ]
        for table, condition in where.items()
    }


def without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name not in names}
    if isinstance(kept.get("data"), dict):
        kept["data"] = without(kept["data"], "voucher")
    return kept
