"""What the bench tells of the first page; that the page is quick, only a browser can say."""

from pathlib import Path

import pytest

from scripts.bench import first_page


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine that lacks nothing, with an `npm` of its own."""
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "index.html").touch()
    monkeypatch.setattr(first_page, "FOLDER", tmp_path)
    monkeypatch.setenv("MOBILE_PAGE_DIR", str(tmp_path))
    monkeypatch.setenv("CHROMIUM", "/usr/bin/true")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return tmp_path


def write_npm(folder: Path, *, says: str, ends: int) -> None:
    npm = folder / "npm"
    npm.write_text(f"#!/bin/sh\ncat <<'END'\n{says}\nEND\nexit {ends}\n")
    npm.chmod(0o755)


@pytest.mark.parametrize("ends", [0, 1])
def test_figures_are_told_and_a_slow_page_is_not_well(
    page: Path, capsys: pytest.CaptureFixture[str], ends: int
) -> None:
    write_npm(page, says="stdout | first-page.bench.ts\nfirst_page_painted 700 ms\n\n ✓ done", ends=ends)
    assert first_page.measure() is (ends == 0)
    told = capsys.readouterr()
    assert told.out == "first_page_painted 700 ms\n"
    assert ("未达到目标" in told.err) is (ends != 0)


def test_a_run_that_broke_is_told_with_what_it_said(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_npm(page, says="the system did not start", ends=1)
    assert first_page.measure() is False
    assert "the system did not start" in capsys.readouterr().err


@pytest.mark.parametrize(("lacking", "named"), [("node_modules", "Node"), ("index.html", "手机网页")])
def test_what_is_missing_is_named_and_nothing_is_measured(
    page: Path, capsys: pytest.CaptureFixture[str], lacking: str, named: str
) -> None:
    write_npm(page, says="first_page_painted 700 ms", ends=0)
    gone = page / lacking
    gone.rmdir() if gone.is_dir() else gone.unlink()
    assert first_page.measure() is True
    told = capsys.readouterr()
    assert told.out == ""
    assert named in told.err
