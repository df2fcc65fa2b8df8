"""A resident signs in, stays signed in, signs out, and proves who they are."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import current_app
from flask.views import MethodView

from backend.core.actor import ActorKind, Audience
from backend.core.errors import NotFound
from backend.identity import binding, checks, queries, schemas, service, sessions, signing_out
from backend.identity.claims import Claim
from backend.identity.errors import CheckNeeded
from backend.identity.id_number import mask_name
from backend.identity.models import Resident
from backend.identity.providers import IdentityProvider, provider_named
from backend.identity.signing import current_session_key
from backend.web.audience import across_accounts, audience_blueprint, open_route
from backend.web.context import caller_id, current_actor, request_time
from backend.web.limits import GUESSING, SIGN_IN, limiter
from backend.web.outside import outside_transaction
from backend.web.transaction import request_session
from backend.wechat.accounts import WeChat

blueprint = audience_blueprint(Audience.RESIDENT, "identity")


@blueprint.route("/session")
class ResidentSession(MethodView):
    @open_route
    @limiter.limit(SIGN_IN)
    @blueprint.arguments(schemas.WeChatCodeSchema)
    @blueprint.response(200, schemas.ResidentSessionSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Sign in with the code of wx.login"""
        wechat: WeChat = current_app.extensions["wechat"]
        # WeChat is asked before the transaction opens: a slow answer holds no database connection.
        account = wechat.sign_in(body["code"])
        db, now = request_session(), request_time()
        resident = service.sign_in_resident(db, account, now=now)
        pair = sessions.open_session(
            db, kind=ActorKind.RESIDENT, subject_id=resident.id, key=current_session_key(), now=now
        )
        return {**vars(pair), "resident": shown(resident)}

    @blueprint.response(204)
    def delete(self) -> None:
        """Sign out on this device; open QR codes end on all of them"""
        signing_out.sign_out(
            request_session(), resident_id=caller_id(), actor=current_actor(), now=request_time()
        )


@blueprint.route("/sessions")
class ResidentSessions(MethodView):
    @blueprint.response(204)
    def delete(self) -> None:
        """Sign out on all devices, for a lost phone; open QR codes end too"""
        signing_out.sign_out_everywhere(
            request_session(), resident_id=caller_id(), actor=current_actor(), now=request_time()
        )


@blueprint.route("/session/refresh")
class ResidentSessionRefresh(MethodView):
    @open_route
    @limiter.limit(SIGN_IN)
    @blueprint.arguments(schemas.RefreshSchema)
    @blueprint.response(200, schemas.ResidentSessionSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Exchange the refresh token for a new pair; the old one dies"""
        db = request_session()
        pair, resident_id = sessions.refresh_session(
            db, kind=ActorKind.RESIDENT, key=current_session_key(), now=request_time(), **body
        )
        return {**vars(pair), "resident": shown(queries.get_resident(db, resident_id))}


@blueprint.route("/identity")
class Identity(MethodView):
    @blueprint.response(200, schemas.ResidentSchema)
    def get(self) -> dict[str, Any]:
        """Show whose account this is, with the name masked"""
        return shown(queries.get_resident(request_session(), caller_id()))

    @across_accounts
    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.IdentitySchema)
    @blueprint.response(200, schemas.BoundSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Bind my real identity; the provider of the proof is asked, whatever the phone says"""
        db, actor, now = request_session(), current_actor(), request_time()
        claim = heard(body)
        name, ticket = body["proof"]["provider"], body["proof"]["ticket"]
        provider = provider_named(name, providers_in_use())
        if provider.begins_with_check and ticket is None:
            raise CheckNeeded(errors={"proof.ticket": [CheckNeeded.detail]})
        proof = checks.Proof(caller_id(), name, claim, check_id(ticket))
        bound_before = binding.find_bound_before(db, proof)
        if bound_before:
            return shown(bound_before)
        asked = checks.read_check(db, proof, now=now)
        with outside_transaction():
            verdict = provider.verdict(claim, asked)
        bound = binding.bind_identity(db, proof, verdict, move=body["move"], actor=actor, now=now)
        answer = shown(bound.resident)
        if bound.has_moved:
            moved = replace(actor, id=bound.resident.id)
            answer["session"] = sessions.new_pair(db, moved, key=current_session_key(), now=now)
        return answer


@blueprint.route("/identity/checks")
class IdentityChecks(MethodView):
    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.CheckSchema)
    @blueprint.response(201, schemas.OpenedCheckSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Begin to prove who I am; the check's id is the ticket with which binding goes on"""
        db, claim = request_session(), heard(body)
        provider = provider_named(body["provider"], providers_in_use(), field="provider")
        openid = checks.check_may_begin(db, resident_id=caller_id(), claim=claim)
        number = checks.new_number()
        with outside_transaction():
            begun = provider.begin(claim, openid=openid, number=number)
        check = checks.open_check(
            db,
            resident_id=caller_id(),
            provider=body["provider"],
            claim=claim,
            number=number,
            begun=begun,
            actor=current_actor(),
            now=request_time(),
        )
        known = {"id": check.id, "provider": check.provider, "expires_at": check.expires_at}
        return {**known, **begun.for_phone, **({"code": begun.code} if begun.code else {})}


@blueprint.route("/identity/checks/<uuid:check_id>")
class IdentityCheckState(MethodView):
    @blueprint.response(200, schemas.CheckStateSchema)
    def get(self, check_id: UUID) -> dict[str, Any]:
        """Show how far a check of mine is, for a phone that waits at the window"""
        check = checks.get_check(request_session(), check_id, resident_id=caller_id())
        return {
            "id": check.id,
            "provider": check.provider,
            "state": checks.state_at(check, request_time()),
            "expires_at": check.expires_at,
        }


@blueprint.route("/identity/providers")
class IdentityProviders(MethodView):
    @blueprint.response(200, schemas.ProvidersSchema)
    def get(self) -> dict[str, Any]:
        """Show in which ways I can prove who I am"""
        return {"items": sorted(providers_in_use())}


def heard(body: dict[str, Any]) -> Claim:
    return binding.hear_claim(
        request_session(),
        resident_id=caller_id(),
        name=body["name"],
        id_number=body["id_number"],
        actor=current_actor(),
        now=request_time(),
    )


def providers_in_use() -> Mapping[str, IdentityProvider]:
    known: Mapping[str, IdentityProvider] = current_app.extensions["identity_providers"]
    return known


def check_id(ticket: str | None) -> UUID | None:
    try:
        return UUID(ticket) if ticket else None
    except ValueError:
        raise NotFound from None


def shown(resident: Resident) -> dict[str, Any]:
    name = resident.name
    return {
        "id": resident.id,
        "bound": resident.is_bound,
        "masked_name": mask_name(name) if name else None,
    }
