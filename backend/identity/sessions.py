"""Sessions: opened at sign-in, renewed by a refresh token that works once, ended at once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import Actor, ActorKind
from backend.core.ids import new_id
from backend.core.keys import SecretKey
from backend.core.tokens import hash_token, new_token
from backend.identity.errors import SessionEnded, SessionReused
from backend.identity.models import RefreshToken, SignInSession
from backend.identity.tokens import (
    ACCESS_LIFE,
    REFRESH_LIFE,
    SESSION_LIFE,
    AccessClaims,
    mint_access_token,
    read_access_token,
)

# Finds an open session's owner, and lets the transaction see what is theirs; see migration 0008.
ENTER_SESSION = text("SELECT resident_id, clerk_id, shop_id FROM enter_session(:session_id, :now)")


@dataclass(frozen=True)
class TokenPair:
    """What a client keeps. `expires_in` is the access token's life in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int


def open_session(
    db: Session, *, kind: ActorKind, subject_id: UUID, key: SecretKey, now: datetime
) -> TokenPair:
    """Start a session for a resident or a clerk who has just signed in."""
    session = SignInSession(
        id=new_id(),
        resident_id=subject_id if kind is ActorKind.RESIDENT else None,
        clerk_id=subject_id if kind is ActorKind.CLERK else None,
        created_at=now,
        expires_at=now + SESSION_LIFE,
    )
    db.add(session)
    db.flush()
    actor = Actor(kind, subject_id, session.id)
    audit.record(db, "session.opened", subject=("session", session.id), actor=actor, now=now)
    return new_pair(db, actor, key=key, now=now)


def refresh_session(
    db: Session, *, kind: ActorKind, refresh_token: str, key: SecretKey, now: datetime
) -> tuple[TokenPair, UUID]:
    """A new pair and whose it is. The token given dies; if it was dead already, the session ends."""
    token_hash = hash_token(refresh_token)
    used = db.execute(
        update(RefreshToken)
        .where(RefreshToken.token_hash == token_hash, RefreshToken.used_at.is_(None))
        .where(RefreshToken.expires_at > now)
        .values(used_at=now)
        .returning(RefreshToken.session_id)
    ).scalar()
    if used is None:
        _end_if_reused(db, token_hash, now)
        raise SessionEnded
    actor = _actor_of(db, used, now)
    if actor is None or actor.kind is not kind or actor.id is None:
        raise SessionEnded
    audit.record(db, "session.refreshed", subject=("session", used), actor=actor, now=now)
    return new_pair(db, actor, key=key, now=now), actor.id


def end_session(db: Session, *, actor: Actor, now: datetime) -> None:
    """Sign out: from this moment neither token of the session works."""
    assert actor.session_id is not None
    _end(db, actor.session_id, "signed_out", actor, now)


def end_sessions_of_clerk(db: Session, clerk_id: UUID, *, actor: Actor, now: datetime) -> None:
    """For good: coming back to the shop does not wake them again."""
    still_open = select(SignInSession.id).where(
        SignInSession.clerk_id == clerk_id, SignInSession.ended_at.is_(None)
    )
    for session_id in db.scalars(still_open).all():
        _end(db, session_id, "clerk_removed", actor, now)


def read_actor(token: str, *, keys: list[SecretKey], now: datetime) -> Actor:
    """Whom an access token names, without asking whether the session is still open; no shop is set."""
    claims = read_access_token(token, keys=keys, now=now)
    return Actor(claims.kind, claims.subject_id, claims.session_id)


def end_sessions_of_resident(
    db: Session, resident_id: UUID, *, reason: str, actor: Actor, now: datetime
) -> None:
    """On every device; neither token of any of them works from this moment."""
    still_open = select(SignInSession.id).where(
        SignInSession.resident_id == resident_id, SignInSession.ended_at.is_(None)
    )
    for session_id in db.scalars(still_open.order_by(SignInSession.id)).all():
        _end(db, session_id, reason, actor, now)


def hand_over_session(db: Session, session_id: UUID, *, to_resident: UUID) -> None:
    """The session goes on as somebody else's; access tokens of the time before end with that."""
    db.execute(update(SignInSession).where(SignInSession.id == session_id).values(resident_id=to_resident))


def hold_session(db: Session, actor: Actor) -> None:
    """The session stays open until this transaction ends; SessionEnded when it is over.

    For what must be found and ended by a sign-out that comes at the same moment.
    """
    query = select(SignInSession.id).where(
        SignInSession.id == actor.session_id, SignInSession.ended_at.is_(None)
    )
    if db.scalar(query.with_for_update(read=True)) is None:
        raise SessionEnded


def new_pair(db: Session, actor: Actor, *, key: SecretKey, now: datetime) -> TokenPair:
    """Further tokens of a session. A refresh token given out before still works once, for a phone that
    did not get this answer."""
    assert actor.id is not None
    assert actor.session_id is not None
    refresh_token = new_token()
    db.add(
        RefreshToken(
            token_hash=hash_token(refresh_token),
            session_id=actor.session_id,
            issued_at=now,
            expires_at=now + REFRESH_LIFE,
        )
    )
    claims = AccessClaims(actor.kind, actor.id, actor.session_id)
    access_token = mint_access_token(claims, key=key, now=now)
    return TokenPair(access_token, refresh_token, int(ACCESS_LIFE.total_seconds()))


def authenticate(db: Session, token: str, *, keys: list[SecretKey], now: datetime) -> Actor:
    """The actor behind an access token whose session is still open; SessionEnded otherwise."""
    claims = read_access_token(token, keys=keys, now=now)
    actor = _actor_of(db, claims.session_id, now)
    if actor is None or (actor.kind, actor.id) != (claims.kind, claims.subject_id):
        raise SessionEnded
    return actor


def _actor_of(db: Session, session_id: UUID, now: datetime) -> Actor | None:
    row = db.execute(ENTER_SESSION, {"session_id": session_id, "now": now}).one_or_none()
    if row is None:
        return None
    kind = ActorKind.RESIDENT if row.resident_id else ActorKind.CLERK
    return Actor(kind, row.resident_id or row.clerk_id, session_id, row.shop_id)


def _end_if_reused(db: Session, token_hash: bytes, now: datetime) -> None:
    session_id = db.scalar(
        select(RefreshToken.session_id).where(
            RefreshToken.token_hash == token_hash, RefreshToken.used_at.is_not(None)
        )
    )
    if session_id is not None:
        _end(db, session_id, "refresh_token_reused", Actor(ActorKind.SYSTEM), now)
        raise SessionReused


def _end(db: Session, session_id: UUID, reason: str, actor: Actor, now: datetime) -> None:
    ended = db.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.ended_at.is_(None))
        .values(ended_at=now, end_reason=reason)
        .returning(SignInSession.id)
    ).scalar()
    if ended:
        subject = ("session", session_id)
        audit.record(db, "session.ended", subject=subject, actor=actor, now=now, reason=reason)
