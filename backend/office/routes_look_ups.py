"""One resident at a time, for a case."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from backend.accounts.roles import Permission
from backend.city.serving import current_city
from backend.core.actor import Audience
from backend.identity.cases import Field
from backend.identity.id_number import mask_id_number, mask_name
from backend.identity.phone import mask_phone
from backend.office import look_ups, schemas
from backend.office.models import Purpose
from backend.scoring.queries import find_district
from backend.web.audience import across_accounts, audience_blueprint
from backend.web.console import permission
from backend.web.context import current_actor, request_time
from backend.web.idempotency import keep_no_answer
from backend.web.limits import GUESSING, limiter
from backend.web.transaction import request_session

blueprint = audience_blueprint(Audience.OFFICE, "look_ups")


@blueprint.route("/look-ups")
class LookUps(MethodView):
    @permission(Permission.RESIDENTS_LOOK_UP)
    @across_accounts
    @blueprint.arguments(schemas.LookUpSchema)
    @blueprint.response(201, schemas.LookedUpSchema)
    @limiter.limit(GUESSING)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Look up one resident by the whole ID number, for a case"""
        keep_no_answer()
        db = request_session()
        opened, resident = look_ups.look_up(
            db,
            city=current_city(),
            id_number=body["id_number"],
            purpose=Purpose(body["purpose"]),
            case_number=body["case_number"],
            actor=current_actor(),
            now=request_time(),
        )
        assert resident.name is not None
        assert resident.id_number is not None
        return {
            "id": opened.id,
            "ends_at": opened.ends_at,
            "masked_name": mask_name(resident.name),
            "masked_id_number": mask_id_number(resident.id_number),
            "masked_phone": mask_phone(resident.phone) if resident.phone else None,
            "district": find_district(db, resident.id),
            "bound_at": resident.bound_at,
            "closed_at": resident.closed_at,
            "closed_reason": resident.closed_reason,
        }


@blueprint.route("/look-ups/<uuid:look_up_id>/field")
class FieldInClear(MethodView):
    @permission(Permission.RESIDENTS_LOOK_UP)
    @across_accounts
    @blueprint.arguments(schemas.FieldSchema)
    @blueprint.response(200, schemas.FieldInClearSchema)
    @limiter.limit(GUESSING)
    def post(self, body: dict[str, Any], look_up_id: UUID) -> dict[str, Any]:
        """Show one field in clear for a minute; the resident reads that it was shown"""
        keep_no_answer()
        shown, hidden_at = look_ups.show_in_clear(
            request_session(),
            look_up_id,
            field=Field(body["field"]),
            city=current_city(),
            actor=current_actor(),
            now=request_time(),
        )
        return {"value": shown, "hidden_at": hidden_at}
