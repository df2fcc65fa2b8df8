"""Redis gone, emptied, silent: requests go on, and guessing stays limited."""

import time

from scripts.faults.load import Ledger
from scripts.faults.phones import Phone
from scripts.faults.stage import Stage
from scripts.faults.system import wait_for, wait_for_more
from scripts.faults.town import new_stranger

WRONG_IDENTITY = {
    "name": "周试验",
    "id_number": "420202198505200000",
    "proof": {"provider": "sandbox"},
}
WEB_PROCESSES = 2
ALLOWED_BY_ONE_COUNTER = 20
# Each process counts for itself while Redis is gone, and all count together as soon as it is back; the
# request by which a process finds out that Redis is gone is let pass.
ALLOWED = ALLOWED_BY_ONE_COUNTER * (WEB_PROCESSES + 1) + WEB_PROCESSES
GUESSES = ALLOWED + 10
GONE_S = 3.0
SLOWEST_S = 8.0


def trouble_redis(stage: Stage) -> None:
    redis = stage.system.redis
    with stage.traffic(threads=4) as ledger:
        redis.kill()
        _use_meanwhile(stage, ledger, "gone", GONE_S)
        redis.start()
        for _time in range(5):
            redis.flush()
            time.sleep(0.1)
        _use_meanwhile(stage, ledger, "flushed", 0)
        with redis.stalled():
            _use_meanwhile(stage, ledger, "silent", stage.options.silence_s)
        wait_for_more(lambda: ledger.counts["redeem"], "Redis 恢复后继续使用券")
    stage.expect(ledger.slowest_s < SLOWEST_S, f"no answer takes {SLOWEST_S} seconds")


def _use_meanwhile(stage: Stage, ledger: Ledger, state: str, seconds: float) -> None:
    """Vouchers are honoured, and somebody who tries out ID numbers is stopped."""
    began, honoured = time.monotonic(), ledger.counts["redeem"]
    guesser = new_stranger(stage.system)
    stopped = sum(_guess(guesser) == 429 for _guess_number in range(GUESSES))
    time.sleep(max(0.0, seconds - (time.monotonic() - began)))
    wait_for(lambda: ledger.counts["redeem"] > honoured, f"Redis {state} 时继续使用券")
    stage.note(
        **{
            f"honoured_while_{state}": ledger.counts["redeem"] - honoured,
            f"guesses_stopped_while_{state}": stopped,
        }
    )
    stage.expect(stopped >= GUESSES - ALLOWED, f"guessing is limited: {state}")


def _guess(guesser: Phone) -> int:
    guesser.hang_up()
    return guesser.attempt("POST", "/resident/identity", WRONG_IDENTITY).status_code
