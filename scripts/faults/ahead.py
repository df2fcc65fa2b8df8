"""The backend with a clock that is fast, for granian to load."""

from datetime import timedelta

from backend.config import Settings
from backend.core.clock import ShiftedClock
from backend.main import assemble
from backend.main import create_app as create_right_app
from backend.web.application import Application

AHEAD = timedelta(minutes=5)


def create_app() -> Application:
    return create_right_app(parts=assemble(Settings(), clock=ShiftedClock(AHEAD)))
