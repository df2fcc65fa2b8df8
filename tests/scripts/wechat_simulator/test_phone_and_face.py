from typing import Any

import pytest

from tests.scripts.wechat_simulator.running import Simulator
from tests.scripts.wechat_simulator.test_tokens import stable

PHONE = "/wxa/business/getuserphonenumber"
BEGIN = "/cityservice/face/identify/getverifyid"
RESULT = "/cityservice/face/identify/queryverifyinfo"
IDENTITY = {"cert_type": "IDENTITY_CARD", "cert_name": "张三", "cert_no": "310101199801011234"}
CERT_HASH = "3c241f7ff324977aeb91f173bb2a7b06569e6fd784d5573db34a636d8671108b"


@pytest.fixture
def token(wechat: Simulator) -> str:
    token: str = stable(wechat)["access_token"]
    return token


def call(wechat: Simulator, path: str, token: str, **body: Any) -> dict[str, Any]:
    answer: dict[str, Any] = wechat.post(path, body, access_token=token).json()
    return answer


def test_a_tap_brings_a_number_once_within_five_minutes(wechat: Simulator, token: str) -> None:
    first, late = wechat.tap_phone("甲", number="13912345678"), wechat.tap_phone("甲")
    found = call(wechat, PHONE, token, code=first)["phone_info"]
    assert found["purePhoneNumber"] == found["phoneNumber"] == "13912345678"
    assert found["watermark"]["appid"] == wechat.appid
    assert call(wechat, PHONE, token, code=first)["errcode"] == 40029
    wechat.advance(300)
    assert call(wechat, PHONE, token, code=late)["errcode"] == 40029


def test_the_country_code_is_a_text_and_a_number_in_turn(wechat: Simulator, token: str) -> None:
    codes = [
        call(wechat, PHONE, token, code=wechat.tap_phone("甲"))["phone_info"]["countryCode"] for _ in range(2)
    ]
    assert codes == ["86", 86]


def test_codes_of_other_kinds_and_mini_programs_are_refused(wechat: Simulator, token: str) -> None:
    foreign = wechat.tap_phone("甲", appid="wx0000000000000002")
    assert call(wechat, PHONE, token, code=foreign)["errcode"] == 40013
    assert call(wechat, PHONE, token, code=wechat.login("甲"))["errcode"] == 40029
    assert call(wechat, PHONE, token)["errcode"] == 40029
    assert wechat.post(PHONE, {"code": wechat.tap_phone("甲")}).json()["errcode"] == 41001


def begin(wechat: Simulator, token: str, **changes: Any) -> dict[str, Any]:
    body = {"out_seq_no": "check-1", "cert_info": IDENTITY, "openid": wechat.openid("甲")} | changes
    return call(wechat, BEGIN, token, **body)


def ask(wechat: Simulator, token: str, verify_id: str, **changes: Any) -> dict[str, Any]:
    body = {
        "verify_id": verify_id,
        "out_seq_no": "check-1",
        "cert_hash": CERT_HASH,
        "openid": wechat.openid("甲"),
    }
    return call(wechat, RESULT, token, **(body | changes))


def test_a_face_check_passes_when_the_camera_says_so(wechat: Simulator, token: str) -> None:
    opened = begin(wechat, token)
    assert opened["expires_in"] == 3600
    verify_id = opened["verify_id"]
    assert ask(wechat, token, verify_id)["verify_ret"] != 10000
    wechat.finish_face(verify_id)
    answer = ask(wechat, token, verify_id)
    assert (answer["errcode"], answer["verify_ret"]) == (0, 10000)


def test_a_result_is_told_for_the_right_words_only(wechat: Simulator, token: str) -> None:
    verify_id = begin(wechat, token)["verify_id"]
    wechat.finish_face(verify_id)
    for wrong in (
        {"openid": wechat.openid("乙")},
        {"cert_hash": "0" * 64},
        {"out_seq_no": "check-2"},
        {"verify_id": "unknown"},
    ):
        answer = ask(wechat, token, **({"verify_id": verify_id} | wrong))
        assert answer["errcode"] in (84001, 84002, 84003)
        assert "verify_ret" not in answer


def test_a_number_opens_one_check_and_has_its_form(wechat: Simulator, token: str) -> None:
    assert begin(wechat, token)["errcode"] == 0
    assert begin(wechat, token)["errcode"] != 0
    for number in ("abcd", "a" * 33, "号码号码号", None):
        assert begin(wechat, token, out_seq_no=number)["errcode"] == 47001


def test_a_check_ends_after_an_hour(wechat: Simulator, token: str) -> None:
    verify_id = begin(wechat, token)["verify_id"]
    wechat.advance(3600)
    finished = wechat.post(f"/__sim/face/{verify_id}", {"result": 10000})
    assert finished.status_code == 404
    assert ask(wechat, token, verify_id)["errcode"] == 84002


def test_the_network_identity_knows_a_person_differently_for_each_organisation(wechat: Simulator) -> None:
    person = {"name": "张三", "idNumber": "310101199801011234"}
    pids = []
    for organisation in ("org-1", "org-2", "org-1"):
        check = {"orgID": organisation, "businessID": "b", "bizSeq": f"s{len(pids)}"}
        assert wechat.post("/ncidas/verify", check | person).json() == {"resultCode": 1}
        wechat.control("ncidas", **check, **person)
        answer = wechat.post("/ncidas/verify", check | person).json()
        assert answer["resultCode"] == 0
        pids.append(answer["personID"])
        other = wechat.post("/ncidas/verify", check | person | {"name": "李四"}).json()
        assert other == {"resultCode": 2}
    assert pids[0] == pids[2] != pids[1]
    assert "310101" not in "".join(pids)


def test_a_network_identity_that_fails_or_is_old_brings_no_person(wechat: Simulator) -> None:
    person = {"name": "张三", "idNumber": "310101199801011234"}
    check = {"orgID": "org", "businessID": "b", "bizSeq": "s"}
    wechat.control("ncidas", **check, **person, code=11)
    assert wechat.post("/ncidas/verify", check | person).json() == {"resultCode": 11}
    wechat.control("ncidas", **check, **person)
    wechat.advance(600)
    assert wechat.post("/ncidas/verify", check | person).json() == {"resultCode": 3}
