"""Run jobs until told to stop: `python -m scripts.worker`."""

from backend.config import Settings
from backend.main import assemble

JOBS_AT_ONCE = 2
FINISH_WITHIN_S = 20


def main() -> None:
    queue = assemble(Settings()).queue
    queue.run_worker(
        concurrency=JOBS_AT_ONCE,
        shutdown_graceful_timeout=FINISH_WITHIN_S,
        delete_jobs="successful",
    )


if __name__ == "__main__":
    main()
