"""How well each source delivers, and when somebody should ask it why: it is late, or its batch is odd."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.city import City
from backend.city.source_files import Source
from backend.core.clock import day_in_china
from backend.scoring.city_model import model_in_force
from backend.sources.models import Batch, BatchState

# So many batches of each source are looked at.
LOOKED_AT = 12
# Holidays and working days are not counted exactly: a source is late some days after its time.
GRACE = timedelta(days=3)
EARLIER_NEEDED = 3
ODD_TIMES = 3
ODD_REFUSALS = 0.05


class Alert(StrEnum):
    NEVER = "never"
    LATE = "late"
    ODD_VOLUME = "odd_volume"
    ODD_REFUSALS = "odd_refusals"
    FAILED = "failed"


@dataclass(frozen=True)
class Watched:
    """A source as it delivers. Shares are of the batches looked at; `due_at` is when the next one is late."""

    source: Source
    indicators: Sequence[tuple[str, int]]
    batches: Sequence[Batch]
    alerts: Sequence[Alert] = field(default=())

    @property
    def last_delivered_at(self) -> datetime | None:
        return next((each.done_at for each in self.batches if each.state == BatchState.TAKEN), None)

    @property
    def due_at(self) -> datetime | None:
        last = self.last_delivered_at
        return last + timedelta(days=self.source.every_days) if last else None

    @property
    def refusal_permille(self) -> int | None:
        rows = sum(each.rows_read for each in self.batches)
        return sum(each.refused_rows for each in self.batches) * 1000 // rows if rows else None

    @property
    def median_delay_days(self) -> int | None:
        delays = [each.median_delay_days for each in self.batches if each.median_delay_days is not None]
        return int(median(delays)) if delays else None

    @property
    def to_be_asked(self) -> set[Alert]:
        """One that has never delivered has not been connected yet: that is no alarm."""
        return set(self.alerts) - {Alert.NEVER}

    @property
    def delivered_indicators(self) -> int:
        return sum(rows > 0 for _name, rows in self.indicators)


def watch_sources(db: Session, *, city: City, now: datetime) -> list[Watched]:
    """All sources of the city, in its order."""
    by_source = _latest(db)
    indicators = model_in_force(db, city, day_in_china(now)).indicators
    watched = []
    for source in city.sources:
        batches = by_source[source.key]
        mine = [each for each in indicators if each.source_unit == source.name]
        counted = [(each.name, sum(batch.indicators.get(each.code, 0) for batch in batches)) for each in mine]
        watched.append(Watched(source, counted, batches, alerts_of(source, batches, now=now)))
    return watched


def alerts_of(source: Source, batches: Sequence[Batch], *, now: datetime) -> list[Alert]:
    """What about these batches, the newest first, calls for a question."""
    taken = [each for each in batches if each.state == BatchState.TAKEN and each.done_at]
    alerts = []
    if batches and batches[0].state == BatchState.FAILED:
        alerts.append(Alert.FAILED)
    if not taken:
        return [*alerts, Alert.NEVER]
    last, earlier = taken[0], taken[1:]
    if last.done_at and last.done_at + timedelta(days=source.every_days) + GRACE < now:
        alerts.append(Alert.LATE)
    if len(earlier) >= EARLIER_NEEDED:
        usual = median(each.rows_read for each in earlier)
        if not usual <= last.rows_read * ODD_TIMES <= usual * ODD_TIMES**2:
            alerts.append(Alert.ODD_VOLUME)
    if last.refused_rows > last.rows_read * ODD_REFUSALS:
        alerts.append(Alert.ODD_REFUSALS)
    return alerts


def count_alerts(db: Session, *, city: City, now: datetime) -> dict[str, int]:
    """For the office's first page: sources that somebody should ask, and those that are late."""
    watched = watch_sources(db, city=city, now=now)
    asked = [each for each in watched if each.to_be_asked]
    return {"count": len(asked), "overdue": sum(Alert.LATE in each.alerts for each in asked)}


def _latest(db: Session) -> dict[str, list[Batch]]:
    place = func.row_number().over(partition_by=Batch.source, order_by=Batch.id.desc()).label("place")
    ranked = select(Batch.id, place).where(Batch.state != BatchState.WITHDRAWN).subquery()
    query = select(Batch).join(ranked, ranked.c.id == Batch.id).where(ranked.c.place <= LOOKED_AT)
    found: dict[str, list[Batch]] = defaultdict(list)
    for batch in db.scalars(query.order_by(Batch.id.desc())):
        found[batch.source].append(batch)
    return found
