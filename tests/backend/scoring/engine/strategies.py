"""Generated cities for property tests: a small score model, a resident's records, and a day.

Bounds are kept tight (few indicators, small caps, short validity) so that clamps, expiry and decay
happen often; the tests named `test_the_generated_cities_…` prove that they do.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import strategies as st

from backend.scoring.engine.compute import compute_score
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

TODAY = date(2028, 3, 1)

DAYS = st.integers(-60, 60).map(lambda offset: TODAY + timedelta(days=offset))
GAINS = st.integers(1, 9_000)
MOSTLY_ACTIVE = st.sampled_from([RecordStatus.ACTIVE] * 8 + list(RecordStatus))
LOSSES = GAINS.map(lambda points: -points)


@dataclass(frozen=True)
class City:
    """A model and one resident's records under it."""

    model: ScoreModel
    records: tuple[Record, ...]


@st.composite
def indicators(draw: st.DrawFn, *, code: str, dimension: str, points: st.SearchStrategy[int]) -> Indicator:
    decay = draw(st.sampled_from(Decay))
    valid_days = st.integers(1, 120)
    return Indicator(
        code=code,
        name=code,
        dimension=dimension,
        points_milli=draw(points),
        cap_milli=draw(st.integers(1, 25_000)),
        decay=decay,
        valid_days=draw(valid_days if decay is Decay.LINEAR else st.none() | valid_days),
        catalogue_item="示例目录条目",
        legal_basis="示例依据",
        source_unit="示例单位",
        while_objected=draw(st.sampled_from(WhileObjected)),
        positive_action=draw(st.sampled_from(["示例做法", "示例做法", None])),
        most_a_year=draw(st.sampled_from([None, None, None, 1, 3])),
    )


@st.composite
def models(draw: st.DrawFn, more: int = 2) -> ScoreModel:
    """A model with at least one indicator that brings points and one that costs points."""
    dimensions = tuple(
        Dimension(code, code, draw(st.integers(-30_000, 0)), draw(st.integers(0, 30_000)))
        for code in ("conduct", "public")[: draw(st.integers(1, 2))]
    )
    points = [GAINS, LOSSES, *draw(st.lists(st.sampled_from([GAINS, LOSSES]), max_size=more))]
    home = st.sampled_from([dimension.code for dimension in dimensions])
    floor, ceiling = sorted(draw(st.tuples(st.integers(-5_000, 45_000), st.integers(40_000, 100_000))))
    thresholds = draw(st.sets(st.integers(floor, ceiling), max_size=3))
    return ScoreModel(
        version="generated",
        effective_on=TODAY,
        example=True,
        base_milli=draw(st.integers(20_000, 80_000)),
        floor_milli=floor,
        ceiling_milli=ceiling,
        levels=tuple(Level(f"from-{start}", f"从{start}起", start) for start in sorted(thresholds)),
        dimensions=dimensions,
        indicators=tuple(
            draw(indicators(code=f"indicator-{number}", dimension=draw(home), points=worth))
            for number, worth in enumerate(points)
        ),
    )


@st.composite
def records(draw: st.DrawFn, *, among: list[Indicator], record_id: st.SearchStrategy[str]) -> Record:
    return Record(
        id=draw(record_id),
        indicator=draw(st.sampled_from(among)).code,
        occurred_on=draw(DAYS.filter(lambda day: day <= TODAY) | DAYS),
        quantity=draw(st.integers(1, 5)),
        expires_on=draw(st.none() | st.none() | DAYS),
        status=draw(MOSTLY_ACTIVE),
    )


def record_lists(model: ScoreModel) -> st.SearchStrategy[list[Record]]:
    one = records(among=list(model.indicators), record_id=st.integers(0, 99).map(str))
    return st.lists(one, max_size=8, unique_by=lambda record: record.id)


@st.composite
def cities(draw: st.DrawFn, more: int = 2) -> City:
    model = draw(models(more))
    return City(model, tuple(draw(record_lists(model))))


@st.composite
def cities_and_targets(draw: st.DrawFn, more: int = 2) -> tuple[City, int]:
    """A resident and a score somewhat above their own: further off, hardly any way would reach it."""
    city = draw(cities(more))
    now_milli = compute_score(city.model, city.records, TODAY).score_milli
    return city, now_milli + draw(st.integers(1, 1_000) | st.integers(4_000, 15_000))


def one_more(city: City, *, among: list[Indicator]) -> st.SearchStrategy[Record]:
    """A record the resident does not have yet; generated ids are numbers, so "new" is free."""
    return records(among=among, record_id=st.just("new"))


def gains(city: City) -> list[Indicator]:
    return [indicator for indicator in city.model.indicators if indicator.points_milli > 0]


def losses(city: City) -> list[Indicator]:
    return [indicator for indicator in city.model.indicators if indicator.points_milli < 0]
