"""HTTP towards WeChat, built so that nothing secret can leave it in an error or a log.

WeChat wants the app secret and the token in the address, and `requests` quotes addresses in its
errors. So every failure becomes a `CallFailed`, which holds no request, no response and no address.
"""

import logging
import re
import time
from collections.abc import Callable
from random import SystemRandom
from typing import Any, TypeVar

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ReadTimeoutError

from backend.wechat.timely import TimelyAdapter

WECHAT_ADDRESS = "https://api.weixin.qq.com/"
BUSY = -1
PAUSES = (0.2, 0.5)

_RID = re.compile(r"\brid: ([0-9a-f]+(?:-[0-9a-f]+)+)")
_jitter = SystemRandom()

T = TypeVar("T")


class CallFailed(Exception):
    """A call to WeChat had no good end.

    `errcode` is WeChat's number, or `BUSY` for every answer that cannot be read: then it is unclear
    whether the call had its effect. `in_doubt` says that the request left and that no answer told
    what became of it. `rid` lets WeChat's support find the call for seven days. `retry_after`, in
    seconds, is set when the call passes a door.
    """

    def __init__(
        self,
        path: str,
        errcode: int = BUSY,
        *,
        reason: str = "",
        rid: str = "",
        timed_out: bool = False,
        in_doubt: bool = False,
        retry_after: int = 0,
    ) -> None:
        super().__init__(f"{path}: {reason or f'errcode {errcode}'}")
        self.errcode = errcode
        self.reason = reason
        self.rid = rid
        self.timed_out = timed_out
        self.in_doubt = in_doubt
        self.retry_after = retry_after

    @property
    def is_unclear(self) -> bool:
        return self.errcode == BUSY


class Transport(requests.Session):
    """Sends every call to `base_url` with a time-out, whatever host and time wechatpy names.

    `timeout` is for connecting and for the whole answer, in seconds.
    wechatpy writes the real host into each of its endpoint classes, so this is the one place that
    decides the address. Redirects are not followed: they would carry the secret elsewhere.
    """

    def __init__(self, base_url: str, timeout: tuple[float, float]) -> None:
        super().__init__()
        # urllib3 writes request lines, and with them the secret, at debug and warning level.
        logging.getLogger("urllib3").setLevel(logging.ERROR)
        self._root = base_url.rstrip("/") + "/"
        self._timeout = timeout
        adapter = TimelyAdapter(pool_maxsize=64)
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """Answer with HTTP 200 or raise `CallFailed`; `url` is wechatpy's address or a path."""
        path = str(url).removeprefix(WECHAT_ADDRESS)
        kwargs |= {"timeout": self._timeout, "allow_redirects": False}
        failed = None
        try:
            response = super().request(method, self._root + path, *args, **kwargs)
        except requests.RequestException as error:
            failed = CallFailed(
                path,
                reason=type(error).__name__,
                timed_out=isinstance(error, requests.Timeout) or _is_behind(error, ReadTimeoutError),
                in_doubt=not _is_behind(error, NewConnectionError, ConnectTimeoutError),
            )
        if failed is not None:  # raised out here so that it does not drag the quoted address along
            raise failed
        if response.status_code != 200:
            raise CallFailed(path, reason=f"HTTP {response.status_code}", in_doubt=True)
        return response


def check_answer(path: str, answer: object) -> dict[str, Any]:
    """The decoded answer, if it is an object that reports success; else raise `CallFailed`."""
    if not isinstance(answer, dict):
        raise CallFailed(path, reason="not a JSON object", in_doubt=True)
    errcode = answer.get("errcode", 0)
    if type(errcode) is not int:
        raise CallFailed(path, reason="errcode is not a number", in_doubt=True)
    if errcode != 0:
        rid = _RID.search(str(answer.get("errmsg")))
        raise CallFailed(path, errcode, rid=rid[1] if rid else "")
    return answer


def repeat_while_unclear(
    call: Callable[[], T],
    *,
    pauses: tuple[float, ...] = PAUSES,
    after_timeout: bool = False,
    in_doubt: bool = True,
) -> T:
    """Try again after each pause.

    With `in_doubt` only for calls that may reach WeChat twice; without, a call that may have had
    its effect is not repeated. One that ran into its time-out is repeated only with
    `after_timeout`: somebody is waiting. One that was held back at a door is not repeated.
    """
    for pause in pauses:
        try:
            return call()
        except CallFailed as failed:
            if not failed.is_unclear or failed.retry_after or (failed.timed_out and not after_timeout):
                raise
            if failed.in_doubt and not in_doubt:
                raise
        _wait(pause)
    return call()


def _is_behind(error: requests.RequestException, *causes: type[Exception]) -> bool:
    """Whether one of these urllib3 errors is what `requests` wrapped."""
    inner = error.args[0] if error.args else None
    return isinstance(inner, causes) or isinstance(getattr(inner, "reason", None), causes)


def _wait(seconds: float) -> None:
    """A little longer than asked for, by chance, so that many callers do not come back together."""
    time.sleep(seconds * _jitter.uniform(1, 1.5))
