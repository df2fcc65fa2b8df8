"""Run tests on the system's PostgreSQL and Redis: `python -m scripts.second_leg <what pytest takes>`.

The embedded PostgreSQL and no Redis are the first leg. This one starts servers of its own, hands their
addresses to pytest in TEST_DATABASE_URL and TEST_REDIS_URL, and stops them, whatever happens.
"""

import os
import subprocess
import sys

from scripts.processes import StartFailed, guarded_children
from scripts.run import leave_in_order_when_told
from scripts.servers import PostgresServer, ProgramMissing, RedisServer, passable_folder

NOTHING_TO_RUN = 5


def main() -> None:
    leave_in_order_when_told()
    try:
        sys.exit(run_tests(sys.argv[1:]))
    except (ProgramMissing, StartFailed) as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def run_tests(options: list[str]) -> int:
    """Gives pytest's exit code; that a choice of tests holds none for this leg is no failure."""
    with passable_folder("second-leg-") as folder, guarded_children(folder) as children:
        postgres = PostgresServer.create(children, folder / "postgres")
        redis = RedisServer.create(children, folder)
        where = {"TEST_DATABASE_URL": postgres.url(), "TEST_REDIS_URL": redis.url()}
        command = [sys.executable, "-m", "pytest", *options]
        ended = subprocess.run(command, env={**os.environ, **where}, check=False)
    return 0 if ended.returncode == NOTHING_TO_RUN else ended.returncode


if __name__ == "__main__":
    main()
