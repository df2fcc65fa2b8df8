"""The reference: the one-person engine asked about everybody in turn, its answers in the same columns."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

import pyarrow as pa

from backend.scoring.bulk.engines import Results
from backend.scoring.bulk.expression import EPOCH
from backend.scoring.engine.compute import ScoreResult, compute_score
from backend.scoring.engine.model import Decay, Record, RecordStatus, ScoreModel
from scripts.engines.invented import LEAP_DAY, STATUSES, InventedCity


class TraceBroken(Exception):
    """Base, lines and clamps of somebody do not add up to the score."""


def score_one_by_one(city: InventedCity, number: int, rules: Counter[str]) -> Results:
    """The results of a slice; `rules` counts how often each rule was in play."""
    first = number * city.per_slice
    records = dict(_records_by_person(city, number))
    scores: list[dict[str, Any]] = []
    heaviest: list[dict[str, Any]] = []
    places = {indicator.code: place for place, indicator in enumerate(city.model.indicators)}
    for person in range(first, min(first + city.per_slice, city.people)):
        theirs = records.get(person, [])
        result = compute_score(city.model, theirs, city.on)
        if result.trace_sum_milli != result.score_milli:
            raise TraceBroken(f"person {person}")
        rules.update(_rules_in_play(city.model, theirs, result))
        scores.append(_sums(person, result))
        heaviest += [
            {
                "person": person,
                "place": place,
                "record": bytes.fromhex(line.record_id),
                "indicator": places[line.indicator],
                "points": line.points_milli,
            }
            for place, line in enumerate(result.heaviest_lines)
        ]
    return Results(pa.Table.from_pylist(scores), pa.Table.from_pylist(heaviest))


def _sums(person: int, result: ScoreResult) -> dict[str, Any]:
    return {
        "person": person,
        "score_milli": result.score_milli,
        "level": result.level.code if result.level else None,
        "lines_milli": result.indicator_sums.total(),
        **{f"dimension_{place}": part.points_milli for place, part in enumerate(result.dimensions)},
    }


def _records_by_person(city: InventedCity, number: int) -> Iterator[tuple[int, list[Record]]]:
    columns = city.records_of(number).to_pydict()
    rows = zip(*columns.values(), strict=True)
    codes = [indicator.code for indicator in city.model.indicators]
    for person, theirs in groupby(rows, key=itemgetter(0)):
        yield (
            person,
            [
                Record(
                    id=record.hex(),
                    indicator=codes[indicator],
                    occurred_on=EPOCH + timedelta(days=occurred),
                    quantity=quantity,
                    expires_on=None if expires is None else EPOCH + timedelta(days=expires),
                    status=STATUSES[status],
                )
                for _, record, indicator, occurred, quantity, expires, _, status in theirs
            ],
        )


def _rules_in_play(model: ScoreModel, records: list[Record], result: ScoreResult) -> Iterator[str]:
    yield "level" if result.level else "no_level"
    if not records:
        yield "no_records"
    for part in result.dimensions:
        for clamp in part.adjustments:
            yield f"{clamp.scope}_{'floor' if clamp.cut_milli > 0 else 'cap'}"
    for clamp in result.adjustments:
        yield f"score_{clamp.code}"
    lines = {line.record_id: line for part in result.dimensions for line in part.lines}
    for record in records:
        line, indicator = lines[record.id], model.indicator(record.indicator)
        if not line.counted:
            yield f"not_counted_{line.not_counted}"
            if line.ends_on == result.on:
                yield "ends_that_very_day"
            continue
        yield from _of_counted(record, line.ends_on == result.on + timedelta(days=1))
        if indicator.decay is Decay.LINEAR:
            yield "linear_gain" if line.points_milli > 0 else "linear_loss"


def _of_counted(record: Record, last_day: bool) -> Iterator[str]:
    yield "counted"
    if last_day:
        yield "counted_on_its_last_day"
    if record.status is RecordStatus.OBJECTED:
        yield "objected_but_kept"
    if record.quantity > 1:
        yield "several_at_once"
    if record.occurred_on == EPOCH + timedelta(days=LEAP_DAY):
        yield "leap_day"
