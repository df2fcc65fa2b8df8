"""Departments' programs with their tokens."""

import pytest
from sqlalchemy.orm import Session

from backend.web.application import Application
from tests.factories.sources import Program, new_program


@pytest.fixture
def program(db: Session, app: Application) -> Program:
    """The blood bank's."""
    return new_program(db, app)
