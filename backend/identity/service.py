"""Signing in with WeChat; inviting clerks and letting them in."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import OFFICE, Actor, ActorKind
from backend.core.errors import NotFound
from backend.core.ids import new_id
from backend.core.indexes import reserve_index
from backend.core.tokens import hash_token
from backend.identity import queries
from backend.identity.errors import InviteUsed, NotInvited, ResidentClosed
from backend.identity.models import Clerk, ClerkInvite, Resident
from backend.identity.sessions import end_sessions_of_clerk
from backend.wechat.accounts import WeChatAccount

INVITE_LIFE = timedelta(days=30)


def sign_in_resident(db: Session, account: WeChatAccount, *, now: datetime) -> Resident:
    """The account's resident, made on the first sign-in. It stays nobody until bound.

    Raises ResidentClosed for somebody whom the office closed.
    """
    resident = Resident(id=new_id(), created_at=now, last_signed_in_at=now)
    resident.openid = account.openid
    resident_id = db.execute(
        insert(Resident)
        .values(
            id=resident.id,
            openid_index=reserve_index(db, Resident.openid_index, account.openid),
            openid_cipher=resident.openid_cipher,
            created_at=now,
            last_signed_in_at=now,
        )
        .on_conflict_do_update(index_elements=["openid_index"], set_={"last_signed_in_at": now})
        .returning(Resident.id)
    ).scalar_one()
    if resident_id == resident.id:
        actor = Actor(ActorKind.RESIDENT, resident_id)
        audit.record(db, "resident.joined", subject=("resident", resident_id), actor=actor, now=now)
    signed_in = db.get_one(Resident, resident_id)
    if signed_in.is_closed:
        raise ResidentClosed
    return signed_in


def invite_clerk(
    db: Session, *, shop_id: UUID, label: str | None, now: datetime, actor: Actor = OFFICE
) -> str:
    """A one-time invitation for a shop; the code is shown now and never again."""
    code = secrets.token_urlsafe(12)
    invite = ClerkInvite(
        id=new_id(),
        shop_id=shop_id,
        code_hash=hash_token(code),
        created_at=now,
        expires_at=now + INVITE_LIFE,
    )
    invite.label = label
    db.add(invite)
    subject = ("clerk_invite", invite.id)
    audit.record(db, "clerk.invited", subject=subject, actor=actor, now=now, shop_id=str(shop_id))
    return code


def remove_clerk(db: Session, *, clerk_id: UUID, now: datetime, actor: Actor = OFFICE) -> Clerk:
    """Take somebody off their shop: their sessions there end at once, and only an invitation brings
    them back. Removing twice changes nothing the second time."""
    clerk = db.scalars(select(Clerk).where(Clerk.id == clerk_id).with_for_update()).one_or_none()
    if clerk is None:
        raise NotFound
    if clerk.removed_at is None:
        clerk.removed_at = now
        end_sessions_of_clerk(db, clerk.id, actor=actor, now=now)
        subject = ("clerk", clerk.id)
        audit.record(db, "clerk.removed", subject=subject, actor=actor, now=now, shop_id=str(clerk.shop_id))
    return clerk


def sign_in_clerk(db: Session, account: WeChatAccount, *, invite: str | None, now: datetime) -> Clerk:
    """The clerk behind a WeChat account; an invitation adds the shop it was made for.

    The same person may present their own used invitation again: a phone repeats its requests.
    """
    clerk = _accept_invite(db, account, invite, now) if invite else None
    if clerk is None:
        clerk = queries.find_clerk(db, account.openid)
    if clerk is None:
        raise NotInvited
    clerk.last_signed_in_at = now
    return clerk


def _accept_invite(db: Session, account: WeChatAccount, code: str, now: datetime) -> Clerk | None:
    invite = db.scalars(
        select(ClerkInvite).where(ClerkInvite.code_hash == hash_token(code)).with_for_update()
    ).one_or_none()
    if invite is None:
        return None
    if invite.used_by is not None:
        user = db.get_one(Clerk, invite.used_by)
        if queries.is_account_of(user, account.openid) and user.removed_at is None:
            return user
        raise InviteUsed
    if invite.expires_at <= now:
        raise InviteUsed
    clerk = _join_shop(db, account, invite, now)
    db.execute(update(ClerkInvite).where(ClerkInvite.id == invite.id).values(used_at=now, used_by=clerk.id))
    actor = Actor(ActorKind.CLERK, clerk.id, shop_id=clerk.shop_id)
    audit.record(db, "clerk.joined", subject=("clerk", clerk.id), actor=actor, now=now)
    return clerk


def _join_shop(db: Session, account: WeChatAccount, invite: ClerkInvite, now: datetime) -> Clerk:
    """A new clerk of the shop, or the same person back after leaving it."""
    openid_index = reserve_index(db, Clerk.openid_index, account.openid)
    clerk = queries.find_clerk_of_shop(db, account.openid, invite.shop_id)
    if clerk is None:
        clerk = Clerk(
            id=new_id(),
            shop_id=invite.shop_id,
            openid_index=openid_index,
            created_at=now,
            last_signed_in_at=now,
        )
        clerk.openid = account.openid
        db.add(clerk)
    clerk.label, clerk.removed_at = invite.label, None
    db.flush()
    return clerk
