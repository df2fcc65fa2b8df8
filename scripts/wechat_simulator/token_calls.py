"""WeChat's calls to fetch an access token, and its simplest call that needs one."""

from flask import Blueprint, Response, request

from scripts.wechat_simulator.wire import Refused, answer, json_body, success
from scripts.wechat_simulator.world import World


def token_calls(world: World) -> Blueprint:
    calls = Blueprint("tokens", __name__, url_prefix="/cgi-bin")

    @calls.get("/token")
    def plain_token() -> Response:
        _check_grant(request.args.get("grant_type"))
        world.check_application(request.args.get("appid"), request.args.get("secret"))
        return _token_answer(*world.tokens.fetch_plain())

    @calls.route("/stable_token", methods=["GET", "POST"])
    def stable_token() -> Response:
        if request.method != "POST":
            raise Refused(43002)
        body = json_body()
        _check_grant(body.get("grant_type"))
        world.check_application(body.get("appid"), body.get("secret"))
        return _token_answer(*world.tokens.fetch_stable(force=body.get("force_refresh") is True))

    @calls.post("/openapi/quota/get")
    def quota() -> Response:
        world.tokens.check(request.args.get("access_token"))
        path = json_body().get("cgi_path")
        if not isinstance(path, str) or not path.startswith("/"):
            raise Refused(76003)
        if path.startswith("/sns/"):
            raise Refused(76022)
        return success(quota={"daily_limit": 1_000_000, "used": 0, "remain": 1_000_000})

    return calls


def _check_grant(grant_type: object) -> None:
    if grant_type != "client_credential":
        raise Refused(40002)


def _token_answer(token: str, expires_in: int) -> Response:
    return answer({"access_token": token, "expires_in": expires_in})
