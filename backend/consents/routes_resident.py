"""My consents: read the texts, agree or decline, see what would end, withdraw."""

from typing import Any

import marshmallow as ma
from flask.views import MethodView

from backend.city.consent_files import ConsentText
from backend.city.serving import current_city
from backend.consents import queries, service
from backend.consents.models import SCORING, Consent, Decision
from backend.core.actor import Audience
from backend.core.clock import day_in_china
from backend.web.audience import audience_blueprint
from backend.web.context import caller_id, current_actor, request_time
from backend.web.transaction import request_session
from backend.web.validation import Schema, text_field

blueprint = audience_blueprint(Audience.RESIDENT, "consents")


class ConsentSchema(Schema):
    purpose = ma.fields.String(required=True)
    version = ma.fields.String(required=True, metadata={"description": "现行文本版本"})
    title = ma.fields.String(required=True)
    text = ma.fields.String(required=True, metadata={"description": "Markdown"})
    text_sha256 = ma.fields.String(required=True)
    required_for = ma.fields.String(required=True)
    withdrawal = ma.fields.String(required=True)
    given_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    given_version = ma.fields.String(required=True, allow_none=True)
    declined_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    withdrawn_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class ConsentsSchema(Schema):
    items = ma.fields.List(ma.fields.Nested(ConsentSchema), required=True)


class DecisionSchema(Schema):
    purpose = text_field(64)
    version = text_field(64)
    decision = ma.fields.String(
        load_default=Decision.GIVEN.value,
        validate=ma.validate.OneOf([Decision.GIVEN.value, Decision.DECLINED.value]),
        metadata={"description": "given 同意（默认）或 declined 不同意"},
    )


class EffectSchema(Schema):
    code = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)


class EffectsSchema(Schema):
    purpose = ma.fields.String(required=True)
    items = ma.fields.List(ma.fields.Nested(EffectSchema), required=True)


@blueprint.route("/consents")
class Consents(MethodView):
    @blueprint.response(200, ConsentsSchema)
    def get(self) -> dict[str, Any]:
        """List the texts in force with my decision on each"""
        return all_consents()

    @blueprint.arguments(DecisionSchema)
    @blueprint.response(200, ConsentsSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Agree to, or decline, the named version of a text"""
        declines = body["decision"] == Decision.DECLINED
        decide = service.decline_consent if declines else service.give_consent
        decide(
            request_session(),
            city=current_city(),
            resident_id=caller_id(),
            purpose=body["purpose"],
            version=body["version"],
            actor=current_actor(),
            now=request_time(),
        )
        return all_consents()


@blueprint.route("/consents/<purpose>")
class ConsentOfPurpose(MethodView):
    @blueprint.response(204)
    def delete(self, purpose: str) -> None:
        """Withdraw a consent; what rests on it ends at once"""
        service.withdraw_consent(
            request_session(),
            city=current_city(),
            resident_id=caller_id(),
            purpose=purpose,
            actor=current_actor(),
            now=request_time(),
        )


@blueprint.route("/consents/<purpose>/effects")
class EffectsOfWithdrawal(MethodView):
    @blueprint.response(200, EffectsSchema)
    def get(self, purpose: str) -> dict[str, Any]:
        """Show what would end with a withdrawal"""
        effects = service.effects_of_withdrawal(
            request_session(),
            city=current_city(),
            resident_id=caller_id(),
            purpose=purpose,
            now=request_time(),
        )
        return {"purpose": purpose, "items": effects}


def all_consents() -> dict[str, Any]:
    consents, today = current_city().consents, day_in_china(request_time())
    decisions = queries.decisions_of(request_session(), caller_id())
    # Scoring first: everything else presupposes it.
    purposes = sorted(consents, key=lambda purpose: (purpose != SCORING, purpose))
    texts = [consents.current(purpose, today) for purpose in purposes]
    return {"items": [shown(text, decisions.get(text.purpose)) for text in texts if text]}


def shown(text: ConsentText, decided: Consent | None) -> dict[str, Any]:
    def at(decision: Decision) -> Any:
        return decided.decided_at if decided and decided.decision == decision else None

    return {
        "purpose": text.purpose,
        "version": text.version,
        "title": text.title,
        "text": text.text,
        "text_sha256": text.sha256,
        "required_for": text.required_for,
        "withdrawal": text.withdrawal,
        "given_at": at(Decision.GIVEN),
        "given_version": decided.version if decided and decided.decision == Decision.GIVEN else None,
        "declined_at": at(Decision.DECLINED),
        "withdrawn_at": at(Decision.WITHDRAWN),
    }
