"""Has a file taken apart by `document_cleaner`, and says in Chinese what is wrong with it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from backend.core.batches import ServiceBusy
from backend.partners.document_errors import BY_VERDICT, DocumentTooComplex, DocumentTooLarge
from backend.partners.document_verdicts import MEDIA_TYPES, Verdict

LARGEST_DOCUMENT = 10 * 1024 * 1024
PROJECT = Path(__file__).resolve().parent.parent.parent
CLEANER = [sys.executable, "-E", "-s", "-m", "backend.partners.document_cleaner"]
WAIT_S = 20
# Each may take a gigabyte.
CLEANED_AT_ONCE = 2

_slots = BoundedSemaphore(CLEANED_AT_ONCE)


@dataclass(frozen=True)
class CleanDocument:
    """What may be kept. The media type is ours, whatever the sender called it."""

    media_type: str
    content: bytes


def clean(content: bytes) -> CleanDocument:
    """To be called without a connection of the database in hand: it takes seconds."""
    if len(content) > LARGEST_DOCUMENT:
        raise DocumentTooLarge
    with _slot():
        verdict, kept = _judged(content)
    if verdict not in MEDIA_TYPES:
        raise BY_VERDICT[verdict]
    if len(kept) > LARGEST_DOCUMENT:
        raise DocumentTooLarge
    return CleanDocument(verdict, kept)


def _judged(content: bytes) -> tuple[Verdict, bytes]:
    try:
        # An empty environment: the settings hold passwords.
        done = subprocess.run(  # noqa: S603 - our own program, and nothing of the request in the command
            CLEANER,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=PROJECT,
            env={},
            timeout=WAIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DocumentTooComplex from None
    if done.returncode:  # ended by its limits, or a parser fell over
        raise DocumentTooComplex
    verdict, _, kept = done.stdout.partition(b"\n")
    return Verdict(verdict.decode()), kept


@contextmanager
def _slot() -> Iterator[None]:
    if not _slots.acquire(timeout=WAIT_S):
        raise ServiceBusy
    try:
        yield
    finally:
        _slots.release()
