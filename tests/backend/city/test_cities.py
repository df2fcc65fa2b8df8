"""What the three cities promise to the rest of the system."""

from datetime import date
from hashlib import sha256

import pytest
from pydantic import ValidationError
from stdnum import numdb

from backend.city import City, load_city
from tests.backend.city.conftest import CITIES, CityCopy


def test_every_city_has_what_a_resident_needs(any_city: City) -> None:
    assert any_city.texts.slogan == "只予激励、不予惩戒"
    assert len(any_city.score_models) >= 1
    assert len(any_city.consents) >= 2
    assert len(any_city.demonstration.people) >= 3
    assert len(any_city.demonstration.clerks) >= 2


def test_every_model_that_ships_is_an_example(any_city: City) -> None:
    assert all(model.example and "示例" in model.source for model in any_city.score_models)


def test_the_whole_range_of_the_score_can_be_reached(any_city: City) -> None:
    for model in any_city.score_models:
        for dimension in model.dimensions:
            worth = [(i.points_milli, i.cap_milli) for i in dimension.indicators]
            assert sum(cap for points, cap in worth if points > 0) >= dimension.max_milli
            assert sum(-cap for points, cap in worth if points < 0) <= dimension.min_milli
        assert model.base_milli + sum(d.max_milli for d in model.dimensions) >= model.ceiling_milli
        assert model.base_milli + sum(d.min_milli for d in model.dimensions) <= model.floor_milli


def test_nobody_loses_points_for_what_they_did_not_do(any_city: City) -> None:
    for model in any_city.score_models:
        negative = [indicator for indicator in model.indicators if indicator.points_milli < 0]
        assert all(indicator.while_objected == "exclude" for indicator in negative)
        assert not any(word in i.name for i in negative for word in ("未参加", "没有", "缺少", "未献"))


def test_no_indicator_touches_what_the_law_keeps_out(any_city: City) -> None:
    kept_out = ("疾病", "病历", "宗教", "生育", "上网", "收入", "存款", "指纹", "基因")
    names = [indicator.name for model in any_city.score_models for indicator in model.indicators]

    assert not any(word in name for name in names for word in kept_out)


def test_a_city_without_published_levels_marks_its_levels_as_examples() -> None:
    assert not load_city(CITIES / "huangshi").example_levels
    assert load_city(CITIES / "luoyang").example_levels
    assert load_city(CITIES / "xiqing").example_levels


def test_the_edges_of_huangshis_levels_belong_to_the_upper_level(huangshi: City) -> None:
    assert [(level.name, level.from_milli) for level in huangshi.levels] == [
        ("信用良好", 60_000),
        ("信用优秀", 80_000),
        ("信用极好", 90_000),
    ]


def test_invented_id_numbers_begin_with_a_real_place(any_city: City) -> None:
    places = numdb.get("cn/loc")

    assert all(dict(places.info(district.id_prefix)[-1][1]) for district in any_city.districts)


def test_huangshi_has_its_seven_districts(huangshi: City) -> None:
    assert {district.key: district.name for district in huangshi.districts} == {
        "420202": "黄石港区",
        "420203": "西塞山区",
        "420204": "下陆区",
        "420205": "铁山区",
        "420222": "阳新县",
        "420281": "大冶市",
        "kfq": "黄石经济技术开发区",
    }
    assert huangshi.district("kfq").code is None


def test_huangshis_example_model_is_rich_enough_to_show(huangshi: City) -> None:
    model = huangshi.score_model(date(2026, 11, 22))

    assert len(model.dimensions) >= 5
    assert len(list(model.indicators)) >= 40
    assert all(i.catalogue_item and i.legal_basis and i.source_unit for i in model.indicators)
    assert all("《" in indicator.legal_basis for indicator in model.indicators)


def test_things_are_found_by_their_code(huangshi: City) -> None:
    assert huangshi.level("excellent").name == "信用优秀"
    assert huangshi.category("medical").name == "医疗"
    assert huangshi.unit("city-library").name == "市图书馆"
    assert huangshi.score_model(date(2026, 1, 1)).indicator("blood-donation").name == "无偿献血"


def test_a_code_the_city_does_not_have_is_an_error(huangshi: City) -> None:
    with pytest.raises(LookupError, match="golden"):
        huangshi.level("golden")
    with pytest.raises(LookupError, match="no score model in force"):
        huangshi.score_model(date(2000, 1, 1))
    with pytest.raises(LookupError, match="karma"):
        huangshi.score_model(date(2026, 1, 1)).indicator("karma")


def test_the_text_in_force_is_the_latest_that_has_begun(city_copy: CityCopy) -> None:
    old = (city_copy.folder / "consents/scoring/2026-01.md").read_text(encoding="utf-8")
    newer = old.replace("effective_on: 2026-01-01", "effective_on: 2026-07-01")
    city_copy.write("consents/scoring/2026-07.md", newer)

    consents = city_copy.load().consents

    assert [text.version for text in consents["scoring"]] == ["2026-01", "2026-07"]
    before, after = (
        consents.current("scoring", date(2026, 6, 30)),
        consents.current("scoring", date(2026, 7, 1)),
    )
    assert before is not None
    assert before.version == "2026-01"
    assert after is not None
    assert after.version == "2026-07"
    assert consents.current("scoring", date(2025, 12, 31)) is None
    assert consents.current("marketing", date(2026, 7, 1)) is None


def test_a_consent_text_is_known_by_its_hash(any_city: City) -> None:
    for purpose, texts in any_city.consents.items():
        for text in texts:
            assert text.purpose == purpose
            assert text.sha256 == sha256(text.text.encode()).hexdigest()


def test_the_hash_does_not_depend_on_the_editor(city_copy: CityCopy) -> None:
    path = city_copy.folder / "consents/scoring/2026-01.md"
    before = city_copy.load().consents["scoring"][0].sha256
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n\r\n")

    assert city_copy.load().consents["scoring"][0].sha256 == before


def test_one_changed_character_changes_the_hash(city_copy: CityCopy) -> None:
    before = city_copy.load().consents["scoring"][0].sha256
    city_copy.replace("consents/scoring/2026-01.md", "完全自愿", "基本自愿")

    assert city_copy.load().consents["scoring"][0].sha256 != before


def test_a_loaded_city_cannot_be_changed(huangshi: City) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        huangshi.name = "别处"
