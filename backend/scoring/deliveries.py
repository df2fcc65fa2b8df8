"""Records come in from a department, many at a time, or are taken back by it.

A record is known by its source and what the source calls it. The same one again changes nothing; another
content under the same name ends the record and makes a new one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from backend.core.encryption import blind_indexes
from backend.core.ids import new_id
from backend.scoring.joining import await_joining
from backend.scoring.service import SUBJECT_COLUMN

RESIDENT_COLUMN = "residents.id_number"
# Records of somebody who has no account here wait for so long.
HELD_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A record as its source gives it. `row` is where it stands in the batch."""

    row: int
    id_number: str = field(repr=False)
    key: str
    indicator: str
    occurred_on: date
    quantity: int
    expires_on: date | None


@dataclass(frozen=True)
class Taken:
    """What became of some records. `repeated` are rows whose key stood in the batch before, with another
    content: they were not taken. `held` are among the new and corrected."""

    new: int
    corrected: int
    unchanged: int
    held: int
    repeated: Sequence[int]
    changed_residents: Sequence[UUID]


@dataclass(frozen=True)
class Withdrawn:
    records: int
    changed_residents: Sequence[UUID]


MAKE_ROOM = """
    CREATE TEMPORARY TABLE delivered (
        row bigint PRIMARY KEY, id uuid, key text, resident_index bytea, resident_older bytea,
        subject_index bytea, subject_older bytea, indicator text, occurred_on date, quantity bigint,
        expires_on date,
        resident_id uuid, outcome text, before uuid, status text DEFAULT 'active'
    ) ON COMMIT DROP
"""
FILL = """
    COPY delivered (row, id, key, resident_index, resident_older, subject_index, subject_older, indicator,
        occurred_on, quantity, expires_on) FROM STDIN (FORMAT binary)
"""
TYPES = ("int8", "uuid", "text", *["bytea"] * 4, "text", "date", "int8", "date")
MATCH = """
    UPDATE delivered SET resident_id = residents.id FROM residents
    WHERE residents.id_number_index = ANY (ARRAY[delivered.resident_index, delivered.resident_older])
        AND residents.bound_at IS NOT NULL
"""
JUDGE = """
    UPDATE delivered SET outcome = found.outcome, before = found.id, status = found.status
    FROM (
        SELECT new.row, coalesce(kept.id, held.id) AS id,
            coalesce(kept.status, held.status, 'active') AS status,
            CASE
                WHEN kept.id IS NULL AND held.id IS NULL THEN 'new'
                WHEN (kept.resident_id = new.resident_id OR (new.resident_id IS NULL
                        AND held.subject_index IN (new.subject_index, new.subject_older)))
                    AND (coalesce(kept.indicator, held.indicator),
                         coalesce(kept.occurred_on, held.occurred_on),
                         coalesce(kept.quantity, held.quantity))
                        = (new.indicator, new.occurred_on, new.quantity)
                    AND coalesce(kept.expires_on, held.expires_on) IS NOT DISTINCT FROM new.expires_on
                    THEN 'unchanged'
                WHEN coalesce(kept.batch_id, held.batch_id) = :batch_id THEN 'repeated'
                ELSE 'corrected'
            END AS outcome
        FROM delivered AS new
        LEFT JOIN credit_records AS kept
            ON kept.source = :source AND kept.source_key = new.key AND kept.ended_at IS NULL
        LEFT JOIN held_records AS held ON held.source = :source AND held.source_key = new.key
    ) AS found
    WHERE found.row = delivered.row
"""
END_CORRECTED = """
    UPDATE credit_records SET status = 'withdrawn', ended_at = :now, changed_at = :now FROM delivered
    WHERE delivered.outcome = 'corrected' AND credit_records.id = delivered.before
    RETURNING credit_records.resident_id
"""
LET_CORRECTED_GO = """
    DELETE FROM held_records USING delivered
    WHERE delivered.outcome = 'corrected' AND held_records.id = delivered.before
"""
KEEP = """
    INSERT INTO credit_records (id, resident_id, indicator, occurred_on, quantity, expires_on, status,
        received_at, source, source_key, batch_id)
    SELECT id, resident_id, indicator, occurred_on, quantity, expires_on, status, :now,
        :source, key, :batch_id
    FROM delivered WHERE outcome IN ('new', 'corrected') AND resident_id IS NOT NULL
    RETURNING resident_id
"""
HOLD = """
    INSERT INTO held_records (id, subject_index, indicator, occurred_on, quantity, expires_on, status,
        received_at, held_until, source, source_key, batch_id)
    SELECT id, subject_index, indicator, occurred_on, quantity, expires_on, status, :now, :held_until,
        :source, key, :batch_id
    FROM delivered WHERE outcome IN ('new', 'corrected') AND resident_id IS NULL
"""
COUNT = """
    SELECT count(*) FILTER (WHERE outcome = 'new') AS new,
        count(*) FILTER (WHERE outcome = 'corrected') AS corrected,
        count(*) FILTER (WHERE outcome = 'unchanged') AS unchanged,
        count(*) FILTER (WHERE outcome IN ('new', 'corrected') AND resident_id IS NULL) AS held,
        coalesce(array_agg(row ORDER BY row) FILTER (WHERE outcome = 'repeated'), '{}') AS repeated
    FROM delivered
"""
TAKE_BACK = """
    UPDATE credit_records SET status = 'withdrawn', ended_at = :now, changed_at = :now
    WHERE source = :source AND source_key = ANY (:keys) AND ended_at IS NULL RETURNING resident_id
"""
LET_GO = "DELETE FROM held_records WHERE source = :source AND source_key = ANY (:keys) RETURNING id"
TAKE_BACK_SOME = """
    UPDATE credit_records SET status = 'withdrawn', ended_at = :now, changed_at = :now
    WHERE id IN (
        SELECT id FROM credit_records WHERE batch_id = :batch_id AND ended_at IS NULL LIMIT :limit)
    RETURNING resident_id
"""
LET_SOME_GO = """
    DELETE FROM held_records
    WHERE id IN (SELECT id FROM held_records WHERE batch_id = :batch_id LIMIT :limit) RETURNING id
"""
MEDIAN_DELAY = """
    SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY days) FROM (
        SELECT received_at::date - occurred_on AS days FROM credit_records WHERE batch_id = :batch_id
        UNION ALL
        SELECT received_at::date - occurred_on FROM held_records WHERE batch_id = :batch_id
    ) AS delays
"""


def take_delivered(
    db: Session, records: Iterable[Delivered], *, source: str, batch_id: UUID, now: datetime
) -> Taken:
    """Take some records of a batch; no two of them have the same key.

    They are matched to residents by fingerprint; those of nobody here wait apart, for some days.
    """
    await_joining(db)
    place = {"source": source, "batch_id": batch_id, "now": now, "held_until": now + HELD_FOR}
    copy_in(db.connection(), MAKE_ROOM, FILL, TYPES, map(_row_of, records))
    db.execute(text("ANALYZE delivered"))
    db.execute(text(MATCH))
    db.execute(text(JUDGE), place)
    changed = set(db.scalars(text(END_CORRECTED), place))
    db.execute(text(LET_CORRECTED_GO))
    changed.update(db.scalars(text(KEEP), place))
    db.execute(text(HOLD), place)
    counted = db.execute(text(COUNT)).one()
    db.execute(text("DROP TABLE delivered"))
    return Taken(**counted._mapping, changed_residents=sorted(changed))


def withdraw_by_key(db: Session, keys: Sequence[str], *, source: str, now: datetime) -> Withdrawn:
    """Take single records back, by what their source calls them."""
    await_joining(db)
    place = {"source": source, "keys": list(keys), "now": now}
    ended, gone = db.scalars(text(TAKE_BACK), place).all(), db.scalars(text(LET_GO), place).all()
    return Withdrawn(len(ended) + len(gone), sorted(set(ended)))


def withdraw_some_of_batch(db: Session, batch_id: UUID, *, limit: int, now: datetime) -> Withdrawn:
    """Take back some of what a batch brought or corrected and no later batch has corrected since; none are
    left when there were none."""
    await_joining(db)
    place = {"batch_id": batch_id, "limit": limit, "now": now}
    ended = db.scalars(text(TAKE_BACK_SOME), place).all()
    gone = db.scalars(text(LET_SOME_GO), place).all()
    return Withdrawn(len(ended) + len(gone), sorted(set(ended)))


def find_median_delay(db: Session, batch_id: UUID) -> int | None:
    """After how many days half of what the batch brought was here; None when it brought nothing."""
    days: int | None = db.scalar(text(MEDIAN_DELAY), {"batch_id": batch_id})
    return days


def copy_in(
    connection: Connection, make_room: str, fill: str, types: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Make a temporary table and fill it by COPY in binary form."""
    connection.execute(text(make_room))
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(fill) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _row_of(record: Delivered) -> tuple[Any, ...]:
    return (
        record.row,
        new_id(),
        record.key,
        *fingerprints(RESIDENT_COLUMN, record.id_number),
        *fingerprints(SUBJECT_COLUMN, record.id_number),
        record.indicator,
        record.occurred_on,
        record.quantity,
        record.expires_on,
    )


def fingerprints(column: str, id_number: str) -> tuple[bytes, bytes | None]:
    """The fingerprint to write, and while the index key is replaced the other under which one may stand."""
    *others, current = blind_indexes(column, id_number)
    return current, others[0] if others else None
