"""The quick ways of two routes, claiming and honouring: what the request says, in plain values."""

from uuid import UUID

from flask import current_app, g, request

from backend.core.actor import Actor
from backend.vouchers import schemas
from backend.vouchers.asking import Asking, Scanned
from backend.vouchers.quick import QuickWays, read_genuine
from backend.vouchers.statements import KeptAnswer
from backend.web.context import request_time
from backend.web.idempotency import HEADER, IdempotencyKeyInvalid, identify, seal_body
from backend.web.quick import read_body

CLAIM, REDEEM = schemas.ClaimSchema(), schemas.RedeemSchema()


def claim_quickly(actor: Actor) -> str | None:
    body, asking = read_body(CLAIM), asking_of(actor)
    if body is None or asking is None:
        return None
    incentive_id: UUID = body["incentive_id"]
    return quick_ways().claim(asking, incentive_id)


def redeem_quickly(actor: Actor) -> str | None:
    body, asking = read_body(REDEEM), asking_of(actor)
    if body is None or asking is None:
        return None
    presented = read_genuine(body.pop("code"), current_app.extensions["keys"], asking.now)
    if presented is None:
        return None
    return quick_ways().redeem(asking, presented.body.offer, Scanned(presented.body.ticket_id, **body))


def quick_ways() -> QuickWays:
    ways: QuickWays = current_app.extensions["quick_ways"]
    return ways


def asking_of(actor: Actor) -> Asking | None:
    """None when the Idempotency-Key is none, which the plain way then tells."""
    assert actor.id is not None
    assert actor.session_id is not None
    key, seal = request.headers.get(HEADER), None
    if key is not None:
        try:
            row_id, digest = identify(request, actor, key)
        except IdempotencyKeyInvalid:
            return None

        def seal(body: str) -> KeptAnswer:
            return KeptAnswer(row_id, digest, seal_body(row_id, body))

    return Asking(actor.id, actor.session_id, request_time(), g.request_id, seal)
