"""Every error answer is made here: RFC 9457 problem details with a stable `code`.

A body holds `type, title, status, code, detail, request_id`, for validation `errors` by field, and
for some refusals `data`. `detail` is a sentence for people. Nothing personal stands in any of them.
"""

import re
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, g, json, request
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from backend.core.errors import DomainError, Kind
from backend.web.validation import Malformed

log = structlog.get_logger(__name__)

STATUS: dict[Kind, HTTPStatus] = {
    Kind.INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    Kind.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    Kind.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Kind.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Kind.CONFLICT: HTTPStatus.CONFLICT,
    Kind.GONE: HTTPStatus.GONE,
    Kind.NEEDS_MORE: HTTPStatus.LOCKED,
    Kind.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS,
    Kind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}
HTTP_DETAIL: dict[int, tuple[str, str]] = {
    400: ("request.malformed", "请求内容无法读取，请检查格式。"),
    404: ("not_found", "没有找到您要的内容。"),
    405: ("request.method_not_allowed", "此地址不支持这种操作。"),
    413: ("request.too_large", "内容太大，无法接收。"),
    415: ("request.not_json", "请用 JSON 格式发送内容。"),
    422: ("request.invalid", "有内容填写不正确，请检查后再试。"),
    429: ("request.too_many", "操作太频繁，请稍后再试。"),
}
RETRY_AFTER_S = 2
# A field we do not know is named as it came, unless that is no name: somebody's number must not come
# back in an error, which people show around when they ask for help.
FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z_-]{0,39}(?:\.(?:[0-9]{1,4}|[A-Za-z_][A-Za-z_-]{0,39}))*")
NO_NAME = "…"


class Unexpected(DomainError):
    """An error of ours; the log holds the rest under the request id."""

    kind = Kind.UNAVAILABLE
    code = "internal"
    detail = "系统出了点问题，我们已记录，请稍后再试。"


class DatabaseUnavailable(DomainError):
    """The database does not answer, or all its connections are busy."""

    kind = Kind.UNAVAILABLE
    code = "database.unavailable"
    detail = "系统繁忙，请稍后再试。"


def install(app: Flask) -> None:
    app.register_error_handler(DomainError, on_refusal)
    app.register_error_handler(IntegrityError, on_violated_constraint)
    app.register_error_handler(OperationalError, on_database_trouble)
    app.register_error_handler(PoolTimeout, on_database_trouble)
    app.register_error_handler(RecursionError, lambda _error: on_refusal(Malformed()))
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(Exception, on_unexpected)


def problem(status: int, code: str, detail: str, **more: Any) -> Response:
    if more.get("errors"):
        errors: dict[str, list[str]] = more["errors"]
        more["errors"] = {
            name if FIELD_NAME.fullmatch(name) else NO_NAME: texts for name, texts in errors.items()
        }
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": g.get("request_id"),
        **{name: value for name, value in more.items() if value},
    }
    answer = Response(json.dumps(body), status=status, content_type="application/problem+json")
    if status in (429, 503):
        known = (more.get("data") or {}).get("retry_after") or g.get("retry_after")
        answer.headers["Retry-After"] = str(known or RETRY_AFTER_S)
    return answer


def on_refusal(refusal: DomainError) -> Response:
    log.info("refused", code=refusal.code)
    status = STATUS[refusal.kind]
    return problem(status, refusal.code, refusal.detail, errors=refusal.errors, data=refusal.data)


def on_violated_constraint(error: IntegrityError) -> Response:
    diagnosis = getattr(error.orig, "diag", None)
    refusal = DomainError.for_constraint(getattr(diagnosis, "constraint_name", None))
    return on_refusal(refusal()) if refusal else on_unexpected(error)


def on_database_trouble(error: Exception) -> Response:
    # The exception's own text can hold parameters, so only its kind is logged.
    log.error("database unavailable", kind=type(error).__name__, state=_sqlstate(error))
    return on_refusal(DatabaseUnavailable())


def on_http_error(error: HTTPException) -> Response:
    status = error.code or 500
    code, detail = HTTP_DETAIL.get(status, ("request.refused", "无法处理此请求。"))
    messages = getattr(error, "data", {}).get("messages") if hasattr(error, "data") else None
    answer = problem(status, code, detail, errors=_by_field(messages))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def on_unexpected(error: Exception) -> Response:
    log.error("unexpected error", route=request.endpoint, exc_info=error)
    return problem(500, Unexpected.code, Unexpected.detail)


def _by_field(messages: Any) -> dict[str, list[str]] | None:
    """Flatten webargs' messages to `{"tickets.0.anchor": ["…"]}`; the location is left out."""
    if not isinstance(messages, dict):
        return None
    found: dict[str, list[str]] = {}

    def walk(node: Any, path: tuple[str, ...]) -> None:
        if isinstance(node, dict):
            for name, child in node.items():
                walk(child, (*path, str(name)))
        else:
            found[".".join(path)] = [str(text) for text in (node if isinstance(node, list) else [node])]

    for location in messages.values():
        walk(location, ())
    return found


def _sqlstate(error: Exception) -> str | None:
    return getattr(getattr(error, "orig", None), "sqlstate", None)
