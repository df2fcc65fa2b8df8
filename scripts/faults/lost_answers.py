"""Answers lost after the commit: a wire that swallows them, and phones that ask again."""

import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import requests

from scripts.faults.load import Ledger
from scripts.faults.phones import REASON, Phone, Shown
from scripts.faults.stage import Stage
from scripts.faults.system import NeverHappened

LONGEST_REQUEST = 65536
WAIT_FOR_ANSWER_S = 30


def lose_answers(stage: Stage) -> None:
    """Each claim, use and undoing is carried out, its answer lost, and asked for again."""
    resident, clerk, ledger = stage.town.residents[0], stage.town.clerks[0], stage.new_ledger()
    with swallowing_wire(stage.system.backend) as (wire, swallowed):
        deaf_resident = replace(resident, base=wire, http=requests.Session())
        deaf_clerk = replace(clerk, base=wire, http=requests.Session())
        for _time in stage.times(stage.options.lost_answers):
            voucher_id = _claim(stage, ledger, resident, deaf_resident)
            redemption_id = _redeem(stage, ledger, resident.draw_ticket(voucher_id=voucher_id), deaf_clerk)
            _reverse(stage, ledger, redemption_id, deaf_clerk)
    stage.note(answers_lost=len(swallowed), **ledger.figures())
    stage.expect(len(swallowed) == 3 * stage.options.lost_answers, "every first answer was lost")
    stage.problems += [f"unexpected answer: {answer}" for answer in ledger.unexpected[:10]]


def _claim(stage: Stage, ledger: Ledger, resident: Phone, deaf: Phone) -> str:
    key, offer = secrets.token_hex(8), stage.town.offers["plenty"]
    _lose(deaf, "/resident/vouchers", {"incentive_id": str(offer)}, key=key)
    again = resident.claim(offer, key=key)
    stage.expect(is_replayed(again), "the claim was kept")
    return _id(ledger.answered("claim", key, again))


def _redeem(stage: Stage, ledger: Ledger, ticket: Shown, deaf: Phone) -> str:
    scan_id, clerk = secrets.token_hex(8), stage.town.clerks[0]
    _lose(deaf, "/merchant/redemptions", {"code": ticket.code(), "scan_id": scan_id})
    again = clerk.redeem(ticket, scan_id=scan_id)
    stage.expect(again.status_code == 200, "the voucher had been honoured")
    return _id(ledger.answered("redeem", scan_id, again))


def _reverse(stage: Stage, ledger: Ledger, redemption_id: str, deaf: Phone) -> None:
    key, clerk = secrets.token_hex(8), stage.town.clerks[0]
    _lose(deaf, f"/merchant/redemptions/{redemption_id}/reversal", {"reason": REASON}, key=key)
    again = clerk.reverse(redemption_id, key=key)
    stage.expect(is_replayed(again), "the undoing was kept")
    ledger.answered("reverse", key, again)


def _id(body: dict[str, Any] | None) -> str:
    if body is None:
        raise NeverHappened("回答丢了之后再问，应当成功")
    return str(body["id"])


def is_replayed(answer: requests.Response) -> bool:
    return answer.headers.get("Idempotent-Replayed") == "true"


def _lose(deaf: Phone, path: str, body: dict[str, str], *, key: str | None = None) -> None:
    """Ask once over the wire that swallows the answer."""
    with suppress(requests.ConnectionError):
        deaf.attempt("POST", path, body, key=key)


@contextmanager
def swallowing_wire(backend: str) -> Iterator[tuple[str, list[int]]]:
    """An address that hands every request on, waits for the answer and hangs up; and the answers' sizes."""
    to = urlsplit(backend)
    swallowed: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    caller, _address = listening.accept()
                    with caller, socket.create_connection((to.hostname or "", to.port or 0)) as server:
                        server.settimeout(WAIT_FOR_ANSWER_S)
                        server.sendall(_whole_request(caller))
                        swallowed.append(len(server.recv(LONGEST_REQUEST)))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", swallowed
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()


def _whole_request(caller: socket.socket) -> bytes:
    """Headers, and as much of a body as they announce."""
    request = b""
    while b"\r\n\r\n" not in request:
        request += caller.recv(LONGEST_REQUEST)
    head, _, body = request.partition(b"\r\n\r\n")
    announced = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    length = int(announced[0].partition(b":")[2]) if announced else 0
    while len(body) < length:
        part = caller.recv(LONGEST_REQUEST)
        body, request = body + part, request + part
    return request
