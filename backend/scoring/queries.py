"""Reads of records and scores, and the reasons for having none."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from backend.city import City
from backend.consents.models import SCORING
from backend.consents.queries import has_consented, who_consented
from backend.core.points import format_missing, format_points
from backend.identity.errors import NotBound
from backend.identity.id_number import is_adult
from backend.identity.queries import get_bound_resident
from backend.scoring.city_model import model_in_force
from backend.scoring.engine.compute import compute_score, score_without_trace
from backend.scoring.engine.model import Record, RecordStatus, ScoreModel
from backend.scoring.engine.together import plans_to
from backend.scoring.engine.whatif import ways_to
from backend.scoring.errors import (
    DataPending,
    NoResidence,
    NoScore,
    NotAuthorised,
    TargetOutOfRange,
    UnderAge,
)
from backend.scoring.explanation import explain, explain_plan, explain_way, next_level
from backend.scoring.models import CreditRecord, Residence, Score, ScoreMonth


def check_may_be_scored(db: Session, resident_id: UUID, today: date) -> None:
    """Raise the reason for having no score, if there is one."""
    resident = get_bound_resident(db, resident_id)
    if not has_consented(db, resident_id, SCORING):
        raise NotAuthorised
    if resident.id_number is None or not is_adult(resident.id_number, today=today):
        raise UnderAge
    residence = db.get(Residence, resident_id)
    if residence is None:
        raise NoResidence
    expected = residence.records_expected_on
    if expected is not None and today < expected:
        raise DataPending(expected_on=expected.isoformat())


def find_district(db: Session, resident_id: UUID) -> str | None:
    """Where a resident is registered as living, if that has been delivered."""
    return db.scalar(select(Residence.district).where(Residence.resident_id == resident_id))


def get_score(db: Session, city: City, resident_id: UUID, today: date) -> dict[str, Any]:
    """The score page's answer for today; raises the reason when there is no score.

    One ready row serves it. Before the day's refresh has reached this resident, and after a run over the
    city, which explains nobody's score, it is computed anew.
    """
    stored = db.get(Score, resident_id)
    if stored is not None and stored.as_of == today and stored.explanation is not None:
        return stored.explanation
    check_may_be_scored(db, resident_id, today)
    model, records = model_in_force(db, city, today), records_of(db, resident_id)
    return compute_explained(city, model, records, today)


def find_score_milli(db: Session, city: City, resident_id: UUID, today: date) -> int | None:
    """The score alone, or None for whatever reason there is none."""
    row = db.execute(select(Score.as_of, Score.score_milli).where(Score.resident_id == resident_id))
    stored = row.one_or_none()
    if stored is not None and stored.as_of == today:
        score_milli: int = stored.score_milli
        return score_milli
    try:
        check_may_be_scored(db, resident_id, today)
    except (NoScore, NotBound):
        return None
    records = records_of(db, resident_id)
    return score_without_trace(model_in_force(db, city, today), records, today)


def compute_explained(city: City, model: ScoreModel, records: Sequence[Record], on: date) -> dict[str, Any]:
    """The score of these records on a day, explained, with the way to the next level."""
    result = compute_score(model, records, on)
    following = model.next_level(result.score_milli)
    ways = ways_to(model, records, target_milli=following.from_milli, on=on) if following else ()
    answer = explain(model, city.sentences, result, records)
    return {**answer, "next_level": next_level(model, result.score_milli, ways)}


def get_ways(
    db: Session, city: City, resident_id: UUID, *, target_milli: int | None, today: date
) -> dict[str, Any]:
    """What a resident could do to reach a score: each way taken alone, and some plans of several.

    Without a target it is the highest score there is, so each quantity is then the most that brings
    anything, and there are no plans. Raises the reason when there is no score.
    """
    check_may_be_scored(db, resident_id, today)
    model, records = model_in_force(db, city, today), records_of(db, resident_id)
    if target_milli is not None and target_milli > model.ceiling_milli:
        raise TargetOutOfRange(errors={"target_milli": [TargetOutOfRange.detail]})
    plans = () if target_milli is None else plans_to(model, records, target_milli=target_milli, on=today)
    target_milli = model.ceiling_milli if target_milli is None else target_milli
    score_milli = score_without_trace(model, records, today)
    missing_milli = max(0, target_milli - score_milli)
    ways = ways_to(model, records, target_milli=target_milli, on=today)
    return {
        "score": format_points(score_milli),
        "score_milli": score_milli,
        "target": format_points(target_milli),
        "target_milli": target_milli,
        "missing": format_missing(score_milli, target_milli) if missing_milli else format_points(0),
        "missing_milli": missing_milli,
        "model": {"version": model.version, "example": model.example},
        "items": [explain_way(way) for way in ways],
        "plans": [explain_plan(city.sentences, plan) for plan in plans],
    }


def records_of(db: Session, resident_id: UUID) -> list[Record]:
    """All records of a resident, as the engine takes them."""
    rows = db.scalars(select(CreditRecord).where(CreditRecord.resident_id == resident_id))
    return [
        Record(
            id=str(row.id),
            indicator=row.indicator,
            occurred_on=row.occurred_on,
            quantity=row.quantity,
            expires_on=row.expires_on,
            status=RecordStatus(row.status),
        )
        for row in rows
    ]


def list_records(db: Session, resident_id: UUID) -> Sequence[CreditRecord]:
    """All records of a resident as stored, the latest first."""
    query = select(CreditRecord).where(CreditRecord.resident_id == resident_id)
    return db.scalars(query.order_by(CreditRecord.occurred_on.desc(), CreditRecord.id)).all()


def list_months(db: Session, resident_id: UUID, *, before: date | None, limit: int) -> Sequence[ScoreMonth]:
    """The last score of each month, newest first."""
    query = select(ScoreMonth).where(ScoreMonth.resident_id == resident_id)
    if before:
        query = query.where(ScoreMonth.month < before)
    return db.scalars(query.order_by(ScoreMonth.month.desc()).limit(limit)).all()


def count_months(db: Session, resident_id: UUID) -> int:
    query = select(func.count()).select_from(ScoreMonth).where(ScoreMonth.resident_id == resident_id)
    return db.scalar(query) or 0


def list_outdated(db: Session, city: City, today: date, *, after: UUID | None, limit: int) -> Sequence[UUID]:
    """Residents who consented and have no score of today by the model in force, in the order of their ids."""
    version = model_in_force(db, city, today).version
    consented = who_consented(SCORING)
    query = (
        select(consented.c.resident_id)
        .outerjoin(Score, Score.resident_id == consented.c.resident_id)
        .where(or_(Score.as_of.is_(None), Score.as_of < today, Score.model_version != version))
    )
    if after:
        query = query.where(consented.c.resident_id > after)
    return db.scalars(query.order_by(consented.c.resident_id).limit(limit)).all()
