"""granian with the limits switched off: in a minute more is asked here than a person asks in a year."""

from granian.cli import entrypoint

import backend.main  # noqa: F401 - loaded before the workers are forked, which then inherit it
from backend.web.limits import limiter

if __name__ == "__main__":
    limiter.enabled = False
    entrypoint()  # type: ignore[no-untyped-call]
