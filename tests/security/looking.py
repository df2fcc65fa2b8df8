"""Watching what of residents is looked at: sealed cells that are opened, and rows that are read."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Engine, event

from backend.core.encryption import Vault

# What tells something about a person beyond what they hold: who they are, and how they stand.
PERSONAL = ("residents", "identity_checks", "residences", "credit_records", "scores", "score_months")
READ = re.compile(rf"\b(?:from|join|update)\s+(?:public\.)?({'|'.join(PERSONAL)})\b", re.IGNORECASE)


@dataclass
class Looked:
    """What was looked at while watching; empty when nothing was."""

    opened: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.opened or self.read)


@contextmanager
def watching() -> Iterator[Looked]:
    """On every connection of this process, whichever engine made it."""
    looked, open_cell = Looked(), Vault.open

    def opening(vault: Vault, cell: bytes, place: str) -> str:
        table, column, _row = place.split(":", 2)
        if table in PERSONAL:
            looked.opened.add(f"{table}.{column}")
        return open_cell(vault, cell, place)

    def reading(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        looked.read.update(READ.findall(statement))

    event.listen(Engine, "before_cursor_execute", reading)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Vault, "open", opening)
        try:
            yield looked
        finally:
            event.remove(Engine, "before_cursor_execute", reading)
