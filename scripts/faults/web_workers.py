"""kill -9 of web processes while tills honour vouchers."""

import time

from scripts.faults.load import Ledger
from scripts.faults.stage import Stage, pause
from scripts.faults.system import System, wait_for
from scripts.run import WEB_WORKERS


def kill_web_workers(stage: Stage) -> None:
    """Always the one that lives longest: granian gives up when the same one dies twice in five seconds."""
    system, began = stage.system, time.monotonic()
    with stage.traffic() as ledger:
        for _kill in stage.times(stage.options.kills):
            wait_for_use(system, ledger)
            pause(0, 0.1)
            system.web_workers()[0].kill()
        lost = ledger.counts["without_answer"]
    seconds = time.monotonic() - began
    stage.note(kills=stage.options.kills, seconds_per_kill=round(seconds / stage.options.kills, 2))
    stage.expect(lost > 0, "kills hit requests in the middle")
    stage.expect(system.web.child.poll() is None, "granian goes on")


def wait_for_use(system: System, ledger: Ledger) -> None:
    """Until both live, the older one has answered, and something more was honoured."""
    used = ledger.counts["redeem"]

    def is_in_use() -> bool:
        workers = system.web_workers()
        answers = len(workers) == WEB_WORKERS and system.has_answered(workers[0])
        return answers and ledger.counts["redeem"] > used

    wait_for(is_in_use, "两个网页进程都在，并且正在使用券")
