"""The key ring with every secret wrapped by a key service (KMS or HSM), which alone can unwrap it.

The contract with the service is two calls; docs/operations.md tells it for those who put an adapter in
front of theirs. Nothing that failed ever holds a secret, a token or an answer's content.
"""

import json
import logging
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import structlog

from backend.core.keys.files import FileKeys, read_private_file, write_private_file
from backend.core.keys.ring import KeyRing

log = structlog.get_logger(__name__)

CONNECT_S, ANSWER_S = 2, 3
KEPT_S = 300


class KmsFailed(OSError):
    """The key service did not do it: away, slow, refusing, or answering something else."""


@dataclass(frozen=True)
class KmsSettings:
    """Where the service is, the name of the wrapping key there, and how we show who we are."""

    url: str
    key: str
    token_file: Path
    ca_file: Path | None = None
    client_cert_file: Path | None = None
    client_key_file: Path | None = None


class Kms:
    """Wraps and unwraps secrets with a key that never leaves the service."""

    def __init__(self, settings: KmsSettings) -> None:
        # urllib3 writes request lines at debug level.
        logging.getLogger("urllib3").setLevel(logging.ERROR)
        self._settings = settings

    def wrap(self, secret: bytes) -> str:
        return self._ask("wrap", {"plaintext": b64encode(secret).decode()}, "ciphertext")

    def unwrap(self, wrapped: str) -> bytes:
        answer = self._ask("unwrap", {"ciphertext": wrapped}, "plaintext")
        try:
            return b64decode(answer, validate=True)
        except ValueError:
            pass
        raise KmsFailed("unwrap: the plaintext is not base64")

    def _ask(self, call: str, body: dict[str, str], wanted: str) -> str:
        try:
            status, content = self._send(call, body)
            answer = json.loads(content).get(wanted) if status == 200 else None
        except (requests.RequestException, ValueError, AttributeError) as error:
            status, answer, failed = 0, None, type(error).__name__
        else:
            failed = f"HTTP {status}" if status != 200 else f"no {wanted} in the answer"
        # Raised out here, so that the error does not drag the request and its token along.
        if not isinstance(answer, str):
            raise KmsFailed(f"{call}: {failed}")
        return answer

    def _send(self, call: str, body: dict[str, str]) -> tuple[int, bytes]:
        known = self._settings
        token = read_private_file(known.token_file).decode().strip()
        with requests.Session() as http:
            http.trust_env = False
            if known.client_cert_file:
                http.cert = (str(known.client_cert_file), str(known.client_key_file))
            answer = http.post(
                f"{known.url.rstrip('/')}/{call}",
                json={"key": known.key, **body},
                headers={"Authorization": f"Bearer {token}"},
                timeout=(CONNECT_S, ANSWER_S),
                verify=str(known.ca_file) if known.ca_file else True,
                allow_redirects=False,
            )
            return answer.status_code, answer.content


class KmsKeys(FileKeys):
    """A document like the key file, in which each secret stands as the service wrapped it.

    What was unwrapped is kept for five minutes and then asked for again, so that a service that no
    longer answers is noticed before the next start. While it is away the keys at hand go on.
    """

    def __init__(self, path: Path, kms: Kms, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(path)
        self._kms = kms
        self._monotonic = monotonic
        self._unwrapped: dict[str, tuple[bytes, float]] = {}
        self._is_away = False

    def identity(self) -> Hashable:
        return super().identity(), int(self._monotonic() // KEPT_S)

    def load(self) -> KeyRing:
        document = json.loads(read_private_file(self.path))
        before, self._unwrapped = self._unwrapped, {}
        try:
            return KeyRing.model_validate(with_secrets(document, lambda text: self._opened(text, before)))
        except BaseException:
            self._unwrapped = before
            raise

    def save(self, ring: KeyRing) -> None:
        wrapped = {secret: text for text, (secret, _) in self._unwrapped.items()}

        def closed(encoded: str) -> str:
            secret = b64decode(encoded)
            return wrapped.get(secret) or self._kms.wrap(secret)

        document = with_secrets(ring.model_dump(mode="json", exclude_none=True), closed)
        write_private_file(self.path, json.dumps(document, indent=1))

    def _opened(self, wrapped: str, before: dict[str, tuple[bytes, float]]) -> bytes:
        secret, until = before.get(wrapped, (None, 0.0))
        if secret is None or self._monotonic() >= until:
            secret, until = self._asked(wrapped, secret), self._monotonic() + KEPT_S
        self._unwrapped[wrapped] = secret, until
        return secret

    def _asked(self, wrapped: str, at_hand: bytes | None) -> bytes:
        try:
            secret = self._kms.unwrap(wrapped)
        except OSError as error:
            if at_hand is None:
                raise
            if not self._is_away:
                log.error("key service away, going on with the keys at hand", reason=str(error))
            self._is_away = True
            return at_hand
        self._is_away = False
        return secret


def with_secrets(document: Any, change: Callable[[str], Any]) -> Any:
    """The document of a ring with something else in the place of every secret."""
    if isinstance(document, list):
        return [with_secrets(part, change) for part in document]
    if not isinstance(document, dict):
        return document
    return {name: _changed(name, part, change) for name, part in document.items()}


def _changed(name: str, part: Any, change: Callable[[str], Any]) -> Any:
    if name == "secret":
        return change(part)
    if name == "inner":
        return [change(text) for text in part]
    return with_secrets(part, change)
