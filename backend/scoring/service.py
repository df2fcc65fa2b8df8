"""Keeping scores: computed with consent, stored with their explanation, gone with the consent."""

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.city import City
from backend.consents.models import SCORING
from backend.consents.queries import hold_consent
from backend.consents.service import ConsentChange, Effect
from backend.core.actor import SYSTEM
from backend.core.clock import day_in_china
from backend.core.encryption import blind_indexes
from backend.identity.errors import NotBound
from backend.identity.models import Resident
from backend.notices.models import NoticeKind
from backend.notices.service import notify
from backend.scoring import queries
from backend.scoring.city_model import model_in_force
from backend.scoring.errors import NoScore, NotAuthorised
from backend.scoring.joining import await_deliveries
from backend.scoring.models import (
    HeldRecord,
    HeldResidence,
    Score,
    ScoreMonth,
)

SUBJECT_COLUMN = "held_records.subject"

TAKE_HELD_RECORDS = text(
    """
    WITH taken AS (DELETE FROM held_records WHERE subject_index = ANY(:subjects) RETURNING *)
    INSERT INTO credit_records
        (id, resident_id, indicator, occurred_on, quantity, expires_on, status, received_at,
         source, source_key, batch_id)
    SELECT id, :resident_id, indicator, occurred_on, quantity, expires_on, status, received_at,
        source, source_key, batch_id
    FROM taken
    """
)
TAKE_HELD_RESIDENCE = text(
    """
    WITH taken AS (DELETE FROM held_residences WHERE subject_index = ANY(:subjects) RETURNING *)
    INSERT INTO residences (resident_id, district, records_expected_on)
    SELECT :resident_id, district, records_expected_on FROM taken
    ON CONFLICT (resident_id) DO UPDATE
        SET district = excluded.district, records_expected_on = excluded.records_expected_on
    """
)


def take_held_records(db: Session, *, resident: Resident, id_number: str) -> None:
    """Attach what was waiting for this person; called when an identity has been bound."""
    await_deliveries(db)
    place = {"subjects": blind_indexes(SUBJECT_COLUMN, id_number), "resident_id": resident.id}
    db.execute(TAKE_HELD_RECORDS, place)
    db.execute(TAKE_HELD_RESIDENCE, place)


def compute_score_of_resident(db: Session, *, city: City, resident_id: UUID, now: datetime) -> dict[str, Any]:
    """Compute and store today's score with its explanation; raises the reason when there is none."""
    today = day_in_china(now)
    queries.check_may_be_scored(db, resident_id, today)
    if not hold_consent(db, resident_id, SCORING):
        raise NotAuthorised
    is_first = queries.count_months(db, resident_id) == 0
    model, records = model_in_force(db, city, today), queries.records_of(db, resident_id)
    explained = queries.compute_explained(city, model, records, today)
    state = {
        "as_of": today,
        "model_version": explained["model"]["version"],
        "score_milli": explained["score_milli"],
        "level": explained["level"]["code"] if explained["level"] else None,
        "explanation": explained,
        "computed_at": now,
    }
    _upsert(db, Score, {"resident_id": resident_id}, state)
    month = {"resident_id": resident_id, "month": today.replace(day=1)}
    of_month = ("as_of", "model_version", "score_milli", "level", "computed_at")
    _upsert(db, ScoreMonth, month, {name: state[name] for name in of_month})
    if is_first:
        notify(db, resident_id, NoticeKind.SCORE_READY, now=now)
    version = state["model_version"]
    subject = ("resident", resident_id)
    audit.record(db, "score.computed", subject=subject, actor=SYSTEM, now=now, model=version)
    return explained


def refresh_score(db: Session, *, city: City, resident_id: UUID, now: datetime) -> None:
    """Compute anew; when there is a reason for having no score now, the stored one goes."""
    try:
        compute_score_of_resident(db, city=city, resident_id=resident_id, now=now)
    except (NoScore, NotBound):
        deleted = db.execute(delete(Score).where(Score.resident_id == resident_id).returning(1)).all()
        if deleted:
            subject = ("resident", resident_id)
            audit.record(db, "score.deleted", subject=subject, actor=SYSTEM, now=now)


def begin_scoring(db: Session, *, change: ConsentChange) -> None:
    """When consent to scoring is given: the score is there at once, if nothing stands against it."""
    if change.purpose != SCORING:
        return
    resident_id, now = change.resident_id, change.now
    with suppress(NoScore, NotBound):
        compute_score_of_resident(db, city=change.city, resident_id=resident_id, now=now)


def end_scoring(db: Session, *, change: ConsentChange) -> None:
    """When the consent is withdrawn: score and history are deleted. Records stay with their sources."""
    if change.purpose != SCORING:
        return
    for table in (Score, ScoreMonth):
        db.execute(delete(table).where(table.resident_id == change.resident_id))
    subject = ("resident", change.resident_id)
    audit.record(db, "score.deleted", subject=subject, actor=SYSTEM, now=change.now)


def what_ends(db: Session, *, change: ConsentChange) -> list[Effect]:
    """What a withdrawal of the consent to scoring deletes here."""
    if change.purpose != SCORING:
        return []
    has_score = db.get(Score, change.resident_id) is not None
    months = queries.count_months(db, change.resident_id)
    effects = [
        Effect("score_deleted", "信用分和每一项说明将被删除，不再计算", int(has_score)),
        Effect("history_deleted", "分数的历史记录将被删除", months),
    ]
    return [effect for effect in effects if effect.count]


def delete_overdue_held(db: Session, *, now: datetime) -> int:
    """Forget records of people who never joined; gives how many rows."""
    gone = 0
    for table in (HeldRecord, HeldResidence):
        gone += len(db.execute(delete(table).where(table.held_until <= now).returning(1)).all())
    subject = ("held_records", "overdue")
    audit.record(db, "held_records.forgotten", subject=subject, actor=SYSTEM, now=now, rows=gone)
    return gone


def _upsert(db: Session, table: type[Any], key: dict[str, Any], state: dict[str, Any]) -> None:
    db.execute(
        insert(table).values(**key, **state).on_conflict_do_update(index_elements=list(key), set_=state)
    )
