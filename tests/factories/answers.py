"""What a refusal looks like, whoever refuses."""

from typing import Any

from werkzeug.test import TestResponse

PROBLEM_FIELDS = {"type", "title", "status", "code", "detail", "request_id"}


def refusal(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    """The body of a refusal, after checking that it is a whole problem of that status and code."""
    body: dict[str, Any] = answer.get_json(force=True, silent=True) or {}
    assert (answer.status_code, body.get("code")) == (status, code), answer.text
    assert answer.content_type == "application/problem+json"
    assert body.keys() >= PROBLEM_FIELDS
    assert body["status"] == status
    assert body["request_id"] == answer.headers["X-Request-Id"]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in body["detail"]), "people read Chinese"
    return body
