"""Rounds in which every role plays once, each round with other requests, in two processes side by side."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from multiprocessing import get_context
from multiprocessing.queues import Queue
from random import Random

import click

from scripts.faults.system import System
from scripts.faults.town import build_town, new_resident
from scripts.fuzz.knowing import Knowledge
from scripts.fuzz.players import Colleague, Other, Player, new_players, somebody_else
from scripts.fuzz.running import Extent, Outcome, described_at, play
from scripts.fuzz.things import Helpers, Things

# One makes up requests and checks answers while the other's are answered: more take turns on two cores.
PROCESSES = 2
LONGEST_PLAY_S = 900


@dataclass(frozen=True)
class Table:
    """Where one process plays, with people of its own: a connection serves one process.

    What is `other`'s none of them may be told.
    """

    system: System
    helpers: Helpers
    players: Sequence[Player]
    other: Other

    def play_on(self, rounds: Iterable[tuple[int, Extent]], told: "Queue[Outcome]") -> None:
        """Until the process is stopped, or whoever started it is gone."""
        parent = os.getppid()
        self.system.parts.engine.dispose(close=False)  # the connections are the parent's
        for seed, extent in rounds:
            for player in self.players:
                if os.getppid() != parent:
                    return
                told.put(self._play(player, extent, seed))

    def _play(self, player: Player, extent: Extent, seed: int) -> Outcome:
        schema = described_at(self.system.backend, extent, seed=seed)
        if not extent.survey:
            schema = schema.include(path_regex=player.own)
        random = Random(seed)
        planted = self.other.hidden_from(player)
        if isinstance(player, Colleague):
            # Who knows the offers' ids ends them, and nobody else gets anywhere any more.
            return play(schema, player, planted=planted)
        things = Things(self.system, self.helpers, player.phone, random)
        return play(schema, player, planted=planted, knowledge=Knowledge(things, random, player.own))


def ask_everything(system: System, *, requests: int, each: int, seed: int) -> Outcome:
    """Play until there were at least so many requests; a round asks `each` operation so often."""
    town = build_town(system)
    other = somebody_else(system, town)
    context = get_context("fork")
    told: Queue[Outcome] = context.Queue()
    processes = []
    for turn in range(PROCESSES):
        # Clerks take turns at the shops: neighbours would be where the use was that nobody may be told of.
        clerk = town.clerks[2 * turn]
        helpers = Helpers(new_resident(system), clerk, town.offers)
        players = new_players(system, clerk, town.unit)
        table = Table(system, helpers, players, other)
        processes.append(
            context.Process(target=table.play_on, args=(rounds_of(turn, each, seed), told), daemon=True)
        )
    total = Outcome()
    try:
        for process in processes:
            process.start()
        with click.progressbar(length=requests, label="请求") as bar:
            while total.requests < requests:
                outcome = told.get(timeout=LONGEST_PLAY_S)
                total.add(outcome)
                bar.update(outcome.requests)
    finally:
        for process in processes:
            process.kill()
    return total


def rounds_of(turn: int, each: int, seed: int) -> Iterator[tuple[int, Extent]]:
    """The last process begins with a survey of the whole document; all else goes deep."""
    for number in count(seed + turn, PROCESSES):
        survey = number == seed + PROCESSES - 1
        yield number, Extent(requests=each, chains=each if survey else 2 * each, survey=survey)
