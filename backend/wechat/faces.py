"""Face check 2.0: WeChat compares a face with the register, and we ask WeChat how it ended."""

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass, field

from backend.wechat.answers import ask, unavailable
from backend.wechat.client import Client
from backend.wechat.doors import CallKind
from backend.wechat.errors import WeChatFaceRefused
from backend.wechat.transport import PAUSES, CallFailed, repeat_while_unclear

BEGIN = "cityservice/face/identify/getverifyid"
RESULT = "cityservice/face/identify/queryverifyinfo"
ID_CARD = "IDENTITY_CARD"
PASSED = 10000
# The account or the identity is not the one the check was opened for.
WRONG_PERSON = {84001, 84002, 84003}
LONGEST_LIFE = 3600

_NUMBER = re.compile(r"[0-9A-Za-z_-]{5,32}")


@dataclass(frozen=True)
class FaceCheck:
    """An open check: `verify_id` goes to the phone (`wx.requestFacialVerify`), for `expires_in` seconds."""

    verify_id: str = field(repr=False)
    expires_in: int


@dataclass(frozen=True)
class FaceResult:
    """How a check ended. `code` is WeChat's: 10000 passed, 9xxxx why not, 8400x another person."""

    passed: bool
    code: int


def begin_face_check(client: Client, *, openid: str, name: str, id_number: str, number: str) -> FaceCheck:
    """Open a check under `number` (5–32 of letters, digits, `_` and `-`), which is never used again.

    Not repeated: whether WeChat takes the same number twice is not known, so after
    `WeChatUnavailable` the caller begins anew with another one.
    """
    if not _NUMBER.fullmatch(number):
        raise ValueError("the number of a face check has 5 to 32 letters, digits, _ or -")
    identity = {"cert_type": ID_CARD, "cert_name": name, "cert_no": id_number}
    body = {"out_seq_no": number, "cert_info": identity, "openid": openid}
    try:
        return ask(client, CallKind.FACE, lambda: _opened(client.call(BEGIN, body)))
    except CallFailed as failed:
        if failed.errcode in WRONG_PERSON:
            raise WeChatFaceRefused from None
        raise unavailable(failed) from None


def face_check_result(
    client: Client, *, openid: str, name: str, id_number: str, number: str, verify_id: str
) -> FaceResult:
    """How the check ended, for exactly the person and account it was opened for."""
    body = {
        "verify_id": verify_id,
        "out_seq_no": number,
        "cert_hash": cert_hash(name=name, id_number=id_number),
        "openid": openid,
    }
    try:
        code = ask(
            client,
            CallKind.FACE,
            lambda: repeat_while_unclear(
                lambda: _verdict(client.call(RESULT, body)), pauses=PAUSES[:1], after_timeout=True
            ),
        )
    except CallFailed as failed:
        if failed.errcode in WRONG_PERSON:
            return FaceResult(passed=False, code=failed.errcode)
        raise unavailable(failed) from None
    return FaceResult(passed=code == PASSED, code=code)


def cert_hash(*, name: str, id_number: str) -> str:
    """WeChat's fingerprint of an identity: SHA-256 over its values in base64, as lower-case hex."""
    values = {"cert_type": ID_CARD, "cert_name": name, "cert_no": id_number}
    text = "&".join(f"{key}={b64encode(value.encode()).decode()}" for key, value in values.items())
    return hashlib.sha256(text.encode()).hexdigest()


def _opened(answer: dict[str, object]) -> FaceCheck:
    verify_id, expires_in = answer.get("verify_id"), answer.get("expires_in")
    if not isinstance(verify_id, str) or not 1 <= len(verify_id) <= 256:
        raise CallFailed(BEGIN, reason="no verify_id in the answer")
    if type(expires_in) is not int or not 0 < expires_in <= LONGEST_LIFE:
        expires_in = LONGEST_LIFE
    return FaceCheck(verify_id, expires_in)


def _verdict(answer: dict[str, object]) -> int:
    """Only an answer that says errcode 0 itself counts; its absence is not success here."""
    code = answer.get("verify_ret")
    if answer.get("errcode") != 0 or type(code) is not int:
        raise CallFailed(RESULT, reason="no verdict in the answer")
    return code
