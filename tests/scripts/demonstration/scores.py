"""An invented person's score, by the engine the city itself uses."""

from datetime import date

from backend.city import City
from backend.scoring.city_model import own_model
from backend.scoring.engine.compute import ScoreResult, compute_score
from backend.scoring.engine.model import Record
from scripts.demonstration import Person


def score_of(city: City, person: Person, on: date) -> ScoreResult:
    records = [
        Record(
            str(index),
            record.indicator,
            record.occurred_on,
            record.quantity,
            record.expires_on,
            record.status,
        )
        for index, record in enumerate(person.records)
    ]
    return compute_score(own_model(city, on), records, on)
