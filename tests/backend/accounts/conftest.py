"""People of the console, on the application's clock."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock
from backend.web.application import Application
from tests.factories import console
from tests.factories.console import Colleague


@pytest.fixture
def new_colleague(app: Application, db: Session, clock: ShiftedClock) -> Callable[..., Colleague]:
    def joined(*roles: str, **place: object) -> Colleague:
        return console.new_colleague(db, app, *roles, clock=clock, **place)  # type: ignore[arg-type]

    return joined
