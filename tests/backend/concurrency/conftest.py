"""People who all press at the same moment."""

import pytest

from backend.main import Parts
from backend.web.application import Application
from tests.factories.crowd import new_crowd
from tests.factories.journey import Visitor
from tests.scripts.wechat_simulator.running import Simulator

CLIENTS = 64


@pytest.fixture(scope="module")
def crowd(parts: Parts, app: Application, simulator: Simulator) -> list[Visitor]:
    """64 residents with a score, each on a connection of their own.

    New for each file: their tokens hold for 15 minutes, a slow run of all tests takes longer.
    """
    return new_crowd(parts, app, simulator, CLIENTS)
