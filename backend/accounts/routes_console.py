"""Signing in to the console, step by step, and signing out."""

from typing import Any
from uuid import UUID

from flask import request
from flask.views import MethodView

from backend.accounts import passkeys, passwords, queries, schemas, sessions, signing_in
from backend.accounts.answers import new_session, shown_session, site
from backend.accounts.clients import client_name
from backend.accounts.errors import PasskeyRefused
from backend.accounts.models import AccountSession
from backend.core.actor import Audience, SignInStep
from backend.web.audience import audience_blueprint, open_route
from backend.web.console import at_steps, current_caller, take_cookie_back
from backend.web.context import caller_id, current_actor, request_time
from backend.web.limits import GUESSING, SIGN_IN, limiter
from backend.web.transaction import request_session

blueprint = audience_blueprint(Audience.CONSOLE, "signing_in")

AT_SECOND_FACTOR = at_steps(SignInStep.SECOND_FACTOR)
AT_ANY_STEP = at_steps(*SignInStep)


def session_id() -> UUID:
    found = current_actor().session_id
    assert found is not None
    return found


def client() -> str:
    return client_name(request.headers.get("User-Agent", ""))


@blueprint.route("/session")
class ConsoleSession(MethodView):
    @open_route
    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.PasswordSignInSchema)
    @blueprint.response(200, schemas.ConsoleSessionSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Sign in with e-mail and password; the step says what is next"""
        with passwords.slot():
            db, now = request_session(), request_time()
            caller = signing_in.sign_in(db, **body, client=client(), now=now)
        assert caller.actor.id is not None
        return new_session(caller, queries.get_account(db, caller.actor.id))

    @AT_ANY_STEP
    @blueprint.response(200, schemas.ConsoleSessionSchema)
    def get(self) -> dict[str, Any]:
        """Show who is signed in, or what is still to be done"""
        return shown_session(current_caller(), queries.get_account(request_session(), caller_id()))

    @AT_ANY_STEP
    @blueprint.response(204)
    def delete(self) -> None:
        """Sign out in this browser"""
        sessions.end_session(
            request_session(),
            session_id=session_id(),
            account_id=caller_id(),
            actor=current_actor(),
            now=request_time(),
        )
        take_cookie_back()


@blueprint.route("/session/totp")
class TotpStep(MethodView):
    @AT_SECOND_FACTOR
    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.SignInCodeSchema)
    @blueprint.response(200, schemas.ConsoleSessionSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Finish signing in with a code of the authenticator app"""
        db, account_id = request_session(), caller_id()
        caller = signing_in.pass_totp(
            db, account_id=account_id, session_id=session_id(), **body, now=request_time()
        )
        return new_session(caller, queries.get_account(db, account_id))


@blueprint.route("/session/recovery")
class RecoveryStep(MethodView):
    @AT_SECOND_FACTOR
    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.SignInCodeSchema)
    @blueprint.response(200, schemas.ConsoleSessionSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Finish signing in with a recovery code, which is then used"""
        db, account_id = request_session(), caller_id()
        caller = signing_in.pass_recovery_code(
            db, account_id=account_id, session_id=session_id(), **body, now=request_time()
        )
        return new_session(caller, queries.get_account(db, account_id))


@blueprint.route("/session/passkey/options")
class PasskeyStepOptions(MethodView):
    @AT_SECOND_FACTOR
    @blueprint.arguments(schemas.NothingSchema, required=False)
    @blueprint.response(200, schemas.PasskeyOptionsSchema)
    def post(self, _body: dict[str, Any]) -> dict[str, Any]:
        """Ask what a passkey is to sign, to finish signing in"""
        return passkeys.begin_use(
            request_session(), site(), account_id=caller_id(), session_id=session_id(), now=request_time()
        )


@blueprint.route("/session/passkey")
class PasskeyStep(MethodView):
    @AT_SECOND_FACTOR
    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.CredentialSchema)
    @blueprint.response(200, schemas.ConsoleSessionSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Finish signing in with a passkey"""
        db, now = request_session(), request_time()
        account = queries.get_account(db, caller_id())
        owner = passkeys.use_passkey(db, site(), body["credential"], session_id=session_id(), now=now)
        if owner != account.id:
            raise PasskeyRefused
        return new_session(signing_in.pass_second_factor(db, account, session_id(), now=now), account)


@blueprint.route("/passkey-session/options")
class PasskeySessionOptions(MethodView):
    @open_route
    @limiter.limit(SIGN_IN)
    @blueprint.arguments(schemas.NothingSchema, required=False)
    @blueprint.response(200, schemas.PasskeyOptionsSchema)
    def post(self, _body: dict[str, Any]) -> dict[str, Any]:
        """Ask what a passkey is to sign, to sign in with it alone"""
        return passkeys.begin_use(
            request_session(), site(), account_id=None, session_id=None, now=request_time()
        )


@blueprint.route("/passkey-session")
class PasskeySession(MethodView):
    @open_route
    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.CredentialSchema)
    @blueprint.response(200, schemas.ConsoleSessionSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Sign in with a passkey alone, which has made sure of its owner"""
        db, now = request_session(), request_time()
        owner = passkeys.use_passkey(db, site(), body["credential"], session_id=None, now=now)
        account = queries.get_account(db, owner)
        return new_session(signing_in.sign_in_with_passkey(db, account, client=client(), now=now), account)


@blueprint.route("/sessions")
class ConsoleSessions(MethodView):
    @blueprint.response(200, schemas.OpenSessionsSchema)
    def get(self) -> dict[str, Any]:
        """List where I am signed in"""
        found = sessions.list_sessions(request_session(), caller_id(), now=request_time())
        return {"items": [{**_shown(each), "current": each.id == session_id()} for each in found]}

    @blueprint.response(204)
    def delete(self) -> None:
        """Sign out in all other browsers"""
        sessions.end_sessions(
            request_session(),
            caller_id(),
            reason="signed_out_elsewhere",
            actor=current_actor(),
            now=request_time(),
            but=session_id(),
        )


@blueprint.route("/sessions/<uuid:session_id>")
class OneConsoleSession(MethodView):
    @blueprint.response(204)
    def delete(self, session_id: UUID) -> None:
        """Sign out in one browser"""
        sessions.end_session(
            request_session(),
            session_id=session_id,
            account_id=caller_id(),
            actor=current_actor(),
            now=request_time(),
        )


def _shown(session: AccountSession) -> dict[str, Any]:
    names = ("id", "started_at", "last_seen_at", "client")
    return {name: getattr(session, name) for name in names}
