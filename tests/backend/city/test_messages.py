"""Which notices also leave as WeChat messages: what a city may write about them."""

import pytest

from backend.city import City
from backend.city.message_files import MESSAGE_VALUES, TIME
from backend.notices.models import NoticeKind
from backend.notices.texts import SENTENCES
from tests.backend.city.conftest import CityCopy

FILE = "messages.yaml"
TEMPLATE = """templates:
  - id: TemplateOfLuoyang0000000000000000000000001
    kind: one_time
    notice: voucher_claimed
    title: 领取成功通知
    page: pages/vouchers/index
    fields:
      thing1: "{offer}"
      date2: "{until}"
"""


@pytest.fixture
def with_messages(city_copy: CityCopy) -> CityCopy:
    city_copy.write(FILE, TEMPLATE)
    return city_copy


def test_the_template_of_a_kind_is_found_by_it_and_by_its_id(with_messages: CityCopy) -> None:
    messages = with_messages.load().messages
    template = messages["voucher_claimed"]
    assert messages.with_id(template.id) is template
    assert messages.with_id("another") is None
    assert not template.is_long_term
    assert template.fields == {"thing1": "{offer}", "date2": "{until}"}


def test_a_city_need_not_send_any(city_copy: CityCopy) -> None:
    assert city_copy.load().messages == {}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: Tem", "id: 短", "模板编号是微信给的一串字母和数字"),
        ("one_time", "sometimes", "没有这个选项（可用：one_time, long_term）"),
        ("voucher_claimed", "identity_bound", "没有可以用微信发送的消息 identity_bound"),
        ("page: pages", "page: /pages", "页面路径不以 / 开头"),
        ("thing1", "things", "不是模板字段名 things"),
        ('"{offer}"', '"{name}"', "thing1 里的 {name} 不存在（可用：offer, time, until）"),
        ('"{offer}"', '"{}"', "thing1 里的 {} 不存在"),
        ('"{offer}"', '"{offer"', "thing1 里的花括号不成对"),
        ('"{offer}"', '""', "不能为空"),
        ('thing1: "{offer}"\n      date2: "{until}"', "{}", "至少要有 1 项"),
        ("title:", "titel:", "没有这个字段"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(
    with_messages: CityCopy, old: str, new: str, said: str
) -> None:
    with_messages.replace(FILE, old, new)
    problems = [problem for problem in with_messages.problems() if said in problem]
    assert len(problems) == 1
    assert problems[0].startswith(f"cities/luoyang/{FILE}:")
    assert "templates[0]." in problems[0]


@pytest.mark.parametrize("field", ["id", "notice"])
def test_templates_and_kinds_are_named_once(with_messages: CityCopy, field: str) -> None:
    second = TEMPLATE.removeprefix("templates:\n")
    kept = {"id": "voucher_claimed", "notice": "0001"}[field]
    with_messages.write(
        FILE, TEMPLATE + second.replace(kept, {"id": "voucher_expired", "notice": "0002"}[field])
    )
    assert any("重复" in problem and field in problem for problem in with_messages.problems())


def test_every_kind_that_may_leave_is_a_kind_of_notice_and_says_no_more(any_city: City) -> None:
    assert set(MESSAGE_VALUES) <= set(NoticeKind)
    for kind, values in MESSAGE_VALUES.items():
        body = SENTENCES[NoticeKind(kind)][1]
        assert all(f"{{{value}}}" in body for value in values), kind
    assert TIME not in frozenset().union(*MESSAGE_VALUES.values())
    assert set(any_city.messages) <= set(MESSAGE_VALUES)
