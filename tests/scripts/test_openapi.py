"""The command that writes the OpenAPI document, and tells when it is stale."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backend.web.application import Application
from scripts import openapi


@pytest.fixture
def document(app: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tests' own application, and a place of its own to write to."""
    monkeypatch.setattr(openapi, "create_app", lambda _settings: app)
    monkeypatch.setattr(openapi, "DOCUMENT", tmp_path / "openapi.json")
    return tmp_path / "openapi.json"


def run(*options: str) -> Result:
    return CliRunner().invoke(openapi.main, options)


def test_what_was_written_is_fresh(document: Path) -> None:
    assert run().exit_code == 0
    assert run("--check").exit_code == 0


def test_a_missing_document_is_stale(document: Path) -> None:
    assert run("--check").exit_code == 1
    assert not document.exists(), "checking writes nothing"


def test_a_changed_document_is_stale_until_written_anew(document: Path) -> None:
    run()
    fresh = document.read_text()
    document.write_text(fresh.replace("/healthz", "/health"))
    assert run("--check").exit_code == 1
    assert run().exit_code == 0
    assert document.read_text() == fresh


def test_the_tracked_document_is_fresh(app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openapi, "create_app", lambda _settings: app)
    assert run("--check").exit_code == 0, "run `make openapi`"
