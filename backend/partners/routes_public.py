"""The units that take part, for everyone."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask.views import MethodView

from backend.core.actor import Audience
from backend.partners import queries
from backend.partners.answers import shown_commitment
from backend.partners.schemas import CommitmentHeadSchema, CommitmentSchema
from backend.web.audience import audience_blueprint
from backend.web.paging import PageQuery, decode_cursor, page_of, page_schema
from backend.web.transaction import request_session
from backend.web.validation import Schema

blueprint = audience_blueprint(Audience.PUBLIC, "units")


class UnitSchema(Schema):
    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    category = ma.fields.String(required=True)
    district = ma.fields.String(required=True, allow_none=True)
    example = ma.fields.Boolean(required=True, metadata={"description": "示例单位"})


class ShopSchema(Schema):
    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    address = ma.fields.String(required=True)
    district = ma.fields.String(required=True)
    phone = ma.fields.String(required=True, allow_none=True)
    hours = ma.fields.String(required=True, allow_none=True)
    latitude = ma.fields.Float(required=True, allow_none=True, metadata={"description": "GCJ-02"})
    longitude = ma.fields.Float(required=True, allow_none=True, metadata={"description": "GCJ-02"})


class UnitDetailSchema(UnitSchema):
    shops = ma.fields.List(ma.fields.Nested(ShopSchema), required=True)
    commitment = ma.fields.Nested(
        CommitmentHeadSchema, required=True, allow_none=True, metadata={"description": "公开的信用承诺"}
    )


@blueprint.route("/units")
class Units(MethodView):
    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, page_schema(UnitSchema))
    def get(self, query: dict[str, Any]) -> Any:
        """List the member units by name"""
        after = decode_cursor(query["cursor"], str, UUID)
        rows = queries.list_units(
            request_session(), after=(after[0], after[1]) if after else None, limit=query["limit"] + 1
        )
        return page_of(rows, query["limit"], key=lambda row: [row.name, row.id])


@blueprint.route("/units/<uuid:unit_id>")
class UnitOfId(MethodView):
    @blueprint.response(200, UnitDetailSchema)
    def get(self, unit_id: UUID) -> Any:
        """Show a unit, its shops and its commitment"""
        unit = queries.get_unit(request_session(), unit_id)
        names = ("id", "name", "category", "district", "example", "shops")
        shown = {name: getattr(unit, name) for name in names}
        return {**shown, "commitment": queries.find_commitment(request_session(), unit.id)}


@blueprint.route("/commitments/<uuid:commitment_id>")
class CommitmentOfId(MethodView):
    @blueprint.response(200, CommitmentSchema)
    def get(self, commitment_id: UUID) -> dict[str, Any]:
        """Show a unit's commitment, with all that is needed to check its seal"""
        return shown_commitment(queries.get_commitment(request_session(), commitment_id))
