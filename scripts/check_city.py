"""Check the data of one city, or of all: `python -m scripts.check_city [name]`.

Prints one line per city, or every problem with file, line and field; exits with 1 when there is any.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from backend.city import City, CityDataError, load_city
from backend.config import Settings

CITIES = Settings().cities_dir


def main(arguments: Sequence[str] | None = None, cities: Path = CITIES) -> int:
    """Check the named city, or every folder under `cities`; 0 when all is well."""
    parser = ArgumentParser(prog="python -m scripts.check_city", description="检查城市数据")
    parser.add_argument("name", nargs="?", help="城市文件夹的名字，如 huangshi；不写则检查全部")
    name = parser.parse_args(arguments).name
    folders = [cities / name] if name else sorted(folder for folder in cities.iterdir() if folder.is_dir())
    return max((_check(folder) for folder in folders), default=1)


def _check(folder: Path) -> int:
    try:
        print(_summary(load_city(folder)))
    except CityDataError as error:
        print(f"{error}\n{folder.name}：共 {len(error.problems)} 处问题", file=sys.stderr)
        return 1
    return 0


def _summary(city: City) -> str:
    model = city.score_models[-1]
    parts = (
        city.name,
        f"{len(city.levels)} 个等级",
        f"{len(city.districts)} 个区县",
        f"{len(city.units)} 个单位",
        f"{len(city.incentives)} 项激励（示例 {sum(item.example for item in city.incentives)} 项）",
        f"模型 {model.version}{'（示例模型）' if model.example else ''}",
        f"{len(list(model.indicators))} 项指标",
        f"{len(city.consents)} 种授权",
        f"{len(city.messages)} 种微信消息",
        f"日历 {'、'.join(map(str, sorted(city.working_days.years)))}",
    )
    return f"{city.code} OK：{'，'.join(parts)}"


if __name__ == "__main__":
    sys.exit(main())
