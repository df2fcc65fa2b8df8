"""A unit looks at itself and signs the commitment."""

from typing import Any
from uuid import UUID

from flask import current_app
from flask.views import MethodView

from backend.accounts import passwords, signing_in
from backend.accounts.answers import site
from backend.accounts.queries import lock_account
from backend.accounts.roles import Permission
from backend.accounts.routes_console import session_id
from backend.accounts.schemas import NothingSchema
from backend.city.membership_files import RECHECK
from backend.city.serving import current_city
from backend.core.actor import Audience
from backend.core.clock import day_in_china
from backend.partners import committing, duties, queries, rechecking, schemas
from backend.partners.answers import UNIT_SHOWN, handed_in, shown_commitment, shown_duty, shown_recheck
from backend.partners.rechecking import Facts
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
        is_signed = text is None or (
            commitment is not None and committing.is_signed(commitment, unit, text.version)
        )
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
        """Sign the commitment for my unit; asks for the password again, and for a second factor"""
        _check_person(body)
        return shown_commitment(
            committing.sign_commitment(request_session(), unit_id=_unit_id(), **body, **_signing())
        )


@blueprint.route("/unit/recheck")
class OwnRecheck(MethodView):
    @permission(Permission.UNIT_READ)
    @blueprint.response(200, schemas.OwnRecheckSchema)
    def get(self) -> dict[str, Any]:
        """Show what my unit confirms in the yearly re-check"""
        db, today = request_session(), day_in_china(request_time())
        unit, city = queries.get_any_unit(db, _unit_id()), current_city()
        found = [each for each in duties.list_duties(db, unit.id) if each.what == RECHECK]
        last = rechecking.list_rechecks(db, unit.id)[:1]
        return {
            "duty": shown_duty(found[0], today=today) if found else None,
            "facts": rechecking.facts_of(db, unit),
            "asked": rechecking.asked(city),
            "commitment": city.membership.commitment(today),
            "last": shown_recheck(last[0]) if last else None,
        }

    @permission(Permission.UNIT_SIGN)
    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.RecheckSubmissionSchema)
    @blueprint.response(201, schemas.RecheckSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Confirm how my unit is and sign the commitment anew; what has changed goes to the office"""
        _check_person(body)
        facts = Facts(**body.pop("facts"))
        own: dict[str, Any] = {"unit_id": _unit_id(), "facts": facts}
        return shown_recheck(rechecking.submit_recheck(request_session(), **own, **body, **_signing()))


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


def _check_person(body: dict[str, Any]) -> None:
    """The password, and a second factor where there is one, are taken out of the body."""
    shown = signing_in.Shown(**{name: body.pop(name) for name in ("password", "code", "credential")})
    with passwords.slot():
        db, now = request_session(), request_time()
        account = lock_account(db, caller_id())
        signing_in.check_person_again(db, site(), account, shown, session_id=session_id(), now=now)


def _signing() -> dict[str, Any]:
    keys = current_app.extensions["keys"]
    return {"keys": keys, "city": current_city(), "actor": current_actor(), "now": request_time()}


def _unit_id() -> UUID:
    unit_id = current_actor().unit_id
    assert unit_id is not None
    return unit_id
