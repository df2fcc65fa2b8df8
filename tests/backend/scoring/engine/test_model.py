import pytest

from backend.scoring.engine.errors import InvalidQuantity, ModelError, UnknownIndicator
from backend.scoring.engine.model import Decay, Level, Record
from tests.backend.scoring.engine.builders import LEVELS, a_dimension, a_model, an_indicator
from tests.backend.scoring.engine.strategies import TODAY

CONTRADICTIONS = {
    "a cap of zero": (lambda: an_indicator(cap_milli=0), "indicators.volunteer.cap"),
    "a negative cap": (lambda: an_indicator(cap_milli=-1), "indicators.volunteer.cap"),
    "decay without an end": (
        lambda: an_indicator(decay=Decay.LINEAR, valid_days=None),
        "indicators.volunteer.valid_days",
    ),
    "no valid day": (lambda: an_indicator(valid_days=0), "indicators.volunteer.valid_days"),
    "more valid days than are counted": (
        lambda: an_indicator(valid_days=36_526),
        "indicators.volunteer.valid_days",
    ),
    "more points than are counted": (
        lambda: an_indicator(points_milli=200_001),
        "indicators.volunteer.points",
    ),
    "a larger loss than is counted": (
        lambda: an_indicator(points_milli=-200_001),
        "indicators.volunteer.points",
    ),
    "a cap above all": (lambda: an_indicator(cap_milli=1_000_000_001), "indicators.volunteer.cap"),
    "a range above all": (lambda: a_dimension(max_milli=1_000_000_001), "dimensions.conduct.max"),
    "a ceiling above all": (lambda: a_model(ceiling_milli=1_000_000_001), "ceiling"),
    "no catalogue item": (
        lambda: an_indicator(catalogue_item="　"),
        "indicators.volunteer.catalogue_item",
    ),
    "no legal basis": (lambda: an_indicator(legal_basis=""), "indicators.volunteer.legal_basis"),
    "a dimension upside down": (lambda: a_dimension(min_milli=5, max_milli=-5), "dimensions.conduct.min"),
    "points for having no records": (lambda: a_dimension(min_milli=1), "dimensions.conduct.min"),
    "a loss for having no records": (lambda: a_dimension(max_milli=-1), "dimensions.conduct.min"),
    "an unknown dimension": (
        lambda: a_model(an_indicator(dimension="elsewhere")),
        "indicators.volunteer.dimension",
    ),
    "an indicator twice": (lambda: a_model(an_indicator(), an_indicator()), "indicators.volunteer"),
    "a dimension twice": (
        lambda: a_model(dimensions=(a_dimension(), a_dimension())),
        "dimensions.conduct",
    ),
    "a level twice": (
        lambda: a_model(levels=(LEVELS[0], Level("good", "信用优秀", 80_000))),
        "levels.good",
    ),
    "a floor above the ceiling": (lambda: a_model(floor_milli=100_001, levels=()), "floor"),
    "a level below the floor": (lambda: a_model(floor_milli=60_001), "levels.good.from"),
    "a level above the ceiling": (lambda: a_model(ceiling_milli=89_999), "levels.superb.from"),
    "levels from high to low": (lambda: a_model(levels=LEVELS[::-1]), "levels.excellent.from"),
    "two levels with one start": (
        lambda: a_model(levels=(LEVELS[0], Level("other", "其他", 60_000))),
        "levels.other.from",
    ),
}


@pytest.mark.parametrize(("build", "place"), CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
def test_a_model_that_contradicts_itself_is_refused_by_place(build, place):
    with pytest.raises(ModelError) as refusal:
        build()
    assert refusal.value.place == place
    assert refusal.value.errors == {place: [refusal.value.reason]}


def test_a_model_at_the_edge_of_every_check_is_accepted():
    model = a_model(
        an_indicator(cap_milli=1, decay=Decay.LINEAR, valid_days=1),
        floor_milli=60_000,
        ceiling_milli=90_000,
        dimensions=(a_dimension(min_milli=0, max_milli=0),),
    )
    assert [level.name for level in model.levels] == ["信用良好", "信用优秀", "信用极好"]


def test_an_indicator_the_model_does_not_have_is_refused_by_name():
    model = a_model(an_indicator("volunteer"))
    assert model.indicator("volunteer").points_milli == 2_000
    with pytest.raises(UnknownIndicator) as refusal:
        model.indicator("blood")
    assert refusal.value.data == {"indicator": "blood"}


@pytest.mark.parametrize("quantity", [0, -1, 1_000_001])
def test_a_record_of_nothing_or_beyond_all_reason_is_refused(quantity):
    with pytest.raises(InvalidQuantity) as refusal:
        Record("1", "volunteer", TODAY, quantity=quantity)
    assert refusal.value.data == {"record_id": "1"}


@pytest.mark.parametrize(
    ("score_milli", "level", "next_level"),
    [
        (0, None, "good"),
        (59_999, None, "good"),
        (60_000, "good", "excellent"),
        (79_999, "good", "excellent"),
        (80_000, "excellent", "superb"),
        (90_000, "superb", None),
        (100_000, "superb", None),
    ],
)
def test_a_score_has_the_level_it_reaches_and_sees_the_next(score_milli, level, next_level):
    model = a_model()
    assert code_of(model.level_of(score_milli)) == level
    assert code_of(model.next_level(score_milli)) == next_level


def code_of(level: Level | None) -> str | None:
    return level.code if level else None
