"""The key ring of a running process: it follows the document it comes from, without a restart."""

import atexit
import threading
import time
from collections.abc import Hashable
from contextlib import suppress
from datetime import datetime

import psycopg
import structlog

from backend.core.ids import new_id
from backend.core.keys.files import KeySource
from backend.core.keys.readers import Register
from backend.core.keys.ring import IndexKey, KeyRing, SealKey, SecretKey, TicketSigningKey

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 0.5
SAY_EVERY_S = 2.0
KEEP_UP_EVERY_S = 60.0
# Well below a reader's lease: a process that was not heard of for longer looks at the document before
# it uses a key, and so uses none that was taken away because the process seemed gone.
TRUSTED_FOR_S = 5.0
STOPS_WITHIN_S = 5.0


class LiveKeys:
    """Reads like a `KeyRing`, and is always the newest one.

    A document that cannot be read changes nothing: the keys at hand go on, and it is asked for again.
    """

    def __init__(self, source: KeySource) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._ring = source.load()
        self._identity: Hashable = None
        self._complaint: Hashable = None
        self._trusted_until = 0.0
        self._ended = threading.Event()
        self._register: Register | None = None
        self._thread: threading.Thread | None = None

    @property
    def ring(self) -> KeyRing:
        if time.monotonic() >= self._trusted_until:
            self.look()
        return self._ring

    @property
    def data(self) -> list[SecretKey]:
        return self.ring.data

    @property
    def index(self) -> list[IndexKey]:
        return self.ring.index

    @property
    def session(self) -> list[SecretKey]:
        return self.ring.session

    @property
    def ticket(self) -> list[TicketSigningKey]:
        return self.ring.ticket

    @property
    def seal(self) -> list[SealKey]:
        return self.ring.seal

    def data_key(self, key_id: int) -> SecretKey:
        return self.ring.data_key(key_id)

    def ticket_key(self, now: datetime) -> TicketSigningKey:
        return self.ring.ticket_key(now)

    def session_keys(self, named: str | None) -> list[SecretKey]:
        """The session keys, after another look when the one a token names is not among them."""
        if all(str(key.key_id) != named for key in self.session):
            self.look()
        return self._ring.session

    def look(self) -> bool:
        """Take up the document now if it has changed; tells whether there are other keys than before."""
        with self._lock:
            try:
                identity = self._source.identity()
                if identity == self._identity:
                    return False
                ring = self._source.load()
            except (OSError, ValueError) as error:
                self._complain(error)
                return False
            self._identity, self._complaint = identity, None
            if ring.fingerprint == self._ring.fingerprint:
                return False
            self._ring = ring
            log.info("key ring taken up", ring=ring.fingerprint)
            return True

    def follow(self, database_url: str) -> None:
        """Say in the database which ring this process goes by, and follow the document from now on."""
        self._register = register = Register(database_url, new_id())
        self._say(register)
        self._thread = threading.Thread(target=self._follow, args=(register,), name="keys", daemon=True)
        self._thread.start()
        atexit.register(self.end)

    def end(self) -> None:
        """Follow no longer, and take the entry in the database away."""
        self._ended.set()
        if self._thread and self._register:
            self._thread.join(STOPS_WITHIN_S)
            with suppress(psycopg.Error):
                self._register.leave()
        atexit.unregister(self.end)

    def _follow(self, register: Register) -> None:
        said, say_at, keep_up_at = "", 0.0, time.monotonic() + KEEP_UP_EVERY_S
        while not self._ended.wait(LOOK_EVERY_S):
            if time.monotonic() >= keep_up_at:
                keep_up_at = time.monotonic() + KEEP_UP_EVERY_S
                self._keep_up()
            self.look()
            if said != self._ring.fingerprint or time.monotonic() >= say_at:
                said, say_at = self._ring.fingerprint, time.monotonic() + SAY_EVERY_S
                self._say(register)

    def _say(self, register: Register) -> None:
        """Unheard, this process looks at the document each time it uses a key."""
        began = time.monotonic()
        try:
            register.say(self._ring.fingerprint)
        except psycopg.Error as error:
            log.debug("key ring not told to the database", kind=type(error).__name__)
            return
        # Whoever changed the document before it saw our entry did not wait for us: hence another look.
        self.look()
        self._trusted_until = began + TRUSTED_FOR_S

    def _keep_up(self) -> None:
        try:
            self._source.keep_up()
        except (OSError, ValueError) as error:
            self._complain(error)

    def _complain(self, error: Exception) -> None:
        """Once for each trouble; the text of the error could quote what it failed to read."""
        complaint = type(error).__name__
        if complaint != self._complaint:
            log.error("key ring unreadable, going on with the keys at hand", kind=complaint)
        self._complaint = complaint
