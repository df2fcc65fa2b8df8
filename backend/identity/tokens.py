"""Tokens: short access tokens (JWT) that name a session, and refresh tokens that work once.

PyJWT stands behind these few functions. Expiry is judged by the time handed in, since PyJWT would ask
the machine's clock.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import jwt

from backend.core.actor import ActorKind
from backend.core.keys import SecretKey
from backend.identity.errors import SessionEnded

ALGORITHM = "HS256"
TYPE = "at+jwt"
ISSUER = "city-credit"
ACCESS_LIFE = timedelta(minutes=15)
REFRESH_LIFE = timedelta(days=30)
SESSION_LIFE = timedelta(days=180)
LONGEST_TOKEN = 1024


@dataclass(frozen=True)
class AccessClaims:
    kind: ActorKind
    subject_id: UUID
    session_id: UUID


def mint_access_token(claims: AccessClaims, *, key: SecretKey, now: datetime) -> str:
    payload = {
        "iss": ISSUER,
        "aud": claims.kind.value,
        "sub": str(claims.subject_id),
        "sid": str(claims.session_id),
        "iat": int(now.timestamp()),
        "exp": int((now + ACCESS_LIFE).timestamp()),
    }
    headers = {"typ": TYPE, "kid": str(key.key_id)}
    return jwt.encode(payload, key.secret, algorithm=ALGORITHM, headers=headers)


def read_access_token(token: str, *, keys: list[SecretKey], now: datetime) -> AccessClaims:
    """What the token says, once everything about it holds; SessionEnded otherwise."""
    if len(token) > LONGEST_TOKEN:
        raise SessionEnded
    try:
        header = jwt.get_unverified_header(token)
        if header.get("typ") != TYPE:
            raise SessionEnded
        key = next(key for key in keys if str(key.key_id) == header.get("kid"))
        payload = jwt.decode(
            token,
            key.secret,
            algorithms=[ALGORITHM],
            audience=[kind.value for kind in ActorKind],
            issuer=ISSUER,
            options={
                "require": ["iss", "aud", "sub", "sid", "iat", "exp"],
                "verify_exp": False,
                "verify_iat": False,
            },
        )
        if not int(payload["iat"]) - 60 <= now.timestamp() < int(payload["exp"]):
            raise SessionEnded
        return AccessClaims(ActorKind(payload["aud"]), UUID(str(payload["sub"])), UUID(str(payload["sid"])))
    except (jwt.InvalidTokenError, StopIteration, ValueError, TypeError, RecursionError):
        raise SessionEnded from None


def new_refresh_token() -> str:
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> bytes:
    """Tokens are 256 random bits, so a plain hash keeps them as safe as a slow one would."""
    return sha256(token.encode()).digest()
