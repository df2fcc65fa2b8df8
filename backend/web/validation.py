"""How requests are read: unknown fields are refused, in bodies and in queries alike."""

from typing import Any

import marshmallow as ma
from flask_smorest.arguments import FlaskParser

from backend.core.errors import DomainError, Kind


class Malformed(DomainError):
    """The body is not what its content type says: not JSON, or nested beyond sense."""

    kind = Kind.INVALID
    code = "request.malformed"
    detail = "请求内容无法读取，请检查格式。"


class StrictParser(FlaskParser):
    DEFAULT_UNKNOWN_BY_LOCATION = {
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "json": ma.RAISE,
        "query": ma.RAISE,
    }

    def _raw_load_json(self, req: Any) -> Any:
        try:
            return super()._raw_load_json(req)
        except RecursionError:
            raise Malformed from None


class Schema(ma.Schema):
    """Base of all request and answer shapes."""

    class Meta:
        unknown = ma.RAISE


def text_field(longest: int, *, required: bool = True, **options: Any) -> ma.fields.String:
    """A text of 1 to `longest` characters without control characters (PostgreSQL takes no NUL)."""
    checks = [
        ma.validate.Length(1, longest, error="长度应为 {min} 至 {max} 个字符。"),
        ma.validate.Regexp(r"\A[^\x00-\x1f\x7f]*\Z", error="不能含有控制字符。"),
    ]
    return ma.fields.String(required=required, validate=checks, **options)
