"""A unit looks at itself and signs the commitment."""

from typing import Any
from uuid import UUID

from flask import current_app
from flask.views import MethodView

from backend.accounts import passwords, signing_in
from backend.accounts.queries import lock_account
from backend.accounts.roles import Permission
from backend.accounts.schemas import NothingSchema
from backend.city.serving import current_city
from backend.core.actor import Audience
from backend.core.clock import day_in_china
from backend.partners import committing, duties, queries, schemas
from backend.partners.answers import UNIT_SHOWN, handed_in, shown_commitment, shown_duty
from backend.web.audience import audience_blueprint
from backend.web.console import permission
from backend.web.context import caller_id, current_actor, request_time
from backend.web.limits import GUESSING, limiter
from backend.web.transaction import request_session

blueprint = audience_blueprint(Audience.PARTNER, "unit")


@blueprint.route("/unit")
class OwnUnit(MethodView):
    @permission(Permission.UNIT_READ)
    @blueprint.response(200, schemas.OwnUnitSchema)
    def get(self) -> dict[str, Any]:
        """Show my unit, its commitment, and what is to be signed"""
        db = request_session()
        unit, commitment = queries.get_any_unit(db, _unit_id()), queries.find_commitment(db, _unit_id())
        text = current_city().membership.commitment(day_in_china(request_time()))
        is_signed = text is None or (commitment is not None and commitment.text_version == text.version)
        may_sign = unit.state in committing.SIGNING
        return {
            **{name: getattr(unit, name) for name in UNIT_SHOWN},
            "commitment": commitment,
            "to_sign": text if may_sign and not is_signed else None,
            **handed_in(db, unit.id, now=request_time()),
        }


@blueprint.route("/unit/commitment")
class Signature(MethodView):
    @permission(Permission.UNIT_SIGN)
    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.SignatureSchema)
    @blueprint.response(201, schemas.CommitmentSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Sign the commitment for my unit; asks for the password again"""
        password = body.pop("password")
        with passwords.slot():
            db, now = request_session(), request_time()
            signing_in.check_password_again(db, lock_account(db, caller_id()), password, now=now)
        signed = committing.sign_commitment(
            db,
            unit_id=_unit_id(),
            **body,
            keys=current_app.extensions["keys"],
            city=current_city(),
            actor=current_actor(),
            now=now,
        )
        return shown_commitment(signed)


@blueprint.route("/unit/duties/<uuid:duty_id>/submission")
class DutySubmission(MethodView):
    @permission(Permission.UNIT_HAND_IN)
    @blueprint.arguments(NothingSchema, required=False)
    @blueprint.response(200, schemas.DutySchema)
    def post(self, _body: dict[str, Any], duty_id: UUID) -> dict[str, Any]:
        """Hand in what my unit had to do by a day; its documents then stay as they are"""
        db, now = request_session(), request_time()
        done = duties.hand_in(db, duty_id, unit_id=_unit_id(), actor=current_actor(), now=now)
        return shown_duty(done, today=day_in_china(now))


def _unit_id() -> UUID:
    unit_id = current_actor().unit_id
    assert unit_id is not None
    return unit_id
