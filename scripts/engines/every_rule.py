"""A score model made to bring every rule into play: small caps, narrow ranges, short and long validity."""

from datetime import date

from backend.scoring.engine.model import Decay, Dimension, Indicator, Level, ScoreModel, WhileObjected

# 365 days from 29 February 2028 end on this very day.
ON = date(2029, 2, 28)

DIMENSIONS = (
    Dimension("service", "社会公益", -10_000, 15_000),
    Dimension("law", "遵纪守法", -60_000, 5_000),
    Dimension("trade", "商务诚信", -20_000, 20_000),
)
LEVELS = (
    Level("good", "信用良好", 60_000),
    Level("excellent", "信用优秀", 80_000),
    Level("superb", "信用极好", 90_000),
)
# dimension, points, cap, decay, valid days, while objected
WORTH = (
    ("service", 100, 8_000, Decay.NONE, 730, WhileObjected.EXCLUDE),
    ("service", 8_000, 16_000, Decay.NONE, None, WhileObjected.KEEP),
    ("service", 3_333, 12_000, Decay.LINEAR, 365, WhileObjected.EXCLUDE),
    ("service", 1, 1_000_000, Decay.LINEAR, 36_525, WhileObjected.KEEP),
    ("law", -5_000, 20_000, Decay.LINEAR, 365, WhileObjected.EXCLUDE),
    ("law", -20_000, 40_000, Decay.LINEAR, 1_826, WhileObjected.KEEP),
    ("law", -777, 30_000, Decay.NONE, 1_095, WhileObjected.EXCLUDE),
    ("law", 500, 5_000, Decay.NONE, 365, WhileObjected.EXCLUDE),
    ("trade", 1_500, 9_000, Decay.LINEAR, 731, WhileObjected.EXCLUDE),
    ("trade", -200_000, 1_000_000, Decay.LINEAR, 1_825, WhileObjected.EXCLUDE),
    ("trade", 2_000, 2_000, Decay.NONE, 1, WhileObjected.KEEP),
    ("trade", -10, 10_000, Decay.LINEAR, 7, WhileObjected.KEEP),
)

MODEL = ScoreModel(
    version="every-rule",
    effective_on=date(2020, 1, 1),
    example=True,
    base_milli=70_000,
    floor_milli=5_000,
    ceiling_milli=92_000,
    levels=LEVELS,
    dimensions=DIMENSIONS,
    indicators=tuple(
        Indicator(
            code=f"indicator-{number:02}",
            name=f"指标 {number}",
            dimension=dimension,
            points_milli=points,
            cap_milli=cap,
            decay=decay,
            valid_days=valid_days,
            catalogue_item="示例目录条目",
            legal_basis="示例依据",
            source_unit="示例单位",
            while_objected=while_objected,
        )
        for number, (dimension, points, cap, decay, valid_days, while_objected) in enumerate(WORTH)
    ),
)
