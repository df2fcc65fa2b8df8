"""granian, with the backend's modules loaded before it forks its workers.

A killed worker is then back in a fraction of the second or two that the loading takes, so that many
can be killed in a short time. Nothing else differs from `python -m granian`.
"""

from granian.cli import entrypoint

import backend.main  # noqa: F401 - loading it is all that is wanted

if __name__ == "__main__":
    entrypoint()  # type: ignore[no-untyped-call]
