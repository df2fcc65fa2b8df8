"""Signing in with WeChat; inviting clerks and letting them in."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import OFFICE, Actor, ActorKind
from backend.core.errors import NotFound
from backend.core.ids import new_id
from backend.core.indexes import reserve_index
from backend.core.tokens import hash_token
from backend.identity import queries
from backend.identity.errors import ClerkPaused, InviteUsed, NotInvited, ResidentClosed
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
    return new_invitation(db, shop_id=shop_id, label=label, now=now, actor=actor)[1]


def new_invitation(
    db: Session, *, shop_id: UUID, label: str | None, now: datetime, actor: Actor
) -> tuple[ClerkInvite, str]:
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
    return invite, code


def withdraw_invitation(db: Session, invite: ClerkInvite, *, actor: Actor, now: datetime) -> None:
    """An invitation that is held; of one used or withdrawn before nothing changes."""
    if invite.used_at is None and invite.withdrawn_at is None:
        invite.withdrawn_at = now
        subject = ("clerk_invite", invite.id)
        audit.record(
            db,
            "clerk.invitation_withdrawn",
            subject=subject,
            actor=actor,
            now=now,
            shop_id=str(invite.shop_id),
        )


def find_invitation(db: Session, code: str, *, now: datetime) -> ClerkInvite:
    """One that still lets somebody in; InviteUsed for every other code."""
    found = db.scalars(select(ClerkInvite).where(ClerkInvite.code_hash == hash_token(code))).one_or_none()
    if found is None or not queries.is_open(found, now):
        raise InviteUsed
    return found


def pause_clerk(db: Session, clerk: Clerk, *, actor: Actor, now: datetime) -> None:
    """Out at once, until resumed. The clerk is held."""
    if clerk.paused_at is None:
        clerk.paused_at = now
        end_sessions_of_clerk(db, clerk.id, actor=actor, now=now)
        note(db, "clerk.paused", clerk, actor, now)


def resume_clerk(db: Session, clerk: Clerk, *, actor: Actor, now: datetime) -> None:
    if clerk.paused_at is not None:
        clerk.paused_at = None
        note(db, "clerk.resumed", clerk, actor, now)


def leave_shop(db: Session, shop_id: UUID, *, actor: Actor, now: datetime) -> None:
    """The shop closes: its clerks' sessions end, its open invitations are withdrawn."""
    for clerk in queries.list_clerks_of_shop(db, shop_id):
        end_sessions_of_clerk(db, clerk.id, actor=actor, now=now)
    for invite in queries.lock_open_invitations(db, shop_id):
        withdraw_invitation(db, invite, actor=actor, now=now)


def remove_clerk(db: Session, *, clerk_id: UUID, now: datetime, actor: Actor = OFFICE) -> Clerk:
    """Take somebody off their shop: their sessions there end at once, and only an invitation brings
    them back. Removing twice changes nothing the second time."""
    clerk = db.scalars(select(Clerk).where(Clerk.id == clerk_id).with_for_update()).one_or_none()
    if clerk is None:
        raise NotFound
    if clerk.removed_at is None:
        clerk.removed_at = now
        end_sessions_of_clerk(db, clerk.id, actor=actor, now=now)
        note(db, "clerk.removed", clerk, actor, now)
    return clerk


def sign_in_clerk(
    db: Session, account: WeChatAccount, *, invite: str | None, closed_shops: Select[UUID], now: datetime
) -> Clerk:
    """The clerk behind a WeChat account; an invitation adds the shop it was made for.

    The same person may present their own used invitation again: a phone repeats its requests. Nobody
    signs in at one of the shops that are closed.
    """
    clerk = _accept_invite(db, account, invite, now) if invite else None
    if clerk is None:
        clerk = queries.find_clerk(db, account.openid, closed_shops=closed_shops)
    if clerk is None:
        raise NotInvited
    if clerk.paused_at is not None:
        raise ClerkPaused
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
    if not queries.is_open(invite, now):
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
    clerk.label, clerk.removed_at, clerk.paused_at = invite.label, None, None
    db.flush()
    return clerk


def note(db: Session, action: str, clerk: Clerk, actor: Actor, now: datetime) -> None:
    subject = ("clerk", clerk.id)
    audit.record(db, action, subject=subject, actor=actor, now=now, shop_id=str(clerk.shop_id))
