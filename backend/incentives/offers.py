"""Incentives kept in the memory of the process, for where looking each one up costs too much.

What stands here may be outdated. Whoever uses it has the database confirm the version with which it
was made, and forgets it when it is another by now.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Engine, select
from sqlalchemy.orm import Session

from backend.core.database import read_on_living_connection
from backend.incentives.models import Incentive


class Offers:
    """The incentives that were asked for; loaded when first asked for, then remembered."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._by_id: dict[UUID, Incentive] = {}
        self._by_number: dict[int, Incentive] = {}

    def find(self, incentive_id: UUID) -> Incentive | None:
        known = self._by_id.get(incentive_id)
        return known or self._load(Incentive.id == incentive_id)

    def find_by_number(self, number: int) -> Incentive | None:
        known = self._by_number.get(number)
        return known or self._load(Incentive.number == number)

    def forget(self, incentive_ids: Iterable[UUID]) -> None:
        for incentive_id in incentive_ids:
            outdated = self._by_id.pop(incentive_id, None)
            if outdated:
                self._by_number.pop(outdated.number, None)

    def _load(self, condition: ColumnElement[bool]) -> Incentive | None:
        def read(connection: Connection) -> Incentive | None:
            with Session(connection) as db:
                return db.scalars(select(Incentive).where(condition)).one_or_none()

        loaded = read_on_living_connection(self._engine, read)
        if loaded:
            self._by_id[loaded.id] = self._by_number[loaded.number] = loaded
        return loaded
