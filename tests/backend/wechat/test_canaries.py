"""No fault of any call lets out whom it is about, with what, or with which secret."""

import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest
from structlog.testing import capture_logs

from backend.core.errors import DomainError
from backend.wechat.accounts import WeChat
from backend.wechat.texts import TextScene
from tests.backend.wechat.conftest import (
    CODE,
    FACE_BEGIN,
    FACE_RESULT,
    PHONE,
    SEND,
    TEXT,
    ClientMaker,
)
from tests.backend.wechat.test_secrets_stay_inside import all_that_shows, check_nothing_leaks
from tests.scripts.wechat_simulator.running import Simulator

OPENID = "oCanaryOpenid0123456789abcd1"
NAME = "金丝雀"
ID_NUMBER = "420202198505201237"
PHONE_CODE = "canary-phone-code"
TEXT_OF_A_PERSON = "我住在金丝雀街九号"
SCENE = "canary-scene"
HANDLE = "canary-verify-id"
CANARIES = (OPENID, NAME, ID_NUMBER, PHONE_CODE, TEXT_OF_A_PERSON, SCENE, HANDLE)
PERSON = {"openid": OPENID, "name": NAME, "id_number": ID_NUMBER, "number": "number-1"}

CALLS: dict[str, Callable[[WeChat], object]] = {
    PHONE: lambda wechat: wechat.phone_number(PHONE_CODE),
    FACE_BEGIN: lambda wechat: wechat.begin_face_check(**PERSON),
    FACE_RESULT: lambda wechat: wechat.face_check_result(**PERSON, verify_id=HANDLE),
    SEND: lambda wechat: wechat.send_message(
        openid=OPENID, template_id="T" * 43, page="pages/a", data={"thing1": TEXT_OF_A_PERSON}
    ),
    CODE: lambda wechat: wechat.mini_program_code(scene=SCENE, page="pages/a"),
    TEXT: lambda wechat: wechat.check_text(openid=OPENID, text=TEXT_OF_A_PERSON, scene=TextScene.COMMENT),
}
ECHO = {"errcode": 47001, "errmsg": f"{OPENID} {NAME} {ID_NUMBER} rid: 1a2b-3c4d-5e6f"}
FAULTS: list[tuple[str, dict[str, object]]] = [
    ("hang", {"delay_ms": 300}),
    ("delay", {"delay_ms": 300}),
    ("reset", {}),
    ("redirect", {}),
    ("half", {}),
    ("drip", {"delay_ms": 50}),
    ("http500", {}),
    ("html200", {}),
    ("empty200", {}),
    ("jsonlist", {}),
    ("errcode_text", {"errcode": 40029}),
    ("answer", {"body": ECHO}),
    *(
        ("errcode", {"errcode": number})
        for number in (-1, 0, 40001, 40003, 40013, 40029, 40125, 40164, 41030, 43101, 45009, 45011)
    ),
    *(("errcode", {"errcode": number}) for number in (47003, 48001, 61010, 84001, 89503, 99999)),
]


@pytest.mark.parametrize("path", CALLS)
def test_whatever_goes_wrong_nothing_shows(
    make_client: ClientMaker, simulator: Simulator, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    caplog.set_level(logging.DEBUG)
    token = make_client().access_token
    for mode, options in FAULTS:
        simulator.control("reset")
        simulator.fault(path, mode, times=None, **options)
        wechat = WeChat(make_client(timeout=(0.2, 0.2)))
        caplog.clear()  # what the test itself sent
        with capture_logs() as logged:
            shown = refused_text(partial(CALLS[path], wechat), caplog)
        check_nothing_leaks(
            f"{mode} {options.get('errcode')}: {shown} {logged!r}",
            *CANARIES,
            token,
            simulator.secret,
            simulator.base_url,
        )


def refused_text(call: Callable[[], object], caplog: pytest.LogCaptureFixture) -> str:
    """All that shows of a refusal, and of a result that is none."""
    try:
        return repr(call()) + caplog.text
    except DomainError as refused:
        return all_that_shows(refused, caplog)


def test_the_control_a_leak_would_be_seen(caplog: pytest.LogCaptureFixture) -> None:
    def leak() -> None:
        raise DomainErrorWithText(OPENID)

    with pytest.raises(AssertionError):
        check_nothing_leaks(refused_text(leak, caplog), *CANARIES)


class DomainErrorWithText(DomainError):
    """A refusal as nobody should write it."""

    code = "test.leak"

    def __init__(self, text: str) -> None:
        with suppress(ValueError):
            raise ValueError(text)
        super().__init__(openid=text)


def test_the_simulators_journal_masks_them_too(wechat: WeChat, simulator: Simulator) -> None:
    for call in CALLS.values():
        with suppress(DomainError):
            call(wechat)
    journal = repr(simulator.look("journal"))
    assert SEND in journal
    check_nothing_leaks(journal, OPENID, NAME, ID_NUMBER, PHONE_CODE, HANDLE, simulator.secret)
