"""The settings in force in this process: what the office has set, else the city's own value.

Every process asks the database again when what it knows is two seconds old and somebody needs it. A message
from the database could be missed; asking cannot. While it does not answer, what was known goes on.
"""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from backend.city.serving import current_city
from backend.city.settings import Setting

log = structlog.get_logger(__name__)

KNOWN_FOR_S = 2.0


class InForce:
    """`read` gives what was set, by the settings' names."""

    def __init__(self, read: Callable[[], Mapping[str, Any]]) -> None:
        self._read = read
        self._known: Mapping[str, Any] = {}
        self._good_until = 0.0
        self._asking = threading.Lock()

    def value_of(self, setting: Setting) -> Any:
        # One asks; whoever comes meanwhile goes by what is known.
        if time.monotonic() >= self._good_until and self._asking.acquire(blocking=False):
            try:
                self._ask()
            finally:
                self._asking.release()
        known = self._known
        return known[setting.name] if setting.name in known else setting.default(current_city())

    def _ask(self) -> None:
        self._good_until = time.monotonic() + KNOWN_FOR_S
        try:
            self._known = self._read()
        except SQLAlchemyError as error:
            log.warning("settings not read, going on with those at hand", kind=type(error).__name__)


class _Process:
    settings = InForce(dict)


def go_by(settings: InForce) -> None:
    _Process.settings = settings


def value_of(setting: Setting) -> Any:
    """What the setting is now."""
    return _Process.settings.value_of(setting)
