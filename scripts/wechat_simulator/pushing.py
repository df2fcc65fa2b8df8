"""WeChat's pushes to a server of ours: sealed or plain, as JSON or XML, and tried three times."""

import hashlib
import json
import os
import secrets
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal
from xml.sax.saxutils import escape

import requests
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from scripts.wechat_simulator.clock import Clock

TRIES = 3
ANSWER_WITHIN_SECONDS = 5
BLOCK = 32
ACCOUNT = "gh_0123456789ab"


@dataclass(frozen=True)
class Target:
    """Where pushes go to, and what is set in WeChat's console for them."""

    url: str
    token: str
    aes_key: str
    form: Literal["json", "xml"] = "json"
    sealed: bool = True


@dataclass(frozen=True)
class Try:
    """One attempt at a push; `status` is absent when nobody answered."""

    event: str
    status: int | None
    answer: str
    ended: bool


class Pushes:
    """Sends pushes from threads of its own and remembers every try."""

    def __init__(self, appid: str, clock: Clock) -> None:
        self._appid = appid
        self._clock = clock
        self._lock = threading.Lock()
        self._tries: list[Try] = []
        self.target: Target | None = None

    def send_later(self, message: Mapping[str, Any]) -> None:
        """Push a message soon, if anybody is set to receive it."""
        if self.target is not None:
            threading.Thread(target=self.send, args=(dict(message), self.target), daemon=True).start()

    def send(self, message: dict[str, Any], target: Target) -> list[Try]:
        """Push until the answer is `success` or empty, three times at most."""
        complete = {"ToUserName": ACCOUNT, "CreateTime": str(int(self._clock.now())), **message}
        made = []
        for _ in range(TRIES):
            made.append(self._attempt(complete, target))
            with self._lock:
                self._tries.append(made[-1])
            if made[-1].ended:
                break
        return made

    def tries(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(attempt) for attempt in self._tries]

    def reset(self) -> None:
        with self._lock:
            self._tries.clear()
        self.target = None

    def _attempt(self, message: dict[str, Any], target: Target) -> Try:
        event = str(message.get("Event") or message.get("MsgType"))
        query, body = pack(message, target, appid=self._appid, timestamp=int(self._clock.now()))
        with requests.Session() as session:
            session.trust_env = False
            try:
                answer = session.post(
                    target.url, params=query, data=body, timeout=ANSWER_WITHIN_SECONDS, allow_redirects=False
                )
            except requests.RequestException:
                return Try(event, None, "", ended=False)
        ended = answer.status_code == 200 and answer.text in ("success", "")
        return Try(event, answer.status_code, answer.text[:200], ended=ended)


def pack(
    message: Mapping[str, Any], target: Target, *, appid: str, timestamp: int | None = None
) -> tuple[dict[str, str], bytes]:
    """The query and the body of a push."""
    stamp, nonce = str(int(time.time()) if timestamp is None else timestamp), str(secrets.randbelow(10**9))
    query = {"signature": sign(target.token, stamp, nonce), "timestamp": stamp, "nonce": nonce}
    query["openid"] = str(message.get("FromUserName", ""))
    if not target.sealed:
        return query, _written(message, target.form)
    sealed = seal(_written(message, target.form), aes_key=target.aes_key, appid=appid)
    query |= {"encrypt_type": "aes", "msg_signature": sign(target.token, stamp, nonce, sealed)}
    return query, _written({"ToUserName": ACCOUNT, "Encrypt": sealed}, target.form)


def sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def seal(content: bytes, *, aes_key: str, appid: str) -> str:
    """AES-256-CBC over 16 random bytes, the length, the content and the appid, filled up to 32 bytes."""
    key = b64decode(aes_key + "=")
    plain = os.urandom(16) + len(content).to_bytes(4, "big") + content + appid.encode()
    missing = BLOCK - len(plain) % BLOCK
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return b64encode(cipher.update(plain + bytes([missing]) * missing) + cipher.finalize()).decode()


def _written(message: Mapping[str, Any], form: str) -> bytes:
    if form == "json":
        return json.dumps(message, ensure_ascii=False).encode()
    return f"<xml>{_elements(message)}</xml>".encode()


def _elements(fields: Mapping[str, Any]) -> str:
    parts = []
    for name, value in fields.items():
        for each in value if isinstance(value, list) else [value]:
            inner = _elements(each) if isinstance(each, dict) else escape(str(each))
            parts.append(f"<{name}>{inner}</{name}>")
    return "".join(parts)
