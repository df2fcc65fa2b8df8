from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from backend.city import City, CityDataError, load_city

CITIES = Path(__file__).resolve().parents[3] / "cities"


@pytest.fixture(scope="session")
def huangshi() -> City:
    return load_city(CITIES / "huangshi")


@pytest.fixture(scope="session", params=["huangshi", "luoyang", "xiqing"])
def any_city(request: pytest.FixtureRequest) -> City:
    return load_city(CITIES / request.param)


class CityCopy:
    """A copy of Luoyang's folder to spoil, seen from its own working directory."""

    folder = Path("cities/luoyang")

    def replace(self, file: str, old: str, new: str) -> int:
        """Change one place of a file; the line on which the change begins."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} no longer holds what this test changes"
        start = text.index(old)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text.count("\n", 0, start) + 1

    def line_of(self, file: str, text: str) -> int:
        """The line on which the text stands first."""
        before, found, _ = (self.folder / file).read_text(encoding="utf-8").partition(text)
        assert found
        return before.count("\n") + 1

    def write(self, file: str, text: str) -> None:
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def remove(self, file: str) -> None:
        (self.folder / file).unlink()

    def load(self) -> City:
        return load_city(self.folder)

    def problems(self) -> list[str]:
        """What loading says, one line per problem."""
        with pytest.raises(CityDataError) as raised:
            load_city(self.folder)
        return str(raised.value).splitlines()


@pytest.fixture
def city_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CityCopy:
    copytree(CITIES / "luoyang", tmp_path / CityCopy.folder)
    monkeypatch.chdir(tmp_path)
    return CityCopy()


Spoil = Callable[[str, str, str], str]


@pytest.fixture
def spoil(city_copy: CityCopy) -> Spoil:
    """Change one place and get the one problem; `here` stands for the changed file and line."""

    def change_and_load(file: str, old: str, new: str) -> str:
        line = city_copy.replace(file, old, new)
        [problem] = city_copy.problems()
        return problem.replace(f"cities/luoyang/{file}:{line}: ", "here: ")

    return change_and_load
