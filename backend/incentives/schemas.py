"""Shapes of the catalogue, the same for everyone and for a signed-in resident."""

from typing import Any

import marshmallow as ma

from backend.city.serving import current_city
from backend.core.points import format_points
from backend.incentives.models import Form, Incentive
from backend.web.paging import PageQuery
from backend.web.validation import Schema, text_field


class PlaceField(ma.fields.Field[tuple[float, float]]):
    """A place written `lat,lng` in GCJ-02 degrees."""

    default_error_messages = {"invalid": "位置应写成“纬度,经度”，例如 30.20,115.04。"}

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> tuple[float, float]:
        try:
            latitude, longitude = (float(part) for part in str(value).split(","))
        except ValueError:
            raise self.make_error("invalid") from None
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise self.make_error("invalid")
        return latitude, longitude


class IncentiveQuery(PageQuery):
    """Search, filters and order of the catalogue."""

    q = text_field(50, required=False, load_default=None, metadata={"description": "搜索词，可含空格"})
    category = text_field(40, required=False, load_default=None)
    level = text_field(40, required=False, load_default=None)
    district = text_field(40, required=False, load_default=None)
    form = ma.fields.String(load_default=None, validate=ma.validate.OneOf([form.value for form in Form]))
    kind = text_field(
        40,
        required=False,
        load_default=None,
        metadata={"description": "voucher 券、standing 常享权益，或优惠方式如 discount"},
    )
    near = PlaceField(load_default=None, metadata={"type": "string", "description": "lat,lng（GCJ-02）"})
    sort = ma.fields.String(load_default=None, validate=ma.validate.OneOf(["newest", "level", "nearest"]))

    @ma.validates("category", "level", "district")
    def check_city_knows_it(self, code: str | None, data_key: str) -> None:
        city = current_city()
        known = {
            "category": {category.code for category in city.categories},
            "level": {level.code for level in city.levels},
            "district": {district.key for district in city.districts},
        }
        if code is not None and code not in known[data_key]:
            raise ma.ValidationError("本市没有这个编码。")

    @ma.validates_schema
    def check_place_for_nearest(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data["sort"] == "nearest" and data["near"] is None:
            raise ma.ValidationError("按距离排序需要给出位置。", "near")


class ThresholdSchema(Schema):
    """What it opens at. `level` is null where a score, not a level, was published."""

    level = ma.fields.String(required=True, allow_none=True)
    score = ma.fields.String(required=True, allow_none=True)
    score_milli = ma.fields.Integer(required=True, allow_none=True)


class LimitSchema(Schema):
    times = ma.fields.Integer(required=True)
    period = ma.fields.String(required=True)


class IncentiveSchema(Schema):
    id = ma.fields.UUID(required=True)
    number = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    summary = ma.fields.String(required=True)
    form = ma.fields.String(required=True, metadata={"description": "voucher 券 或 standing 常享权益"})
    category = ma.fields.String(required=True)
    benefit_kind = ma.fields.String(required=True)
    benefit = ma.fields.String(required=True)
    needs = ma.fields.Nested(ThresholdSchema, required=True)
    unit_id = ma.fields.UUID(required=True, allow_none=True)
    unit_name = ma.fields.String(required=True, allow_none=True)
    districts = ma.fields.List(ma.fields.String(), required=True)
    valid_from = ma.fields.Date(required=True)
    valid_until = ma.fields.Date(required=True)
    remaining = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "券的剩余数量；常享权益为 null"}
    )
    claimable = ma.fields.Boolean(required=True)
    unavailable_reason = ma.fields.String(required=True, allow_none=True)
    example = ma.fields.Boolean(required=True, metadata={"description": "示例，并非正式公布"})
    distance_m = ma.fields.Integer(required=True, allow_none=True)


class ShopOfIncentiveSchema(Schema):
    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    address = ma.fields.String(required=True)
    district = ma.fields.String(required=True)
    phone = ma.fields.String(required=True, allow_none=True)
    hours = ma.fields.String(required=True, allow_none=True)
    latitude = ma.fields.Float(required=True, allow_none=True, metadata={"description": "GCJ-02"})
    longitude = ma.fields.Float(required=True, allow_none=True, metadata={"description": "GCJ-02"})
    distance_m = ma.fields.Integer(required=True, allow_none=True)


class SourceSchema(Schema):
    name = ma.fields.String(required=True)
    published_on = ma.fields.String(required=True, allow_none=True)
    note = ma.fields.String(required=True, allow_none=True)


class IncentiveDetailSchema(IncentiveSchema):
    terms = ma.fields.List(ma.fields.String(), required=True)
    days = ma.fields.List(ma.fields.String(), required=True, allow_none=True)
    hours = ma.fields.String(required=True, allow_none=True)
    limit = ma.fields.Nested(LimitSchema, required=True)
    uses = ma.fields.Integer(required=True)
    voucher_days = ma.fields.Integer(required=True, allow_none=True)
    needs_match = ma.fields.Boolean(required=True)
    offline = ma.fields.Boolean(required=True)
    has_return = ma.fields.Boolean(required=True)
    cost_bearer = ma.fields.String(required=True)
    contact = ma.fields.String(required=True, allow_none=True)
    source = ma.fields.Nested(SourceSchema, required=True, allow_none=True)
    shops = ma.fields.List(ma.fields.Nested(ShopOfIncentiveSchema), required=True)


def as_listed(incentive: Incentive, *, left: int | None, distance_m: int | None) -> dict[str, Any]:
    """An incentive as it stands in a list."""
    return {
        **{name: getattr(incentive, name) for name in LISTED},
        "needs": {
            "level": incentive.level,
            "score": None if incentive.needed_milli is None else format_points(incentive.needed_milli),
            "score_milli": incentive.needed_milli,
        },
        "remaining": left,
        "distance_m": distance_m,
    }


def as_detail(incentive: Incentive, *, left: int | None, shops: Any) -> dict[str, Any]:
    """An incentive on its own page."""
    hours = None
    if incentive.opens_at and incentive.closes_at:
        hours = f"{incentive.opens_at:%H:%M}-{incentive.closes_at:%H:%M}"
    return {
        **as_listed(incentive, left=left, distance_m=shops[0].distance_m if shops else None),
        **{name: getattr(incentive, name) for name in DETAILED},
        "days": incentive.weekdays,
        "hours": hours,
        "limit": {"times": incentive.limit_times, "period": incentive.limit_period},
        "shops": shops,
    }


LISTED = [
    "id",
    "number",
    "title",
    "summary",
    "form",
    "category",
    "benefit_kind",
    "benefit",
    "unit_id",
    "unit_name",
    "districts",
    "valid_from",
    "valid_until",
    "claimable",
    "unavailable_reason",
    "example",
]
DETAILED = [
    "terms",
    "uses",
    "voucher_days",
    "needs_match",
    "offline",
    "has_return",
    "cost_bearer",
    "contact",
    "source",
]
