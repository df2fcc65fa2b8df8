"""Computing scores again from their records, and comparing those of today to every character.

The way to the next level is left out: it is advice, which a newer version may give differently.
"""

import json
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Text, cast, func, select, text
from sqlalchemy.orm import Session

from backend.city import City
from backend.scoring.city_model import model_in_force
from backend.scoring.engine.compute import compute_score
from backend.scoring.explanation import explain, explain_heaviest
from backend.scoring.models import Score, ScoreMonth
from backend.scoring.queries import records_of
from backend.scoring.replay import replay_month
from scripts.check_invariants.checking import FIRST_IDS, Finding

ADVICE = "next_level"

# Whose records changed a moment ago has a job waiting that will compute the score.
SAMPLE = text(
    """
    SELECT resident_id FROM scores
    WHERE NOT EXISTS (
        SELECT FROM jobs.procrastinate_jobs AS job
        WHERE job.task_name = 'scoring:rescore' AND job.status IN ('todo', 'doing')
            AND job.args ->> 'resident_id' = scores.resident_id::text
    )
    ORDER BY md5(resident_id::text || :seed) LIMIT :size
    """
)


def check_recomputed(db: Session, city: City, *, size: int, seed: str) -> Finding:
    """Another sample for every seed."""
    sample: Sequence[UUID] = db.scalars(SAMPLE, {"size": size, "seed": seed}).all()
    broken = [str(resident_id) for resident_id in sample if not _is_same(db, city, resident_id)]
    sentence = "规则 4：抽查的分数按记录重新计算，一字不差"
    return Finding("scores_recompute", sentence, len(sample), len(broken), sorted(broken)[:FIRST_IDS])


def check_replayed(db: Session, city: City, *, size: int, seed: str) -> Finding:
    """Months of the past, by the model of their version from the records of their moment."""
    sample = db.scalars(
        select(ScoreMonth)
        .where(ScoreMonth.computed_at.is_not(None))
        .order_by(func.md5(cast(ScoreMonth.resident_id, Text) + cast(ScoreMonth.month, Text) + seed))
        .limit(size)
    ).all()
    broken = [str(month.resident_id) for month in sample if not _is_replayed(db, city, month)]
    sentence = "规则 4：抽查的往月分数按当时的规则和记录重新计算，仍是同一个数"
    return Finding("months_replay", sentence, len(sample), len(broken), sorted(broken)[:FIRST_IDS])


def _is_replayed(db: Session, city: City, month: ScoreMonth) -> bool:
    result = replay_month(db, city, month)
    level = result.level.code if result.level else None
    return (month.score_milli, month.level) == (result.score_milli, level)


def _is_same(db: Session, city: City, resident_id: UUID) -> bool:
    stored = db.get_one(Score, resident_id)
    model, records = model_in_force(db, city, stored.as_of), records_of(db, resident_id)
    result = compute_score(model, records, stored.as_of)
    if stored.explanation is None:
        return stored.score_milli == result.score_milli and stored.heaviest == explain_heaviest(result)
    explained = explain(model, city.sentences, result, records)
    kept = {part: value for part, value in stored.explanation.items() if part != ADVICE}
    return _text(explained) == _text(kept)


def _text(explanation: object) -> str:
    return json.dumps(explanation, sort_keys=True)
