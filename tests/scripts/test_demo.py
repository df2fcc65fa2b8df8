"""`make demo`: it tells what happens, notices what does not, and puts everything back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner, Result

from scripts.columns import aligned, width
from scripts.demo import main
from scripts.journey.telling import Answer, NotAsTold, Story
from scripts.running import Running
from tests.scripts.running_system import API, System, running_system

NOTHING_RUNS = "请先在另一个终端运行 make run"


@pytest.fixture(scope="module")
def system(module_data_dir: Path) -> Iterator[System]:
    with running_system(module_data_dir) as started:
        yield started


def walk(data_dir: Path) -> Result:
    return CliRunner().invoke(main, ["--data-dir", str(data_dir)])


def lasting_state(system: System) -> dict[str, Any]:
    """What a walk must leave as it was: places in quotas, consents, what people may still use."""
    left = system.request("GET", f"{API}/public/incentives?limit=200").json()["items"]
    state: dict[str, Any] = {"quotas": {item["number"]: item["remaining"] for item in left}}
    for person in system.where["people"]:
        token = system.sign_in(person["user"]).json()["access_token"]
        signed_in = {"headers": {"Authorization": f"Bearer {token}"}}
        consents = system.request("GET", f"{API}/resident/consents", **signed_in).json()["items"]
        mine = system.request("GET", f"{API}/resident/incentives?limit=200", **signed_in).json()["items"]
        held = system.request("GET", f"{API}/resident/vouchers?state=issued", **signed_in).json()["items"]
        state[person["user"]] = (
            [item["given_at"] for item in consents],
            {item["number"]: item["remaining_for_me"] for item in mine},
            held,
        )
    return state


def test_without_a_running_system_it_says_what_to_do(data_dir: Path) -> None:
    never_started = walk(data_dir)
    nobody = "http://127.0.0.1:9"
    Running(city="huangshi", backend=nobody, simulator=nobody, people=[], clerks=[]).write(data_dir)
    stopped = walk(data_dir)
    assert [never_started.exit_code, stopped.exit_code] == [1, 1]
    assert NOTHING_RUNS in never_started.stderr
    assert NOTHING_RUNS in stopped.stderr


def test_a_step_that_goes_otherwise_is_named_and_what_was_taken_is_put_back(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.journey.till.PHOTO_AGE_S", 0)
    before = lasting_state(system)
    first, second = walk(system.data_dir), walk(system.data_dir)
    for result in (first, second):
        assert result.exit_code == 1
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert "“拿刚才那张照片来用”没有像说的那样：应当被拒绝（422 voucher.not_valid）" in result.stderr
        assert "全部如所说" not in result.stdout
    assert "以前绑定过身份" not in first.stdout
    assert "以前绑定过身份" in second.stdout
    assert lasting_state(system) == before


def test_wechat_out_of_order_is_told_at_the_first_sign_in(system: System) -> None:
    fault = {"path": "/sns/jscode2session", "mode": "errcode", "errcode": 40029, "times": 1}
    answer = requests.post(f"{system.where['simulator']}/__sim/faults", json=fault, timeout=10)
    assert answer.status_code == 200, answer.text
    result = walk(system.data_dir)
    assert result.exit_code == 1
    assert "应当成功（200），得到的是：401 wechat.code_invalid" in result.stderr


def test_a_story_counts_its_steps_and_stops_at_the_first_surprise(capsys: pytest.CaptureFixture[str]) -> None:
    story = Story()
    refusal = Answer(409, {"code": "voucher.sold_out", "detail": "已经领完了。"}, {})
    with story.step("来晚了") as step:
        step.refused(refusal, 409, "voucher.sold_out")
    assert "不能办理：已经领完了。" in capsys.readouterr().out
    with (
        pytest.raises(NotAsTold, match=r"第 2 步“去领券”.*409 voucher\.sold_out"),
        story.step("去领券") as step,
    ):
        step.given(refusal, 201)
    with pytest.raises(NotAsTold, match="第 3 步“看分数”的回答读不懂"), story.step("看分数") as step:
        step.given(Answer(200, {}, {}))["score"]
    assert story.number == 3


def test_columns_stand_under_each_other_in_chinese_too() -> None:
    lines = list(aligned([("店员", "1"), ("café 矿博园", "22")]))
    assert lines == ["店员         1", "café 矿博园  22"]
    assert [width("龑"), width("·"), width("e\u0301")] == [2, 1, 1]
