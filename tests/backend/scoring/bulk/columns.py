"""Records of several people as the columns the bulk engine reads."""

from collections.abc import Iterable, Sequence

import ibis
import pyarrow as pa

from backend.scoring.bulk.expression import PEOPLE, RECORDS, day_number
from backend.scoring.engine.model import Record, RecordStatus, ScoreModel

COUNTABLE = (RecordStatus.ACTIVE, RecordStatus.OBJECTED)


def people_table(count: int) -> ibis.Table:
    return ibis.memtable(pa.table({"person": range(count)}, schema=PEOPLE))


def records_table(model: ScoreModel, people: Iterable[Sequence[Record]]) -> ibis.Table:
    places = {indicator.code: place for place, indicator in enumerate(model.indicators)}
    rows = [
        {
            "person": person,
            "record": record.id.encode(),
            "indicator": places[record.indicator],
            "occurred": day_number(record.occurred_on),
            "quantity": record.quantity,
            "expires": day_number(record.expires_on) if record.expires_on else None,
            "objected": record.status is RecordStatus.OBJECTED,
        }
        for person, records in enumerate(people)
        for record in records
        if record.status in COUNTABLE
    ]
    return ibis.memtable(pa.Table.from_pylist(rows, schema=RECORDS))
