"""How routes show accounts, sessions and invitations."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy.orm import Session

from backend.accounts import queries, tries
from backend.accounts.models import Account, StaffInvitation
from backend.accounts.passkeys import Site
from backend.accounts.roles import permissions_of
from backend.city.serving import current_city
from backend.core.actor import SignInStep
from backend.core.console import Caller
from backend.web.console import csrf_token, hand_out_cookie
from backend.web.context import request_time
from backend.web.transaction import request_session

UnitNames = Callable[[Session, UUID], str]


def site() -> Site:
    return Site(current_app.extensions["console_address"], current_city().name)


def shown_session(caller: Caller, account: Account) -> dict[str, Any]:
    factors = queries.second_factors(request_session(), account)
    is_whole = caller.step is SignInStep.SIGNED_IN
    return {
        "step": caller.step,
        "methods": factors.methods if caller.step is SignInStep.SECOND_FACTOR else [],
        "csrf_token": csrf_token(caller.token),
        "account": shown_account(account, factors) if is_whole else None,
        "idle_ends_at": caller.idle_ends_at,
        "ends_at": caller.ends_at,
    }


def new_session(caller: Caller, account: Account) -> dict[str, Any]:
    """As `shown_session`, for a session whose cookie goes out with this answer."""
    hand_out_cookie(caller.token)
    return shown_session(caller, account)


def shown_account(account: Account, factors: queries.SecondFactors) -> dict[str, Any]:
    return {
        **_place(account),
        "id": account.id,
        "name": account.name,
        "email": account.email,
        "kind": account.kind,
        "permissions": sorted(permissions_of(account.roles)),
        "second_factors": factors._asdict(),
    }


def shown_member(account: Account) -> dict[str, Any]:
    db = request_session()
    locked_until = tries.locked_until(db, account.email or "", now=request_time())
    state = "suspended" if account.suspended_at else "locked" if locked_until else "active"
    return {
        **_place(account),
        "id": account.id,
        "name": account.name,
        "email": account.email,
        "kind": account.kind,
        "state": state,
        "locked_until": locked_until,
        "suspended_at": account.suspended_at,
        "suspension_reason": account.suspension_reason,
        "second_factors": queries.second_factors(db, account)._asdict(),
        "created_at": account.created_at,
        "last_signed_in_at": account.last_signed_in_at,
        "version": account.version,
    }


def shown_invitation(invitation: StaffInvitation) -> dict[str, Any]:
    return {
        **_place(invitation),
        "id": invitation.id,
        "email": invitation.email,
        "name": invitation.name,
        "created_at": invitation.created_at,
        "expires_at": invitation.expires_at,
        "sent_at": invitation.sent_at,
    }


def shown_unit(unit_id: UUID | None) -> dict[str, Any] | None:
    if unit_id is None:
        return None
    name_of: UnitNames = current_app.extensions["unit_names"]
    return {"id": unit_id, "name": name_of(request_session(), unit_id)}


def _place(somebody: Account | StaffInvitation) -> dict[str, Any]:
    return {"unit": shown_unit(somebody.unit_id), "district": somebody.district, "roles": somebody.roles}
