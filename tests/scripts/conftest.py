"""What the tests of the commands share."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def module_data_dir() -> Iterator[Path]:
    """A data folder for a system that several tests of a module use."""
    with tempfile.TemporaryDirectory(prefix="city-") as folder:
        yield Path(folder)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data folder outside pytest's own: pytest closes that to other users whenever it starts
    somewhere, and PostgreSQL, started by root, runs as another user."""
    with tempfile.TemporaryDirectory(prefix="city-") as folder:
        yield Path(folder)
