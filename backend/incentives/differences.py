"""What a change changes, field by field, in words that people read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.city import City
from backend.incentives.content import NAMES
from backend.partners.queries import shop_names

NOTHING = "（无）"
WORDS: dict[str, dict[Any, str]] = {
    "form": {"voucher": "券", "standing": "常享权益"},
    "benefit_kind": {
        "deposit_waived": "免押金",
        "pay_later": "先享后付",
        "priority": "优先办理",
        "documents_later": "容缺受理",
        "discount": "折扣",
        "amount_off": "立减",
        "fee_waived": "免费",
        "extended": "增额或延期",
        "honour": "荣誉",
    },
    "limit_period": {"day": "每天", "week": "每周", "month": "每月", "year": "每年", "ever": "总共"},
    "cost_bearer": {"unit": "成员单位", "city": "市级财政"},
    **{name: {True: "是", False: "否"} for name in ("needs_match", "offline", "has_return")},
}
WEEKDAYS = {
    "mon": "周一",
    "tue": "周二",
    "wed": "周三",
    "thu": "周四",
    "fri": "周五",
    "sat": "周六",
    "sun": "周日",
}
UNITS = {"voucher_days": "天", "limit_times": "次", "uses": "次"}


@dataclass(frozen=True)
class Change:
    field: str
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Wording:
    """Turns stored values into words; shops are looked up once."""

    city: City
    shops: Mapping[UUID, str]

    def say(self, field: str, value: Any) -> str:
        if value is None or value == []:
            return "全市" if field == "districts" else NOTHING
        if field in WORDS:
            return WORDS[field].get(value, str(value))
        match field:
            case "score_milli":
                return f"{value / 1000:g} 分"
            case "category":
                return self.city.category(value).name
            case "level":
                return self.city.level(value).name
            case "districts":
                return "、".join(self.city.district(key).name for key in value)
            case "weekdays":
                return "、".join(WEEKDAYS[day] for day in value)
            case "shop_ids":
                return "、".join(sorted(self.shops.get(UUID(shop), "已关闭的门店") for shop in value))
            case "terms":
                return "\n".join(value)
        return f"{value} {UNITS[field]}" if field in UNITS else str(value)


def wording_for(db: Session, city: City, contents: Sequence[Mapping[str, Any]]) -> Wording:
    shops = {UUID(shop) for content in contents for shop in content.get("shop_ids", [])}
    return Wording(city, shop_names(db, shops))


def changes_between(wording: Wording, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """In the order of the form. What a new incentive says is a change from nothing."""
    return [
        Change(field, name, wording.say(field, before.get(field)) if before else NOTHING, said)
        for field, name in NAMES.items()
        if _plain(field, before.get(field)) != _plain(field, after.get(field))
        for said in [wording.say(field, after.get(field))]
    ]


def _plain(field: str, value: Any) -> Any:
    """Empty is empty; of lists only the terms stand in an order."""
    if isinstance(value, list) and field != "terms":
        return sorted(value) or None
    return value
