"""wechatpy's client with the faults mended that matter in a server.

wechatpy alone repeats refused tokens without bound, waits for ever, lets several threads fetch tokens
at once, sends the token along with a sign-in, and shows addresses with secrets in its errors.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import requests
from wechatpy import WeChatClient
from wechatpy.client.api import WeChatWxa

from backend.core.clock import Clock, SystemClock
from backend.wechat.doors import CallKind, Doors
from backend.wechat.tokens import TokenStore
from backend.wechat.transport import WECHAT_ADDRESS, CallFailed, Transport, check_answer, repeat_while_unclear

IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
TOKEN_REFUSED = {40001, 40014, 42001}
# WeChat renews a stable token in its last five minutes; before that a fetch brings the same one.
RENEWAL_SECONDS = 300
SHORTEST_LIFE_SECONDS = 30


class Wxa(WeChatWxa):
    """Calls that only mini-programs have."""

    def code_to_session(self, js_code: str) -> dict[str, Any]:
        """`openid`, `session_key` and perhaps `unionid`; uses the code up."""
        client: Client = self._client
        return client.call_without_token(
            "GET",
            "sns/jscode2session",
            params={
                "appid": client.appid,
                "secret": client.secret,
                "js_code": js_code,
                "grant_type": "authorization_code",
            },
        )


def image_content(path: str, response: requests.Response) -> bytes:
    """The image in an answer; raises `CallFailed` for everything else."""
    content = response.content
    if content.startswith(IMAGES):
        return content
    with suppress(requests.JSONDecodeError):
        check_answer(path, response.json())
    raise CallFailed(path, reason="no image in the answer", in_doubt=True)


class Client(WeChatClient):
    """All calls end as a checked answer or as `CallFailed`."""

    wxa = Wxa()
    session: TokenStore

    def __init__(
        self,
        appid: str,
        secret: str,
        *,
        transport: Transport,
        tokens: TokenStore,
        clock: Clock | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(appid, secret, session=tokens, auto_retry=False)
        self._http = transport
        self.clock = clock or SystemClock()
        self.monotonic = monotonic
        self.doors = Doors(clock=self.clock, monotonic=monotonic)

    def call_without_token(self, method: str, path: str, **kwargs: Any) -> dict[str, Any]:
        """One call that needs no access token, not repeated."""
        return check_answer(path, self._decode_result(self._http.request(method, path, **kwargs)))

    def call(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """One call with the access token; wechatpy has no method for most of ours."""
        answer: dict[str, Any] = self.post(WECHAT_ADDRESS + path, data=body)
        return answer

    def image(self, path: str, body: dict[str, Any]) -> bytes:
        """One call whose answer is an image; what it is shows in the bytes, not in the content type."""
        image: bytes = self.post(WECHAT_ADDRESS + path, data=body, result_processor=image_content)
        return image

    def quota(self, cgi_path: str) -> dict[str, Any]:
        """How often the call at `cgi_path` may be made today and was; changes nothing at WeChat."""
        answer: dict[str, Any] = self.post("openapi/quota/get", data={"cgi_path": cgi_path})
        return answer

    @property
    def access_token(self) -> str:
        return self.session.get(self.access_token_key) or self.fetch_access_token()

    def fetch_access_token(self, refused: str | None = None) -> str:
        """The token to use now, from WeChat only if nobody else has replaced the `refused` one."""
        door = self.doors[CallKind.TOKEN]
        door.check_open()
        try:
            with self.session.lock():
                stored = self.session.get(self.access_token_key)
                reissued_key = f"{self.access_token_key}_reissued"
                if stored and (stored != refused or stored == self.session.get(reissued_key)):
                    return stored
                token, expires_in = door.pass_through(
                    lambda: repeat_while_unclear(self._ask_for_stable_token)
                )
                life = max(expires_in - RENEWAL_SECONDS, SHORTEST_LIFE_SECONDS)
                self.session.set(self.access_token_key, token, life)
                if token == refused:
                    # WeChat refuses a token and yet issues it again: asking once more would change
                    # nothing, and every caller would ask.
                    self.session.set(reissued_key, token, SHORTEST_LIFE_SECONDS)
                return token
        except CallFailed as failed:
            failed.in_doubt = False  # the call that wanted the token has not left
            raise

    def _ask_for_stable_token(self) -> tuple[str, int]:
        path = "cgi-bin/stable_token"
        body = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        answer = self.call_without_token("POST", path, json=body)
        token, expires_in = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token:
            raise CallFailed(path, reason="no token in the answer")
        return token, expires_in if isinstance(expires_in, int) else 0

    def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        """Where all of wechatpy's own calls pass; a refused token is replaced once."""
        params = kwargs.pop("params", {})
        token = self.access_token
        try:
            return super()._request(
                method, url_or_endpoint, params=params | {"access_token": token}, **kwargs
            )
        except CallFailed as failed:
            if failed.errcode not in TOKEN_REFUSED:
                raise
        token = self.fetch_access_token(refused=token)
        return super()._request(method, url_or_endpoint, params=params | {"access_token": token}, **kwargs)

    def _handle_result(
        self, res: Any, _method: str = "", url: str = "", result_processor: Any = None, **_: Any
    ) -> Any:
        path = url.removeprefix(WECHAT_ADDRESS)
        if result_processor is image_content:
            return image_content(path, res)
        answer = check_answer(path, self._decode_result(res))
        return result_processor(answer) if result_processor else answer
