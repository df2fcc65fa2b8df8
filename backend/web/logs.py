"""Logs as JSON lines, with whatever could be personal or secret taken out before writing."""

import logging
import re
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TextIO

import orjson
import structlog
from structlog.processors import NAME_TO_LEVEL

SECRET_NAMES = re.compile(
    r"name|id_number|phone|email|openid|unionid|secret|token|password|authorization|cookie|session_key|code_text",
    re.IGNORECASE,
)
# Eighteen-digit ID numbers, mobile numbers, addresses of mail, HS1 tickets and JSON web tokens, wherever
# they stand; only inside longer runs of letters and digits, such as a request id, they are something else.
SECRET_TEXTS = re.compile(
    r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|(?:(?:\+|00)?86)?1[3-9]\d{9}|eyJ[\w-]+\.[\w-]+\.[\w-]+)(?![0-9A-Za-z])"
    r"|[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,190}"
    r"|HS1:[0-9A-Z $%*+\-./:]+"
    r"|(?<=secret=)[^&\s]+|(?<=access_token=)[^&\s]+|(?<=js_code=)[^&\s]+",
    re.ASCII,
)
HIDDEN = "[hidden]"
DATABASE = "psycopg.errors."
# What PostgreSQL says when it refuses, up to where SQLAlchemy shows the statement.
DATABASE_SAYS = re.compile(r"(psycopg\.errors\.\w+\W)(.*?)(?=\n\[SQL|\n\nThe above|\Z)", re.DOTALL)
# It tells the values of the row or of the parameter; only the names of its own objects may stay.
DATABASE_QUOTES = re.compile(
    r"(?P<ours>(?:table|relation|constraint|column|type|schema|function|role|database|index) \"[^\"]*\")"
    r"|(?:DETAIL|CONTEXT|LINE \d+):.*"
    r'|"[^"]*"(?:.*")?',
    re.DOTALL,
)
HARMLESS = {"event", "level", "timestamp", "logger", "logger_name", "hostname", "task_name"}


def redact(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide values under telling names, and telling texts under any name."""
    for name, value in entry.items():
        if name.startswith("_"):  # structlog's own, not written
            continue
        entry[name] = HIDDEN if _is_telling(name) else redact_value(value)
    return entry


def redact_value(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {
            redact_value(key): HIDDEN if SECRET_NAMES.search(str(key)) else redact_value(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [redact_value(inner) for inner in value]
    text = value if isinstance(value, str) else repr(value)
    if DATABASE in text:
        text = DATABASE_SAYS.sub(_without_values, text)
    return SECRET_TEXTS.sub(HIDDEN, text)


@lru_cache(maxsize=256)
def _is_telling(name: str) -> bool:
    return name not in HARMLESS and SECRET_NAMES.search(name) is not None


def _without_values(said: re.Match[str]) -> str:
    return said[1] + DATABASE_QUOTES.sub(lambda quote: quote["ours"] or HIDDEN, said[2])


def drop_unwanted(_logger: Any, method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Leave out what is below the level of the process."""
    if NAME_TO_LEVEL[method] < logging.getLogger().level:
        raise structlog.DropEvent
    return entry


def as_json(entry: MutableMapping[str, Any], **_options: Any) -> str:
    return orjson.dumps(entry).decode()


class Lines:
    """Where our own lines go. They are made without the standard library's records, which cost more
    than all else about a line; and there is a line for every answer."""

    stream: TextIO = sys.stderr

    def msg(self, line: str) -> None:
        self.stream.write(f"{line}\n")

    debug = info = warning = error = critical = exception = msg


# One for the whole process, as below.
LINES = Lines()


def write_harmless(event: str, **fields: str | float) -> None:
    """A line at INFO whose every word is the program's own, so that nothing in it need be hidden."""
    if logging.getLogger().level > logging.INFO:
        return
    known = structlog.contextvars.get_contextvars()
    when = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    LINES.msg(as_json({**known, **fields, "event": event, "level": "info", "timestamp": when}))


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.format_exc_info,
    redact,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
# One list for the whole process: loggers keep the one they were first used with.
OURS = [drop_unwanted, *SHARED, structlog.processors.JSONRenderer(serializer=as_json)]


def configure(level: str) -> None:
    """Send our own and the libraries' logs through the same redaction to standard error."""
    structlog.configure(
        processors=OURS,
        logger_factory=lambda *_: LINES,
        wrapper_class=structlog.make_filtering_bound_logger(logging.NOTSET),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(serializer=as_json),
        ],
    )
    LINES.stream = sys.stderr
    handler = logging.StreamHandler(LINES.stream)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
