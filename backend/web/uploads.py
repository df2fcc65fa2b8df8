"""Routes that take a file: only theirs may have a large body."""

from collections.abc import Callable, Iterator
from functools import wraps
from http import HTTPStatus
from pathlib import PurePath
from typing import Any, TypeVar

from flask import abort, request
from werkzeug.http import parse_options_header

from backend.web.validation import UNPRINTABLE

# What a form adds to its file; also lets a file that is a little too large be refused by name.
FORM_AROUND = 1024 * 1024

# A file that is the body itself, and not a part of a form.
FILE_TYPES = (
    "text/csv",
    "application/x-ndjson",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/octet-stream",
)
FILE_BODY: dict[str, Any] = {
    "required": True,
    "content": {name: {"schema": {"type": "string", "format": "binary"}} for name in FILE_TYPES},
}
LONGEST_NAME = 100
PIECE = 1024 * 1024

View = TypeVar("View", bound=Callable[..., Any])


def takes_file(largest: int) -> Callable[[View], View]:
    """Let a view's body be as large as the file; to stand above what reads the body."""

    def mark(view: View) -> View:
        @wraps(view)
        def call(*arguments: Any, **named: Any) -> Any:
            request.max_content_length = largest + FORM_AROUND
            return view(*arguments, **named)

        return call  # type: ignore[return-value]

    return mark


def body_pieces(largest: int) -> Iterator[bytes]:
    """The body of a request that is a file, as it comes; never held whole, and refused beyond `largest`."""
    if request.mimetype not in FILE_TYPES:
        abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    request.max_content_length = largest
    return iter(lambda: request.stream.read(PIECE), b"")


def file_name() -> str | None:
    """What the file is called where it comes from, if that is said (`Content-Disposition`)."""
    _form, options = parse_options_header(request.headers.get("Content-Disposition", ""))
    name = PurePath((options.get("filename") or "").replace("\\", "/")).name
    return UNPRINTABLE.sub("", name)[-LONGEST_NAME:] or None
