"""What is filled in for an incentive: every field with its name for people, and what each may hold.

The same shape stands in drafts, in the versions that were published, in the rows of a sheet and in the
body of a request. A draft may be incomplete; what is handed in may not.
"""

from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any, get_args
from uuid import UUID

import marshmallow as ma

from backend.city.incentive_files import BenefitKind, Weekday
from backend.city.serving import current_city
from backend.incentives.models import Form, Period
from backend.web.validation import Schema, TrueOrFalse, text_field

MOST = 10_000_000
NAMES: dict[str, str] = {
    "form": "形式",
    "title": "名称",
    "summary": "一句话介绍",
    "category": "类别",
    "benefit_kind": "优惠方式",
    "benefit": "优惠内容",
    "terms": "使用说明",
    "level": "需要的等级",
    "score_milli": "需要的信用分",
    "districts": "适用区县",
    "shop_ids": "适用门店",
    "valid_from": "开始日期",
    "valid_until": "结束日期",
    "weekdays": "适用星期",
    "opens_at": "每天从几点",
    "closes_at": "每天到几点",
    "limit_times": "每人次数",
    "limit_period": "次数按什么算",
    "uses": "每张券可用次数",
    "voucher_days": "领取后多少天内有效",
    "quota_total": "总名额",
    "quota_per_day": "每天名额",
    "quota_per_shop": "每家门店名额",
    "needs_match": "需要报两位数字",
    "offline": "没有网络也可用",
    "has_return": "用后要归还",
    "cost_bearer": "费用由谁承担",
    "contact": "联系方式",
}
VOUCHER_ONLY = ("voucher_days", "quota_total")
QUOTAS = ("quota_total", "quota_per_day", "quota_per_shop")
# What may be left empty; the others must be filled in before it is handed in.
OPTIONAL: dict[str, Any] = {
    "level": None,
    "score_milli": None,
    "districts": [],
    "weekdays": None,
    "opens_at": None,
    "closes_at": None,
    "uses": 1,
    "voucher_days": None,
    "quota_total": None,
    "quota_per_day": None,
    "quota_per_shop": None,
    "needs_match": False,
    "offline": False,
    "has_return": False,
    "contact": None,
}


def _count(most: int = MOST, **options: Any) -> ma.fields.Integer:
    among = ma.validate.Range(1, most, error="应在 {min} 与 {max} 之间。")
    return ma.fields.Integer(strict=True, validate=among, **options)


def _choice(*codes: str) -> ma.fields.String:
    return ma.fields.String(validate=ma.validate.OneOf(codes))


def _hour() -> ma.fields.Time:
    return ma.fields.Time(format="%H:%M", allow_none=True, error_messages={"invalid": "应写成 09:00。"})


class ContentSchema(Schema):
    """Loaded with `partial=True` for a draft under way, whole for what is handed in."""

    form = _choice(*Form)
    title = text_field(60, required=False)
    summary = text_field(200, required=False)
    category = text_field(40, required=False)
    benefit_kind = _choice(*get_args(BenefitKind))
    benefit = text_field(100, required=False)
    terms = ma.fields.List(text_field(200), validate=ma.validate.Length(1, 20))
    level = text_field(40, required=False, allow_none=True)
    score_milli = ma.fields.Integer(
        strict=True, allow_none=True, validate=ma.validate.Range(0, 100_000, error="应在 0 与 100 分之间。")
    )
    districts = ma.fields.List(text_field(40), validate=ma.validate.Length(max=50))
    shop_ids = ma.fields.List(ma.fields.UUID(), validate=ma.validate.Length(1, 500))
    valid_from = ma.fields.Date()
    valid_until = ma.fields.Date()
    weekdays = ma.fields.List(_choice(*get_args(Weekday)), allow_none=True, validate=ma.validate.Length(1, 7))
    opens_at = _hour()
    closes_at = _hour()
    limit_times = _count(1000)
    limit_period = _choice(*Period)
    uses = _count(100)
    voucher_days = _count(3660, allow_none=True)
    quota_total = _count(allow_none=True)
    quota_per_day = _count(allow_none=True)
    quota_per_shop = _count(allow_none=True)
    needs_match = TrueOrFalse()
    offline = TrueOrFalse()
    has_return = TrueOrFalse()
    cost_bearer = _choice("unit", "city")
    contact = text_field(100, required=False, allow_none=True)

    @ma.validates("category", "level")
    def check_city_knows_it(self, code: str | None, data_key: str) -> None:
        known = current_city().categories if data_key == "category" else current_city().levels
        if code is not None and code not in {each.code for each in known}:
            raise ma.ValidationError("本市没有这个编码。")

    @ma.validates("districts")
    def check_city_has_them(self, keys: list[str], data_key: str) -> None:  # noqa: ARG002
        if not set(keys) <= {district.key for district in current_city().districts}:
            raise ma.ValidationError("本市没有这个编码。")


EDITING = ContentSchema(partial=True)


READERS: dict[str, Callable[[Any], Any]] = {
    "valid_from": date.fromisoformat,
    "valid_until": date.fromisoformat,
    "opens_at": time.fromisoformat,
    "closes_at": time.fromisoformat,
    "shop_ids": lambda ids: [UUID(shop_id) for shop_id in ids],
}


def read_content(content: Mapping[str, Any]) -> dict[str, Any]:
    """The values of stored content, which was checked when it came."""
    return {
        name: READERS[name](value) if value is not None and name in READERS else value
        for name, value in content.items()
    }


def as_stored(values: dict[str, Any]) -> dict[str, Any]:
    stored: dict[str, Any] = EDITING.dump(values)
    return stored


def complete(values: dict[str, Any]) -> dict[str, Any]:
    return {**OPTIONAL, **values}


def find_gaps(values: dict[str, Any]) -> dict[str, list[str]]:
    """What keeps a draft from being handed in, by field; nothing when it is whole."""
    whole = complete(values)
    errors = {name: ["必须填写。"] for name in NAMES if whole.get(name) is None and name not in OPTIONAL}
    if errors:
        return errors
    if whole["form"] == Form.VOUCHER:
        errors |= {name: ["券必须填写。"] for name in VOUCHER_ONLY if whole[name] is None}
    else:
        errors |= {
            name: ["常享权益不填写。"] for name in (*VOUCHER_ONLY, "quota_per_day") if whole[name] is not None
        }
        if whole["uses"] != 1:
            errors["uses"] = ["常享权益不填写，次数按每人次数算。"]
    if (whole["level"] is None) == (whole["score_milli"] is None):
        errors["level"] = ["等级和信用分要填一个，只填一个。"]
    if whole["valid_until"] < whole["valid_from"]:
        errors["valid_until"] = ["早于开始日期。"]
    opens, closes = whole["opens_at"], whole["closes_at"]
    if (opens is None) != (closes is None):
        errors["closes_at" if closes is None else "opens_at"] = ["开始和结束的时间要一起填。"]
    elif opens is not None and opens >= closes:
        errors["closes_at"] = ["应晚于开始的时间。"]
    total = whole["quota_total"]
    errors |= {
        name: ["不能大于总名额。"] for name in QUOTAS[1:] if total and whole[name] and whole[name] > total
    }
    return errors


def columns_of(values: dict[str, Any]) -> dict[str, Any]:
    """What of the content stands in the table of incentives, under its names there."""
    whole = complete(values)
    plain = {name: value for name, value in whole.items() if name not in (*QUOTAS, "score_milli", "shop_ids")}
    needed = whole["score_milli"]
    if whole["level"] is not None:
        needed = current_city().level(whole["level"]).from_milli
    return {**plain, "needed_milli": needed}
