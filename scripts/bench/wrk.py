"""Driving wrk, and what it tells."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import orjson

SCRIPT = Path(__file__).parent / "load.lua"
RESULT = "RESULT "


class LoadFailed(RuntimeError):
    """The load could not be sent, or was not answered."""


@dataclass(frozen=True)
class Load:
    """What came of a load. `statuses` are counted where each request was sent once, else empty."""

    answered: int
    seconds: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    statuses: dict[int, int]

    @property
    def per_second(self) -> float:
        return self.answered / self.seconds


def send(
    address: str,
    requests: Path,
    how: Literal["again", "once"],
    *,
    connections: int,
    seconds: int,
    pause_ms: int = 0,
) -> Load:
    """Send prepared requests for so many seconds, or "once" each, within that time at most. Each
    connection pauses so long after an answer."""
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s"]
    command += ["--timeout", "30s", "--script", str(SCRIPT), address, "--", str(requests), how, str(pause_ms)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60, check=False)
    lines = [line for line in ended.stdout.splitlines() if line.startswith(RESULT)]
    if ended.returncode or not lines:
        raise LoadFailed(f"wrk: {ended.stderr or ended.stdout}")
    told = orjson.loads(lines[0].removeprefix(RESULT))
    statuses = {int(status): number for status, number in told["statuses"].items()}
    if told["broken"] or (how == "again" and told["bad_statuses"]):
        raise LoadFailed(f"not every request was answered well: {lines[0]}")
    if how == "once" and not told["complete"]:
        raise LoadFailed(f"not all requests were answered within {seconds} s: {lines[0]}")
    return Load(
        answered=sum(statuses.values()) if how == "once" else told["requests"],
        seconds=told["seconds"],
        p50_ms=told["p50_us"] / 1000,
        p95_ms=told["p95_us"] / 1000,
        p99_ms=told["p99_us"] / 1000,
        statuses=statuses,
    )
