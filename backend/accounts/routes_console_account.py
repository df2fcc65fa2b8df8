"""One's own account: password, authenticator app, passkeys, recovery codes."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from backend.accounts import (
    passkeys,
    passwords,
    queries,
    recovery,
    resets,
    schemas,
    sessions,
    signing_in,
    totp,
)
from backend.accounts.answers import new_session, shown_session, site
from backend.accounts.errors import NoSecondFactor
from backend.accounts.models import Account
from backend.accounts.routes_console import session_id
from backend.core.actor import Audience, SignInStep
from backend.web.audience import audience_blueprint
from backend.web.console import at_steps, current_caller
from backend.web.context import caller_id, current_actor, request_time
from backend.web.limits import GUESSING, limiter
from backend.web.transaction import request_session

blueprint = audience_blueprint(Audience.CONSOLE, "account")

WHEN_ENROLLING = at_steps(SignInStep.ENROL_SECOND_FACTOR, SignInStep.SIGNED_IN)


def own_account() -> Account:
    """Held until the end of the request."""
    return queries.lock_account(request_session(), caller_id())


@blueprint.route("/password")
class Password(MethodView):
    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.PasswordChangeSchema)
    @blueprint.response(204)
    def post(self, body: dict[str, Any]) -> None:
        """Change my password; other browsers are signed out"""
        with passwords.slot():
            resets.change_password(
                request_session(),
                own_account(),
                **body,
                session_id=session_id(),
                actor=current_actor(),
                now=request_time(),
            )


@blueprint.route("/totp")
class Totp(MethodView):
    @WHEN_ENROLLING
    @blueprint.arguments(schemas.NothingSchema, required=False)
    @blueprint.response(200, schemas.TotpEnrolmentSchema)
    def post(self, _body: dict[str, Any]) -> totp.Enrolment:
        """Begin with an authenticator app; the one in use stays until a code of the new one is shown"""
        return totp.begin_totp(own_account(), issuer=site().name)

    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.PasswordAgainSchema)
    @blueprint.response(204)
    def delete(self, body: dict[str, Any]) -> None:
        """Do without the authenticator app"""
        with passwords.slot():
            db, account, now = request_session(), own_account(), request_time()
            signing_in.check_password_again(db, account, body["password"], now=now)
        left = queries.second_factors(db, account)._replace(totp=False)
        signing_in.check_keeps_second_factor(account, left)
        totp.remove_totp(db, account, actor=current_actor(), now=now)


@blueprint.route("/totp/confirm")
class TotpConfirmation(MethodView):
    @WHEN_ENROLLING
    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.SignInCodeSchema)
    @blueprint.response(200, schemas.EnrolledSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Put the authenticator app into use; gives recovery codes when there are none"""
        account = own_account()
        totp.confirm_totp(request_session(), account, **body, actor=current_actor(), now=request_time())
        return enrolled(account)


@blueprint.route("/passkeys")
class Passkeys(MethodView):
    @blueprint.response(200, schemas.PasskeysSchema)
    def get(self) -> dict[str, Any]:
        """List my passkeys"""
        return {"items": queries.list_passkeys(request_session(), caller_id())}

    @WHEN_ENROLLING
    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.NewPasskeySchema)
    @blueprint.response(201, schemas.NewPasskeyAnswerSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Add a passkey"""
        account = own_account()
        passkey = passkeys.register(
            request_session(),
            site(),
            account,
            **body,
            session_id=session_id(),
            actor=current_actor(),
            now=request_time(),
        )
        shown = {name: getattr(passkey, name) for name in ("id", "name", "created_at", "last_used_at")}
        return {**shown, **enrolled(account)}


@blueprint.route("/passkeys/options")
class PasskeyOptions(MethodView):
    @WHEN_ENROLLING
    @blueprint.arguments(schemas.NothingSchema, required=False)
    @blueprint.response(200, schemas.PasskeyOptionsSchema)
    def post(self, _body: dict[str, Any]) -> dict[str, Any]:
        """Ask what the browser needs to make a passkey"""
        return passkeys.begin_registration(
            request_session(), site(), own_account(), session_id=session_id(), now=request_time()
        )


@blueprint.route("/passkeys/proof/options")
class ProofOptions(MethodView):
    @blueprint.arguments(schemas.NothingSchema, required=False)
    @blueprint.response(200, schemas.PasskeyOptionsSchema)
    def post(self, _body: dict[str, Any]) -> dict[str, Any]:
        """Ask what a passkey is to sign, to prove again who I am for what binds others"""
        return passkeys.begin_use(
            request_session(), site(), account_id=caller_id(), session_id=session_id(), now=request_time()
        )


@blueprint.route("/passkeys/<uuid:passkey_id>")
class OnePasskey(MethodView):
    @blueprint.response(204)
    def delete(self, passkey_id: UUID) -> None:
        """Remove a passkey"""
        db, account = request_session(), own_account()
        passkeys.remove(db, account, passkey_id, actor=current_actor(), now=request_time())
        signing_in.check_keeps_second_factor(account, queries.second_factors(db, account))


@blueprint.route("/recovery-codes")
class RecoveryCodes(MethodView):
    @blueprint.arguments(schemas.NothingSchema, required=False)
    @blueprint.response(200, schemas.RecoveryCodesSchema)
    def post(self, _body: dict[str, Any]) -> dict[str, Any]:
        """Make new recovery codes; the old ones are void"""
        db, account = request_session(), own_account()
        if not queries.second_factors(db, account).is_any:
            raise NoSecondFactor
        codes = recovery.renew_codes(db, account, actor=current_actor(), now=request_time())
        return {"recovery_codes": codes}


def enrolled(account: Account) -> dict[str, Any]:
    """A second factor is there: the first brings recovery codes, and makes the session whole."""
    db, now, caller = request_session(), request_time(), current_caller()
    codes = []
    if not queries.second_factors(db, account).recovery_codes_left:
        codes = recovery.renew_codes(db, account, actor=current_actor(), now=now)
    if caller.step is SignInStep.SIGNED_IN:
        return {"recovery_codes": codes, "session": shown_session(caller, account)}
    whole = sessions.complete_session(db, account, session_id(), now=now)
    return {"recovery_codes": codes, "session": new_session(whole, account)}
