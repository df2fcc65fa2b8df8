"""Reads the case files: tables of records beside the points an official expects, worked out by hand.

Points are written as people say them ("2.5"). They are read as text and never become floats.
A word the tables do not know is refused, so a misspelt expectation cannot pass unseen.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict
from ruamel.yaml import YAML

from backend.scoring.engine.compute import Clamp, ClampScope, NotCounted
from backend.scoring.engine.model import (
    Decay,
    Dimension,
    Indicator,
    Level,
    Record,
    RecordStatus,
    ScoreModel,
    WhileObjected,
)

CASES = Path(__file__).parent / "cases"


def _to_milli(points: str) -> int:
    milli = Decimal(points) * 1000
    if milli != int(milli):
        raise ValueError("more than three decimals")
    return int(milli)


Milli = Annotated[int, BeforeValidator(_to_milli)]


class Row(BaseModel):
    """One row of a table, with no column of an unknown name."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LevelRow(Row):
    name: str
    starts_at: Milli


class DimensionRow(Row):
    name: str
    min: Milli
    max: Milli


class IndicatorRow(Row):
    name: str
    dimension: str
    points: Milli
    cap: Milli
    decay: Decay = Decay.NONE
    valid_days: int | None = None
    while_objected: WhileObjected = WhileObjected.EXCLUDE


class ModelTable(Row):
    base: Milli
    floor: Milli
    ceiling: Milli
    levels: list[LevelRow] = []
    dimensions: list[DimensionRow]
    indicators: list[IndicatorRow]

    def build(self) -> ScoreModel:
        return ScoreModel(
            version="case",
            effective_on=date(2026, 1, 1),
            example=True,
            base_milli=self.base,
            floor_milli=self.floor,
            ceiling_milli=self.ceiling,
            levels=tuple(Level(row.name, row.name, row.starts_at) for row in self.levels),
            dimensions=tuple(Dimension(row.name, row.name, row.min, row.max) for row in self.dimensions),
            indicators=tuple(_indicator(row) for row in self.indicators),
        )


class RecordRow(Row):
    """A record, and what it is expected to give on the day of the case."""

    id: str
    indicator: str
    occurred_on: date
    quantity: int = 1
    expires_on: date | None = None
    status: RecordStatus = RecordStatus.ACTIVE
    gives: Milli
    because: NotCounted | None = None
    ends_on: date | Literal["never"] | None = None

    def build(self) -> Record:
        return Record(self.id, self.indicator, self.occurred_on, self.quantity, self.expires_on, self.status)


class CutRow(Row):
    """A clamp that is expected to have cut something; a case without any expects none."""

    scope: ClampScope
    code: str
    points: Milli

    def build(self) -> Clamp:
        return Clamp(self.scope, self.code, self.points)


class Case(Row):
    name: str
    as_of: date
    records: list[RecordRow]
    cuts: list[CutRow] = []
    dimensions: dict[str, Milli] = {}
    score: Milli
    level: str | None = None


class CaseFile(Row):
    rule: str
    model: ModelTable
    cases: list[Case]


def read_case_file(path: Path) -> CaseFile:
    return CaseFile.model_validate(YAML(typ="base", pure=True).load(path))


def _indicator(row: IndicatorRow) -> Indicator:
    return Indicator(
        code=row.name,
        name=row.name,
        dimension=row.dimension,
        points_milli=row.points,
        cap_milli=row.cap,
        decay=row.decay,
        valid_days=row.valid_days,
        catalogue_item="示例目录条目",
        legal_basis="示例依据",
        source_unit="示例单位",
        while_objected=row.while_objected,
    )
