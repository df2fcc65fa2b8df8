"""The database killed and started again; and all its connections in use."""

import threading
import time
from uuid import UUID

import psycopg
import requests

from scripts.faults.load import claim
from scripts.faults.stage import Stage, pause
from scripts.faults.system import wait_for_more

BACK_WITHIN_S = 30
# Longer than a request waits for a connection, shorter than a statement may run.
LOCKED_S = 11.5
CALLERS = 24


def kill_database(stage: Stage) -> None:
    """kill -9 of all of PostgreSQL under load; the application comes back by itself."""
    system, back = stage.system, []
    with stage.traffic() as ledger:
        for _kill in stage.times(stage.options.database_kills):
            wait_for_more(lambda: ledger.done, "有券正在使用")
            pause(0, 0.5)
            system.postgres.kill()
            killed_at = time.monotonic()
            system.postgres.start()
            wait_for_more(lambda: ledger.done, "又能使用")
            back.append(time.monotonic() - killed_at)
    stage.note(kills=stage.options.database_kills, slowest_recovery_s=round(max(back), 2))
    stage.expect(max(back) < BACK_WITHIN_S, f"back within {BACK_WITHIN_S} seconds")
    stage.expect(system.web.child.poll() is None, "the web processes were not started anew")
    stage.expect(system.worker.child.poll() is None, "the job worker was not started anew")


def exhaust_pool(stage: Stage) -> None:
    """Requests wait for a locked table until no connection is left: 503, and nothing half done."""
    system, town = stage.system, stage.town
    before = _count_vouchers(stage, town.offers["plenty"])
    ledger = stage.new_ledger()
    answers: list[requests.Response] = []

    def call(number: int) -> None:
        resident = town.residents[number % len(town.residents)]
        answers.append(resident.attempt("GET", "/resident/vouchers"))

    with psycopg.connect(system.database_url) as connection:
        connection.execute("LOCK TABLE vouchers IN ACCESS EXCLUSIVE MODE")
        began = time.monotonic()
        callers = [threading.Thread(target=call, args=(number,)) for number in range(CALLERS)]
        claims = [
            threading.Thread(target=claim, args=(town, ledger, resident, "plenty"))
            for resident in town.residents
        ]
        for thread in callers + claims:
            thread.start()
        time.sleep(max(0.0, LOCKED_S - (time.monotonic() - began)))
    for thread in callers + claims:
        thread.join()
    busy = [answer for answer in answers if answer.status_code == 503]
    stage.note(
        callers=len(answers),
        answers_503=len(busy),
        answers_200=sum(answer.status_code == 200 for answer in answers),
        claims_answered=ledger.counts["claim"],
    )
    stage.expect(len(busy) > 0, "some are told to come back")
    stage.expect(all("Retry-After" in answer.headers for answer in busy), "and when")
    stage.expect({answer.status_code for answer in answers} <= {200, 503}, "no other failure")
    stage.problems += [f"unexpected answer: {answer}" for answer in ledger.unexpected[:10]]
    made = _count_vouchers(stage, town.offers["plenty"]) - before
    stage.expect(made == len(town.residents), "each repeated claim gave one voucher")


def _count_vouchers(stage: Stage, offer: UUID) -> int:
    with psycopg.connect(stage.system.database_url) as connection:
        row = connection.execute("SELECT count(*) FROM vouchers WHERE incentive_id = %s", [offer]).fetchone()
    assert row is not None
    return int(row[0])
