"""How routes show shops, clerks and their invitations."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy.orm import Session

from backend.identity.models import ClerkInvite
from backend.identity.queries import count_clerks
from backend.partners.models import Shop
from backend.partners.schemas_shops import InvitationState
from backend.web.context import request_time
from backend.web.transaction import request_session

# What runs at a shop is the business of `incentives`; `main` hands its query over.
HeldAt = Callable[..., Sequence[dict[str, Any]]]
SHOWN = (
    *("id", "unit", "name", "address", "district", "phone", "hours", "latitude", "longitude"),
    *("closed_at", "version"),
)


def shown_shops(shops: Sequence[Shop]) -> list[dict[str, Any]]:
    clerks = count_clerks(request_session(), [shop.id for shop in shops])
    return [
        {**{name: getattr(shop, name) for name in SHOWN}, "clerks": clerks.get(shop.id, 0)} for shop in shops
    ]


def shown_shop(shop: Shop) -> dict[str, Any]:
    return {**shown_shops([shop])[0], "incentives": held_at(request_session(), shop.id)}


def held_at(db: Session, shop_id: UUID) -> Sequence[dict[str, Any]]:
    """The incentives that run at a shop."""
    ask: HeldAt = current_app.extensions["incentives_held_at"]
    return ask(db, shop_id, now=request_time())


def shown_invitation(invite: ClerkInvite) -> dict[str, Any]:
    names = ("id", "label", "created_at", "expires_at")
    return {**{name: getattr(invite, name) for name in names}, "state": state_of(invite, request_time())}


def state_of(invite: ClerkInvite, now: datetime) -> InvitationState:
    if invite.used_at:
        return InvitationState.USED
    if invite.withdrawn_at:
        return InvitationState.WITHDRAWN
    return InvitationState.OPEN if invite.expires_at > now else InvitationState.EXPIRED
