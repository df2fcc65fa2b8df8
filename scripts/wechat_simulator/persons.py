"""The test persons and their sign-in codes, in a SQLite file that outlives the program."""

import hashlib
import json
import secrets
import sqlite3
import threading
from base64 import urlsafe_b64encode
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scripts.wechat_simulator.clock import Clock
from scripts.wechat_simulator.wire import Refused

CODE_SECONDS = 300
SIGN_INS_PER_MINUTE = 100

_SCHEMA = """
CREATE TABLE IF NOT EXISTS persons (
    user TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    unionid INTEGER NOT NULL,
    high_risk INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS entries (
    user TEXT PRIMARY KEY,
    entries TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS codes (
    code TEXT PRIMARY KEY,
    appid TEXT NOT NULL,
    user TEXT NOT NULL,
    issued_at REAL NOT NULL,
    used INTEGER NOT NULL DEFAULT 0
);
"""
_KEEP = """
INSERT INTO persons (user, label, unionid, high_risk) VALUES (?, ?, ?, ?)
ON CONFLICT (user) DO UPDATE SET
    label = excluded.label, unionid = excluded.unionid, high_risk = excluded.high_risk
"""
_KEEP_ENTRIES = "INSERT OR REPLACE INTO entries (user, entries) VALUES (?, ?)"


@dataclass(frozen=True)
class Person:
    """`user` names the person, `label` says what the person shows, both on the page.

    `unionid`: sign-in tells the id across mini-programs too. `high_risk`: sign-in is refused.
    """

    user: str
    label: str = ""
    unionid: bool = False
    high_risk: bool = False


class Persons:
    """Everything about persons and codes; a code belongs to one appid."""

    def __init__(self, state: Path, appid: str, clock: Clock) -> None:
        self._appid = appid
        self._clock = clock
        self._lock = threading.Lock()
        self._sign_ins: Counter[tuple[str, int]] = Counter()
        self._opened_at: dict[str, float] = {}
        self._db = sqlite3.connect(state, check_same_thread=False, isolation_level=None)
        # The persons can be made again, so they need not survive a power cut.
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.executescript(_SCHEMA)

    def list_all(self) -> list[Person]:
        with self._lock:
            rows = self._db.execute("SELECT user, label, unionid, high_risk FROM persons ORDER BY rowid")
            return [_person(row) for row in rows]

    def list_entries(self) -> dict[str, dict[str, str]]:
        """What a test person would type into a form, such as name and ID number, by user."""
        with self._lock:
            rows = self._db.execute("SELECT user, entries FROM entries")
            return {user: json.loads(entries) for user, entries in rows}

    def keep_entries(self, user: str, entries: dict[str, str]) -> None:
        with self._lock:
            self._db.execute(_KEEP_ENTRIES, (user, json.dumps(entries)))

    def set_up(self, user: str, changes: dict[str, Any]) -> Person:
        """Make the person if there is none, and change the fields of `Person` that are named."""
        with self._lock:
            person = replace(self._find(user) or Person(user), **changes)
            self._db.execute(_KEEP, (person.user, person.label, person.unionid, person.high_risk))
            return person

    def issue_code(self, user: str) -> str:
        """A code as `wx.login` gives it; an unknown user is made."""
        self.set_up(user, {})
        code = secrets.token_hex(16)
        with self._lock:
            self._db.execute(
                "INSERT INTO codes (code, appid, user, issued_at) VALUES (?, ?, ?, ?)",
                (code, self._appid, user, self._clock.now()),
            )
        return code

    def use_code(self, code: str) -> Person:
        """The person who got the code; raises `Refused` as WeChat would."""
        now = self._clock.now()
        with self._lock:
            found = self._db.execute(
                "SELECT user, issued_at, used FROM codes WHERE code = ? AND appid = ?", (code, self._appid)
            ).fetchone()
            if found is None:
                raise Refused(40029)
            user, issued_at, used = found
            self._count_sign_in(user, int(now // 60))
            if used:
                raise Refused(40163)
            person = self._find(user)
            if now >= issued_at + CODE_SECONDS or person is None:
                raise Refused(40029)
            if person.high_risk:
                raise Refused(40226)
            self._db.execute("UPDATE codes SET used = 1 WHERE code = ?", (code,))
            self._opened_at[user] = now
            return person

    def opened_at(self, user: str) -> float:
        """When the person signed in last since the program started; 0 when never."""
        with self._lock:
            return self._opened_at.get(user, 0.0)

    def find_user(self, openid: object) -> str | None:
        """Whose openid of this mini-program it is."""
        with self._lock:
            users = self._db.execute("SELECT user FROM persons").fetchall()
        return next((user for (user,) in users if self.openid(user) == openid), None)

    def openid(self, user: str) -> str:
        """The same for the same appid and user, also after a reset."""
        return openid_of(self._appid, user)

    def reset(self) -> None:
        with self._lock:
            self._db.executescript("DELETE FROM codes; DELETE FROM persons;")
            self._sign_ins.clear()
            self._opened_at.clear()

    def _count_sign_in(self, user: str, minute: int) -> None:
        self._sign_ins[user, minute] += 1
        if self._sign_ins[user, minute] > SIGN_INS_PER_MINUTE:
            raise Refused(45011)

    def _find(self, user: str) -> Person | None:
        row = self._db.execute(
            "SELECT user, label, unionid, high_risk FROM persons WHERE user = ?", (user,)
        ).fetchone()
        return _person(row) if row else None


def openid_of(appid: str, user: str) -> str:
    """Who a user is to one mini-program; whoever fills a database beforehand asks here."""
    return _derived_id("openid", appid, user)


def unionid(user: str) -> str:
    """The same in all mini-programs of one owner."""
    return _derived_id("unionid", user)


def _person(row: tuple[str, str, int, int]) -> Person:
    user, label, with_unionid, high_risk = row
    return Person(user, label, bool(with_unionid), bool(high_risk))


def _derived_id(*parts: str) -> str:
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return "o" + urlsafe_b64encode(digest).decode()[:27]
