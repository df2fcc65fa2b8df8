"""How often one may ask: counted in Redis when there is one, else in this process.

Limits are a guard against guessing and flooding, never a rule about people; losing the counters
loses nothing.
"""

import time

from flask import Flask, g
from flask_limiter import Limiter, RequestLimit
from flask_limiter.util import get_remote_address


def caller() -> str:
    """Signed-in callers are counted by who they are, so signing in anew resets nothing; others by address."""
    actor = g.get("actor")
    return str(actor.id) if actor else get_remote_address()


def note_when_to_come_back(limit: RequestLimit) -> None:
    """For the answer's Retry-After."""
    g.retry_after = max(1, limit.reset_at - int(time.time()))


limiter = Limiter(
    key_func=caller, headers_enabled=False, strategy="moving-window", on_breach=note_when_to_come_back
)

# A whole village may stand behind one address.
SIGN_IN = "600 per minute"
GUESSING = "20 per minute"
SCANNING = "600 per minute"
REPORTING = "10 per hour"
DELIVERING = "120 per minute"

WAIT_FOR_REDIS_S = 1


def install(app: Flask, redis_url: str | None) -> None:
    app.config["RATELIMIT_STORAGE_URI"] = redis_url or "memory://"
    if redis_url:
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {
            "socket_timeout": WAIT_FOR_REDIS_S,
            "socket_connect_timeout": WAIT_FOR_REDIS_S,
        }
    # With Redis gone the limits go on in this process, so guessing stays limited. Only the requests that are
    # counting at that very moment are let pass: the first of them finds out, the others would be refused.
    app.config["RATELIMIT_SWALLOW_ERRORS"] = True
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = True
    limiter.init_app(app)
