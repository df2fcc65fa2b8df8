"""Half of the load the system can take, for long: no error, no growing memory, nothing lost.

Rounds of half a minute, each of prepared requests sent once: looking at the catalogue and at scores,
claiming, and honouring what the round before claimed.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle, islice
from random import Random
from uuid import UUID

import click

from scripts.bench import crowd, wire, wrk
from scripts.bench.scenes import API, CONNECTIONS, CREATED, OK
from scripts.bench.stage import Stage
from scripts.check_invariants.__main__ import check_invariants, tell

ROUND_S = 30
# A first slice tells how many requests fill the round that finds out what the full load is.
FIRST_SLICE, FULL_LOAD_S = 500, 15
# How many times slower than foreseen a round may be; by then its codes are too old to be honoured.
PATIENCE = 4
RESIDENTS, CLERKS = 5_000, 200
# Of a hundred requests: so many claims and redemptions each; of the others half are each kind of look.
CLAIMS_PERCENT = 10
WARM_SHARE = 0.2
MOST_GROWTH = 0.05
SAMPLE = 200


@dataclass
class Soak:
    stage: Stage
    offers: list[UUID] = field(default_factory=list)
    answered: int = 0
    memory: list[tuple[float, int]] = field(default_factory=list)

    def round(self, number: int, *, foreseen_s: int, pause_ms: int = 0) -> wrk.Load:
        """Prepare so many requests and send them; raises where one was not answered as it must be."""
        sent, statuses = self._prepare(number)
        path = self.stage.folder / "requests"
        wire.write_requests(path, sent)
        load = wrk.send(
            self.stage.backend,
            path,
            "once",
            connections=CONNECTIONS,
            seconds=foreseen_s * PATIENCE,
            pause_ms=pause_ms,
        )
        if load.statuses != statuses:
            raise wrk.LoadFailed(f"expected {statuses}, got {load.statuses}")
        self.answered += load.answered
        self.memory.append((time.monotonic(), sum(self.stage.memory_bytes("backend"))))
        return load

    def growth(self) -> float:
        """How much the memory grew after the warm-up, as a share: the last fifth against the first."""
        start, end = self.memory[0][0], self.memory[-1][0]
        used = [size for at, size in self.memory if at >= start + WARM_SHARE * (end - start)]
        part = max(1, len(used) // 5)
        return max(used[-part:]) / max(used[:part]) - 1

    def _prepare(self, number: int) -> tuple[list[bytes], dict[int, int]]:
        now, parts = datetime.now(UTC), self.stage.parts
        residents = crowd.sign_in_residents(parts, RESIDENTS, now=now)
        changes = min(number * CLAIMS_PERCENT // 100, len(residents))
        redemptions = list(self._redemptions(changes, now))
        self.offers += crowd.publish_offers(parts, 1, now=now)
        claims = [
            wire.http_request(
                "POST",
                f"{API}/resident/vouchers",
                token=resident.token,
                body={"incentive_id": str(self.offers[-1])},
            )
            for resident in residents[:changes]
        ]
        looks = islice(_looks([one.token for one in residents]), number - len(claims) - len(redemptions))
        sent = [*claims, *redemptions, *looks]
        Random(len(self.offers)).shuffle(sent)
        created = len(claims) + len(redemptions)
        return sent, {CREATED: created, OK: len(sent) - created}

    def _redemptions(self, number: int, now: datetime) -> Iterator[bytes]:
        clerks = cycle(crowd.sign_in_clerks(self.stage.parts, CLERKS, now=now))
        vouchers = crowd.held_vouchers(self.stage.parts, self.offers, number)
        for ticket_id, code in crowd.draw_codes(self.stage.parts, vouchers, now=now):
            body = {"code": code, "scan_id": ticket_id.hex()}
            token = next(clerks).token
            yield wire.http_request("POST", f"{API}/merchant/redemptions", token=token, body=body)


def soak(stage: Stage, *, minutes: float) -> bool:
    """Whether all went well; prints what was seen."""
    run = Soak(stage)
    first = run.round(FIRST_SLICE, foreseen_s=FULL_LOAD_S)
    full = run.round(round(first.per_second * FULL_LOAD_S), foreseen_s=FULL_LOAD_S)
    half = full.per_second / 2
    pause_ms = round(max(0.0, CONNECTIONS / half * 1000 - full.p50_ms))
    click.echo(f"soak_full_load {full.per_second:.0f} /s")
    rounds = max(2, round(minutes * 60 / ROUND_S))
    run.memory.clear()
    pace = half
    with click.progressbar(range(rounds), label="持续负载") as bar:
        for _ in bar:
            load = run.round(round(pace * ROUND_S), foreseen_s=ROUND_S, pause_ms=pause_ms)
            # A machine that has become slower is asked less, until it is quicker again.
            pace = min(half, load.per_second)
    crowd.end_offers(stage.parts, run.offers)
    growth = run.growth()
    click.echo(f"soak_answered {run.answered} requests")
    click.echo(f"soak_memory {run.memory[-1][1] / 2**20:.0f} MiB")
    click.echo(f"soak_growth {growth:.3f} ratio")
    return growth < MOST_GROWTH and holds(stage)


def holds(stage: Stage) -> bool:
    """Whether every invariant holds in the database."""
    findings = list(check_invariants(stage.database_url, stage.parts.city, answers=None, sample=SAMPLE))
    for finding in findings:
        tell(finding)
    return not any(finding.broken for finding in findings)


def _looks(tokens: Sequence[str]) -> Iterator[bytes]:
    for token in cycle(tokens):
        yield wire.http_request("GET", f"{API}/resident/score", token=token)
        yield wire.http_request("GET", f"{API}/public/incentives")
