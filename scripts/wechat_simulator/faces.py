"""Face checks 2.0: opened by the server, done on the phone, asked about by the server."""

import hashlib
import re
import secrets
import threading
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass

from scripts.wechat_simulator.clock import Clock
from scripts.wechat_simulator.wire import Refused

LIFE_SECONDS = 3600
ID_CARD = "IDENTITY_CARD"
# Our own numbers, for what WeChat's documents leave open.
NOT_FINISHED = 90100
NUMBER_USED = 84010
WRONG_ACCOUNT, WRONG_CHECK, WRONG_IDENTITY = 84001, 84002, 84003

_NUMBER = re.compile(r"[0-9A-Za-z_-]{5,32}")


@dataclass
class Check:
    """`result` is what the query will say: 10000 passed, 9xxxx not."""

    number: str
    openid: str
    cert_hash: str
    ends_at: float
    result: int = NOT_FINISHED


class Faces:
    """The checks of one mini-program, by their verify_id."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._checks: dict[str, Check] = {}
        self._numbers: set[str] = set()

    def begin(self, *, number: object, openid: str, identity: Mapping[str, object]) -> tuple[str, int]:
        """A verify_id and its seconds; the number is used up even if nobody ever looks into the camera."""
        if not isinstance(number, str) or not _NUMBER.fullmatch(number):
            raise Refused(47001)
        values = [identity.get(name) for name in ("cert_type", "cert_name", "cert_no")]
        if values[0] != ID_CARD or not all(isinstance(value, str) and value for value in values):
            raise Refused(WRONG_IDENTITY)
        with self._lock:
            if number in self._numbers:
                raise Refused(NUMBER_USED)
            self._numbers.add(number)
            verify_id = secrets.token_urlsafe(96)
            ends_at = self._clock.now() + LIFE_SECONDS
            self._checks[verify_id] = Check(number, openid, cert_hash(*map(str, values)), ends_at)
        return verify_id, LIFE_SECONDS

    def finish(self, verify_id: str, result: int) -> bool:
        """What the camera found; False when there is no such check, or its time is over."""
        with self._lock:
            check = self._checks.get(verify_id)
            if check is None or self._clock.now() >= check.ends_at:
                return False
            check.result = result
            return True

    def result(self, verify_id: object, *, number: object, openid: object, given_hash: object) -> int:
        with self._lock:
            check = self._checks.get(str(verify_id))
            if check is None or check.number != number or self._clock.now() >= check.ends_at:
                raise Refused(WRONG_CHECK)
            if check.openid != openid:
                raise Refused(WRONG_ACCOUNT)
            if check.cert_hash != given_hash:
                raise Refused(WRONG_IDENTITY)
            return check.result

    def reset(self) -> None:
        with self._lock:
            self._checks.clear()
            self._numbers.clear()


def cert_hash(cert_type: str, name: str, number: str) -> str:
    """Written down apart from the backend's, so that a mistake there does not agree with itself here."""

    def encoded(value: str) -> str:
        return b64encode(value.encode()).decode()

    text = f"cert_type={encoded(cert_type)}&cert_name={encoded(name)}&cert_no={encoded(number)}"
    return hashlib.sha256(text.encode()).hexdigest()
