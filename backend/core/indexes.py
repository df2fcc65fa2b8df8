"""One row for one text, also while two index keys are in use.

A UNIQUE index keeps a text from standing in two rows only as long as the text has one fingerprint.
While the index key is replaced it has two, so then whoever would write one takes a lock on the text
and looks under both. Nobody writes under a key that some process does not look under yet: that is
what the steps of replacing a key make sure of (docs/keys.md).
"""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from backend.core.encryption import INDEX_OF, KEY_ID_BYTES, vault

# Advisory locks: held in common by those who rely on an index, alone by who rewrites indexes; and one
# for each text. The first number keeps them apart from other uses.
REWRITING = (0x6B657973, 1)
TEXTS = 0x696E6478


def reserve_index(
    db: Session, column: InstrumentedAttribute[bytes] | InstrumentedAttribute[bytes | None], text: str
) -> bytes:
    """The index to write for a text that may stand in one row only.

    It is the one of the row that has the text already, so that the UNIQUE index sees the two meet;
    and it stays so until the transaction ends. Take it before locking rows that others may hold while
    they ask for the same text.
    """
    (mapped,) = column.property.columns
    keys, name = vault(), mapped.info[INDEX_OF]
    candidates = keys.indexes(name, text)
    if len(candidates) == 1:
        return candidates[0]
    with db.no_autoflush:  # the caller may be half-way through filling a row
        db.execute(_lock(min(candidates)))
        standing: bytes | None = db.scalar(select(mapped).where(mapped.in_(candidates)).limit(1))
    return standing or keys.index(name, text)


def _lock(oldest: bytes) -> Select[tuple[None, None]]:
    """On what the text has under the older key, which every process knows."""
    number = int.from_bytes(oldest[KEY_ID_BYTES : KEY_ID_BYTES + 4], "big", signed=True)
    return select(func.pg_advisory_xact_lock_shared(*REWRITING), func.pg_advisory_xact_lock(TEXTS, number))
