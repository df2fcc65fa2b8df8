import pytest

from backend.wechat.accounts import WeChat
from backend.wechat.errors import WeChatFaceRefused, WeChatUnavailable
from backend.wechat.faces import FaceCheck, FaceResult
from tests.backend.wechat.conftest import FACE_BEGIN, FACE_RESULT
from tests.scripts.wechat_simulator.running import Simulator

PERSON = {"name": "张三", "id_number": "310101199801011234"}


@pytest.fixture
def openid(simulator: Simulator) -> str:
    return simulator.openid("甲")


@pytest.fixture
def check(wechat: WeChat, openid: str) -> FaceCheck:
    return wechat.begin_face_check(openid=openid, **PERSON, number="check-1")


def result(
    wechat: WeChat, openid: str, check: FaceCheck, changes: dict[str, str] | None = None
) -> FaceResult:
    asked = {"openid": openid, **PERSON, "number": "check-1", "verify_id": check.verify_id} | (changes or {})
    return wechat.face_check_result(**asked)


def test_a_face_that_fits_passes(wechat: WeChat, simulator: Simulator, openid: str, check: FaceCheck) -> None:
    assert check.expires_in == 3600
    simulator.finish_face(check.verify_id)
    assert result(wechat, openid, check) == FaceResult(passed=True, code=10000)


@pytest.mark.parametrize("code", [90001, 90002, 90007, 90013, 90109, 90199])
def test_every_other_end_does_not_pass(
    wechat: WeChat, simulator: Simulator, openid: str, check: FaceCheck, code: int
) -> None:
    """Also when the phone says that all went well."""
    simulator.finish_face(check.verify_id, code)
    assert result(wechat, openid, check) == FaceResult(passed=False, code=code)


def test_a_check_that_is_not_finished_does_not_pass(wechat: WeChat, openid: str, check: FaceCheck) -> None:
    assert not result(wechat, openid, check).passed


def test_a_check_proves_the_account_and_the_person_it_was_opened_for(
    wechat: WeChat, simulator: Simulator, openid: str, check: FaceCheck
) -> None:
    simulator.finish_face(check.verify_id)
    for change in (
        {"openid": simulator.openid("乙")},
        {"name": "李四"},
        {"id_number": "310101199801011235"},
        {"number": "check-2"},
        {"verify_id": "unknown"},
    ):
        assert not result(wechat, openid, check, change).passed
    assert result(wechat, openid, check).passed


def test_an_hour_later_it_proves_nothing(
    wechat: WeChat, simulator: Simulator, openid: str, check: FaceCheck
) -> None:
    simulator.finish_face(check.verify_id)
    simulator.advance(3600)
    assert not result(wechat, openid, check).passed


def test_a_number_opens_one_check(wechat: WeChat, openid: str, check: FaceCheck) -> None:
    with pytest.raises(WeChatUnavailable):
        wechat.begin_face_check(openid=openid, **PERSON, number="check-1")


def test_an_account_that_wechat_does_not_know_opens_none(wechat: WeChat) -> None:
    with pytest.raises(WeChatFaceRefused):
        wechat.begin_face_check(openid="o" + "x" * 27, **PERSON, number="check-1")


@pytest.mark.parametrize("number", ["", "abcd", "a" * 33, "number 1", "号码号码号"])
def test_a_number_that_wechat_refuses_is_a_mistake_of_ours(wechat: WeChat, openid: str, number: str) -> None:
    with pytest.raises(ValueError, match="number"):
        wechat.begin_face_check(openid=openid, **PERSON, number=number)


@pytest.mark.parametrize("mode", ["reset", "http500", "html200", "half", "jsonlist", "errcode_text"])
def test_beginning_is_not_repeated_because_the_number_may_be_used_up(
    wechat: WeChat, simulator: Simulator, openid: str, mode: str
) -> None:
    simulator.fault(FACE_BEGIN, mode)
    with pytest.raises(WeChatUnavailable):
        wechat.begin_face_check(openid=openid, **PERSON, number="check-1")
    assert len(simulator.calls(FACE_BEGIN)) == 1


@pytest.mark.parametrize("mode", ["reset", "http500", "html200", "half", "jsonlist", "errcode_text"])
def test_asking_for_the_result_is_repeated_once(
    wechat: WeChat, simulator: Simulator, openid: str, check: FaceCheck, mode: str
) -> None:
    simulator.finish_face(check.verify_id)
    simulator.fault(FACE_RESULT, mode)
    assert result(wechat, openid, check).passed
    simulator.fault(FACE_RESULT, mode, times=None)
    with pytest.raises(WeChatUnavailable):
        result(wechat, openid, check)


@pytest.mark.parametrize(
    "body",
    [
        {"verify_ret": 10000},
        {"errcode": 0},
        {"errcode": 0, "verify_ret": "10000"},
        {"errcode": "0", "verify_ret": 10000},
        {"errcode": 0, "verify_ret": True},
    ],
)
def test_only_a_complete_answer_passes(
    wechat: WeChat, simulator: Simulator, openid: str, check: FaceCheck, body: dict[str, object]
) -> None:
    simulator.fault(FACE_RESULT, "answer", body=body, times=None)
    with pytest.raises(WeChatUnavailable):
        result(wechat, openid, check)


def test_a_check_shows_no_handle_when_printed(check: FaceCheck) -> None:
    assert check.verify_id not in repr(check)
