"""A small model for tests that name only what matters to them."""

from datetime import date
from typing import Any

from backend.scoring.engine.model import Decay, Dimension, Indicator, Level, ScoreModel, WhileObjected

LEVELS = (
    Level("good", "信用良好", 60_000),
    Level("excellent", "信用优秀", 80_000),
    Level("superb", "信用极好", 90_000),
)


def an_indicator(code: str = "volunteer", **changes: Any) -> Indicator:
    values: dict[str, Any] = {
        "name": code,
        "dimension": "conduct",
        "points_milli": 2_000,
        "cap_milli": 20_000,
        "decay": Decay.NONE,
        "valid_days": None,
        "catalogue_item": "示例目录条目",
        "legal_basis": "示例依据",
        "source_unit": "示例单位",
        "while_objected": WhileObjected.EXCLUDE,
    }
    return Indicator(code=code, **(values | changes))


def a_dimension(code: str = "conduct", min_milli: int = -50_000, max_milli: int = 50_000) -> Dimension:
    return Dimension(code, code, min_milli, max_milli)


def a_model(*indicators: Indicator, **changes: Any) -> ScoreModel:
    values: dict[str, Any] = {
        "version": "2026.1",
        "effective_on": date(2026, 1, 1),
        "example": True,
        "base_milli": 50_000,
        "floor_milli": 0,
        "ceiling_milli": 100_000,
        "levels": LEVELS,
        "dimensions": (a_dimension(),),
        "indicators": indicators or (an_indicator(),),
    }
    return ScoreModel(**(values | changes))
