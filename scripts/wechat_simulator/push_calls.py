"""Where WeChat is told to push to, and pushes on order."""

from dataclasses import asdict
from typing import Any, Literal

from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict, Field

from scripts.wechat_simulator.pushing import Target
from scripts.wechat_simulator.wire import answer
from scripts.wechat_simulator.world import World


class PushTarget(BaseModel):
    """What is set in WeChat's console; without a `url` pushes go nowhere."""

    model_config = ConfigDict(extra="forbid")
    url: str | None = Field(pattern=r"^http://(127\.0\.0\.1|localhost|\[::1\])[:/]")
    token: str
    aes_key: str = Field(min_length=43, max_length=43)
    form: Literal["json", "xml"] = "json"
    sealed: bool = True


class PushOrder(BaseModel):
    """A message to push as it is, so many times."""

    model_config = ConfigDict(extra="forbid")
    message: dict[str, Any]
    copies: int = Field(default=1, ge=1, le=10)


def push_calls(world: World) -> Blueprint:
    calls = Blueprint("pushes", __name__, url_prefix="/__sim")

    @calls.post("/push-target")
    def set_target() -> Response:
        wanted = PushTarget.model_validate(request.get_json())
        world.pushes.target = Target(**wanted.model_dump()) if wanted.url else None
        return answer({"url": wanted.url})

    @calls.post("/push")
    def push() -> tuple[Response, int]:
        order = PushOrder.model_validate(request.get_json())
        if world.pushes.target is None:
            return answer({"errors": {"": "no push target is set"}}), 400
        tries = [
            asdict(attempt)
            for _ in range(order.copies)
            for attempt in world.pushes.send(order.message, world.pushes.target)
        ]
        return answer({"items": tries}), 200

    @calls.get("/pushes")
    def tries() -> Response:
        return answer({"items": world.pushes.tries()})

    return calls
