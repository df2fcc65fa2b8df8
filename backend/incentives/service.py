"""Publishing what a city's files name. What units write is published in `reviewing`."""

from collections.abc import Sequence
from datetime import datetime, time
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.city import City
from backend.city.incentive_files import Incentive as IncentiveData
from backend.core.actor import OFFICE
from backend.core.ids import new_id
from backend.incentives.models import (
    Incentive,
    IncentiveShop,
    IncentiveState,
    QuotaRule,
    QuotaScope,
)
from backend.incentives.versions import content_of, record_version


def publish_from_city(
    db: Session,
    city: City,
    data: IncentiveData,
    *,
    unit_id: UUID | None,
    shop_ids: Sequence[UUID],
    now: datetime,
) -> Incentive:
    """Put an entry of the city's data into the catalogue, with its quotas and shops."""
    opens_at, closes_at = _hours(data.hours)
    level_edge = city.level(data.level).from_milli if data.level else None
    same_name = set(Incentive.__table__.columns.keys()) & set(IncentiveData.model_fields)
    plain = data.model_dump(include=same_name - {"source", "unit"}, mode="python")
    incentive = Incentive(
        **{
            **plain,
            "id": new_id(),
            "state": IncentiveState.PUBLISHED,
            "unit_id": unit_id,
            "unit_name": city.unit(data.unit).name if data.unit else None,
            "needed_milli": data.score_milli if data.score_milli is not None else level_edge,
            "terms": list(data.terms),
            "districts": list(data.districts),
            "weekdays": list(data.days) if data.days else None,
            "opens_at": opens_at,
            "closes_at": closes_at,
            "limit_times": data.limit.times,
            "limit_period": data.limit.period,
            "source": data.source.model_dump(mode="json") if data.source else None,
            "published_at": now,
        }
    )
    db.add(incentive)
    db.flush()
    if data.quota:
        _set_quotas(db, incentive.id, data.quota.total, data.quota.per_day, data.quota.per_shop)
    db.add_all(IncentiveShop(incentive_id=incentive.id, shop_id=shop_id) for shop_id in shop_ids)
    db.flush()
    record_version(db, incentive, content=content_of(db, incentive), now=now)
    audit.record(
        db,
        "incentive.published",
        subject=("incentive", incentive.id),
        actor=OFFICE,
        now=now,
        number=incentive.number,
        version=1,
    )
    return incentive


def _set_quotas(
    db: Session, incentive_id: UUID, total: int, per_day: int | None, per_shop: int | None
) -> None:
    for scope, quota in (
        (QuotaScope.TOTAL, total),
        (QuotaScope.DAY, per_day),
        (QuotaScope.SHOP, per_shop),
    ):
        if quota is not None:
            db.add(QuotaRule(incentive_id=incentive_id, scope=scope, quota=quota))


def _hours(hours: str | None) -> tuple[time | None, time | None]:
    if hours is None:
        return None, None
    opens, closes = hours.split("-")
    return time.fromisoformat(opens), time.fromisoformat(closes)
