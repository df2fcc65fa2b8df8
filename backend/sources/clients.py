"""The programs of departments: made by the office, known by a number and a secret that is shown once."""

import hmac
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import Actor, ActorKind
from backend.core.errors import NotFound
from backend.core.ids import new_id
from backend.core.keys import SecretKey
from backend.core.tokens import hash_token, new_token
from backend.identity.errors import SessionEnded
from backend.identity.tokens import AccessClaims, mint_access_token, read_access_token
from backend.sources.errors import WrongCredentials
from backend.sources.models import SourceClient

NOBODYS = hash_token("")
ENTER_SOURCE = text("SELECT enter_source(:client_id)")


def make_client(db: Session, *, source: str, actor: Actor, now: datetime) -> tuple[SourceClient, str]:
    """A program with its secret, which is nowhere to be read again."""
    assert actor.id
    secret = new_token()
    client = SourceClient(
        id=new_id(), source=source, secret_hash=hash_token(secret), made_by=actor.id, made_at=now
    )
    db.add(client)
    db.flush()
    _note(db, "source_client.made", client, actor, now)
    return client, secret


def end_client(db: Session, client_id: UUID, *, actor: Actor, now: datetime) -> SourceClient:
    """From this moment it gets no token, and those it has open nothing."""
    client = db.get(SourceClient, client_id, with_for_update=True)
    if client is None:
        raise NotFound
    if client.ended_at is None:
        client.ended_at = now
        _note(db, "source_client.ended", client, actor, now)
    return client


def list_clients(db: Session, source: str) -> Sequence[SourceClient]:
    """All of a source, the newest first."""
    query = select(SourceClient).where(SourceClient.source == source)
    return db.scalars(query.order_by(SourceClient.id.desc())).all()


def give_token(db: Session, *, client_id: UUID, secret: str, key: SecretKey, now: datetime) -> str:
    """An access token (RFC 6749 §4.4); WrongCredentials takes the same time whatever is wrong."""
    client = db.get(SourceClient, client_id)
    kept = client.secret_hash if client and client.ended_at is None else NOBODYS
    is_right = hmac.compare_digest(kept, hash_token(secret))
    if not (client and is_right and client.ended_at is None):
        raise WrongCredentials
    client.last_used_at = now
    claims = AccessClaims(ActorKind.SOURCE, client.id, client.id)
    return mint_access_token(claims, key=key, now=now)


def authenticate_client(db: Session, token: str, *, keys: list[SecretKey], now: datetime) -> Actor:
    """The program behind an access token, for which the transaction works from then on; SessionEnded when
    it may no longer deliver."""
    claims = read_access_token(token, keys=keys, now=now)
    if claims.kind is not ActorKind.SOURCE:
        raise SessionEnded
    source: str | None = db.scalar(ENTER_SOURCE, {"client_id": claims.subject_id})
    if source is None:
        raise SessionEnded
    return Actor(ActorKind.SOURCE, claims.subject_id, source=source)


def _note(db: Session, action: str, client: SourceClient, actor: Actor, now: datetime) -> None:
    subject = ("source_client", client.id)
    audit.record(db, action, subject=subject, actor=actor, now=now, source=client.source)
