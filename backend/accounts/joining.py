"""How accounts come into being: the first by a one-time link, all others by an invitation by mail."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from backend.accounts import jobs, passwords, queries
from backend.accounts.errors import (
    BeyondFirst,
    EmailTaken,
    InvitationClosed,
    LinkInvalid,
    OutsideDistrict,
    UnknownDistrict,
    UnknownRole,
)
from backend.accounts.models import Account, AccountRole, SetUpLink, StaffInvitation
from backend.accounts.roles import (
    AUDIT_ADMIN,
    BY_CODE,
    SECURITY_ADMIN,
    SYSTEM_ADMIN,
    UNIT_MANAGER,
    Permission,
)
from backend.accounts.sessions import actor_of
from backend.audit import service as audit
from backend.city.model import City
from backend.core.actor import OFFICE, Actor, ActorKind
from backend.core.errors import NotFound
from backend.core.ids import new_id
from backend.core.indexes import reserve_index
from backend.core.jobs import defer
from backend.core.tokens import hash_token, new_token

SET_UP_GOOD_FOR = timedelta(days=1)
INVITATION_GOOD_FOR = timedelta(days=7)
FIRST = (SECURITY_ADMIN, AUDIT_ADMIN)


@dataclass(frozen=True)
class Place:
    """Where somebody works and as what: for the office, in a district or not, or for a unit."""

    kind: ActorKind
    roles: list[str]
    unit_id: UUID | None = None
    district: str | None = None

    def check(self, city: City, actor: Actor) -> None:
        unknown = [code for code in self.roles if code not in BY_CODE or BY_CODE[code].kind is not self.kind]
        if unknown or not self.roles or len(set(self.roles)) < len(self.roles):
            raise UnknownRole(errors={"roles": [UnknownRole.detail]})
        if self.district is not None and self.district not in {each.key for each in city.districts}:
            raise UnknownDistrict(errors={"district": [UnknownDistrict.detail]})
        if actor.district and self.district != actor.district:
            raise OutsideDistrict


def make_set_up_link(db: Session, *, now: datetime) -> str | None:
    """The token of a new link for the first account; the one before is void. None once there is one."""
    if queries.is_there_any(db):
        return None
    db.execute(delete(SetUpLink).where(SetUpLink.used_at.is_(None)))
    token = new_token()
    db.add(SetUpLink(token_hash=hash_token(token), created_at=now, expires_at=now + SET_UP_GOOD_FOR))
    audit.record(db, "set_up_link.made", subject=("set_up_link", "first"), actor=OFFICE, now=now)
    db.flush()
    return token


def set_up(db: Session, *, token: str, name: str, email: str, password: str, now: datetime) -> Account:
    """The first account, of a system administrator. The link is used up by it."""
    used = db.execute(
        update(SetUpLink)
        .where(
            SetUpLink.token_hash == hash_token(token), SetUpLink.used_at.is_(None), SetUpLink.expires_at > now
        )
        .values(used_at=now)
        .returning(SetUpLink.token_hash)
    ).one_or_none()
    if used is None or queries.is_there_any(db):
        raise LinkInvalid
    place = Place(ActorKind.OFFICE, [SYSTEM_ADMIN])
    return _new_account(db, place, name=name, email=email, password=password, now=now)


def invite(
    db: Session, place: Place, *, email: str, name: str, actor: Actor, city: City, now: datetime
) -> StaffInvitation:
    """Send somebody a link by mail with which they choose a password."""
    place.check(city, actor)
    if not _may_manage(actor):
        _check_first(db, place, actor, now)
    return _send_invitation(db, place, email=email, name=name, actor=actor, now=now)


def invite_first_of_unit(
    db: Session, unit_id: UUID, *, email: str, name: str, actor: Actor, now: datetime
) -> StaffInvitation:
    """The manager of a unit that has just become a member; whoever decided that invites."""
    place = Place(ActorKind.PARTNER, [UNIT_MANAGER], unit_id)
    return _send_invitation(db, place, email=email, name=name, actor=actor, now=now)


def _send_invitation(
    db: Session, place: Place, *, email: str, name: str, actor: Actor, now: datetime
) -> StaffInvitation:
    if queries.find_by_email(db, email):
        raise EmailTaken(errors={"email": [EmailTaken.detail]})
    invitation = StaffInvitation(
        id=new_id(),
        kind=place.kind,
        unit_id=place.unit_id,
        district=place.district,
        roles=place.roles,
        invited_by=actor.id,
        created_at=now,
        expires_at=now + INVITATION_GOOD_FOR,
    )
    invitation.email, invitation.name = email, name
    db.add(invitation)
    db.flush()
    subject = ("staff_invitation", invitation.id)
    audit.record(db, "staff.invited", subject=subject, actor=actor, now=now, roles=place.roles)
    defer(db, jobs.send_invitation, invitation_id=str(invitation.id))
    return invitation


def withdraw_invitation(db: Session, invitation_id: UUID, *, actor: Actor, now: datetime) -> None:
    query = select(StaffInvitation).where(
        StaffInvitation.id == invitation_id, queries.looked_after_by(actor, StaffInvitation)
    )
    invitation = db.scalars(query.with_for_update()).one_or_none()
    if invitation is None or not (_may_manage(actor) or invitation.invited_by == actor.id):
        raise NotFound
    if invitation.accepted_at or invitation.withdrawn_at:
        raise InvitationClosed
    invitation.withdrawn_at = now
    audit.record(
        db, "staff.invitation_withdrawn", subject=("staff_invitation", invitation.id), actor=actor, now=now
    )


def look_at_invitation(db: Session, token: str, *, now: datetime) -> StaffInvitation:
    query = select(StaffInvitation).where(
        StaffInvitation.token_hash == hash_token(token),
        StaffInvitation.accepted_at.is_(None),
        StaffInvitation.withdrawn_at.is_(None),
        StaffInvitation.expires_at > now,
    )
    invitation = db.scalars(query.with_for_update()).one_or_none()
    if invitation is None:
        raise LinkInvalid
    return invitation


def accept_invitation(db: Session, *, token: str, name: str, password: str, now: datetime) -> Account:
    invitation = look_at_invitation(db, token, now=now)
    invitation.accepted_at = now
    kind = ActorKind(invitation.kind)
    place = Place(kind, invitation.roles, invitation.unit_id, invitation.district)
    email = invitation.email or ""
    return _new_account(db, place, name=name, email=email, password=password, now=now)


def _may_manage(actor: Actor) -> bool:
    """Not so the system administrator, who appoints the first of the other administrators and no more."""
    return not actor.permissions.isdisjoint({Permission.STAFF_MANAGE, Permission.UNIT_STAFF_MANAGE})


def _check_first(db: Session, place: Place, actor: Actor, now: datetime) -> None:
    """Who may only invite appoints the first administrator of a kind; then those go on."""
    role = place.roles[0]
    if len(place.roles) > 1 or role not in FIRST or place.district:
        raise BeyondFirst
    held = select(func.count()).select_from(AccountRole).where(AccountRole.role == role)
    invited = [each for each in queries.list_invitations(db, actor=actor, now=now) if role in each.roles]
    if db.scalar(held) or invited:
        raise BeyondFirst


def _new_account(
    db: Session, place: Place, *, name: str, email: str, password: str, now: datetime
) -> Account:
    passwords.check_password_is_good(password, email=email, name=name)
    account = Account(
        id=new_id(),
        kind=place.kind,
        unit_id=place.unit_id,
        district=place.district,
        email_index=reserve_index(db, Account.email_index, email),
        password_hash=passwords.hash_password(password),
        version=1,
        created_at=now,
    )
    account.email, account.name = email, name
    account.role_rows = [AccountRole(role=code, kind=place.kind) for code in place.roles]
    db.add(account)
    db.flush()
    subject, actor = ("account", account.id), actor_of(account)
    audit.record(db, "account.joined", subject=subject, actor=actor, now=now, roles=place.roles)
    return account
