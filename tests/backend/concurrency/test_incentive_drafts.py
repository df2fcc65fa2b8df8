"""A draft is decided and published once, and nobody's claim is lost while its incentive changes."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from psycopg import connect
from psycopg.errors import CheckViolation
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.core.clock import SystemClock
from backend.incentives import reviewing
from backend.incentives.models import IncentiveDraft, IncentiveVersion, QuotaCount
from backend.main import Parts
from backend.partners.models import Shop
from backend.vouchers.models import Voucher
from backend.web.application import Application
from tests.backend.concurrency.races import Naive, naive_winners, outcomes, together
from tests.factories.catalogue import new_shop
from tests.factories.console import Colleague, seat
from tests.factories.drafts import DRAFTS, approve, begun_draft, changed_draft, published, submitted_draft
from tests.factories.journey import Visitor

MANY = 8
SUBMITTED = "SELECT id FROM incentive_drafts WHERE id = %(id)s AND state = 'submitted'"
APPROVE = "UPDATE incentive_drafts SET edited_at = now() WHERE id = %(id)s"


@pytest.fixture
def shop(db: Session) -> Shop:
    return new_shop(db)


@pytest.fixture
def editor(db: Session, app: Application, shop: Shop) -> Colleague:
    return seat(db, app, "unit_editor", unit_id=shop.unit_id)


def reviewers(db: Session, app: Application) -> list[Colleague]:
    return [seat(db, app, "reviewer") for _ in range(MANY)]


def test_of_many_reviewers_one_decides(db: Session, app: Application, editor: Colleague, shop: Shop) -> None:
    draft = submitted_draft(editor, shop)
    answers = together([partial(approve, person, draft) for person in reviewers(db, app)])
    assert outcomes(answers) == {200: 1, (409, "draft.not_in_that_state"): MANY - 1}
    kept = db.get_one(IncentiveDraft, UUID(draft["id"]))
    versions = select(func.count()).where(IncentiveVersion.incentive_id == kept.incentive_id)
    assert db.scalar(versions) == 1


def test_control_a_state_that_is_read_without_a_lock_lets_all_decide(
    editor: Colleague, shop: Shop, database_url: str
) -> None:
    draft = submitted_draft(editor, shop)
    attempts = [Naive(SUBMITTED, APPROVE, {"id": draft["id"]})] * MANY
    assert naive_winners(database_url, *attempts) == MANY


def test_of_many_saves_from_one_revision_one_is_kept(editor: Colleague, shop: Shop) -> None:
    draft = begun_draft(editor, {"title": "原来的"})
    saves = [
        partial(
            editor.app.test_client(use_cookies=False).put,
            f"/api/v1{DRAFTS}/{draft['id']}",
            json={"revision": 1, "content": {"title": f"第 {place} 个"}},
            headers=editor.headers,
        )
        for place in range(MANY)
    ]
    assert outcomes(together(saves)) == {200: 1, (409, "draft.stale"): MANY - 1}


def test_jobs_that_meet_publish_a_draft_once(
    db: Session, app: Application, parts: Parts, editor: Colleague, shop: Shop
) -> None:
    draft = submitted_draft(editor, shop)
    at = SystemClock().now() + timedelta(hours=1)
    approved = approve(seat(db, app, "reviewer"), draft, publish_at=at.isoformat())
    assert approved.json["state"] == "approved"

    def job() -> int:
        with parts.sessions.begin() as session:
            return reviewing.publish_due(session, now=at, limit=100)

    assert sum(together([job] * MANY)) >= 1
    kept = db.get_one(IncentiveDraft, UUID(draft["id"]), populate_existing=True)
    versions = select(func.count()).where(IncentiveVersion.incentive_id == kept.incentive_id)
    assert (kept.state, db.scalar(versions)) == ("published", 1)


def test_who_claims_while_a_version_is_published_gets_one_of_the_two(
    db: Session, app: Application, editor: Colleague, shop: Shop, crowd: list[Visitor]
) -> None:
    reviewer, claimers = seat(db, app, "reviewer"), crowd[:16]
    incentive_id = published(reviewer, submitted_draft(editor, shop, quota_total=10))
    change = changed_draft(editor, incentive_id, benefit="可借十二本")
    calls: list[Callable[[], Any]] = [partial(person.claim, incentive_id) for person in claimers]
    *claims, decision = together([*calls, partial(approve, reviewer, change)])
    assert decision.status_code == 200
    assert outcomes(claims) == {201: 10, (409, "voucher.sold_out"): 6}
    told = {
        answer.json["id"]: answer.json["offer"]["benefit"] for answer in claims if answer.json.get("offer")
    }
    benefits = {1: "可借二十本", 2: "可借十二本"}
    held = db.execute(
        select(Voucher.id, Voucher.incentive_version).where(Voucher.incentive_id == UUID(incentive_id))
    ).all()
    assert {str(id_): benefits[version] for id_, version in held} == told
    taken = select(QuotaCount.taken).where(QuotaCount.incentive_id == UUID(incentive_id))
    assert db.scalars(taken).one() == 10


def test_the_database_itself_keeps_an_author_from_deciding(
    editor: Colleague, shop: Shop, database_url: str
) -> None:
    draft = submitted_draft(editor, shop)
    with connect(database_url) as connection, pytest.raises(CheckViolation, match="four_eyes"):
        connection.execute(
            "UPDATE incentive_drafts SET reviewer_id = author_id WHERE id = %s", (draft["id"],)
        )
