"""What lies behind a score, told in the city's own plain sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from backend.city.sentence_files import Sentences
from backend.core.clock import day_in_words, month_in_words
from backend.core.points import format_points
from backend.scoring.engine.compute import ClampScope, DimensionResult, Line, NotCounted, ScoreResult
from backend.scoring.engine.model import Decay, Indicator, Record, ScoreModel

MOST_REASONS = 6
LEAST_SHOWN_MILLI = 50

WHY_NOT_COUNTED: dict[NotCounted, str] = {
    NotCounted.NOT_YET: "还没有到生效日期",
    NotCounted.EXPIRED: "已过有效期，不再计分",
    NotCounted.OBJECTED: "您提出了异议，核实期间不计分",
    NotCounted.REPAIRED: "已完成信用修复，不再计分",
    NotCounted.WITHDRAWN: "来源单位已撤回此记录",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """What all records of one indicator bring together, after its bound."""

    indicator: Indicator
    points_milli: int
    sentence: str


def tell_line(sentences: Sentences, indicator: Indicator, record: Record, line: Line) -> str:
    """One record: what happened, what it brings now, and until when."""
    told = {
        "month": month_in_words(record.occurred_on),
        "day": day_in_words(record.occurred_on),
        "what": tell_what(sentences, indicator, record.quantity),
    }
    if line.not_counted:
        return sentences.not_counted.format(**told, why=WHY_NOT_COUNTED[line.not_counted])
    told["effect"] = _effect(sentences, indicator, line.points_milli)
    if line.ends_on is None:
        return sentences.lasting.format(**told)
    last_day = line.ends_on - timedelta(days=1)
    sentence = sentences.ending if indicator.decay is Decay.NONE else sentences.fading
    return sentence.format(
        **told,
        last_day=day_in_words(last_day),
        last_month=month_in_words(last_day),
        end_day=day_in_words(line.ends_on),
    )


def tell_reasons(
    sentences: Sentences, model: ScoreModel, result: ScoreResult, records: Sequence[Record]
) -> list[Reason]:
    """What weighs most, what adds points first; each sorted by its effect."""
    by_id = {record.id: record for record in records}
    reasons = [
        _reason(sentences, model.indicator(code), lines, part, by_id)
        for part in result.dimensions
        for code, lines in _counted_by_indicator(part).items()
    ]
    weighing = [reason for reason in reasons if reason.points_milli]
    heaviest = sorted(weighing, key=lambda reason: -abs(reason.points_milli))[:MOST_REASONS]
    return sorted(heaviest, key=lambda reason: reason.points_milli < 0)


def tell_what(sentences: Sentences, indicator: Indicator, quantity: int) -> str:
    """What happened or might be done, so many times."""
    return sentences.what_of(indicator.code).format(
        name=indicator.name,
        amount=f"{quantity} {indicator.unit}",
        quantity=quantity,
        unit=indicator.unit,
        source=indicator.source_unit,
    )


def points_in_words(milli: int) -> str:
    """The size alone, without a sign and without `.0`; never nothing where there is a little."""
    if abs(milli) < LEAST_SHOWN_MILLI:
        return "不到 0.1"
    return format_points(abs(milli)).removesuffix(".0")


def _counted_by_indicator(part: DimensionResult) -> dict[str, list[Line]]:
    counted: dict[str, list[Line]] = {}
    for line in part.lines:
        if line.counted:
            counted.setdefault(line.indicator, []).append(line)
    return counted


def _reason(
    sentences: Sentences,
    indicator: Indicator,
    lines: list[Line],
    part: DimensionResult,
    by_id: dict[str, Record],
) -> Reason:
    cut = sum(
        clamp.cut_milli
        for clamp in part.adjustments
        if clamp.scope is ClampScope.INDICATOR and clamp.code == indicator.code
    )
    points = sum(line.points_milli for line in lines) + cut
    records = [by_id[line.record_id] for line in lines]
    if len(lines) == 1 and not cut:
        return Reason(indicator, points, tell_line(sentences, indicator, records[0], lines[0]))
    sentence = (sentences.capped if cut else sentences.several).format(
        months=_months(records),
        count=len(lines),
        what=tell_what(sentences, indicator, sum(record.quantity for record in records)),
        effect=_effect(sentences, indicator, points),
    )
    return Reason(indicator, points, sentence)


def _months(records: Sequence[Record]) -> str:
    first, last = (month_in_words(edge(record.occurred_on for record in records)) for edge in (min, max))
    return first if first == last else f"{first}至{last}"


def _effect(sentences: Sentences, indicator: Indicator, milli: int) -> str:
    text = sentences.gain if indicator.points_milli > 0 else sentences.loss
    return text.format(points=points_in_words(milli))
