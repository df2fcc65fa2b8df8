import re
from typing import Any

import requests

from tests.scripts.wechat_simulator.running import Simulator

PATH = "/sns/jscode2session"


def exchange(wechat: Simulator, code: str, **changes: str) -> requests.Response:
    query = {"appid": wechat.appid, "secret": wechat.secret, "js_code": code} | changes
    return wechat.get(PATH, grant_type="authorization_code", **query)


def account(wechat: Simulator, code: str, **changes: str) -> dict[str, Any]:
    content: dict[str, Any] = exchange(wechat, code, **changes).json()
    return content


def test_a_code_brings_the_account_without_an_errcode_and_as_plain_text(wechat: Simulator) -> None:
    response = exchange(wechat, wechat.login("甲"))
    assert response.headers["Content-Type"].startswith("text/plain")
    assert set(response.json()) == {"openid", "session_key"}


def test_a_code_works_once(wechat: Simulator) -> None:
    code = wechat.login("甲")
    assert "openid" in account(wechat, code)
    assert account(wechat, code)["errcode"] == 40163


def test_a_code_lives_five_minutes(wechat: Simulator) -> None:
    early, late = wechat.login("甲"), wechat.login("甲")
    wechat.advance(295)
    assert "openid" in account(wechat, early)
    wechat.advance(5)
    assert account(wechat, late)["errcode"] == 40029


def test_a_used_code_is_called_used_even_when_it_is_old(wechat: Simulator) -> None:
    code = wechat.login("甲")
    account(wechat, code)
    wechat.advance(3600)
    assert account(wechat, code)["errcode"] == 40163


def test_a_code_nobody_got_is_invalid(wechat: Simulator) -> None:
    assert account(wechat, "f" * 32)["errcode"] == 40029


def test_the_same_person_keeps_the_openid_and_gets_a_new_session_key(wechat: Simulator) -> None:
    first, second = (account(wechat, wechat.login("甲")) for _ in range(2))
    other = account(wechat, wechat.login("乙"))
    assert first["openid"] == second["openid"] != other["openid"]
    assert first["session_key"] != second["session_key"]


def test_only_a_person_with_a_unionid_shows_it(wechat: Simulator) -> None:
    wechat.person("甲", unionid=True)
    assert account(wechat, wechat.login("甲"))["unionid"].startswith("o")
    assert "unionid" not in account(wechat, wechat.login("乙"))


def test_a_person_of_high_risk_is_refused(wechat: Simulator) -> None:
    wechat.person("甲", high_risk=True)
    assert account(wechat, wechat.login("甲"))["errcode"] == 40226


def test_a_person_may_sign_in_a_hundred_times_a_minute(wechat: Simulator) -> None:
    wechat.advance(60 - int(wechat.advance(0) % 60))  # the start of a minute
    used = wechat.login("甲")
    answers = [account(wechat, used).get("errcode", 0) for _ in range(101)]
    assert answers == [0] + [40163] * 99 + [45011]
    assert "openid" in account(wechat, wechat.login("乙"))
    wechat.advance(60)
    assert "openid" in account(wechat, wechat.login("甲"))


def test_a_call_with_wrong_words_is_refused_as_wechat_does(wechat: Simulator) -> None:
    code = wechat.login("甲")
    wrong = [
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"appid": "wxffffffffffffffff"}, 40013),
        ({"secret": "wrong"}, 40125),
        ({"js_code": ""}, 41008),
    ]
    for changes, errcode in wrong:
        assert exchange(wechat, **({"code": code} | changes)).json()["errcode"] == errcode
    assert wechat.post(PATH, {"js_code": code}).json()["errcode"] == 41002
    assert "openid" in account(wechat, code)


def test_every_refusal_names_a_request_id(wechat: Simulator) -> None:
    errmsg = account(wechat, "f" * 32)["errmsg"]
    assert re.search(r" rid: [0-9a-f]+-[0-9a-f]+-[0-9a-f]+$", errmsg)
