"""How soon the long lists of the console answer: all of the office, in every order and state."""

import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from typing import Any

import orjson
import requests
from sqlalchemy import func, select

from backend.accounts.sessions import open_session
from backend.config import PROJECT
from backend.core.actor import SignInStep
from backend.incentives.models import Incentive
from backend.web.console import COOKIE
from scripts.bench.stage import Stage
from scripts.demonstration.accounts import add_account
from scripts.demonstration.long_lists import Lengths, fill
from scripts.running import SEED

PREFIX = "/api/v1/office/"
MOST_MS = 100.0
PAGES = 12
# Administrators of three kinds exclude each other, and between them these may read everything.
DESKS = (
    ("programme_manager", "reviewer", "score_keeper", "case_officer"),
    ("audit_admin",),
    ("security_admin",),
)


class ListFailed(Exception):
    """A list refused, or was too slow."""


@dataclass(frozen=True)
class List:
    """A list of the contract, with the values its query may take."""

    path: str
    orders: Sequence[str | None]
    states: Sequence[str | None]

    @property
    def name(self) -> str:
        return self.path.removeprefix(PREFIX).replace("-", "_")

    def queries(self) -> Iterator[dict[str, str]]:
        for order, state in product(self.orders, self.states):
            yield {name: value for name, value in (("sort", order), ("state", state)) if value}


def measure(stage: Stage, *, rows: int) -> Iterator[str]:
    """Fill every list once, then turn pages. Gives lines to print; ListFailed when one is slow."""
    _fill_once(stage, rows)
    sessions = [_sit_down(stage, roles) for roles in DESKS]
    slow = []
    for each in lists_of_contract():
        took = _turn_pages(stage.backend, _first_allowed(stage.backend, each, sessions), each)
        p95 = statistics.quantiles(took, n=20)[-1]
        yield f"list_{each.name}_p95 {p95:.1f} ms"
        if p95 > MOST_MS:
            slow.append(each.name)
    if slow:
        raise ListFailed(f"长列表超过 {MOST_MS:.0f} ms：{'、'.join(slow)}")


def lists_of_contract() -> list[List]:
    """Every list of the office that is read page by page."""
    contract = orjson.loads((PROJECT / "backend" / "openapi.json").read_bytes())
    found = []
    for path, methods in contract["paths"].items():
        names = {one.get("name"): one for one in methods.get("get", {}).get("parameters", [])}
        if path.startswith(PREFIX) and "cursor" in names and "{" not in path:
            found.append(List(path, _values(names, "sort"), [None, *_values(names, "state")]))
    return found


def _values(parameters: dict[str, Any], name: str) -> list[str | None]:
    values = parameters.get(name, {}).get("schema", {}).get("enum", [])
    return [value for value in values if value] or [None]


def _fill_once(stage: Stage, rows: int) -> None:
    now = datetime.now(UTC)
    with stage.parts.sessions.begin() as db:
        if (db.scalar(select(func.count()).select_from(Incentive)) or 0) < rows:
            fill(db, stage.parts.city, Lengths(units=rows, incentives=rows, deeds=rows), seed=SEED, now=now)


def _sit_down(stage: Stage, roles: Sequence[str]) -> requests.Session:
    """Somebody who is signed in, put there without the way over the interface."""
    now = datetime.now(UTC)
    with stage.parts.sessions.begin() as db:
        account = add_account(db, *roles, now=now)
        caller = open_session(db, account, SignInStep.SIGNED_IN, client="测速", now=now)
    session = requests.Session()
    session.cookies.set(COOKIE, caller.token, path="/api/v1")
    return session


def _first_allowed(backend: str, each: List, sessions: Sequence[requests.Session]) -> requests.Session:
    for session in sessions:
        if session.get(backend + each.path, timeout=60).ok:
            return session
    raise ListFailed(f"nobody may read {each.path}")


def _turn_pages(backend: str, session: requests.Session, each: List) -> list[float]:
    """How long each answer took, in milliseconds."""
    took = []
    for query in each.queries():
        cursor: dict[str, str] = {}
        for _ in range(PAGES):
            began = time.perf_counter()
            answer = session.get(backend + each.path, params={**query, **cursor}, timeout=60)
            took.append((time.perf_counter() - began) * 1000)
            if not answer.ok:
                raise ListFailed(f"{each.path} {query}: {answer.status_code} {answer.text[:200]}")
            following = answer.json()["next_cursor"]
            if following is None:
                break
            cursor = {"cursor": following}
    return took
