"""Secrets that are handed out once and kept as a hash: refresh tokens, cookies, one-time links."""

import secrets
from hashlib import sha256


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> bytes:
    """Tokens are random and long, so a plain hash keeps them as safe as a slow one would."""
    return sha256(token.encode()).digest()
