"""The phone number behind the code of the phone number button."""

import re
from datetime import datetime, timedelta
from typing import Any

import structlog

from backend.wechat.answers import ask, unavailable
from backend.wechat.client import Client
from backend.wechat.doors import CallKind
from backend.wechat.errors import WeChatPhoneCodeInvalid, WeChatUnavailable
from backend.wechat.transport import PAUSES, CallFailed, repeat_while_unclear

PATH = "wxa/business/getuserphonenumber"
# Unknown, used or too old; of another kind; of another mini-program.
CODE_REFUSED = {40029, 40163, 40013}
# Clocks may be five minutes apart; what is fifteen minutes old was kept by somebody.
WATERMARK_WINDOW = timedelta(minutes=10)
SKEW_PAUSE = 300

_CODE = re.compile(r"[!-~]{1,256}")
_DIGITS = re.compile(r"[0-9]{1,15}")
log = structlog.get_logger(__name__)


def phone_number(client: Client, code: str) -> str:
    """Country code and number as digits behind a plus sign, such as +8613800000000.

    The code is thereby used up. An unclear end is tried once more; a code used by the first try
    is then refused, and the person taps again.
    """
    if not _CODE.fullmatch(code):
        raise WeChatPhoneCodeInvalid
    try:
        found = ask(client, CallKind.PHONE, lambda: _exchange_patiently(client, code))
    except CallFailed as failed:
        if failed.errcode in CODE_REFUSED and not failed.retry_after:
            raise WeChatPhoneCodeInvalid from None
        raise unavailable(failed) from None
    _check_watermark(found.get("watermark"), appid=client.appid, now=client.clock.now())
    return f"+{found['countryCode']}{found['purePhoneNumber']}"


def _exchange_patiently(client: Client, code: str) -> dict[str, Any]:
    return repeat_while_unclear(lambda: _exchange(client, code), pauses=PAUSES[:1], after_timeout=True)


def _exchange(client: Client, code: str) -> dict[str, Any]:
    """The number and where it comes from; the country code is a text or a number, both are seen."""
    found = client.call(PATH, {"code": code}).get("phone_info")
    if not isinstance(found, dict):
        raise CallFailed(PATH, reason="no phone number in the answer")
    country, number = str(found.get("countryCode")), str(found.get("purePhoneNumber"))
    if not _DIGITS.fullmatch(country) or not _DIGITS.fullmatch(number):
        raise CallFailed(PATH, reason="no phone number in the answer")
    return found


def _check_watermark(watermark: object, *, appid: str, now: datetime) -> None:
    """Refuse a number that was made out to another mini-program or is not fresh by our clock."""
    stamp = watermark if isinstance(watermark, dict) else {}
    made_at = stamp.get("timestamp")
    ours = stamp.get("appid") == appid
    if ours and type(made_at) is int and abs(now.timestamp() - made_at) <= WATERMARK_WINDOW.total_seconds():
        return
    log.error("wechat.watermark_refused", reason="not fresh" if ours else "another mini-program")
    raise WeChatUnavailable(retry_after=SKEW_PAUSE)
