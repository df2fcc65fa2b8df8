"""The key that signs access tokens now, for routes."""

from flask import current_app

from backend.core.keys import KeyRing, SecretKey


def current_session_key() -> SecretKey:
    ring: KeyRing = current_app.extensions["keys"]
    return ring.session[-1]
