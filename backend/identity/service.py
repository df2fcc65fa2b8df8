"""Signing in with WeChat and binding a proven identity; inviting clerks and letting them in."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from blinker import Signal
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import OFFICE, Actor, ActorKind
from backend.core.clock import day_in_china
from backend.core.encryption import blind_index
from backend.core.errors import NotFound
from backend.core.ids import new_id
from backend.identity import providers, queries
from backend.identity.errors import AlreadyBound, InviteUsed, NotInvited, UnderAge
from backend.identity.id_number import is_adult, read_id_number
from backend.identity.models import Clerk, ClerkInvite, Resident
from backend.identity.sessions import end_sessions_of_clerk
from backend.identity.tokens import hash_token
from backend.notices.models import NoticeKind
from backend.notices.service import notify
from backend.wechat.accounts import WeChatAccount

INVITE_LIFE = timedelta(days=30)

# Sent in the transaction of the binding with `resident` and `id_number`: parts further left
# attach what was waiting for this person.
identity_bound = Signal()


def sign_in_resident(db: Session, account: WeChatAccount, *, now: datetime) -> Resident:
    """The account's resident, made on the first sign-in. It stays nobody until bound."""
    resident = Resident(id=new_id(), created_at=now, last_signed_in_at=now)
    resident.openid = account.openid
    resident_id = db.execute(
        insert(Resident)
        .values(
            id=resident.id,
            openid_index=blind_index("residents.openid", account.openid),
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
    return db.get_one(Resident, resident_id)


def bind_identity(
    db: Session,
    *,
    resident_id: UUID,
    name: str,
    id_number: str,
    provider: str,
    ticket: str | None,
    providers_in_use: frozenset[str],
    now: datetime,
) -> Resident:
    """Make the account a person's, after the provider vouched for it.

    Someone under 18 is turned away before anything is stored or asked elsewhere. Binding the
    same person again changes nothing.
    """
    today = day_in_china(now)
    number = read_id_number(id_number, today=today)
    if not is_adult(number, today=today):
        raise UnderAge
    claim = providers.Claim(name.strip(), number, ticket)
    providers.provider_named(provider, providers_in_use).check_identity(db, claim)

    resident = queries.lock_resident(db, resident_id)
    index = blind_index("residents.id_number", number)
    if resident.is_bound:
        if resident.id_number_index == index:
            return resident
        raise AlreadyBound
    resident.name, resident.id_number, resident.id_number_index = claim.name, number, index
    resident.identity_provider, resident.bound_at = provider, now
    # Another account of the same person is refused by the unique index, here and not at the commit.
    db.flush()
    actor = Actor(ActorKind.RESIDENT, resident.id)
    subject = ("resident", resident.id)
    audit.record(db, "identity.bound", subject=subject, actor=actor, now=now, provider=provider)
    notify(db, resident.id, NoticeKind.IDENTITY_BOUND, now=now)
    identity_bound.send(db, resident=resident, id_number=number)
    return resident


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
    openid_index = blind_index("clerks.openid", account.openid)
    clerk = _accept_invite(db, account, invite, now) if invite else None
    if clerk is None:
        clerk = queries.find_clerk(db, openid_index)
    if clerk is None:
        raise NotInvited
    clerk.last_signed_in_at = now
    return clerk


def _accept_invite(db: Session, account: WeChatAccount, code: str, now: datetime) -> Clerk | None:
    openid_index = blind_index("clerks.openid", account.openid)
    invite = db.scalars(
        select(ClerkInvite).where(ClerkInvite.code_hash == hash_token(code)).with_for_update()
    ).one_or_none()
    if invite is None:
        return None
    if invite.used_by is not None:
        user = db.get_one(Clerk, invite.used_by)
        if user.openid_index == openid_index and user.removed_at is None:
            return user
        raise InviteUsed
    if invite.expires_at <= now:
        raise InviteUsed
    clerk = _join_shop(db, account, openid_index, invite, now)
    db.execute(update(ClerkInvite).where(ClerkInvite.id == invite.id).values(used_at=now, used_by=clerk.id))
    actor = Actor(ActorKind.CLERK, clerk.id, shop_id=clerk.shop_id)
    audit.record(db, "clerk.joined", subject=("clerk", clerk.id), actor=actor, now=now)
    return clerk


def _join_shop(
    db: Session, account: WeChatAccount, openid_index: bytes, invite: ClerkInvite, now: datetime
) -> Clerk:
    """A new clerk of the shop, or the same person back after leaving it."""
    clerk = queries.find_clerk_of_shop(db, openid_index, invite.shop_id)
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
