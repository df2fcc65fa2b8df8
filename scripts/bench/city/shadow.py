"""A shadow run over the bench's city: what the report on a new version of the score model takes."""

from datetime import date
from uuid import UUID

from psycopg import connect

from backend.city import City
from backend.city.score_document import write_score_model
from backend.core.clock import Clock, day_in_china
from backend.core.encryption import place_of, vault
from backend.core.ids import new_id
from backend.scoring.versions.answers import content_of
from scripts.bench.city.database import UNCHECKED
from scripts.demonstration.id_numbers import make_id_number

# Everybody's number, for age and sex alone: birthdays over 60 years, men and women in turn.
YOUNGEST_BORN_IN, YEARS = 2006, 60
VERSION = """
    INSERT INTO score_model_versions (id, version, effective_on, document, state, revision,
        author_id, edited_by, created_at, edited_at)
    VALUES (%(version_id)s, 'tried', %(effective_on)s, %(document)s, 'draft', 1,
        %(author_id)s, %(author_id)s, %(now)s, %(now)s)
"""
RUN = """
    INSERT INTO score_shadow_runs (id, version_id, revision, as_of, compared_with, begun_by, begun_at, done)
    VALUES (%(run_id)s, %(version_id)s, 1, %(today)s, %(before)s, %(author_id)s, %(now)s, 0)
"""
SEALED = "UPDATE residents SET id_number_cipher = sealed.cell FROM sealed WHERE sealed.id = residents.id"


def prepare(url: str, city: City, *, clock: Clock) -> UUID:
    """Give everybody an ID number, write a version with half a point more for all, and order its run."""
    now = clock.now()
    newest = city.score_models[-1]
    base = {"base": str(newest.base_milli / 1000 + 0.5)}
    head = {"version": "tried", "effective_on": date(2090, 1, 1)}
    run_id = new_id()
    values = {
        **head,
        "version_id": new_id(),
        "run_id": run_id,
        "author_id": new_id(),
        "document": write_score_model({**content_of(newest), **head, **base}),
        "before": newest.version,
        "today": day_in_china(now),
        "now": now,
    }
    with connect(url, autocommit=True) as connection:
        connection.execute(UNCHECKED)
        connection.execute("CREATE TEMP TABLE sealed (id uuid PRIMARY KEY, cell bytea)")
        people = connection.execute("SELECT id FROM residents").fetchall()
        with connection.cursor() as cursor, cursor.copy("COPY sealed (id, cell) FROM STDIN") as copy:
            for place, (resident_id,) in enumerate(people):
                cell = vault().seal(_number(place), place_of("residents", "id_number_cipher", resident_id))
                copy.write_row((resident_id, cell))
        connection.execute(SEALED)
        connection.execute("VACUUM ANALYZE residents")
        connection.execute(VERSION, values)
        connection.execute(RUN, values)
    return run_id


def _number(place: int) -> str:
    born_on = date(YOUNGEST_BORN_IN - place % YEARS, 1 + place % 12, 1 + place % 28)
    return make_id_number("420202", born_on, 10 + place % 800)
