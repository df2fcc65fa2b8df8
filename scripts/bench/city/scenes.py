"""The scenes of `make bench ARGS="city"`, each giving lines to print; what must hold is a ratio."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from statistics import median

from backend.core.clock import SystemClock
from scripts.bench.city import database, running, shadow, trying
from scripts.bench.city.columns import Outcome, check_same, contend, write_city
from scripts.bench.city.watched import CityFailed, Watched
from scripts.bench.crowd import sign_in_residents
from scripts.bench.scenes import FULL, score_pages
from scripts.bench.stage import DATABASE, Stage
from scripts.bench.wire import write_requests
from scripts.bench.wrk import Load, send

BY_HAND = "duckdb_by_hand"
# In a small city it is the engine's opening that is compared.
LARGE, MOST_TO_HAND = 500_000, 1.3
MOST_DURING_RUN = 2.0
# A morning's load, not the most there can be: what is full is slowed down by anything.
CONNECTIONS, PAUSE_MS, SECONDS = 8, 40, 10
QUIET_TIMES = 3


def engines(folder: Path, *, people: int, with_spark: bool) -> Iterator[str]:
    """One city, scored by each engine from the same columns."""
    columns = write_city(folder, people)
    names = ["duckdb", BY_HAND, *(["spark"] if with_spark else [])]
    outcomes: dict[str, Outcome] = {}
    for name in names:
        outcomes[name] = contend(name, columns, people)
        yield from outcomes[name].lines(name)
    check_same(list(outcomes.values()))
    rmtree(columns)
    ratio = outcomes["duckdb"].cpu_seconds / outcomes[BY_HAND].cpu_seconds
    yield f"city_to_hand_{people} {ratio:.2f} ratio"
    if people >= LARGE and ratio > MOST_TO_HAND:
        raise CityFailed(f"{ratio:.2f} times as slow as by hand, {MOST_TO_HAND} at most")


def through_database(stage: Stage, *, people: int) -> Iterator[str]:
    """A run from PostgreSQL to PostgreSQL, the same by hand, and the score page meanwhile: the middle and the
    worst of stretches of some seconds."""
    server = stage.database_url.replace(f"/{DATABASE}?", "/postgres?")
    city, clock = stage.parts.city, SystemClock()
    url = database.load(server, city, people=people, clock=clock)
    try:
        alone = _start(url, stage.folder)
        seconds = alone.result()["seconds"]
        yield f"city_run_{people} {seconds:.1f} s"
        yield f"city_run_{people}_memory {alone.peak_mib:.0f} MiB"
        yield from _shadow_run(stage, url, people=people)
        database.make_outdated(url)
        yield from _score_page(stage, _page_requests(stage), url)
        by_hand = database.run_by_hand(url, city, clock=clock)
        yield f"city_postgres_by_hand_{people} {by_hand:.1f} s"
    finally:
        database.drop(server)


def _shadow_run(stage: Stage, url: str, *, people: int) -> Iterator[str]:
    run_id = shadow.prepare(url, stage.parts.city, clock=SystemClock())
    watched = Watched(trying.__name__, [url, str(stage.folder / "shadow-runs"), str(run_id)])
    seconds = watched.result()["seconds"]
    yield f"city_shadow_run_{people} {seconds:.1f} s"
    yield f"city_shadow_run_{people}_memory {watched.peak_mib:.0f} MiB"


def _score_page(stage: Stage, requests: Path, url: str) -> Iterator[str]:
    usual = [_load(stage, requests).p95_ms for _ in range(QUIET_TIMES)]
    run = _start(url, stage.folder)
    meanwhile = []
    while run.works:
        meanwhile.append(_load(stage, requests).p95_ms)
    run.result()
    if len(meanwhile) < 2:
        raise CityFailed("the run was over too soon to be noticed; take a larger city")
    # The last one saw the run end.
    during = meanwhile[:-1]
    yield f"score_page_usual_p95 {median(usual):.2f} ms"
    yield f"score_page_during_run_p95 {median(during):.2f} ms"
    yield f"score_page_during_run_p95_worst {max(during):.2f} ms"
    ratio = median(during) / median(usual)
    yield f"score_page_during_run {ratio:.2f} ratio"
    if ratio > MOST_DURING_RUN:
        raise CityFailed(f"{ratio:.2f} times as slow as usual, {MOST_DURING_RUN} at most")


def _page_requests(stage: Stage) -> Path:
    path = stage.folder / "score-pages"
    residents = sign_in_residents(stage.parts, FULL.residents, now=datetime.now(UTC))
    write_requests(path, score_pages(residents))
    return path


def _load(stage: Stage, requests: Path) -> Load:
    return send(stage.backend, requests, "again", connections=CONNECTIONS, seconds=SECONDS, pause_ms=PAUSE_MS)


def _start(url: str, folder: Path) -> Watched:
    return Watched(running.__name__, [url, str(folder / "score-runs")])
