"""The city's names, levels, districts and texts."""

from typing import Any

import marshmallow as ma
from flask.views import MethodView

from backend.city.in_force import value_of
from backend.city.serving import current_city
from backend.city.settings import CONTACT_ADDRESS, CONTACT_EMAIL, CONTACT_PHONE
from backend.core.actor import Audience
from backend.core.points import format_points
from backend.web.audience import audience_blueprint
from backend.web.validation import Schema

blueprint = audience_blueprint(Audience.PUBLIC, "city")


class LevelSchema(Schema):
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    from_ = ma.fields.String(required=True, data_key="from", attribute="from")
    from_milli = ma.fields.Integer(required=True)


class PointSchema(Schema):
    lat = ma.fields.Float(required=True)
    lng = ma.fields.Float(required=True)


class DistrictSchema(Schema):
    key = ma.fields.String(required=True)
    code = ma.fields.String(required=True, allow_none=True)
    name = ma.fields.String(required=True)
    centre = ma.fields.Nested(PointSchema, required=True, metadata={"description": "GCJ-02"})


class CategorySchema(Schema):
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class HelpTextSchema(Schema):
    code = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    text = ma.fields.String(required=True)


class ReportReasonSchema(Schema):
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class ContactSchema(Schema):
    phone = ma.fields.String(required=True, allow_none=True)
    email = ma.fields.String(required=True, allow_none=True)
    address = ma.fields.String(required=True, allow_none=True)


class CitySchema(Schema):
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    short_name = ma.fields.String(required=True)
    score_name = ma.fields.String(required=True)
    office = ma.fields.String(required=True)
    slogan = ma.fields.String(required=True)
    example_levels = ma.fields.Boolean(required=True, metadata={"description": "示例等级"})
    levels = ma.fields.List(ma.fields.Nested(LevelSchema), required=True)
    districts = ma.fields.List(ma.fields.Nested(DistrictSchema), required=True)
    categories = ma.fields.List(ma.fields.Nested(CategorySchema), required=True)
    help = ma.fields.List(ma.fields.Nested(HelpTextSchema), required=True)
    contact = ma.fields.Nested(ContactSchema, required=True)
    report_reasons = ma.fields.List(
        ma.fields.Nested(ReportReasonSchema),
        required=True,
        metadata={"description": "反映“这里不认”时可选的情况"},
    )


@blueprint.route("/city")
class TheCity(MethodView):
    @blueprint.response(200, CitySchema)
    def get(self) -> dict[str, Any]:
        """Show names, levels, districts, categories and texts"""
        city = current_city()
        names = [
            "code",
            "name",
            "short_name",
            "score_name",
            "example_levels",
            "districts",
            "categories",
        ]
        return {
            **{name: getattr(city, name) for name in names},
            "contact": {
                "phone": value_of(CONTACT_PHONE),
                "email": value_of(CONTACT_EMAIL),
                "address": value_of(CONTACT_ADDRESS),
            },
            "office": city.office.name,
            "slogan": city.texts.slogan,
            "help": city.texts.help,
            "report_reasons": city.reports.reasons,
            "levels": [
                {
                    "code": level.code,
                    "name": level.name,
                    "from": format_points(level.from_milli),
                    "from_milli": level.from_milli,
                }
                for level in city.levels
            ],
        }
