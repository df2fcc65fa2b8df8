"""The key ring as a file: made at the first start of a trial, put in place by the operator in production."""

import json
import os
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Protocol

from backend.core.keys.ring import TICKET_KEY_OVERLAP, KeyRing, new_key_ring
from backend.core.keys.turning import with_next_seal_key, with_next_ticket_key


class KeySource(Protocol):
    """Where the key ring comes from and where a changed one goes."""

    def identity(self) -> Hashable:
        """Something that differs once `load` may give another ring; OSError when it cannot be told."""

    def load(self) -> KeyRing:
        """The ring as it is now; OSError or ValueError when it cannot be read."""

    def save(self, ring: KeyRing) -> None:
        """Put a ring in the place of the present one; call it while `changing`."""

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Keep other processes of this machine from changing the ring."""
        yield

    def keep_up(self) -> None:
        """Do what the passing of time asks for, if this source does such things by itself."""


class FileKeys:
    """A file with the secrets in clear, for its owner's eyes only."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def identity(self) -> Hashable:
        state = self.path.stat()
        return state.st_ino, state.st_mtime_ns, state.st_size

    def load(self) -> KeyRing:
        return load_key_ring(self.path)

    def save(self, ring: KeyRing) -> None:
        write_key_ring(self.path, ring)

    @contextmanager
    def changing(self) -> Iterator[None]:
        with self.path.with_suffix(".lock").open("w") as lock:
            flock(lock, LOCK_EX)
            yield

    def keep_up(self) -> None:
        """The operator replaces keys with a command."""


class TrialKeys(FileKeys):
    """Made at the first start, and given a new ticket key before the old one ends."""

    def load(self) -> KeyRing:
        return load_or_create_key_ring(self.path)

    def keep_up(self) -> None:
        load_or_create_key_ring(self.path)


def load_key_ring(path: Path) -> KeyRing:
    """Read a key ring; refuses a file that other users of the machine may read."""
    return KeyRing.model_validate_json(read_private_file(path))


def load_or_create_key_ring(path: Path) -> KeyRing:
    """The trial's key ring: made once, then kept, with a new ticket key before the old one ends
    and a seal key if it was made before there were seals."""
    now, source = datetime.now(UTC), FileKeys(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Processes that start together must agree on one ring.
    with source.changing():
        if not path.exists():
            write_key_ring(path, new_key_ring(now))
        ring = load_key_ring(path)
        newest = max(ring.ticket, key=lambda key: key.valid_until)
        if newest.valid_until - now < TICKET_KEY_OVERLAP:
            ring = with_next_ticket_key(ring, now)
            write_key_ring(path, ring)
        if not ring.seal:
            ring = with_next_seal_key(ring, now)
            write_key_ring(path, ring)
    return ring


def write_key_ring(path: Path, ring: KeyRing) -> None:
    """Write atomically, readable by the owner only."""
    document = ring.model_dump(mode="json", exclude_none=True)
    write_private_file(path, json.dumps(document, indent=1))


def read_private_file(path: Path) -> bytes:
    if path.stat().st_mode & 0o077:
        raise PermissionError(f"{path}: the key file must be readable by its owner only (chmod 600)")
    return path.read_bytes()


def write_private_file(path: Path, content: str) -> None:
    """Whole or not at all, and on the disk before the old one goes: cells may need it at once."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)  # of a process of the same number that died here
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
