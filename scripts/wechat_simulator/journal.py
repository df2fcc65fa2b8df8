"""The calls that were made, so that a test can count them; secrets are masked before they are kept."""

from collections import deque
from dataclasses import dataclass
from typing import Any

from flask import Request, Response

SECRET_FIELDS = {"secret", "access_token", "js_code", "code", "openid", "session_key", "touser"}
SECRET_FIELDS |= {"cert_name", "cert_no", "cert_hash", "verify_id", "content", "name", "idNumber", "value"}
LONGEST = 2000


@dataclass
class Entry:
    """One call; `status` and `errcode` are absent while it is open or when it was dropped."""

    at: float
    method: str
    path: str
    query: dict[str, Any]
    body: dict[str, Any] | None
    fault: str | None = None
    status: int | None = None
    errcode: int | str | None = None

    def note_answer(self, response: Response) -> None:
        self.status = response.status_code
        # Reading what comes bit by bit would make it come at once.
        content = None if response.is_streamed else response.get_json(silent=True, force=True)
        self.errcode = content.get("errcode", 0) if isinstance(content, dict) else None


class Journal:
    """The latest calls, oldest first."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=LONGEST)

    def open(self, request: Request, *, at: float) -> Entry:
        body = request.get_json(silent=True, force=True) if request.get_data() else None
        entry = Entry(
            at=at,
            method=request.method,
            path=request.path,
            query=_masked(request.args.to_dict()),
            body=_masked(body) if isinstance(body, dict) else None,
        )
        self._entries.append(entry)
        return entry

    def list_all(self) -> list[Entry]:
        return list(self._entries)

    def reset(self) -> None:
        self._entries.clear()


def _masked(fields: dict[str, Any]) -> dict[str, Any]:
    shown = {}
    for name, value in fields.items():
        inner = _masked(value) if isinstance(value, dict) else value
        shown[name] = "***" if name in SECRET_FIELDS else inner
    return shown
