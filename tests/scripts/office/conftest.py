"""The office's commands on the tests' own system."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from backend.main import Parts
from scripts.office import Office, main
from tests.backend.identity.conftest import all_providers
from tests.factories.trail import audit_actions

__all__ = ["Run", "actions", "all_providers", "run"]

Run = Callable[..., Result]


@pytest.fixture
def run(parts: Parts, tmp_path: Path) -> Run:
    """Run a command; `typed` are the lines typed at its prompts."""
    office = Office(tmp_path)
    office.parts = parts

    def run(*arguments: object, typed: tuple[str, ...] = ()) -> Result:
        lines = "".join(f"{line}\n" for line in typed)
        return CliRunner().invoke(main, [str(part) for part in arguments], input=lines, obj=office)

    return run


def actions(db: Session, kind: str, subject_id: UUID | str) -> list[str]:
    """What was recorded, also since this session began to look."""
    db.rollback()
    return audit_actions(db, kind, subject_id)
