"""A score in the form a resident reads: every line with its source, its dates and its end."""

from collections.abc import Sequence
from typing import Any

from backend.city.sentence_files import Sentences
from backend.core.points import format_missing, format_points
from backend.scoring.engine.compute import (
    Clamp,
    ClampScope,
    DimensionResult,
    Line,
    ScoreResult,
)
from backend.scoring.engine.model import Record, ScoreModel
from backend.scoring.engine.together import Plan
from backend.scoring.engine.whatif import Way
from backend.scoring.sentences import (
    WHY_NOT_COUNTED,
    Reason,
    points_in_words,
    tell_line,
    tell_reasons,
    tell_what,
)

MOST_WAYS = 5


def explain(
    model: ScoreModel, sentences: Sentences, result: ScoreResult, records: Sequence[Record]
) -> dict[str, Any]:
    """The whole answer of the score page, ready to be stored and sent as JSON.

    `base_milli`, all lines and all adjustments add up to `score_milli`.
    """
    by_id = {record.id: record for record in records}
    level = result.level
    return {
        "score": format_points(result.score_milli),
        "score_milli": result.score_milli,
        "level": {"code": level.code, "name": level.name} if level else None,
        "as_of": result.on.isoformat(),
        "model": {"version": model.version, "example": model.example},
        "base_milli": result.base_milli,
        "base": format_points(result.base_milli),
        "reasons": [_reason(reason) for reason in tell_reasons(sentences, model, result, records)],
        "dimensions": [_dimension(model, sentences, part, by_id) for part in result.dimensions],
        "adjustments": [_adjustment(model, clamp) for clamp in result.adjustments],
    }


def explain_heaviest(result: ScoreResult) -> list[dict[str, Any]]:
    """What a run over the city keeps of everybody's trace."""
    return [
        {"record_id": line.record_id, "indicator": line.indicator, "points_milli": line.points_milli}
        for line in result.heaviest_lines
    ]


def next_level(model: ScoreModel, score_milli: int, ways: Sequence[Way]) -> dict[str, Any] | None:
    """The next level, how far it is, and what would reach it; None in the highest."""
    level = model.next_level(score_milli)
    if level is None:
        return None
    missing = level.from_milli - score_milli
    return {
        "code": level.code,
        "name": level.name,
        "from": format_points(level.from_milli),
        "from_milli": level.from_milli,
        "missing": format_missing(score_milli, level.from_milli),
        "missing_milli": missing,
        "ways": [explain_way(way) for way in ways[:MOST_WAYS]],
    }


def explain_way(way: Way) -> dict[str, Any]:
    """One thing to do, how often, and the score that alone would bring."""
    return {
        "indicator": {"code": way.indicator.code, "name": way.indicator.name},
        "action": way.indicator.positive_action,
        "quantity": way.quantity,
        "unit": way.indicator.unit,
        "score": format_points(way.score_milli),
        "score_milli": way.score_milli,
        "reaches": way.reaches,
        "most_a_year": way.indicator.most_a_year,
    }


def explain_plan(sentences: Sentences, plan: Plan) -> dict[str, Any]:
    """Several things to do, and the score they bring together."""
    return {
        "steps": [
            {
                "indicator": {"code": step.indicator.code, "name": step.indicator.name},
                "action": step.indicator.positive_action,
                "quantity": step.quantity,
                "unit": step.indicator.unit,
                "text": tell_what(sentences, step.indicator, step.quantity),
            }
            for step in plan.steps
        ],
        "score": format_points(plan.score_milli),
        "score_milli": plan.score_milli,
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "indicator": {"code": reason.indicator.code, "name": reason.indicator.name},
        "points": format_points(reason.points_milli),
        "points_milli": reason.points_milli,
        "sentence": reason.sentence,
    }


def _dimension(
    model: ScoreModel, sentences: Sentences, part: DimensionResult, by_id: dict[str, Record]
) -> dict[str, Any]:
    bounds = model.dimension(part.code)
    return {
        "code": part.code,
        "name": part.name,
        "points": format_points(part.points_milli),
        "points_milli": part.points_milli,
        "min_milli": bounds.min_milli,
        "max_milli": bounds.max_milli,
        "lines": [_line(model, sentences, line, by_id[line.record_id]) for line in part.lines],
        "adjustments": [_adjustment(model, clamp) for clamp in part.adjustments],
    }


def _line(model: ScoreModel, sentences: Sentences, line: Line, record: Record) -> dict[str, Any]:
    indicator = model.indicator(line.indicator)
    return {
        "record_id": line.record_id,
        "indicator": {"code": indicator.code, "name": indicator.name},
        "points": format_points(line.points_milli),
        "points_milli": line.points_milli,
        "quantity": record.quantity,
        "unit": indicator.unit,
        "status": record.status.value,
        "counted": line.counted,
        "not_counted": line.not_counted.value if line.not_counted else None,
        "why": WHY_NOT_COUNTED[line.not_counted] if line.not_counted else None,
        "occurred_on": record.occurred_on.isoformat(),
        "ends_on": line.ends_on.isoformat() if line.ends_on else None,
        "sentence": tell_line(sentences, indicator, record, line),
        "source_unit": indicator.source_unit,
        "legal_basis": indicator.legal_basis,
        "catalogue_item": indicator.catalogue_item,
    }


def _adjustment(model: ScoreModel, clamp: Clamp) -> dict[str, Any]:
    return {
        "scope": clamp.scope.value,
        "code": clamp.code,
        "cut": format_points(clamp.cut_milli),
        "cut_milli": clamp.cut_milli,
        "text": _why_cut(model, clamp),
    }


def _why_cut(model: ScoreModel, clamp: Clamp) -> str:
    above = clamp.cut_milli < 0
    match clamp.scope:
        case ClampScope.INDICATOR:
            indicator = model.indicator(clamp.code)
            return f"“{indicator.name}”{_most(indicator.cap_milli, adds=above)}"
        case ClampScope.DIMENSION:
            dimension = model.dimension(clamp.code)
            return f"这一方面{_most(dimension.max_milli if above else dimension.min_milli, adds=above)}"
        case ClampScope.SCORE if above:
            return f"总分最高 {points_in_words(model.ceiling_milli)} 分，多出来的不算"
        case ClampScope.SCORE:
            return f"总分最低 {points_in_words(model.floor_milli)} 分，再多也不减"


def _most(bound_milli: int, *, adds: bool) -> str:
    points = points_in_words(bound_milli) if bound_milli else "0"
    return f"最多加 {points} 分，多出来的不算" if adds else f"最多减 {points} 分，再多也不减"
