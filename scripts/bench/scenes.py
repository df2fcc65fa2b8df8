"""What is measured: six things people do, each prepared, sent, answered and counted."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from uuid import UUID

import requests
from sqlalchemy import Select, func, select

from backend.identity.models import SignInSession
from backend.vouchers.models import Redemption, Voucher
from scripts.bench import crowd, wire, wrk
from scripts.bench.crowd import Person
from scripts.bench.figures import Figure
from scripts.bench.stage import Stage

API = "/api/v1"
CONNECTIONS = 32
OK, CREATED = 200, 201


class Miscounted(RuntimeError):
    """The answers and the rows do not fit together, or something was refused."""


@dataclass(frozen=True)
class Extent:
    """How long each scene lasts, and for how many people it is prepared.

    `first_slice` is how many requests are sent before the scene itself, which warms up.
    """

    seconds: int
    first_slice: int
    residents: int
    clerks: int
    offers: int


FULL = Extent(seconds=8, first_slice=500, residents=2_000, clerks=200, offers=40)
SHORT = Extent(seconds=1, first_slice=20, residents=100, clerks=10, offers=8)


@dataclass
class Scenes:
    """The scenes of one run, in the order in which they stand here: redeeming needs what was claimed."""

    stage: Stage
    extent: Extent

    def __post_init__(self) -> None:
        now = datetime.now(UTC)
        self.offers = crowd.publish_offers(self.stage.parts, self.extent.offers + 2, now=now)

    def hello(self) -> Figure:
        return self._again("hello", [wire.http_request("GET", "/hello")], server="hello")

    def incentive_list(self) -> Figure:
        return self._again("incentive_list", [wire.http_request("GET", f"{API}/public/incentives")])

    def score_page(self) -> Figure:
        return self._again("score_page", score_pages(self._residents()))

    def sign_in(self) -> Figure:
        """With codes that WeChat gives each person."""
        users = (f"resident-{number:07d}" for number in count())
        return self._in_slices(
            "sign_in", lambda number: self._sign_ins(islice(users, number)), self._sessions, status=OK
        )

    def claim_spread(self) -> Figure:
        """Many people and many offers, everybody another one."""
        wishes = crowd.spread_wishes(self._residents(), self.offers[2:])
        return self._in_slices("claim_spread", lambda number: _claims(islice(wishes, number)), self._vouchers)

    def claim_hot(self) -> Figure:
        """Everybody claims the same offer."""
        return self._crowd_at("claim_hot", self.offers[0], "backend")

    def claim_hot_plain(self) -> Figure:
        """The same without batches: the plain hot row."""
        return self._crowd_at("claim_hot_plain", self.offers[1], "plain")

    def redeem(self) -> Figure:
        """Codes that phones show now, at many tills."""
        clerks = crowd.sign_in_clerks(self.stage.parts, self.extent.clerks, now=datetime.now(UTC))
        return self._in_slices("redeem", lambda number: self._codes(clerks, number), self._redemptions)

    def _residents(self, times: int = 1) -> list[Person]:
        wanted = self.extent.residents * times
        return crowd.sign_in_residents(self.stage.parts, wanted, now=datetime.now(UTC))

    def _crowd_at(self, name: str, offer: UUID, server: str) -> Figure:
        wishes = ((person, offer) for person in self._residents(times=20))
        return self._in_slices(
            name, lambda number: _claims(islice(wishes, number)), self._vouchers, server=server
        )

    def _codes(self, clerks: Sequence[Person], number: int) -> Iterator[bytes]:
        vouchers = crowd.held_vouchers(self.stage.parts, self.offers, number)
        codes = crowd.draw_codes(self.stage.parts, vouchers, now=datetime.now(UTC))
        for turn, (ticket_id, code) in enumerate(codes):
            body = {"code": code, "scan_id": ticket_id.hex()}
            token = clerks[turn % len(clerks)].token
            yield wire.http_request("POST", f"{API}/merchant/redemptions", token=token, body=body)

    def _sign_ins(self, users: Iterable[str]) -> Iterator[bytes]:
        with requests.Session() as http:
            for user in users:
                answer = http.post(f"{self.stage.simulator}/__sim/login", json={"user": user}, timeout=30)
                code = answer.json()["code"]
                yield wire.http_request("POST", f"{API}/resident/session", body={"code": code})

    def _sessions(self) -> int:
        return self._count(select(func.count()).select_from(SignInSession))

    def _vouchers(self) -> int:
        return self._count(select(func.count()).where(Voucher.incentive_id.in_(self.offers)))

    def _redemptions(self) -> int:
        return self._count(select(func.count()).where(Redemption.incentive_id.in_(self.offers)))

    def _count(self, query: Select[int]) -> int:
        with self.stage.parts.sessions() as db:
            return db.scalar(query) or 0

    def _again(self, name: str, sent: Iterable[bytes], *, server: str = "backend") -> Figure:
        path = self._write(sent)[0]
        address = self.stage.addresses[server]
        wrk.send(address, path, "again", connections=CONNECTIONS, seconds=1)  # warm
        with self._watched(name, server) as finish:
            seconds = self.extent.seconds
            return finish(wrk.send(address, path, "again", connections=CONNECTIONS, seconds=seconds))

    def _once(self, name: str, sent: Iterable[bytes], *, status: int, server: str) -> Figure:
        path, number = self._write(sent)
        if number == 0:
            raise Miscounted(f"{name}: nobody is left who could ask")
        with self._watched(name, server) as finish:
            limit = max(30, self.extent.seconds * 4)
            load = wrk.send(
                self.stage.addresses[server], path, "once", connections=CONNECTIONS, seconds=limit
            )
            if load.statuses != {status: number}:
                raise Miscounted(f"{name}: of {number} not all were answered with {status}: {load.statuses}")
            return finish(load)

    def _in_slices(
        self,
        name: str,
        prepare: Callable[[int], Iterable[bytes]],
        count_rows: Callable[[], int],
        *,
        status: int = CREATED,
        server: str = "backend",
    ) -> Figure:
        """A first slice warms up, a second tells how many the time allows; the rest is measured, and the
        rows of all three are counted."""
        before, answered = count_rows(), 0
        wanted = self.extent.first_slice
        for seconds in (self.extent.seconds / 4, self.extent.seconds, 0):
            figure = self._once(name, prepare(wanted), status=status, server=server)
            answered += figure.answered
            wanted = math.ceil(figure.per_second * seconds)
        rows = count_rows() - before
        if rows != answered:
            raise Miscounted(f"{name}: {answered} were answered, {rows} rows came")
        return figure

    def _write(self, sent: Iterable[bytes]) -> tuple[Path, int]:
        path = self.stage.folder / "requests"
        return path, wire.write_requests(path, sent)

    @contextmanager
    def _watched(self, name: str, server: str) -> Iterator[Callable[[wrk.Load], Figure]]:
        before = self.stage.cpu_seconds(server)

        def finish(load: wrk.Load) -> Figure:
            used = self.stage.cpu_seconds(server) - before
            return Figure(
                name=name,
                per_second=load.per_second,
                answered=load.answered,
                p50_ms=load.p50_ms,
                p99_ms=load.p99_ms,
                cpu_us=used / load.answered * 1e6,
            )

        yield finish


def score_pages(residents: Iterable[Person]) -> Iterator[bytes]:
    """Each of them opens the score page."""
    for one in residents:
        yield wire.http_request("GET", f"{API}/resident/score", token=one.token)


def _claims(wishes: Iterable[tuple[Person, UUID]]) -> Iterator[bytes]:
    for person, offer in wishes:
        body = {"incentive_id": str(offer)}
        yield wire.http_request("POST", f"{API}/resident/vouchers", token=person.token, body=body)
