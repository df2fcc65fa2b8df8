"""Whether a push is WeChat's: its signature, its age, and what is inside the sealed body.

Only JSON in safe mode is taken: a plain body is signed without its content, so anybody who once saw an
address could put other words into it.
"""

import binascii
import hmac
import json
import struct
from base64 import b64decode
from datetime import datetime, timedelta
from hashlib import sha1
from typing import Any

from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import InvalidAppIdException

from backend.wechat.errors import PushForbidden, PushUnreadable

# Clocks may be five minutes apart; an address fifteen minutes old was kept by somebody.
WINDOW = timedelta(minutes=10)
AES_KEY_LENGTH = 43


class PushSeal:
    """Opens what WeChat sealed for this mini-program, with the token and key set in WeChat's console."""

    def __init__(self, *, token: str, aes_key: str, appid: str) -> None:
        self._token = token
        self._appid = appid
        self._crypto = PrpCrypto(read_aes_key(aes_key))

    def check_address(self, *, signature: str, timestamp: str, nonce: str, now: datetime) -> None:
        """Refuse an address that WeChat did not sign, or not lately."""
        _check_equal(signature, sign(self._token, timestamp, nonce))
        _check_fresh(timestamp, now)

    def open(
        self, body: bytes, *, msg_signature: str, timestamp: str, nonce: str, now: datetime
    ) -> dict[str, Any]:
        """The message in a sealed body; refuses one that is forged, old, of another mini-program or
        not JSON in safe mode."""
        sealed = _json_object(body).get("Encrypt")
        if not isinstance(sealed, str):
            raise PushUnreadable
        _check_equal(msg_signature, sign(self._token, timestamp, nonce, sealed))
        _check_fresh(timestamp, now)
        return _json_object(self._decrypted(sealed).encode())

    def _decrypted(self, sealed: str) -> str:
        failed: type[PushForbidden | PushUnreadable]
        try:
            text: str = self._crypto.decrypt(sealed, self._appid)
            return text
        except InvalidAppIdException:
            failed = PushForbidden
        except (binascii.Error, ValueError, IndexError, struct.error):
            failed = PushUnreadable
        raise failed  # out here, so that no text of the message hangs on it


def read_aes_key(text: str) -> bytes:
    """The 32 bytes behind the 43 characters that WeChat's console shows; ValueError for others."""
    try:
        key = b64decode(text + "=", validate=True)
    except binascii.Error:
        key = b""
    if len(text) != AES_KEY_LENGTH or len(key) != 32:
        raise ValueError("an EncodingAESKey has 43 letters and digits")
    return key


def sign(*parts: str) -> str:
    """WeChat's signature over the token and what it is sent with."""
    return sha1("".join(sorted(parts)).encode(errors="replace"), usedforsecurity=False).hexdigest()


def _check_equal(given: str, right: str) -> None:
    if not hmac.compare_digest(given.encode(errors="replace"), right.encode()):
        raise PushForbidden


def _check_fresh(timestamp: str, now: datetime) -> None:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise PushForbidden
    if abs(now.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        raise PushForbidden


def _json_object(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise PushUnreadable
    return found
