"""WeChat's way of asking and answering: HTTP 200 always, failures told by a number and a request id."""

import json
import secrets
from typing import Any

from flask import Response, request

TEXTS = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40013: "invalid appid",
    40029: "invalid code",
    40125: "invalid appsecret",
    40163: "code been used",
    40226: "code blocked",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41008: "missing code",
    42001: "access_token expired",
    43002: "require POST method",
    44002: "empty post data",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    47001: "data format error",
    40003: "invalid openid",
    40037: "template_id invalid",
    40097: "invalid args",
    40129: "invalid scene",
    40169: "invalid length for scene, or the data is not json string",
    41030: "invalid page",
    43101: "user refuse to accept the msg",
    43104: "appid not match with openid",
    45002: "content size out of limit",
    61010: "code is expired",
    76003: "invalid cgi_path",
    76022: "could not use this cgi_path, no permission",
}


class Refused(Exception):
    """WeChat refuses the call with this number; `text` instead of the usual one."""

    def __init__(self, errcode: int, text: str | None = None) -> None:
        super().__init__(errcode)
        self.errcode = errcode
        self.text = text


def answer(payload: object, *, mimetype: str = "application/json") -> Response:
    return Response(json.dumps(payload, ensure_ascii=False), mimetype=mimetype)


def success(**fields: Any) -> Response:
    return answer({"errcode": 0, "errmsg": "ok", **fields})


def refusal(errcode: int, *, as_text: bool = False, text: str | None = None) -> Response:
    """A failure; `as_text` writes the number as a string, which WeChat should not do."""
    rid = "-".join(secrets.token_hex(4) for _ in range(3))
    errmsg = f"{text or TEXTS.get(errcode, 'refused')} rid: {rid}"
    return answer({"errcode": str(errcode) if as_text else errcode, "errmsg": errmsg})


def json_body() -> dict[str, Any]:
    """The object in the request's body, whatever its content type says."""
    if not request.get_data():
        raise Refused(44002)
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise Refused(47001)
    return body
