"""Tokens: short access tokens (JWT) that name a session, and refresh tokens that work once.

PyJWT signs and checks the signature. The rest is read here, more strictly than PyJWT would: a token must
be written exactly as ours are, while of two equal names in a JSON object PyJWT takes the last, it reads an
overlong or padded spelling as well, and it asks the machine's clock where a time is handed in.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import jwt
from jwt.algorithms import HMACAlgorithm

from backend.core.actor import ActorKind
from backend.core.keys import SecretKey
from backend.identity.errors import SessionEnded

ALGORITHM = "HS256"
SIGNING = HMACAlgorithm(HMACAlgorithm.SHA256)
TYPE = "at+jwt"
ISSUER = "city-credit"
ACCESS_LIFE = timedelta(minutes=15)
REFRESH_LIFE = timedelta(days=30)
SESSION_LIFE = timedelta(days=180)
LONGEST_TOKEN = 1024
TOKENS_KEPT = 4096
WRITTEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}")
CLAIMS: dict[str, type] = {"iss": str, "aud": str, "sub": str, "sid": str, "iat": int, "exp": int}


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


def read_access_token(token: str, *, keys: Sequence[SecretKey], now: datetime) -> AccessClaims:
    """What the token says, once everything about it holds; SessionEnded otherwise."""
    try:
        opened = _opened(token)
        key = next(key for key in keys if str(key.key_id) == opened.header.get("kid"))
        if opened.header != {"typ": TYPE, "alg": ALGORITHM, "kid": str(key.key_id)}:
            raise SessionEnded
        if not SIGNING.verify(opened.signed, key.secret, opened.signature):
            raise SessionEnded
        payload = opened.payload
        if {name: type(value) for name, value in payload.items()} != CLAIMS or payload["iss"] != ISSUER:
            raise SessionEnded
        issued, ends = payload["iat"], payload["exp"]
        if ends - issued != ACCESS_LIFE.total_seconds() or not issued - 60 <= now.timestamp() < ends:
            raise SessionEnded
        return AccessClaims(ActorKind(payload["aud"]), UUID(payload["sub"]), UUID(payload["sid"]))
    except (StopIteration, ValueError, RecursionError):
        raise SessionEnded from None


def named_key(token: str) -> str | None:
    """The id of the key a token says it is signed with, believed by nobody; None for what is no token."""
    try:
        name = _opened(token).header.get("kid")
    except (ValueError, RecursionError):
        return None
    return name if isinstance(name, str) else None


class _Opened(NamedTuple):
    header: dict[str, Any]
    payload: dict[str, Any]
    signed: bytes
    signature: bytes


@lru_cache(maxsize=TOKENS_KEPT)
def _opened(token: str) -> _Opened:
    """The parts of what is written as our tokens are; ValueError for anything else."""
    if len(token) > LONGEST_TOKEN or not WRITTEN.fullmatch(token):
        raise ValueError("not written as a token")
    header, payload, signature = token.split(".")
    signed = f"{header}.{payload}".encode()
    return _Opened(_header_of(header), _object_of(payload), signed, _bytes_of(signature))


# There are as many headers as keys in use.
_header_of = lru_cache(maxsize=64)(lambda part: _object_of(part))


def _object_of(part: str) -> dict[str, Any]:
    content = json.loads(_bytes_of(part).decode(), object_pairs_hook=_without_repeats)
    if not isinstance(content, dict):
        raise ValueError("not a JSON object")
    return content


def _bytes_of(part: str) -> bytes:
    """Each text of base64url has one spelling; whoever uses another wrote it for a purpose."""
    content = urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if urlsafe_b64encode(content).rstrip(b"=") != part.encode():
        raise ValueError("not the one spelling")
    return content


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a name stands twice")
    return content
