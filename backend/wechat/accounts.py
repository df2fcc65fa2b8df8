"""WeChat as the rest of the backend sees it: who signs in, and whether WeChat is in reach."""

import re
from dataclasses import dataclass, field

import structlog
from redis import Redis

from backend.wechat.client import Client
from backend.wechat.errors import WeChatAccountBlocked, WeChatCodeInvalid, WeChatUnavailable
from backend.wechat.tokens import MemoryTokens, RedisTokens
from backend.wechat.transport import PAUSES, CallFailed, Transport, repeat_while_unclear

CODE_REFUSED = {40029, 40163}
ACCOUNT_BLOCKED = 40226
# WeChat's limits by second, minute and day, and after how many seconds asking again makes sense.
LIMIT_PAUSES = {44990: 1, 44991: 60, 45011: 60, 45009: 3600}
UNCLEAR_PAUSE = 5
CONFIGURATION_PAUSE = 300
# Any call of a mini-program would do: only its daily figures are asked for, it is not made.
PROBED_CALL = "/wxa/business/getuserphonenumber"

_CODE = re.compile(r"[!-~]{1,256}")
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class WeChatAccount:
    """A person's account as this mini-program knows it.

    `unionid` is absent unless the mini-program belongs to an open-platform account. Neither is shown
    in a `repr`, so that a stray log line cannot name a person.
    """

    openid: str = field(repr=False)
    unionid: str | None = field(repr=False)


class WeChat:
    """Everything the backend asks of WeChat; refuses only with the errors of `backend.wechat.errors`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def sign_in(self, code: str) -> WeChatAccount:
        """The account behind a code of `wx.login`, which is thereby used up.

        Takes at most twice the time-out: after an unclear end the code is tried once more, and if it
        was used by the first try a fresh one is asked for. The session key that WeChat sends along is
        dropped, because nothing here needs it and what is not kept cannot leak.
        """
        if not _CODE.fullmatch(code):
            raise WeChatCodeInvalid
        try:
            return repeat_while_unclear(lambda: self._exchange(code), pauses=PAUSES[:1], after_timeout=True)
        except CallFailed as failed:
            if failed.errcode in CODE_REFUSED:
                raise WeChatCodeInvalid from None
            if failed.errcode == ACCOUNT_BLOCKED:
                raise WeChatAccountBlocked from None
            raise _unavailable(failed) from None

    def check_reachable(self) -> None:
        """Ask WeChat something harmless that fails unless address, secret and token are right."""
        try:
            self._client.quota(PROBED_CALL)
        except CallFailed as failed:
            raise _unavailable(failed) from None

    def _exchange(self, code: str) -> WeChatAccount:
        answer = self._client.wxa.code_to_session(code)
        openid, unionid = answer.get("openid"), answer.get("unionid")
        if not isinstance(openid, str) or not openid:
            raise CallFailed("sns/jscode2session", reason="no openid in the answer")
        return WeChatAccount(openid, unionid if isinstance(unionid, str) and unionid else None)


def build_wechat(
    *, appid: str, secret: str, base_url: str, redis: Redis | None, timeout: tuple[float, float] = (2, 5)
) -> WeChat:
    """WeChat at `base_url`; `timeout` is for connecting and for each wait for an answer, in seconds.

    Without `redis` the access token is kept in this process.
    """
    tokens = RedisTokens(redis) if redis is not None else MemoryTokens()
    return WeChat(Client(appid, secret, transport=Transport(base_url, timeout), tokens=tokens))


def _unavailable(failed: CallFailed) -> WeChatUnavailable:
    """Log what operations must know and turn it into a wait; neither names a person or a secret."""
    if failed.is_unclear:
        log.warning("wechat.no_useful_answer", reason=failed.reason or "busy", rid=failed.rid)
        return WeChatUnavailable(retry_after=UNCLEAR_PAUSE)
    if failed.errcode in LIMIT_PAUSES:
        log.warning("wechat.limit_reached", errcode=failed.errcode, rid=failed.rid)
        return WeChatUnavailable(retry_after=LIMIT_PAUSES[failed.errcode])
    log.error("wechat.refuses_our_calls", errcode=failed.errcode, rid=failed.rid)
    return WeChatUnavailable(retry_after=CONFIGURATION_PAUSE)
