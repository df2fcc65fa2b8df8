"""Every way in which WeChat goes wrong when somebody signs in."""

import time
from typing import get_args

import requests

from scripts.faults.phones import TIMEOUT_S, Phone
from scripts.faults.stage import Stage
from scripts.faults.system import wait_for
from scripts.wechat_simulator.faults import Fault

SIGN_IN = "/sns/jscode2session"
# Longer than a sign-in waits for WeChat, both tries together; of a dripping answer, between two bytes.
DELAYS_MS = {"delay": 12_000, "drip": 300}
LONGEST_ANSWER_S = 15
CODES = {"wechat.unavailable", "wechat.code_invalid"}
MENDED_WITHIN_S = 60


def trouble_wechat(stage: Stage) -> None:
    """Each fault for as long as it takes to answer somebody; afterwards signing in works again."""
    simulator, slowest = stage.system.simulator, 0.0
    modes = get_args(Fault.model_fields["mode"].annotation)
    for mode in modes:
        fault = {"path": SIGN_IN, "mode": mode, "times": None, "delay_ms": DELAYS_MS.get(mode, 0)}
        _tell(simulator, "faults", fault)
        phone = Phone(stage.system, "somebody")
        began = time.monotonic()
        answer = phone.attempt("POST", "/resident/session", {"code": phone.wechat_code()})
        seconds = time.monotonic() - began
        slowest = max(slowest, seconds)
        code = answer.json().get("code")
        stage.expect(code in CODES, f"{mode} is answered with a known code, not {answer.status_code} {code}")
        stage.expect(seconds < LONGEST_ANSWER_S, f"{mode} is answered in time")
        if answer.status_code == 503:
            stage.expect("Retry-After" in answer.headers, f"{mode}: 503 says when to come back")
        _tell(simulator, "reset", {})
        mended = wait_for(lambda: _can_sign_in(stage), f"{mode} 之后又能登录", within_s=MENDED_WITHIN_S)
        stage.note(**{f"mended_after_{mode}_s": round(mended, 2)})
    stage.note(modes=len(modes), slowest_answer_s=round(slowest, 2))


def _can_sign_in(stage: Stage) -> bool:
    phone = Phone(stage.system, "somebody")
    answer = phone.attempt("POST", "/resident/session", {"code": phone.wechat_code()})
    return answer.status_code == 200


def _tell(simulator: str, what: str, body: dict[str, object]) -> None:
    requests.post(f"{simulator}/__sim/{what}", json=body, timeout=TIMEOUT_S).raise_for_status()
