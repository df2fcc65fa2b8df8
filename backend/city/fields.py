"""Field types of the city files: what a single value may look like, and references between files."""

import re
from collections.abc import Collection
from difflib import get_close_matches
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
)

T = TypeVar("T")

CODE_PATTERN = r"[a-z0-9][a-z0-9_-]*"
CODE_HINT = "只用小写字母、数字、- 和 _"

_LISTED_AT_MOST = 20


def file_name_of(field: str) -> str:
    """What a field is called in the files."""
    return field.removesuffix("_milli")


class CityData(BaseModel):
    """One mapping in a city file: unknown fields and guessed types are refused.

    A field of thousandths is called `points_milli` here and `points` in the file.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, validate_default=True, alias_generator=file_name_of
    )

    @classmethod
    def assemble(cls, head: "CityData", **more: Any) -> Self:
        """`head` with what other files add to it; both have been validated where they were read."""
        return cls.model_construct(**{**dict(head), **more})


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _check_not_empty(values: tuple[T, ...]) -> tuple[T, ...]:
    if not values:
        raise ValueError("至少要有 1 项")
    return values


def parse_milli(value: object) -> int:
    """Thousandths from a quoted decimal: "2.5" is 2500. A bare 2.5 would already be a float."""
    if not isinstance(value, str):
        raise ValueError(f'请加引号写成十进制数，如 "2.5"（现为 {value}）')
    match = re.fullmatch(r"(-?)(\d+)(?:\.(\d+))?", value, re.ASCII)
    if match is None:
        raise ValueError(f'不是十进制数（现为 "{value}"）')
    sign, whole, decimals = match[1], match[2], match[3] or ""
    if len(decimals) > 3:
        raise ValueError(f'最多三位小数（现为 "{value}"）')
    milli = int(whole) * 1000 + int(decimals.ljust(3, "0"))
    return -milli if sign else milli


def matching(pattern: str, hint: str) -> AfterValidator:
    """Refuse a text of another form, with an example instead of the pattern."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value, re.ASCII):
            raise ValueError(f"{hint}（现为 {value}）")
        return value

    return AfterValidator(check)


def _check_hours(value: str) -> str:
    opens, closes = value.split("-")
    if opens >= closes:
        raise ValueError("开始时间要早于结束时间")
    return value


Many = Annotated[tuple[T, ...], BeforeValidator(_as_tuple)]
Some = Annotated[tuple[T, ...], BeforeValidator(_as_tuple), AfterValidator(_check_not_empty)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Code = Annotated[str, matching(CODE_PATTERN, CODE_HINT)]
Count = Annotated[int, Field(ge=1)]
Milli = Annotated[int, BeforeValidator(parse_milli)]
_HH_MM = r"([01]\d|2[0-3]):[0-5]\d"
Hours = Annotated[str, matching(f"{_HH_MM}-{_HH_MM}", '时段写成 "09:00-21:00"'), AfterValidator(_check_hours)]


def _reference(kind: str, name: str) -> AfterValidator:
    """Check a code against the validation context, where the loader lists the codes of each kind."""

    def check(value: str, info: ValidationInfo) -> str:
        codes: Collection[str] | None = (info.context or {}).get(kind)
        if codes is not None and value not in codes:
            raise ValueError(f"{name} {value} 不存在{_choices(value, codes)}")
        return value

    return AfterValidator(check)


def _choices(value: str, codes: Collection[str]) -> str:
    if len(codes) <= _LISTED_AT_MOST:
        return f"（可用：{', '.join(codes)}）"
    close = get_close_matches(value, codes)
    return f"（是不是 {' 或 '.join(close)}？）" if close else ""


LevelRef = Annotated[str, _reference("levels", "等级")]
CategoryRef = Annotated[str, _reference("categories", "类别")]
DistrictRef = Annotated[str, _reference("districts", "区县")]
UnitRef = Annotated[str, _reference("units", "单位")]
IndicatorRef = Annotated[str, _reference("indicators", "指标")]
