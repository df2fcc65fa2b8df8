"""Passwords: argon2id hashes, and what a password must be like."""

import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_bytes
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from backend.accounts.errors import WeakPassword
from backend.core.batches import ServiceBusy

SHORTEST, LONGEST = 12, 128
FEWEST_DIFFERENT = 6
# Each takes 64 MiB and a quarter of a second of a processor.
HASHED_AT_ONCE = 2
WAIT_S = 5.0

_hasher = PasswordHasher()
_slots = BoundedSemaphore(HASHED_AT_ONCE)


@contextmanager
def slot() -> Iterator[None]:
    """A turn to hash; to be taken before a database connection is, so that a crowd at the door keeps
    nobody else from one."""
    if not _slots.acquire(timeout=WAIT_S):
        raise ServiceBusy
    try:
        yield
    finally:
        _slots.release()


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def is_password(stored: str | None, password: str) -> bool:
    """Whether it is the one; takes as long when nothing is stored."""
    try:
        return _hasher.verify(stored or _nobodys_hash(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def check_password_is_good(password: str, *, email: str, name: str) -> None:
    """WeakPassword unless it is long, mixed, and not made of what everybody knows of the person."""
    told = {
        f"密码应有 {SHORTEST} 至 {LONGEST} 个字符。": not SHORTEST <= len(password) <= LONGEST,
        "密码中应既有字母，也有数字。": not (re.search(r"[A-Za-z]", password) and re.search(r"\d", password)),
        f"密码中不同的字符应至少有 {FEWEST_DIFFERENT} 个。": len(set(password)) < FEWEST_DIFFERENT,
        "密码中不能有您的邮箱名或姓名。": any(
            len(known) > 1 and known.lower() in password.lower() for known in (email.partition("@")[0], name)
        ),
    }
    wrong = [sentence for sentence, is_so in told.items() if is_so]
    if wrong:
        raise WeakPassword(errors={"password": wrong})


def _nobodys_hash() -> str:
    """Of no password at all, for addresses that have no account: as long to check as any other."""
    salt, digest = (
        b64encode(token_bytes(length)).decode().rstrip("=") for length in (_hasher.salt_len, _hasher.hash_len)
    )
    costs = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${digest}"
