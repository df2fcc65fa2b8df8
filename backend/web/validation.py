"""How requests are read: unknown fields are refused, in bodies and in queries alike."""

import re
from http import HTTPStatus
from json import JSONDecodeError
from typing import Any, NoReturn

import marshmallow as ma
from flask import abort
from flask_smorest.arguments import FlaskParser
from webargs import missing

from backend.core.errors import DomainError, Kind
from backend.web.wording import SCHEMA, speak_chinese

speak_chinese()


class Malformed(DomainError):
    """The body is not what its content type says: not JSON, no object, or nested beyond sense."""

    kind = Kind.INVALID
    code = "request.malformed"
    detail = "请求内容无法读取，请检查格式。"


class StrictParser(FlaskParser):
    DEFAULT_UNKNOWN_BY_LOCATION = {
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "json": ma.RAISE,
        "query": ma.RAISE,
        "form": ma.RAISE,
        "files": ma.RAISE,
    }

    def _raw_load_json(self, req: Any) -> Any:
        if not req.is_json and req.get_data(cache=True):
            abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        try:
            body = super()._raw_load_json(req)
        except JSONDecodeError:
            raise
        except (RecursionError, ValueError):  # nested too deeply, a number too long, not UTF-8
            raise Malformed from None
        if body is not missing and not isinstance(body, dict):
            raise Malformed
        return body

    def _handle_invalid_json_error(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise Malformed


class Schema(ma.Schema):
    """Base of all request and answer shapes."""

    class Meta:
        unknown = ma.RAISE

    error_messages = SCHEMA


class TrueOrFalse(ma.fields.Boolean):
    """As JSON writes it. Marshmallow's own field, which addresses need, takes 0, "off" and many words too."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


# PostgreSQL takes no NUL, UTF-8 no half of a surrogate pair; none of the others belongs in a line.
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def check_printable(text: str) -> None:
    if UNPRINTABLE.search(text):
        raise ma.ValidationError("不能含有控制字符。")


def text_field(longest: int, *, required: bool = True, **options: Any) -> ma.fields.String:
    """A text of 1 to `longest` characters on one line."""
    length = ma.validate.Length(1, longest, error="长度应为 {min} 至 {max} 个字符。")
    return ma.fields.String(required=required, validate=(length, check_printable), **options)
