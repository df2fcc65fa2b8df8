"""What every fault is given: the system, the town, its options; and where it notes what came of it."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click

from scripts.faults.load import THREADS, Ledger, traffic
from scripts.faults.system import System
from scripts.faults.town import Town

Figure = int | float | str


@dataclass(frozen=True)
class Options:
    """How much of each fault. The defaults are the short form."""

    kills: int = 50
    worker_kills: int = 4
    database_kills: int = 2
    silence_s: float = 10
    lost_answers: int = 20


@dataclass
class Stage:
    system: System
    town: Town
    options: Options
    folder: Path
    shows_progress: bool = True
    figures: dict[str, Figure] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    ledgers: list[Ledger] = field(default_factory=list)

    def expect(self, holds: bool, promise: str) -> None:
        """Note a promise that was not kept; the fault goes on."""
        if not holds:
            self.problems.append(promise)

    def note(self, **figures: Figure) -> None:
        self.figures |= figures

    def new_ledger(self) -> Ledger:
        ledger = Ledger(self.folder / f"answers-{time.monotonic_ns()}.jsonl")
        ledger.path.touch()
        self.ledgers.append(ledger)
        return ledger

    @contextmanager
    def traffic(self, *, threads: int = THREADS) -> Iterator[Ledger]:
        """Traffic meanwhile; its figures become the fault's, and what no fault excuses its problems."""
        ledger = self.new_ledger()
        with traffic(self.town, ledger, threads=threads):
            yield ledger
        self.note(**ledger.figures())
        self.problems += [f"unexpected answer: {answer}" for answer in ledger.unexpected[:10]]
        self.expect(ledger.counts["redeem"] > 0, "something was honoured meanwhile")

    def times(self, number: int) -> Iterator[int]:
        """So many times, with a progress bar where somebody watches."""
        if not self.shows_progress:
            yield from range(number)
            return
        with click.progressbar(range(number), label="    ") as bar:
            yield from bar


def pause(least_s: float, most_s: float) -> None:
    """A moment that nobody chose."""
    time.sleep(random.uniform(least_s, most_s))
