"""WeChat's calls for a face check, and the camera that finishes one."""

from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict, Field

from scripts.wechat_simulator.faces import WRONG_ACCOUNT, WRONG_IDENTITY
from scripts.wechat_simulator.wire import Refused, answer, json_body, success
from scripts.wechat_simulator.world import World


class Finish(BaseModel):
    """What the camera found: 10000 passed, 9xxxx not."""

    model_config = ConfigDict(extra="forbid")
    result: int = Field(default=10000, ge=10000, le=99999)


def face_calls(world: World) -> Blueprint:
    calls = Blueprint("face", __name__)

    @calls.post("/cityservice/face/identify/getverifyid")
    def begin() -> Response:
        world.tokens.check(request.args.get("access_token"))
        body = json_body()
        openid, identity = body.get("openid"), body.get("cert_info")
        if world.persons.find_user(openid) is None:
            raise Refused(WRONG_ACCOUNT)
        if not isinstance(identity, dict):
            raise Refused(WRONG_IDENTITY)
        verify_id, expires_in = world.faces.begin(
            number=body.get("out_seq_no"), openid=str(openid), identity=identity
        )
        return success(verify_id=verify_id, expires_in=expires_in)

    @calls.post("/cityservice/face/identify/queryverifyinfo")
    def result() -> Response:
        world.tokens.check(request.args.get("access_token"))
        body = json_body()
        found = world.faces.result(
            body.get("verify_id"),
            number=body.get("out_seq_no"),
            openid=body.get("openid"),
            given_hash=body.get("cert_hash"),
        )
        return success(verify_ret=found)

    @calls.post("/__sim/face/<verify_id>")
    def finish(verify_id: str) -> tuple[Response, int]:
        found = world.faces.finish(verify_id, Finish.model_validate(request.get_json()).result)
        return answer({"finished": found}), 200 if found else 404

    return calls
