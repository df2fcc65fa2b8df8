"""Who is registered as living in the city, as the registration authority tells it, many at a time.

Told again, nothing changes. Of somebody who has no account here the district waits under their fingerprint
alone, like a record, and is forgotten when they do not join.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.scoring.deliveries import HELD_FOR, RESIDENT_COLUMN, copy_in, fingerprints
from backend.scoring.following import rescore_each
from backend.scoring.joining import await_joining
from backend.scoring.service import SUBJECT_COLUMN


@dataclass(frozen=True, slots=True)
class Registered:
    """Where somebody lives; no district: they have moved away."""

    id_number: str = field(repr=False)
    district: str | None


@dataclass(frozen=True)
class Settled:
    """How many have an account here, of those how many came, moved or left; and how many wait apart."""

    residents: int
    came: int
    moved: int
    left: int
    held: int


MAKE_ROOM = """
    CREATE TEMPORARY TABLE registered (
        resident_index bytea, resident_older bytea, subject_index bytea, subject_older bytea, district text,
        resident_id uuid
    ) ON COMMIT DROP
"""
FILL = """
    COPY registered (resident_index, resident_older, subject_index, subject_older, district)
    FROM STDIN (FORMAT binary)
"""
TYPES = (*["bytea"] * 4, "text")
MATCH = """
    UPDATE registered SET resident_id = residents.id FROM residents
    WHERE residents.id_number_index = ANY (ARRAY[registered.resident_index, registered.resident_older])
        AND residents.bound_at IS NOT NULL
"""
MOVE = """
    UPDATE residences SET district = registered.district FROM registered
    WHERE residences.resident_id = registered.resident_id AND registered.district <> residences.district
    RETURNING residences.resident_id
"""
COME = """
    INSERT INTO residences (resident_id, district)
    SELECT resident_id, district FROM registered WHERE resident_id IS NOT NULL AND district IS NOT NULL
    ON CONFLICT DO NOTHING RETURNING resident_id
"""
LEAVE = """
    DELETE FROM residences USING registered
    WHERE residences.resident_id = registered.resident_id AND registered.district IS NULL
    RETURNING residences.resident_id
"""
FORGET = """
    DELETE FROM held_residences USING registered
    WHERE held_residences.subject_index IN (registered.subject_index, registered.subject_older)
"""
HOLD = """
    INSERT INTO held_residences (subject_index, district, held_until)
    SELECT subject_index, district, :held_until FROM registered
    WHERE resident_id IS NULL AND district IS NOT NULL
    RETURNING subject_index
"""


def take_registered(db: Session, people: Iterable[Registered], *, now: datetime) -> Settled:
    """Take where some people live; nobody is among them twice. Scores follow for who came and who left."""
    await_joining(db)
    copy_in(db.connection(), MAKE_ROOM, FILL, TYPES, map(_row_of, people))
    db.execute(text("ANALYZE registered"))
    db.execute(text(MATCH))
    matched = db.scalar(text("SELECT count(*) FROM registered WHERE resident_id IS NOT NULL")) or 0
    moved, came, left = (db.scalars(text(each)).all() for each in (MOVE, COME, LEAVE))
    db.execute(text(FORGET))
    held = db.scalars(text(HOLD), {"held_until": now + HELD_FOR}).all()
    db.execute(text("DROP TABLE registered"))
    rescore_each(db, [*came, *left])
    return Settled(matched, len(came), len(moved), len(left), len(held))


def _row_of(person: Registered) -> tuple[Any, ...]:
    return (
        *fingerprints(RESIDENT_COLUMN, person.id_number),
        *fingerprints(SUBJECT_COLUMN, person.id_number),
        person.district,
    )
