"""WeChat's call that turns a sign-in code into an account."""

import secrets
from base64 import b64encode

from flask import Blueprint, Response, request

from scripts.wechat_simulator.persons import unionid
from scripts.wechat_simulator.wire import Refused, answer
from scripts.wechat_simulator.world import World


def login_calls(world: World) -> Blueprint:
    calls = Blueprint("login", __name__)

    @calls.route("/sns/jscode2session", methods=["GET", "POST"])
    def code_to_session() -> Response:
        if request.method != "GET":
            raise Refused(41002)
        world.check_application(request.args.get("appid"), request.args.get("secret"))
        if request.args.get("grant_type") != "authorization_code":
            raise Refused(40002)
        code = request.args.get("js_code")
        if not code:
            raise Refused(41008)
        person = world.persons.use_code(code)
        account = {
            "session_key": b64encode(secrets.token_bytes(16)).decode(),
            "openid": world.persons.openid(person.user),
        }
        if person.unionid:
            account["unionid"] = unionid(person.user)
        return answer(account, mimetype="text/plain")

    return calls
