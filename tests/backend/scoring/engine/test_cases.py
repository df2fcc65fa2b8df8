"""Every case file, one rule of the arithmetic each, against the engine."""

import pytest

from backend.scoring.engine.compute import Clamp, Line, ScoreResult, compute_score
from tests.backend.scoring.engine.case_file import CASES, Case, RecordRow, read_case_file

ALL_CASES = [
    pytest.param(case_file.model.build(), case, id=f"{path.stem}-{number}")
    for path in sorted(CASES.glob("*.yaml"))
    for case_file in [read_case_file(path)]
    for number, case in enumerate(case_file.cases, start=1)
]


@pytest.mark.parametrize(("model", "case"), ALL_CASES)
def test_the_score_is_what_the_official_worked_out_by_hand(model, case: Case):
    result = compute_score(model, [row.build() for row in case.records], case.as_of)

    lines = lines_of(result)
    assert {record_id: told(line) for record_id, line in lines.items()} == {
        row.id: (row.gives, row.because) for row in case.records
    }, case.name
    for row in case.records:
        check_end(lines[row.id], row)
    assert clamps_of(result) == [row.build() for row in case.cuts], case.name
    points = {part.code: part.points_milli for part in result.dimensions}
    assert case.dimensions.items() <= points.items(), case.name
    assert result.score_milli == case.score, case.name
    assert result.trace_sum_milli == case.score, case.name
    if case.level is not None:
        assert (result.level.name if result.level else "无") == case.level, case.name


def lines_of(result: ScoreResult) -> dict[str, Line]:
    return {line.record_id: line for part in result.dimensions for line in part.lines}


def clamps_of(result: ScoreResult) -> list[Clamp]:
    return [clamp for part in result.dimensions for clamp in part.adjustments] + list(result.adjustments)


def told(line: Line):
    return line.points_milli, line.not_counted


def check_end(line: Line, row: RecordRow) -> None:
    if row.ends_on is not None:
        assert line.ends_on == (None if row.ends_on == "never" else row.ends_on), row
