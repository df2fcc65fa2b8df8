from pathlib import Path

import pytest

from scripts.check_city import main
from tests.backend.city.conftest import CITIES, CityCopy


def test_checking_all_cities_prints_a_line_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], CITIES) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" OK：")[0] for line in lines] == ["huangshi", "luoyang", "xiqing"]


def test_one_city_is_checked_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["xiqing"], CITIES) == 0

    assert capsys.readouterr().out.startswith("xiqing OK：天津市西青区，2 个等级，4 个区县")


def test_a_spoilt_city_fails_and_says_where(city_copy: CityCopy, capsys: pytest.CaptureFixture[str]) -> None:
    line = city_copy.replace("units.yaml", "category: medical", "category: health")

    assert main(["luoyang"], Path("cities")) == 1

    said = capsys.readouterr().err
    assert f"cities/luoyang/units.yaml:{line}: units[1].category: 类别 health 不存在" in said
    assert said.endswith("luoyang：共 1 处问题\n")
