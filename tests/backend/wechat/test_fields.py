import re

import pytest

from backend.wechat.fields import fit
from scripts.wechat_simulator.subscriptions import FIELD_RULES


@pytest.mark.parametrize(
    ("field", "text", "fitted"),
    [
        ("thing1", "借书免押金", "借书免押金"),
        ("thing1", "长" * 20, "长" * 20),
        ("thing1", "长" * 21, "长" * 19 + "…"),
        ("thing1", "一行\n另一行\t完", "一行 另一行 完"),
        ("thing1", "  \n ", "无"),
        ("phrase2", "已经成功领取", "已经成功领"),
        ("character_string3", "A" * 40, "A" * 32),
        ("date4", "2026年11月22日", "2026年11月22日"),
    ],
)
def test_a_text_becomes_what_the_field_takes(field: str, text: str, fitted: str) -> None:
    assert fit(field, text) == fitted
    kind = field.rstrip("0123456789")
    assert re.fullmatch(FIELD_RULES[kind], fitted)
