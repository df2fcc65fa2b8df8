"""Traffic: residents claim, show and give back, tills honour and undo, all at once, until told to stop.

Every 2xx answer is written down as it comes, so that `check_invariants` can look for it afterwards.
"""

import json
import random
import secrets
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from scripts.faults.phones import NoAnswer, Phone
from scripts.faults.town import Town

THREADS = 8
# Refusals that the town is built to bring about.
EXPECTED = {"voucher.sold_out"}


@dataclass
class Ledger:
    """What the clients saw. `unexpected` are answers that no fault excuses."""

    path: Path
    counts: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    unexpected: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def watch(self, answer: requests.Response | None, seconds: float) -> None:
        """Told of every try."""
        with self._lock:
            self.slowest_s = max(self.slowest_s, seconds)
            self.counts["requests"] += 1
            if answer is None:
                self.counts["without_answer"] += 1
            elif answer.ok:
                self.counts["answers_2xx"] += 1
            elif answer.status_code == 503:
                self.counts["answers_503"] += 1
                if "Retry-After" not in answer.headers:
                    self.unexpected.append("503 without Retry-After")
            elif answer.status_code >= 500:
                self.unexpected.append(f"{answer.status_code} {answer.text[:200]}")

    def answered(self, kind: str, key: str, answer: requests.Response) -> dict[str, Any] | None:
        """Keep a success under what the client sent to be recognised by; gives its body."""
        body: dict[str, Any] = answer.json()
        if not answer.ok:
            with self._lock:
                self.counts["refused"] += 1
                if body.get("code") not in EXPECTED:
                    self.unexpected.append(f"{kind}: {answer.status_code} {body.get('code')}")
            return None
        line = json.dumps({"kind": kind, "key": key, "id": body["id"]})
        with self._lock, self.path.open("a") as answers:
            answers.write(line + "\n")
            self.counts[kind] += 1
        return body

    @property
    def done(self) -> int:
        """Claims and uses answered with success so far."""
        return self.counts["claim"] + self.counts["redeem"]

    def repeated(self) -> None:
        with self._lock:
            self.counts["repeated_on_purpose"] += 1

    def figures(self) -> dict[str, int | float]:
        return {**dict(sorted(self.counts.items())), "slowest_s": round(self.slowest_s, 2)}


@contextmanager
def traffic(town: Town, ledger: Ledger, *, threads: int = THREADS) -> Iterator[None]:
    """Each thread is one resident at one till. At the end each finishes what it began."""
    told = threading.Event()
    pairs = list(zip(town.residents, town.clerks, strict=False))[:threads]
    running = [
        threading.Thread(target=_errands, args=(town, ledger, *pair, told), daemon=True) for pair in pairs
    ]
    for thread in running:
        thread.start()
    try:
        yield
    finally:
        told.set()
        for thread in running:
            thread.join()


def _errands(town: Town, ledger: Ledger, resident: Phone, clerk: Phone, told: threading.Event) -> None:
    resident.watch = clerk.watch = ledger.watch
    while not told.is_set():
        try:
            _errand(town, ledger, resident, clerk)
        except (NoAnswer, requests.RequestException) as error:
            ledger.unexpected.append(f"{type(error).__name__}: {error}")
        resident.hang_up()
        clerk.hang_up()


def _errand(town: Town, ledger: Ledger, resident: Phone, clerk: Phone) -> None:
    offer = random.choice(["plenty", "plenty", "thrice", "scarce", "standing"])
    if offer == "standing":
        ticket = resident.draw_ticket(incentive_id=str(town.offers[offer]))
        _use(ledger, clerk, ticket)
        return
    voucher = claim(town, ledger, resident, offer)
    if voucher is None:
        return
    if random.random() < 0.1:
        resident.give_back(voucher["id"])
        return
    for _use_number in range(voucher["uses"]):
        _use(ledger, clerk, resident.draw_ticket(voucher_id=voucher["id"]))


def claim(town: Town, ledger: Ledger, resident: Phone, offer: str) -> dict[str, Any] | None:
    key = secrets.token_hex(8)
    voucher = ledger.answered("claim", key, resident.claim(town.offers[offer], key=key))
    if voucher and random.random() < 0.2:
        ledger.repeated()
        ledger.answered("claim", key, resident.claim(town.offers[offer], key=key))
    return voucher


def _use(ledger: Ledger, clerk: Phone, ticket: Any) -> None:
    scan_id = secrets.token_hex(8)
    redemption = ledger.answered("redeem", scan_id, clerk.redeem(ticket, scan_id=scan_id))
    if redemption and random.random() < 0.2:
        ledger.repeated()
        ledger.answered("redeem", scan_id, clerk.redeem(ticket, scan_id=scan_id))
    if redemption and random.random() < 0.1:
        key = secrets.token_hex(8)
        ledger.answered("reverse", key, clerk.reverse(redemption["id"], key=key))
