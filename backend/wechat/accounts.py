"""WeChat as the rest of the backend sees it: who signs in, and whether WeChat is in reach."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from redis import Redis

from backend.core.clock import Clock
from backend.wechat import codes, faces, messages, phone, texts
from backend.wechat.answers import ask, unavailable
from backend.wechat.client import Client
from backend.wechat.doors import CallKind
from backend.wechat.errors import WeChatAccountBlocked, WeChatCodeInvalid, WeChatUnavailable
from backend.wechat.faces import FaceCheck, FaceResult
from backend.wechat.file_tokens import FileTokens
from backend.wechat.messages import Sent
from backend.wechat.texts import TextScene, TextVerdict
from backend.wechat.tokens import MemoryTokens, RedisTokens, TokenStore
from backend.wechat.transport import PAUSES, CallFailed, Transport, repeat_while_unclear

CODE_REFUSED = {40029, 40163}
ACCOUNT_BLOCKED = 40226
# Any call of a mini-program would do: only its daily figures are asked for, it is not made.
PROBED_CALL = "/wxa/business/getuserphonenumber"
PROBE_KEPT_SECONDS = 10

_CODE = re.compile(r"[!-~]{1,256}")


@dataclass(frozen=True)
class WeChatAccount:
    """A person's account as this mini-program knows it.

    `unionid` is absent unless the mini-program belongs to an open-platform account. Neither is shown
    in a `repr`, so that a stray log line cannot name a person.
    """

    openid: str = field(repr=False)
    unionid: str | None = field(repr=False)


class WeChat:
    """Everything the backend asks of WeChat; refuses only with the errors of `backend.wechat.errors`.

    Each call has its time-outs and its door (`backend.wechat.doors`): `WeChatUnavailable` comes at once
    while calls of that kind are held back.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._probe = _Probe()

    def sign_in(self, code: str) -> WeChatAccount:
        """The account behind a code of `wx.login`, which is thereby used up.

        Takes at most twice the time-out: after an unclear end the code is tried once more, and if it
        was used by the first try a fresh one is asked for. The session key that WeChat sends along is
        dropped, because nothing here needs it and what is not kept cannot leak.
        """
        if not _CODE.fullmatch(code):
            raise WeChatCodeInvalid
        try:
            return ask(
                self._client,
                CallKind.SIGN_IN,
                lambda: repeat_while_unclear(
                    lambda: self._exchange(code), pauses=PAUSES[:1], after_timeout=True
                ),
            )
        except CallFailed as failed:
            if failed.errcode in CODE_REFUSED:
                raise WeChatCodeInvalid from None
            if failed.errcode == ACCOUNT_BLOCKED:
                raise WeChatAccountBlocked from None
            raise unavailable(failed) from None

    def phone_number(self, code: str) -> str:
        """See `backend.wechat.phone`; refuses a code with `WeChatPhoneCodeInvalid`."""
        return phone.phone_number(self._client, code)

    def begin_face_check(self, *, openid: str, name: str, id_number: str, number: str) -> FaceCheck:
        """See `backend.wechat.faces`; `number` is the caller's own, stored before the call."""
        return faces.begin_face_check(
            self._client, openid=openid, name=name, id_number=id_number, number=number
        )

    def face_check_result(
        self, *, openid: str, name: str, id_number: str, number: str, verify_id: str
    ) -> FaceResult:
        """See `backend.wechat.faces`; what the phone says of the result proves nothing."""
        return faces.face_check_result(
            self._client, openid=openid, name=name, id_number=id_number, number=number, verify_id=verify_id
        )

    def send_message(
        self, *, openid: str, template_id: str, page: str | None, data: Mapping[str, str]
    ) -> Sent:
        """See `backend.wechat.messages`; never raises, the outcome says what to do."""
        return messages.send_message(
            self._client, openid=openid, template_id=template_id, page=page, data=data
        )

    def mini_program_code(self, *, scene: str, page: str, width: int = 430) -> bytes:
        """See `backend.wechat.codes`; a PNG or JPEG that opens `page` with `scene`."""
        return codes.mini_program_code(self._client, scene=scene, page=page, width=width)

    def check_text(self, *, openid: str, text: str, scene: TextScene) -> TextVerdict:
        """See `backend.wechat.texts`; never raises, without a clear verdict people decide."""
        return texts.check_text(self._client, openid=openid, text=text, scene=scene)

    def check_reachable(self) -> None:
        """Ask WeChat something harmless that fails unless address, secret and token are right.

        The outcome is kept for some seconds, so that whoever watches us does not make us call WeChat.
        """
        with self._probe.lock:
            if self._client.monotonic() >= self._probe.asked_again_at:
                self._probe.failure = self._ask_whether_reachable()
                self._probe.asked_again_at = self._client.monotonic() + PROBE_KEPT_SECONDS
            failure = self._probe.failure
        if failure is not None:
            raise WeChatUnavailable(**failure.data)

    def _ask_whether_reachable(self) -> WeChatUnavailable | None:
        try:
            ask(self._client, CallKind.PROBE, lambda: self._client.quota(PROBED_CALL))
        except CallFailed as failed:
            return unavailable(failed)
        return None

    def _exchange(self, code: str) -> WeChatAccount:
        answer = self._client.wxa.code_to_session(code)
        openid, unionid = answer.get("openid"), answer.get("unionid")
        if not isinstance(openid, str) or not openid:
            raise CallFailed("sns/jscode2session", reason="no openid in the answer")
        return WeChatAccount(openid, unionid if isinstance(unionid, str) and unionid else None)


@dataclass
class _Probe:
    """The latest answer to whether WeChat is in reach; `asked_again_at` is by the monotonic clock."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    asked_again_at: float = float("-inf")
    failure: WeChatUnavailable | None = None


def build_wechat(
    *,
    appid: str,
    secret: str,
    base_url: str,
    redis: Redis | None,
    token_file: Path | None = None,
    clock: Clock | None = None,
    timeout: tuple[float, float] = (2, 5),
) -> WeChat:
    """WeChat at `base_url`; `timeout` is for connecting and for the whole answer, in seconds.

    The access token is shared through `redis`, else through `token_file` by the processes of this
    machine, else kept in this process.
    """
    tokens: TokenStore
    if redis is not None:
        tokens = RedisTokens(redis)
    else:
        tokens = FileTokens(token_file) if token_file else MemoryTokens()
    transport = Transport(base_url, timeout)
    return WeChat(Client(appid, secret, transport=transport, tokens=tokens, clock=clock))
