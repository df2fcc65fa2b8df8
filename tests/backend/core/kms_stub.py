"""A key service as docs/keys.md describes it, over real HTTP, with the ways in which one goes wrong."""

import json
import secrets
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TOKEN = "a-token-that-must-never-be-seen"
KEY = "city-credit"


@dataclass
class KmsStub:
    """The running service. `trouble` is an HTTP status, "slow", "garbage" or "half" for its answers."""

    url: str = ""
    trouble: int | str | None = None
    calls: list[str] = field(default_factory=list)
    cipher: AESGCM = field(default_factory=lambda: AESGCM(AESGCM.generate_key(256)))
    released: threading.Event = field(default_factory=threading.Event)

    def answer(self, call: str, token: str, body: dict[str, Any]) -> tuple[int, bytes]:
        self.calls.append(call)
        if token != f"Bearer {TOKEN}":
            return 401, b"{}"
        if body.get("key") != KEY:
            return 404, b"{}"
        if self.trouble == "slow":
            self.released.wait(30)
        if self.trouble == "garbage":
            return 200, b"<html>"
        if isinstance(self.trouble, int):
            return self.trouble, json.dumps({"echo": body}).encode()
        return self.done(call, body)

    def done(self, call: str, body: dict[str, Any]) -> tuple[int, bytes]:
        if call == "wrap":
            nonce = secrets.token_bytes(12)
            sealed = self.cipher.encrypt(nonce, b64decode(body["plaintext"]), None)
            return 200, json.dumps({"ciphertext": "stub:v1:" + b64encode(nonce + sealed).decode()}).encode()
        wrapped = b64decode(body["ciphertext"].removeprefix("stub:v1:"))
        try:
            secret = self.cipher.decrypt(wrapped[:12], wrapped[12:], None)
        except InvalidTag:
            return 400, b"{}"
        return 200, json.dumps({"plaintext": b64encode(secret).decode()}).encode()


@contextmanager
def running_kms() -> Iterator[KmsStub]:
    stub = KmsStub()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, content = stub.answer(self.path.rpartition("/")[2], self.headers["Authorization"], body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stub.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield stub
    finally:
        stub.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
