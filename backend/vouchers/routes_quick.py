"""The quick ways of two routes, claiming and honouring: what the request says, in plain values."""

from contextlib import suppress
from uuid import UUID

import orjson
from flask import Flask
from marshmallow import ValidationError

from backend.vouchers import schemas
from backend.vouchers.asking import Asking, Scanned
from backend.vouchers.quick import QuickWays, read_genuine
from backend.vouchers.statements import KeptAnswer
from backend.web.idempotency import IdempotencyKeyInvalid, identify, seal_body
from backend.web.quick import Asked

REDEEM = schemas.RedeemSchema()


def claim_quickly(app: Flask, asked: Asked) -> str | None:
    incentive_id, asking = wanted_incentive(asked.body), asking_of(asked)
    if incentive_id is None or asking is None:
        return None
    return quick_ways(app).claim(asking, incentive_id)


def redeem_quickly(app: Flask, asked: Asked) -> str | None:
    asking = asking_of(asked)
    if asking is None:
        return None
    try:
        body = REDEEM.load(orjson.loads(asked.body))
    except (orjson.JSONDecodeError, ValidationError):
        return None
    presented = read_genuine(body.pop("code"), app.extensions["keys"], asking.now)
    if presented is None:
        return None
    return quick_ways(app).redeem(asking, presented.body.offer, Scanned(presented.body.ticket_id, **body))


def wanted_incentive(body: bytes) -> UUID | None:
    """None for a body that is not just what `ClaimSchema` asks for."""
    with suppress(orjson.JSONDecodeError, ValueError):
        match orjson.loads(body):
            case {"incentive_id": str(text), **more} if not more:
                return UUID(text)
    return None


def quick_ways(app: Flask) -> QuickWays:
    ways: QuickWays = app.extensions["quick_ways"]
    return ways


def asking_of(asked: Asked) -> Asking | None:
    """None when the Idempotency-Key is none, which the plain way then tells."""
    actor, key, seal = asked.actor, asked.key, None
    assert actor.id is not None
    assert actor.session_id is not None
    if key is not None:
        try:
            row_id, digest = identify(asked.method, asked.path, asked.body, actor=actor, key=key)
        except IdempotencyKeyInvalid:
            return None

        def seal(body: str) -> KeptAnswer:
            return KeptAnswer(row_id, digest, seal_body(row_id, body))

    return Asking(actor.id, actor.session_id, asked.now, asked.request_id, seal)
