"""HTTP requests as bytes, prepared up front and kept in a file that `load.lua` reads."""

from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Any

import orjson

_address = count()


def http_request(method: str, path: str, *, token: str | None = None, body: Any = None) -> bytes:
    """A request as it travels. Each comes from an address of its own, as from a proxy in front of a city:
    limits before signing in count by address."""
    number = next(_address)
    head = [
        f"{method} {path} HTTP/1.1",
        "Host: bench",
        f"X-Forwarded-For: 10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
    ]
    if token:
        head.append(f"Authorization: Bearer {token}")
    content = b""
    if body is not None:
        content = orjson.dumps(body)
        head += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*head, "", ""]).encode() + content


def write_requests(path: Path, requests: Iterable[bytes]) -> int:
    """Gives how many there are."""
    number = 0
    path.touch(mode=0o600)
    with path.open("wb") as file:
        for number, request in enumerate(requests, start=1):  # noqa: B007
            file.write(b"%d\n%b" % (len(request), request))
    return number
