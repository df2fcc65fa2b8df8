"""What a route may ask of its request: who is acting, and what time it is."""

from datetime import datetime
from uuid import UUID

from flask import current_app, g

from backend.core.actor import Actor
from backend.core.clock import Clock


def current_actor() -> Actor:
    """The signed-in actor; only guarded routes may ask."""
    actor: Actor = g.actor
    return actor


def caller_id() -> UUID:
    """The id of the resident or clerk who is signed in."""
    actor_id = current_actor().id
    assert actor_id is not None
    return actor_id


def request_time() -> datetime:
    """The time of this request, the same wherever it is asked for."""
    if "now" not in g:
        clock: Clock = current_app.extensions["clock"]
        g.now = clock.now()
    now: datetime = g.now
    return now
