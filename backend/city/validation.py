"""A file's value checked against its shape, with what pydantic says put in plain Chinese."""

import re
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from backend.city.documents import Document, Reader
from backend.city.fields import CODE_HINT, CODE_PATTERN, CityData, file_name_of

M = TypeVar("M", bound=CityData)

# The codes of each kind that references are checked against; a kind that is absent is not checked.
Known = Mapping[str, Collection[str]]

_MESSAGES = {
    "missing": "缺少这一项",
    "string_type": "应是文字，数字也要加引号",
    "int_type": "应是整数，不加引号",
    "float_type": "应是数字，不加引号",
    "bool_type": "应是 true 或 false",
    "date_type": "应是日期，如 2026-01-31，不加引号",
    "tuple_type": "应是列表",
    "model_type": "应是一组“键: 值”",
    "string_too_short": "不能为空",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "value_error": "{error}",
    "literal_error": "没有这个选项（可用：{expected}）",
    "extra_forbidden": "没有这个字段",
}


def validate(model: type[M], document: Document, reader: Reader, known: Known) -> M | None:
    """The document as `model`; None, with every problem noted, when it is not one."""
    try:
        return model.model_validate(document.value, context=known)
    except ValidationError as failure:
        for error in failure.errors(include_url=False):
            # Of a field that is absent pydantic gives our name instead of the file's.
            # A key that is wrong itself is told as its value is.
            loc = (part for part in error["loc"] if part != "[key]")
            where = tuple(file_name_of(part) if isinstance(part, str) else part for part in loc)
            reader.report_at(document, where, _message(error))
        return None


def codes(documents: Iterable[Document], key: str, field: str) -> list[str]:
    """What the items of the lists under `key` are called, valid or not, so that one bad item does
    not make every reference to its neighbours look wrong."""
    found = (item.get(field) for document in documents for _, item in document.items(key))
    return [code for code in found if isinstance(code, str)]


def check_unique(reader: Reader, documents: Iterable[Document], key: str, field: str) -> None:
    """Note every item whose `field` another item of these documents already has."""
    first: dict[object, str] = {}
    for document in documents:
        for where, item in document.items(key):
            value = item.get(field)
            if not isinstance(value, str | int):
                continue
            place = (*where, field)
            if value in first:
                reader.report_at(document, place, f"{value} 重复（第一次在 {first[value]}）")
            first.setdefault(value, f"{document.path.name}:{document.line(place)}")


def check_name(reader: Reader, path: Path) -> None:
    """Note a file or folder whose name is to serve as a code and cannot."""
    if not re.fullmatch(CODE_PATTERN, path.stem):
        reader.report(path, f"名称{CODE_HINT}")


def _message(error: ErrorDetails) -> str:
    if error["type"] not in _MESSAGES:
        return error["msg"]
    context: dict[str, Any] = error.get("ctx", {})
    expected = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
    message = _MESSAGES[error["type"]].format(**{**context, "expected": expected})
    if error["type"] == "extra_forbidden":
        return message + _similar_field(str(error["loc"][-1]))
    given = error["input"]
    if error["type"] not in ("missing", "value_error") and isinstance(given, str | int | float):
        message += f"（现为 {given}）"
    return message


def _similar_field(name: str) -> str:
    names = {file_name_of(field) for shape in CityData.__subclasses__() for field in shape.model_fields}
    similar = get_close_matches(name, names, n=1)
    return f"，是不是 {similar[0]}？" if similar else ""
