"""What no answer may be, beside what Schemathesis checks of every interface."""

import re
from pathlib import Path
from typing import Any

import schemathesis

from backend.config import PROJECT

CODES = re.compile(r"^\| `([a-z_.]+)` \| ", re.MULTILINE)


class Planted:
    """Ids and words of a person who has nothing to do with whoever asks. No answer may hold them."""

    texts: frozenset[str] = frozenset()


def known_codes(page: Path = PROJECT / "docs" / "api.md") -> frozenset[str]:
    """The codes that the interface's description names."""
    return frozenset(CODES.findall(page.read_text()))


KNOWN_CODES = known_codes()


@schemathesis.check
def no_foreign_object(ctx: Any, response: Any, case: Any) -> None:  # noqa: ARG001
    # Files are no text, but what they hold uncompressed is looked through all the same.
    told = response.content.decode(errors="replace")
    sent = f"{case.path_parameters} {case.query} {case.body!r}"
    found = [text for text in Planted.texts if text in told and text not in sent]
    if found:
        raise AssertionError(f"The answer holds what is somebody else's: {found}")


@schemathesis.check
def refusals_are_problems_with_known_codes(ctx: Any, response: Any, case: Any) -> None:  # noqa: ARG001
    """Never HTML, and never a code that the description does not name."""
    if response.status_code < 400 or case.path == "/readyz":
        return
    kind = response.headers.get("content-type", [""])[0]
    if kind != "application/problem+json":
        raise AssertionError(f"{response.status_code} is not a problem but {kind}")
    if case.method.upper() == "HEAD":
        return
    code = response.json().get("code")
    if code not in KNOWN_CODES:
        raise AssertionError(f"{response.status_code} with a code that is not described: {code}")


@schemathesis.check
def who_is_busy_says_when_to_come_back(ctx: Any, response: Any, case: Any) -> None:  # noqa: ARG001
    if response.status_code in (429, 503) and "retry-after" not in response.headers:
        raise AssertionError("no Retry-After")
