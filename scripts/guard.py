"""Stop what `run` started when `run` itself no longer can: it was killed, or the terminal is gone.

`python -m scripts.guard [FOLDER]` reads process ids, one to a line. "done" means that all went in
order; the end of the input without it means that its parent died, and then the processes are stopped,
and the embedded PostgreSQL in FOLDER with them. Only `scripts.processes.Guard` starts it.
"""

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from backend.core import embedded_postgres

STOP_WITHIN_S = 25


def main() -> None:
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: list[int] = []
    for line in sys.stdin:
        if line.strip() == "done":
            return
        groups.append(int(line))
    stop_groups(groups)
    if len(sys.argv) > 1 and (Path(sys.argv[1]) / "postmaster.pid").exists():
        # Joined, and stopped when this process ends, unless somebody else uses it.
        embedded_postgres.start(Path(sys.argv[1]))


def stop_groups(leaders: list[int]) -> None:
    """Ask the leader of each process group to stop; kill what is left of the group after a while."""
    for leader in leaders:
        with suppress(ProcessLookupError):
            os.kill(leader, signal.SIGTERM)
    end = time.monotonic() + STOP_WITHIN_S
    while any(_is_alive(leader) for leader in leaders) and time.monotonic() < end:
        time.sleep(0.2)
    for leader in leaders:
        with suppress(ProcessLookupError):
            os.killpg(leader, signal.SIGKILL)


def _is_alive(leader: int) -> bool:
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    main()
