"""Routes that take a file: only theirs may have a large body."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import request

# What a form adds to its file; also lets a file that is a little too large be refused by name.
FORM_AROUND = 1024 * 1024

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
