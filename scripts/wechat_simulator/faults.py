"""Faults on order: what happens to which call of a path."""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from random import Random
from typing import Any, Literal, NoReturn

from flask import Response, request
from pydantic import BaseModel, ConfigDict, Field

from scripts.wechat_simulator.wire import answer, refusal

MOST_MILLISECONDS = 60_000
SEED = 20260101
WHOLE = b'{"errcode":0,"errmsg":"ok","access_token":"half","openid":"half"}'


class Fault(BaseModel):
    """What goes wrong at `path` from its `nth` call on (counted from now), `times` times or for ever.

    Only `delay` does the call's work, and answers after `delay_ms`. The others wait that long first;
    `hang` then ends the connection without an answer. `errcode` goes with the modes of that name,
    `body` is what `answer` answers. `half` ends in the middle of an answer, `drip` lets one come
    byte by byte, `delay_ms` apart. With `share` only that part of the calls is hit, by a fixed chance.
    """

    model_config = ConfigDict(extra="forbid")

    path: str
    mode: Literal[
        "delay",
        "hang",
        "reset",
        "redirect",
        "http500",
        "html200",
        "empty200",
        "jsonlist",
        "errcode",
        "errcode_text",
        "answer",
        "half",
        "drip",
    ]
    nth: int = Field(default=1, ge=1)
    times: int | None = Field(default=1, ge=1)
    delay_ms: int = Field(default=0, ge=0, le=MOST_MILLISECONDS)
    errcode: int = -1
    body: Any = None
    share: float = Field(default=1, gt=0, le=1)

    def covers(self, call: int) -> bool:
        return self.nth <= call and (self.times is None or call < self.nth + self.times)

    def wait(self) -> None:
        time.sleep(self.delay_ms / 1000)

    def response(self) -> Response | None:
        """What to answer instead of doing the work; nothing for `delay`."""
        if self.mode == "delay":
            return None
        if self.mode == "drip":
            return _cut_off(_dripping(self.delay_ms / 1000))
        self.wait()
        if self.mode in ("hang", "reset"):
            _drop_connection()
        if self.mode in ("errcode", "errcode_text"):
            return refusal(self.errcode, as_text=self.mode == "errcode_text")
        return self._odd_answer()

    def _odd_answer(self) -> Response:
        match self.mode:
            case "answer":
                return answer(self.body)
            case "half":
                return _cut_off(_half(request.environ["werkzeug.socket"]))
            case "redirect":
                return Response(status=307, headers={"Location": self.path})
            case "http500":
                return Response("<html><h1>500 Internal Server Error</h1></html>", status=500)
            case "html200":
                return Response("<html><h1>WeChat</h1></html>")
            case "empty200":
                return Response("")
        return answer([])


class Faults:
    """The orders that stand; of several for one call the oldest acts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: list[tuple[Fault, list[int]]] = []
        self._chance = Random(SEED)

    def order(self, fault: Fault) -> None:
        with self._lock:
            self._orders.append((fault, [0]))

    def take(self, path: str) -> Fault | None:
        """The fault for this call of the path, which counts as made."""
        acting = None
        with self._lock:
            for fault, calls in self._orders:
                if fault.path == path:
                    calls[0] += 1
                    if acting is None and fault.covers(calls[0]) and self._hits(fault):
                        acting = fault
        return acting

    def reset(self) -> None:
        with self._lock:
            self._orders.clear()
            self._chance.seed(SEED)

    def _hits(self, fault: Fault) -> bool:
        return fault.share == 1 or self._chance.random() < fault.share


def _cut_off(parts: Iterator[bytes]) -> Response:
    """An answer that promises more bytes than come."""
    return Response(parts, mimetype="application/json", headers={"Content-Length": str(len(WHOLE))})


def _half(connection: socket.socket) -> Iterator[bytes]:
    yield WHOLE[: len(WHOLE) // 2]
    connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError


def _dripping(seconds: float) -> Iterator[bytes]:
    for byte in WHOLE:
        yield bytes([byte])
        time.sleep(seconds)


def _drop_connection() -> NoReturn:
    """End the connection at once; the server takes the error as a client that went away."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError
