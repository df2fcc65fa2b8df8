"""What an incentive promised when: each publication is a version, and a voucher keeps its own."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.incentives.content import NAMES, QUOTAS, as_stored, columns_of, read_content
from backend.incentives.models import Incentive, IncentiveShop, IncentiveVersion, QuotaRule, QuotaScope

SCOPES = dict(zip(QUOTAS, (QuotaScope.TOTAL, QuotaScope.DAY, QuotaScope.SHOP), strict=True))


def content_of(db: Session, incentive: Incentive) -> dict[str, Any]:
    """What holds now, as it would be stored; quotas as they were raised since."""
    return contents_of(db, [incentive])[incentive.id]


def contents_of(db: Session, incentives: Collection[Incentive]) -> dict[UUID, dict[str, Any]]:
    """As `content_of`, of many with two looks."""
    ids = [incentive.id for incentive in incentives]
    quotas: dict[UUID, dict[str, int]] = defaultdict(dict)
    rules = select(QuotaRule.incentive_id, QuotaRule.scope, QuotaRule.quota)
    for incentive_id, scope, quota in db.execute(rules.where(QuotaRule.incentive_id.in_(ids))):
        quotas[incentive_id][scope] = quota
    shops: dict[UUID, list[UUID]] = defaultdict(list)
    places = select(IncentiveShop.incentive_id, IncentiveShop.shop_id)
    places = places.where(IncentiveShop.incentive_id.in_(ids)).order_by(IncentiveShop.shop_id)
    for incentive_id, shop_id in db.execute(places):
        shops[incentive_id].append(shop_id)
    return {each.id: _content(each, quotas[each.id], shops[each.id]) for each in incentives}


def _content(incentive: Incentive, quotas: Mapping[str, int], shops: Sequence[UUID]) -> dict[str, Any]:
    values = {name: getattr(incentive, name) for name in NAMES if hasattr(Incentive, name)}
    values |= {name: quotas.get(scope) for name, scope in SCOPES.items()}
    values["score_milli"] = None if incentive.level else incentive.needed_milli
    values["shop_ids"] = shops
    return as_stored(values)


def record_version(db: Session, incentive: Incentive, *, content: dict[str, Any], now: datetime) -> None:
    db.add(
        IncentiveVersion(
            incentive_id=incentive.id,
            version=incentive.version,
            content=content,
            published_at=now,
        )
    )


def list_versions(db: Session, incentive_id: UUID) -> Sequence[IncentiveVersion]:
    query = select(IncentiveVersion).where(IncentiveVersion.incentive_id == incentive_id)
    return db.scalars(query.order_by(IncentiveVersion.version.desc())).all()


def as_promised(db: Session, incentive: Incentive, version: int | None) -> Incentive:
    """The incentive as it was in that version, for who claimed it then; not to be added to a session.

    The newest is answered without a look at the versions: nearly everybody holds that one.
    """
    if version in (None, incentive.version):
        return incentive
    return _as_of(incentive, db.get_one(IncentiveVersion, (incentive.id, version)))


def shops_promised(db: Session, incentive_id: UUID, version: int) -> set[UUID]:
    """Where that version holds, whatever today's says."""
    kept = db.get(IncentiveVersion, (incentive_id, version))
    return {UUID(shop_id) for shop_id in kept.content["shop_ids"]} if kept else set()


def _as_of(incentive: Incentive, version: IncentiveVersion) -> Incentive:
    now = {column.key: getattr(incentive, column.key) for column in Incentive.__table__.columns}
    return Incentive(**{**now, **columns_of(read_content(version.content)), "version": version.version})
