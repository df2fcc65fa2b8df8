from collections.abc import Iterator

import pytest

from tests.scripts.wechat_simulator.running import Simulator, running_simulator


@pytest.fixture(scope="package")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with running_simulator(tmp_path_factory.mktemp("wechat")) as simulator:
        yield simulator


@pytest.fixture
def wechat(program: Simulator) -> Simulator:
    """A simulator without persons, tokens and faults."""
    program.reset()
    return program
