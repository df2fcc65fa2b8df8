"""Pages of the public catalogue kept as ready answers, and never shown when they are outdated.

Before a page is shown, the database is asked in one small statement whether anything in the catalogue
changed, and how many of each voucher are left. Requests that wait at the same moment share one such
question, put after the last of them came: each sees every change that was committed before it.
"""

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import NamedTuple

from sqlalchemy.orm import Session, sessionmaker
from werkzeug.http import generate_etag

from backend.core.clock import Clock, day_in_china
from backend.core.shared_reading import SharedReading
from backend.incentives import queries

MOST_BYTES = 16 * 1024 * 1024
# Nobody notices so short a wait, and a hundred requests share a question that each would have put.
APART_S = 0.004
# A quotation mark inside a JSON text has a backslash before it, so these stand at fields only.
LEFT = re.compile(rb'(?<="remaining":)(?:null|-?\d+)')
ID = re.compile(rb'(?<="id":")[0-9a-f-]{36}')


class Pulse(NamedTuple):
    """The catalogue as it stands now: on what day, in which version, how many are left by id."""

    today: date
    version: str
    left: Mapping[str, int]


class Kept(NamedTuple):
    """A page as it is sent."""

    body: bytes
    etag: str
    headers: list[tuple[str, str]]


class _Key(NamedTuple):
    query: str
    today: date
    version: str


@dataclass(slots=True)
class _Page:
    """A page in pieces: between two of them stands how many of an incentive are left."""

    pieces: list[bytes]
    ids: list[str]
    last: tuple[Sequence[int | None], Kept]

    @property
    def size(self) -> int:
        return 2 * len(self.last[1].body)

    def show(self, left: Mapping[str, int]) -> Kept:
        numbers = [left.get(incentive_id) for incentive_id in self.ids]
        shown, page = self.last
        if numbers != shown:
            body = _join(self.pieces, numbers)
            page = Kept(body, generate_etag(body), page.headers)
            self.last = numbers, page
        return page


@dataclass
class CataloguePages:
    """The pages this process was asked for, as many as fit; the longest unused make room."""

    sessions: sessionmaker[Session]
    clock: Clock
    most_bytes: int = MOST_BYTES
    _pages: OrderedDict[_Key, _Page] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._pulses = SharedReading(self._read_pulse, apart_s=APART_S)

    def take_pulse(self) -> Pulse:
        """The catalogue as it stands at some moment after this call."""
        return self._pulses.get()

    def find(self, query: str, pulse: Pulse) -> Kept | None:
        """The page for a query as it reads now, when it is kept."""
        key = _Key(query, pulse.today, pulse.version)
        with self._lock:
            page = self._pages.get(key)
            if page is None:
                return None
            self._pages.move_to_end(key)
        return page.show(pulse.left)

    def keep(self, query: str, pulse: Pulse, body: bytes, headers: list[tuple[str, str]]) -> None:
        """Keep a page made after that pulse was taken, and so at least as new."""
        key, page = _Key(query, pulse.today, pulse.version), _take_apart(body, headers)
        with self._lock:
            self._forget(key)
            self._pages[key] = page
            self._bytes += page.size
            while self._bytes > self.most_bytes:
                self._forget(next(iter(self._pages)))

    def _forget(self, key: _Key) -> None:
        page = self._pages.pop(key, None)
        self._bytes -= page.size if page else 0

    def _read_pulse(self) -> Pulse:
        today = day_in_china(self.clock.now())
        with self.sessions() as db:
            db.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
            return Pulse(today, *queries.get_pulse(db, today))


def _take_apart(body: bytes, headers: list[tuple[str, str]]) -> _Page:
    pieces, numbers = LEFT.split(body), [_number(found) for found in LEFT.findall(body)]
    ids = [found.decode() for found in ID.findall(body)]
    assert len(ids) == len(numbers)
    return _Page(pieces, ids, (numbers, Kept(body, generate_etag(body), headers)))


def _join(pieces: Sequence[bytes], numbers: Sequence[int | None]) -> bytes:
    told = [b"null" if number is None else b"%d" % number for number in numbers]
    return b"".join(part for pair in zip(pieces, [*told, b""], strict=True) for part in pair)


def _number(told: bytes) -> int | None:
    return None if told == b"null" else int(told)
