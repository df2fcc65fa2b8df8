"""Clocks that are wrong: the phone's by a day, one server's by five minutes."""

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import requests

from scripts.faults.ahead import AHEAD
from scripts.faults.phones import Phone, Shown
from scripts.faults.stage import Stage
from scripts.processes import free_port, wait_until_ready
from scripts.servers import ANY_PORT

# What docs/ticket.md says of a fresh ticket: two steps of half a minute, and never before its life.
PHONES = {
    "right": (timedelta(), 201),
    "a_minute_fast": (timedelta(seconds=55), 201),
    "two_minutes_fast": (timedelta(minutes=2), 422),
    "a_day_fast": (timedelta(days=1), 422),
    "a_day_slow": (timedelta(days=-1), 201),
}


def shift_clocks(stage: Stage) -> None:
    _shift_phone(stage)
    with _server_ahead(stage) as address:
        _shift_server(stage, address)


def _shift_phone(stage: Stage) -> None:
    resident, clerk, ledger = stage.town.residents[0], stage.town.clerks[0], stage.new_ledger()
    for name, (wrong_by, status) in PHONES.items():
        ticket = _new_ticket(stage, resident)
        scan_id = secrets.token_hex(8)
        body = {"code": ticket.code(phone_is_ahead=wrong_by), "scan_id": scan_id}
        answer = clerk.insist("POST", "/merchant/redemptions", body)
        stage.expect(answer.status_code == status, f"phone {name}: {status}, not {answer.status_code}")
        if answer.ok:
            ledger.answered("redeem", scan_id, answer)
    stage.note(phones=len(PHONES))


def _shift_server(stage: Stage, address: str) -> None:
    """One server right, one ahead, on the same database. What cannot be trusted is refused."""
    resident, clerk, ledger = stage.town.residents[1], stage.town.clerks[1], stage.new_ledger()
    resident.sign_in()
    clerk.sign_in()
    ahead, clerk_ahead = _at(address, resident), _at(address, clerk)

    key = secrets.token_hex(8)
    first = ledger.answered("claim", key, ahead.claim(stage.town.offers["plenty"], key=key))
    second = ledger.answered("claim", key, resident.claim(stage.town.offers["plenty"], key=key))
    stage.expect(first == second, "the right server's token is good on both, and a repeat gets one voucher")

    signed_right = _new_ticket(stage, resident)
    stage.expect(_scan(clerk_ahead, signed_right) == 422, "a step of five minutes ago is a photo")
    signed_ahead = _new_ticket(stage, ahead)
    stage.expect(_scan(clerk, signed_ahead) == 422, "a ticket whose life has not begun is refused")
    scan_id = secrets.token_hex(8)
    code = signed_ahead.code(phone_is_ahead=AHEAD)
    answer = clerk_ahead.insist("POST", "/merchant/redemptions", {"code": code, "scan_id": scan_id})
    stage.expect(answer.status_code == 201, "a phone that goes by that server's time is served there")
    ledger.answered("redeem", scan_id, answer)

    ahead.sign_in()
    future = replace(resident, token=ahead.token)
    answer = future.attempt("GET", "/resident/vouchers")
    stage.expect(answer.status_code == 401, "a token from the future is refused, and one signs in anew")
    stage.note(server_ahead_s=int(AHEAD.total_seconds()))
    stage.problems += [f"unexpected answer: {answer}" for answer in ledger.unexpected[:10]]


def _at(address: str, phone: Phone) -> Phone:
    return replace(phone, base=address, http=requests.Session())


def _new_ticket(stage: Stage, resident: Phone) -> Shown:
    answer = resident.claim(stage.town.offers["plenty"], key=secrets.token_hex(8))
    return resident.draw_ticket(voucher_id=answer.json()["id"])


def _scan(clerk: Phone, ticket: Shown) -> int:
    body = {"code": ticket.code(), "scan_id": secrets.token_hex(8)}
    return clerk.insist("POST", "/merchant/redemptions", body).status_code


@contextmanager
def _server_ahead(stage: Stage) -> Iterator[str]:
    """One more backend on the same database and Redis, whose clock is fast."""
    port = free_port(ANY_PORT)
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1", "--blocking-threads", "8"]
    command += ["--workers-kill-timeout", "5", "--log-level", "warning", "scripts.faults.ahead:create_app"]
    process = stage.system.children.start("backend-ahead", command)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_ready(f"{address}/healthz", [process])
        yield address
    finally:
        stage.system.children.stop(process)
