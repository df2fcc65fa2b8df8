"""Faults on order: what happens to which call of a path."""

import socket
import struct
import threading
import time
from typing import Literal, NoReturn

from flask import Response, request
from pydantic import BaseModel, ConfigDict, Field

from scripts.wechat_simulator.wire import answer, refusal

MOST_MILLISECONDS = 60_000


class Fault(BaseModel):
    """What goes wrong at `path` from its `nth` call on (counted from now), `times` times or for ever.

    Only `delay` does the call's work, and answers after `delay_ms`. The others wait that long first;
    `hang` then ends the connection without an answer. `errcode` goes with the modes of that name.
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
    ]
    nth: int = Field(default=1, ge=1)
    times: int | None = Field(default=1, ge=1)
    delay_ms: int = Field(default=0, ge=0, le=MOST_MILLISECONDS)
    errcode: int = -1

    def covers(self, call: int) -> bool:
        return self.nth <= call and (self.times is None or call < self.nth + self.times)

    def wait(self) -> None:
        time.sleep(self.delay_ms / 1000)

    def response(self) -> Response | None:
        """What to answer instead of doing the work; nothing for `delay`."""
        if self.mode == "delay":
            return None
        self.wait()
        match self.mode:
            case "hang" | "reset":
                _drop_connection()
            case "redirect":
                return Response(status=307, headers={"Location": self.path})
            case "http500":
                return Response("<html><h1>500 Internal Server Error</h1></html>", status=500)
            case "html200":
                return Response("<html><h1>WeChat</h1></html>")
            case "empty200":
                return Response("")
            case "jsonlist":
                return answer([])
        return refusal(self.errcode, as_text=self.mode == "errcode_text")


class Faults:
    """The orders that stand; of several for one call the oldest acts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: list[tuple[Fault, list[int]]] = []

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
                    if acting is None and fault.covers(calls[0]):
                        acting = fault
        return acting

    def reset(self) -> None:
        with self._lock:
            self._orders.clear()


def _drop_connection() -> NoReturn:
    """End the connection at once; the server takes the error as a client that went away."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError
