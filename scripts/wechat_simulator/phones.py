"""Codes of the phone number button, which are not sign-in codes."""

import hashlib
import secrets
import threading
from dataclasses import dataclass

from scripts.wechat_simulator.clock import Clock
from scripts.wechat_simulator.wire import Refused

CODE_SECONDS = 300


@dataclass
class PhoneCode:
    """What a tap on the button allowed once; `appid` is of the mini-program it was tapped in."""

    number: str
    country: str
    appid: str
    issued_at: float
    used: bool = False


class Phones:
    """Everything about phone codes. `quota` is how many taps are still paid for; None is no end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._codes: dict[str, PhoneCode] = {}
        self._answers = 0
        self.quota: int | None = None

    def tap(self, user: str, *, number: str | None, country: str, appid: str) -> str | None:
        """A code, or none when no tap is paid for any more."""
        with self._lock:
            if self.quota is not None:
                if self.quota == 0:
                    return None
                self.quota -= 1
            code = secrets.token_hex(32)
            self._codes[code] = PhoneCode(number or number_of(user), country, appid, self._clock.now())
            return code

    def use(self, code: str, *, appid: str) -> PhoneCode:
        """The number behind a code; raises `Refused` as WeChat would."""
        with self._lock:
            found = self._codes.get(code)
            if found is None or found.used or self._clock.now() >= found.issued_at + CODE_SECONDS:
                raise Refused(40029)
            if found.appid != appid:
                raise Refused(40013)
            found.used = True
            return found

    def country_code(self, country: str) -> str | int:
        """In turn a text, as WeChat's table says, and a number, as its sample shows."""
        with self._lock:
            self._answers += 1
            return country if self._answers % 2 else int(country)

    def reset(self) -> None:
        with self._lock:
            self._codes.clear()
            self._answers, self.quota = 0, None


def number_of(user: str) -> str:
    """An invented mobile number, always the same for a person."""
    digits = int.from_bytes(hashlib.sha256(user.encode()).digest()[:8], "big") % 10**8
    return f"190{digits:08}"
