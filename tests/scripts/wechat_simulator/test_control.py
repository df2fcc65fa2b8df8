import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.scripts.wechat_simulator.running import ROOT, SECRET, Simulator, running_simulator

LOGIN = "/sns/jscode2session"
STABLE = "/cgi-bin/stable_token"


def exchange(wechat: Simulator, code: str) -> requests.Response:
    query = {"appid": wechat.appid, "secret": wechat.secret, "js_code": code}
    return wechat.get(LOGIN, grant_type="authorization_code", **query)


def users(wechat: Simulator) -> list[dict[str, object]]:
    items: list[dict[str, object]] = wechat.get("/__sim/users").json()["items"]
    return items


def test_whoever_signs_in_first_becomes_a_test_person(wechat: Simulator) -> None:
    wechat.login("甲")
    assert [person["user"] for person in users(wechat)] == ["甲"]


def test_changing_one_thing_about_a_person_keeps_the_rest(wechat: Simulator) -> None:
    wechat.person("甲", label="92 分", unionid=True)
    wechat.person("甲", high_risk=True)
    (person,) = users(wechat)
    assert person["label"] == "92 分"
    assert person["unionid"] is person["high_risk"] is True


def test_what_a_person_would_type_is_told_with_the_person(wechat: Simulator) -> None:
    wechat.control("users", user="甲", entries={"name": "甲", "id_number": "42"})
    wechat.person("甲", label="92 分")
    (person,) = users(wechat)
    assert person["entries"] == {"name": "甲", "id_number": "42"}


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("login", {"user": "  "}),
        ("login", {"user": "长" * 41}),
        ("login", {"name": "甲"}),
        ("users", {"user": "甲", "label": "长" * 61}),
        ("clock", {"advance_seconds": -1}),
        ("faults", {"path": "/x", "mode": "unknown"}),
    ],
)
def test_a_control_call_that_makes_no_sense_is_explained(
    wechat: Simulator, action: str, body: dict[str, object]
) -> None:
    response = wechat.post(f"/__sim/{action}", body)
    assert response.status_code == 400
    assert response.json()["errors"]


def test_other_web_pages_cannot_use_the_control_calls(wechat: Simulator) -> None:
    """A browser lets foreign pages send text unasked, but not JSON."""
    body = b'{"user": "a"}'
    sent = wechat.http.post(
        f"{wechat.base_url}/__sim/login", data=body, headers={"Content-Type": "text/plain"}
    )
    assert sent.status_code == 415
    assert users(wechat) == []


@pytest.mark.parametrize(
    ("origin", "may_ask"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost:8000", True),
        ("https://somewhere.example", False),
        ("http://127.0.0.1.somewhere.example", False),
        ("null", False),
    ],
)
def test_only_pages_of_this_machine_may_ask_from_a_browser(
    wechat: Simulator, origin: str, may_ask: bool
) -> None:
    asked = wechat.http.options(
        f"{wechat.base_url}/__sim/login",
        headers={"Origin": origin, "Access-Control-Request-Headers": "content-type"},
    )
    assert asked.headers.get("Access-Control-Allow-Origin") == (origin if may_ask else None)
    assert "Access-Control-Allow-Origin" not in wechat.get(LOGIN).headers


def test_a_body_beyond_the_limit_is_refused(wechat: Simulator) -> None:
    for path in (STABLE, "/__sim/login"):
        assert wechat.post(path, {"user": "x" * 70_000}).status_code == 413


def test_an_unknown_path_is_answered_by_the_gateway_with_html(wechat: Simulator) -> None:
    response = wechat.get("/wxa/unknown")
    assert response.status_code == 404
    assert response.text.startswith("<!doctype html>")


def test_the_journal_counts_calls_and_masks_secrets(wechat: Simulator) -> None:
    code = wechat.login("甲")
    exchange(wechat, code)
    wechat.post(STABLE, {"appid": wechat.appid, "secret": wechat.secret, "grant_type": "client_credential"})
    (login,), (token,) = wechat.calls(LOGIN), wechat.calls(STABLE)
    assert login["query"]["js_code"] == login["query"]["secret"] == token["body"]["secret"] == "***"
    assert login["query"]["appid"] == wechat.appid
    assert login["errcode"] == token["errcode"] == 0


def test_a_fault_comes_at_the_ordered_call_and_as_often_as_ordered(wechat: Simulator) -> None:
    wechat.fault(LOGIN, "errcode", errcode=-1, nth=2, times=2)
    answers = [exchange(wechat, "f" * 32).json()["errcode"] for _ in range(4)]
    assert answers == [40029, -1, -1, 40029]


def test_a_fault_without_an_end_lasts_until_the_reset(wechat: Simulator) -> None:
    wechat.fault(LOGIN, "http500", times=None)
    assert {exchange(wechat, "f" * 32).status_code for _ in range(3)} == {500}
    wechat.reset()
    assert exchange(wechat, "f" * 32).status_code == 200


def test_each_kind_of_broken_answer_can_be_ordered(wechat: Simulator) -> None:
    for call, mode in enumerate(("html200", "empty200", "jsonlist", "errcode_text"), start=1):
        wechat.fault(LOGIN, mode, errcode=40029, nth=call)
    texts = [exchange(wechat, wechat.login("甲")).text for _ in range(4)]
    assert texts[0].startswith("<html>")
    assert texts[1:3] == ["", "[]"]
    assert '"errcode": "40029"' in texts[3]


def test_a_dropped_connection_leaves_the_code_unused(wechat: Simulator) -> None:
    code = wechat.login("甲")
    for mode in ("reset", "hang"):
        wechat.fault(LOGIN, mode, delay_ms=50)
        with pytest.raises(requests.ConnectionError):
            exchange(wechat, code)
    assert "openid" in exchange(wechat, code).json()
    assert [call["fault"] for call in wechat.calls(LOGIN)] == ["reset", "hang", None]


def test_a_late_answer_has_used_the_code(wechat: Simulator) -> None:
    code = wechat.login("甲")
    wechat.fault(LOGIN, "delay", delay_ms=500)
    query = {"appid": wechat.appid, "secret": wechat.secret, "js_code": code}
    with pytest.raises(requests.ReadTimeout):
        wechat.http.get(
            wechat.base_url + LOGIN, params=query | {"grant_type": "authorization_code"}, timeout=0.2
        )
    assert exchange(wechat, code).json()["errcode"] == 40163


def test_sixty_four_phones_are_served_at_once(wechat: Simulator) -> None:
    with ThreadPoolExecutor(64) as phones:
        codes = list(phones.map(wechat.login, [f"居民{number}" for number in range(64)]))
        answers = list(phones.map(lambda code: exchange(wechat, code).json(), codes))
    assert len({answer["openid"] for answer in answers}) == 64


def test_the_page_says_what_it_is_and_loads_nothing_from_outside(wechat: Simulator) -> None:
    page = wechat.get("/")
    assert "微信模拟器 · 仅供本机演示和测试" in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    for name in ("page.css", "page.js"):
        assert f"/__sim/page/{name}" in page.text
        assert "http://" not in (content := wechat.get(f"/__sim/page/{name}").text)
        assert "https://" not in content


def test_persons_and_codes_outlive_a_restart_and_openids_too(tmp_path: Path) -> None:
    with running_simulator(tmp_path) as first:
        used, unused = first.login("甲"), first.login("甲")
        openid = exchange(first, used).json()["openid"]
    with running_simulator(tmp_path) as second:
        assert exchange(second, used).json()["errcode"] == 40163
        assert exchange(second, unused).json()["openid"] == openid


def test_another_mini_program_knows_the_same_person_by_another_openid(tmp_path: Path) -> None:
    with running_simulator(tmp_path) as first:
        openid, foreign_code = exchange(first, first.login("甲")).json()["openid"], first.login("甲")
    with running_simulator(tmp_path, appid="wx0000000000000002") as second:
        assert exchange(second, foreign_code).json()["errcode"] == 40029
        assert exchange(second, second.login("甲")).json()["openid"] != openid


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_when_told_to_even_while_a_call_hangs(tmp_path: Path, stop: signal.Signals) -> None:
    with running_simulator(tmp_path) as simulator, ThreadPoolExecutor(1) as caller:
        simulator.fault(LOGIN, "hang", delay_ms=20_000)
        hanging = caller.submit(exchange, simulator, "f" * 32)
        while not simulator.calls(LOGIN):
            pass
        os.kill(simulator.pid, stop)
        with pytest.raises(requests.ConnectionError):
            hanging.result(timeout=5)
    log = (tmp_path / "wechat_simulator.log").read_text()
    assert log == ""


def test_its_log_shows_no_request_lines(tmp_path: Path) -> None:
    with running_simulator(tmp_path) as simulator:
        exchange(simulator, simulator.login("甲"))
    assert SECRET not in (tmp_path / "wechat_simulator.log").read_text()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org", "::"])
def test_it_listens_on_this_machine_only(tmp_path: Path, host: str) -> None:
    command = [
        sys.executable,
        "-m",
        "scripts.wechat_simulator",
        "--state",
        str(tmp_path / "s"),
        "--host",
        host,
    ]
    refused = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20)
    assert refused.returncode == 2
    assert "only a loopback address" in refused.stderr
