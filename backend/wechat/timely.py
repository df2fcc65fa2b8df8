"""Connections on which a whole answer has to arrive within the read time-out.

The time-out of `requests` begins anew with every byte, so a server that lets its answer drip would
hold a thread for as long as it likes.
"""

import io
import socket
import time
from http.client import HTTPResponse
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class _TimelyReader(io.RawIOBase):
    """Reads from a socket until a moment, however often something comes."""

    def __init__(self, source: socket.socket) -> None:
        timeout = source.gettimeout()
        assert timeout is not None, "calls to WeChat have a time-out"
        self._ends_at = time.monotonic() + timeout
        self._socket = source
        self._file = source.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer takes too long")
        self._socket.settimeout(left)
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()


class _Source:
    """What `HTTPResponse` wants of a socket."""

    def __init__(self, source: socket.socket) -> None:
        self._socket = source

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimelyReader(self._socket))


class _TimelyResponse(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(_Source(sock), *args, **options)  # type: ignore[arg-type]


class _Connection(HTTPConnection):
    response_class = _TimelyResponse


class _SecureConnection(HTTPSConnection):
    response_class = _TimelyResponse


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class TimelyAdapter(HTTPAdapter):
    """An adapter for `requests` whose read time-out is for the answer as a whole."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        manager = super().proxy_manager_for(*args, **options)
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
        return manager
