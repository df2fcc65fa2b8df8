"""Units, shops and incentives, made directly in the database. Defaults suit a voucher for everyone."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from backend.core.ids import new_id
from backend.incentives.models import (
    Form,
    Incentive,
    IncentiveShop,
    IncentiveState,
    QuotaRule,
    QuotaScope,
)
from backend.partners.models import Shop, Unit, UnitState

_number = count(900_001)


def new_shop(db: Session, **fields: Any) -> Shop:
    """A shop of a unit of its own. Commits."""
    sequence = next(_number)
    unit = Unit(
        id=new_id(),
        key=f"unit-{sequence}",
        name=f"单位{sequence}",
        category="culture_sport_tourism",
        district="420202",
        example=True,
        state=UnitState.ACTIVE,
        joined_at=datetime.now(UTC),
    )
    defaults = {
        "name": f"门店{sequence}",
        "address": "人民路 1 号",
        "district": "420202",
        "latitude": 30.2,
        "longitude": 115.04,
    }
    shop = Shop(id=new_id(), **{**defaults, **fields})
    unit.shops = [shop]
    db.add(unit)
    db.commit()
    return shop


def new_incentive(
    db: Session,
    *,
    shops: list[Shop] | None = None,
    quota: int | None = 100,
    per_day: int | None = None,
    per_shop: int | None = None,
    form: Form = Form.VOUCHER,
    **fields: Any,
) -> Incentive:
    """A published incentive that opens at 0 points, valid now, at the given shops. Commits."""
    number = next(_number)
    is_voucher = form is Form.VOUCHER
    defaults: dict[str, Any] = {
        "state": IncentiveState.PUBLISHED,
        "title": f"激励{number}",
        "summary": "测试用",
        "category": "culture_sport_tourism",
        "unit_name": "示例单位",
        "unit_id": shops[0].unit_id if shops else None,
        "level": None,
        "needed_milli": 0,
        "benefit_kind": "discount",
        "benefit": "九折",
        "terms": ["不与其他优惠同享"],
        "districts": [],
        "valid_from": date(2020, 1, 1),
        "valid_until": date(2099, 12, 31),
        "limit_times": 1,
        "limit_period": "ever" if is_voucher else "day",
        "uses": 1,
        "voucher_days": 30 if is_voucher else None,
        "needs_match": False,
        "offline": False,
        "has_return": False,
        "cost_bearer": "unit",
        "example": True,
        "published_at": datetime.now(UTC),
    }
    incentive = Incentive(id=new_id(), number=number, form=form, **{**defaults, **fields})
    db.add(incentive)
    db.flush()
    quotas = {
        QuotaScope.TOTAL: quota if is_voucher else None,
        QuotaScope.DAY: per_day,
        QuotaScope.SHOP: per_shop,
    }
    for scope, size in quotas.items():
        if size is not None:
            db.add(QuotaRule(incentive_id=incentive.id, scope=scope, quota=size))
    for shop in shops or []:
        db.add(IncentiveShop(incentive_id=incentive.id, shop_id=shop.id))
    db.commit()
    return incentive
