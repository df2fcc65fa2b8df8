from typing import Any

import pytest

from backend.city import load_city
from tests.scripts.wechat_simulator.running import ROOT, Simulator
from tests.scripts.wechat_simulator.test_tokens import stable

SEND = "/cgi-bin/message/subscribe/send"
TEMPLATE = "TemplateOfTheTests00000000000000000000000001"
PAGE = "pages/vouchers/index"
GOOD = {
    "thing1": "借书免押金",
    "phrase2": "已领取",
    "name3": "张三",
    "number4": "12.5",
    "letter5": "abc",
    "symbol6": "+",
    "character_string7": "A-1 b",
    "date8": "2026年1月5日",
    "time9": "2026-01-05 15:01",
    "amount10": "¥12.50元",
}
BAD = [
    ("thing1", "长" * 21),
    ("thing1", ""),
    ("thing1", "一\n二"),
    ("phrase2", "已经领取了吧"),
    ("phrase2", "ok"),
    ("name3", "一二三四五六七八九十一"),
    ("number4", "十"),
    ("letter5", "a1"),
    ("symbol6", "++++++"),
    ("character_string7", "汉字"),
    ("date8", "明天"),
    ("time9", "三点"),
    ("amount10", "12345678901"),
]


@pytest.fixture
def token(wechat: Simulator) -> str:
    wechat.control("templates", id=TEMPLATE, fields=list(GOOD))
    wechat.subscribe("甲", **{TEMPLATE: "accept"})
    token: str = stable(wechat)["access_token"]
    return token


def send(wechat: Simulator, token: str, data: dict[str, str] | None = None, **changes: Any) -> dict[str, Any]:
    fields = {name: {"value": value} for name, value in (data or GOOD).items()}
    body = {"touser": wechat.openid("甲"), "template_id": TEMPLATE, "page": PAGE, "data": fields} | changes
    answer: dict[str, Any] = wechat.post(SEND, body, access_token=token).json()
    return answer


def test_a_message_arrives_and_uses_up_its_credit(wechat: Simulator, token: str) -> None:
    answer = send(wechat, token)
    assert answer["errcode"] == 0
    (arrived,) = wechat.inbox("甲")
    assert (arrived["msgid"], arrived["data"]) == (answer["msgid"], GOOD)
    assert send(wechat, token)["errcode"] == 43101


def test_a_long_term_credit_lasts_until_it_is_switched_off(wechat: Simulator, token: str) -> None:
    wechat.control("templates", id=TEMPLATE, kind="long_term", fields=list(GOOD))
    assert [send(wechat, token)["errcode"] for _ in range(3)] == [0, 0, 0]
    wechat.control("subscribe-off", user="甲", template_id=TEMPLATE)
    assert send(wechat, token)["errcode"] == 43101


def test_a_refusal_ends_what_was_agreed_to(wechat: Simulator, token: str) -> None:
    wechat.subscribe("甲", **{TEMPLATE: "accept"})
    wechat.subscribe("甲", **{TEMPLATE: "reject"})
    assert send(wechat, token)["errcode"] == 43101


@pytest.mark.parametrize(("field", "value"), BAD)
def test_a_field_that_breaks_its_rule_is_named(wechat: Simulator, token: str, field: str, value: str) -> None:
    answer = send(wechat, token, GOOD | {field: value})
    assert answer["errcode"] == 47003
    assert f"data.{field}.value invalid" in answer["errmsg"]
    assert send(wechat, token)["errcode"] == 0  # nothing was used up


def test_missing_and_strange_fields_are_refused(wechat: Simulator, token: str) -> None:
    missing = {name: value for name, value in GOOD.items() if name != "thing1"}
    assert "data.thing1.value" in send(wechat, token, missing)["errmsg"]
    assert "data.thing99.value" in send(wechat, token, GOOD | {"thing99": "x"})["errmsg"]


def test_wrong_words_are_refused_as_wechat_does(wechat: Simulator, token: str) -> None:
    assert send(wechat, token, touser="o" + "x" * 27)["errcode"] == 40003
    assert send(wechat, token, template_id="x")["errcode"] == 40037
    assert send(wechat, token, page="pages/nowhere")["errcode"] == 41030
    assert send(wechat, token, page=f"{PAGE}?from=message")["errcode"] == 0


def test_the_templates_of_the_cities_are_granted(wechat: Simulator) -> None:
    city = load_city(ROOT / "cities" / "huangshi")
    granted = {item["id"]: set(item["fields"]) for item in wechat.look("templates")}
    for template in city.messages.values():
        assert granted[template.id] == set(template.fields)


def test_unknown_templates_and_answers_are_mistakes_of_the_caller(wechat: Simulator) -> None:
    answer = wechat.post("/__sim/subscribe", {"user": "甲", "results": {TEMPLATE: "perhaps"}})
    assert answer.status_code == 400
