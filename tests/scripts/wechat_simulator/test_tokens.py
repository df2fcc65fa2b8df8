from typing import Any

from tests.scripts.wechat_simulator.running import Simulator

STABLE = "/cgi-bin/stable_token"
PLAIN = "/cgi-bin/token"
CALL = "/cgi-bin/openapi/quota/get"


def stable(wechat: Simulator, **changes: object) -> dict[str, Any]:
    body = {"grant_type": "client_credential", "appid": wechat.appid, "secret": wechat.secret} | changes
    content: dict[str, Any] = wechat.post(STABLE, body).json()
    return content


def plain(wechat: Simulator) -> str:
    query = {"grant_type": "client_credential", "appid": wechat.appid, "secret": wechat.secret}
    token: str = wechat.get(PLAIN, **query).json()["access_token"]
    return token


def use(wechat: Simulator, token: str) -> int:
    errcode: int = wechat.post(CALL, {"cgi_path": "/wxa/getwxacode"}, access_token=token).json()["errcode"]
    return errcode


def test_the_stable_token_stays_while_its_time_runs_down(wechat: Simulator) -> None:
    first = stable(wechat)
    assert 7190 <= first["expires_in"] <= 7200
    wechat.advance(6000)
    second = stable(wechat)
    assert second["access_token"] == first["access_token"]
    assert 1190 <= second["expires_in"] <= 1200


def test_in_its_last_five_minutes_the_stable_token_is_renewed_and_the_old_one_still_works(
    wechat: Simulator,
) -> None:
    old = stable(wechat)["access_token"]
    wechat.advance(6900)
    new = stable(wechat)
    assert new["access_token"] != old
    assert new["expires_in"] == 7200
    assert use(wechat, old) == use(wechat, new["access_token"]) == 0
    wechat.advance(300)
    assert use(wechat, old) == 42001


def test_a_forced_refresh_ends_the_old_token(wechat: Simulator) -> None:
    old = stable(wechat)["access_token"]
    new = stable(wechat, force_refresh=True)["access_token"]
    assert new != old
    assert use(wechat, old) == 40001
    assert use(wechat, new) == 0


def test_a_second_forced_refresh_within_thirty_seconds_changes_nothing(wechat: Simulator) -> None:
    first = stable(wechat, force_refresh=True)["access_token"]
    assert stable(wechat, force_refresh=True)["access_token"] == first
    wechat.advance(30)
    assert stable(wechat, force_refresh=True)["access_token"] != first


def test_the_twenty_first_forced_refresh_of_a_day_changes_nothing(wechat: Simulator) -> None:
    china_time = int(wechat.advance(0)) + 8 * 3600
    wechat.advance(86400 - china_time % 86400)  # the start of a day
    seen = set()
    for _ in range(22):
        seen.add(stable(wechat, force_refresh=True)["access_token"])
        wechat.advance(31)
    assert len(seen) == 20
    wechat.advance(24 * 3600 - 22 * 31)
    first_of_next_day = stable(wechat)["access_token"]
    assert stable(wechat, force_refresh=True)["access_token"] != first_of_next_day


def test_a_new_plain_token_leaves_the_old_one_five_minutes(wechat: Simulator) -> None:
    old, new = plain(wechat), plain(wechat)
    assert old != new
    assert use(wechat, old) == 0
    wechat.advance(300)
    assert use(wechat, old) == 42001
    assert use(wechat, new) == 0


def test_the_two_kinds_of_token_do_not_disturb_each_other(wechat: Simulator) -> None:
    steady = stable(wechat)["access_token"]
    plain(wechat)
    plain(wechat)
    wechat.advance(301)
    assert stable(wechat)["access_token"] == steady
    assert use(wechat, steady) == 0


def test_a_token_call_with_wrong_words_is_refused_as_wechat_does(wechat: Simulator) -> None:
    assert stable(wechat, secret="wrong")["errcode"] == 40125
    assert stable(wechat, appid="wxffffffffffffffff")["errcode"] == 40013
    assert stable(wechat, appid="")["errcode"] == 41002
    assert stable(wechat, secret="")["errcode"] == 41004
    assert stable(wechat, grant_type="password")["errcode"] == 40002
    assert wechat.get(STABLE).json()["errcode"] == 43002
    assert wechat.post(STABLE, ["a list"]).json()["errcode"] == 47001
    assert wechat.http.post(f"{wechat.base_url}{STABLE}", timeout=10).json()["errcode"] == 44002
    assert wechat.get(PLAIN).json()["errcode"] == 40002


def test_a_call_without_or_with_an_unknown_token_is_refused(wechat: Simulator) -> None:
    assert wechat.post(CALL, {"cgi_path": "/wxa/x"}).json()["errcode"] == 41001
    assert use(wechat, "unknown") == 40001


def test_the_quota_is_told_for_paths_that_have_one(wechat: Simulator) -> None:
    token = stable(wechat)["access_token"]
    answers = [
        wechat.post(CALL, {"cgi_path": path}, access_token=token).json()["errcode"]
        for path in ("/wxa/getwxacode", "wxa/getwxacode", "/sns/jscode2session")
    ]
    assert answers == [0, 76003, 76022]
