"""The shape of `messages.yaml`: which notices WeChat messages tell too, in which templates."""

import re
from string import Formatter
from typing import Annotated, Literal

from pydantic import AfterValidator, ValidationInfo, field_validator

from backend.city.fields import CityData, Many, Text, matching

# What a notice of each kind can put into a message. What is not here stays in the inbox: a message
# passes through WeChat and shows on a locked screen.
MESSAGE_VALUES: dict[str, frozenset[str]] = {
    "score_ready": frozenset(),
    "voucher_claimed": frozenset({"offer", "until"}),
    "voucher_redeemed": frozenset({"offer", "shop"}),
    "voucher_reversed": frozenset({"offer", "shop"}),
    "voucher_given_back": frozenset({"offer"}),
    "voucher_ends_soon": frozenset({"offer", "until"}),
    "voucher_expired": frozenset({"offer"}),
}
# When it happened, for every kind.
TIME = "time"

_FIELD = re.compile(
    r"(?:thing|phrase|name|number|letter|symbol|character_string|date|time|amount)[1-9][0-9]?", re.ASCII
)


def _check_kind(kind: str) -> str:
    if kind not in MESSAGE_VALUES:
        raise ValueError(f"没有可以用微信发送的消息 {kind}（可用：{', '.join(MESSAGE_VALUES)}）")
    return kind


def _check_fields(fields: dict[str, str]) -> dict[str, str]:
    if not fields:
        raise ValueError("至少要有 1 项")
    wrong = [name for name in fields if not _FIELD.fullmatch(name)]
    if wrong:
        raise ValueError(f"不是模板字段名 {'、'.join(wrong)}，应像 thing1、date2")
    return fields


class MessageTemplate(CityData):
    """A template of the mini-program's account. `id` is WeChat's.

    `one_time` takes a fresh agreement for every message, `long_term` one for all. `fields` fills
    the template: texts in which `{offer}` and the like stand for the notice's values.
    """

    id: Annotated[str, matching(r"[A-Za-z0-9_-]{20,64}", "模板编号是微信给的一串字母和数字")]
    kind: Literal["one_time", "long_term"]
    notice: Annotated[str, AfterValidator(_check_kind)]
    title: Text
    page: Annotated[str, matching(r"[0-9A-Za-z_-]+(?:/[0-9A-Za-z_-]+)*", "页面路径不以 / 开头")]
    example: bool = False
    fields: Annotated[dict[str, Text], AfterValidator(_check_fields)]

    @field_validator("fields")
    @classmethod
    def _say_what_the_notice_knows(cls, fields: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        known = MESSAGE_VALUES.get(info.data.get("notice", ""))
        if known is None:
            return fields
        for name, text in fields.items():
            for value in _placeholders(name, text):
                if value not in known | {TIME}:
                    choices = ", ".join(sorted(known | {TIME}))
                    raise ValueError(f"{name} 里的 {{{value}}} 不存在（可用：{choices}）")
        return fields

    @property
    def is_long_term(self) -> bool:
        return self.kind == "long_term"


class MessagesFile(CityData):
    """`messages.yaml`; a city without it sends no WeChat messages."""

    templates: Many[MessageTemplate]


class Templates(dict[str, MessageTemplate]):
    """The templates by the kind of notice they tell."""

    def with_id(self, template_id: str) -> MessageTemplate | None:
        return next((template for template in self.values() if template.id == template_id), None)


def _placeholders(name: str, text: str) -> list[str]:
    try:
        return [value for _, value, _, _ in Formatter().parse(text) if value is not None]
    except ValueError:
        raise ValueError(f"{name} 里的花括号不成对") from None
