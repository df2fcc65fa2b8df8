"""Phones and tills over HTTP: they repeat a request until they have an answer, as real ones do."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import requests

from backend.vouchers.ticket.base64url import from_base64url, to_base64url
from backend.vouchers.ticket.layout import BODY_BYTES, TicketBody
from backend.vouchers.ticket.phone import PhoneTicket
from backend.vouchers.ticket.signing import SIGNED_BYTES
from scripts.faults.system import System

TIMEOUT_S = 20
GIVE_UP_AFTER_S = 120
PAUSE_S = 0.2
LONGEST_PAUSE_S = 2.0
REASON = "试验"
Body = dict[str, Any] | Callable[[], dict[str, Any]] | None
Watcher = Callable[[requests.Response | None, float], None]


class NoAnswer(RuntimeError):
    """The same request was repeated for two minutes and never answered."""


@dataclass(frozen=True)
class Shown:
    """A signed ticket on a phone."""

    phone: PhoneTicket
    signed: bytes

    def code(self, *, phone_is_ahead: timedelta = timedelta()) -> str:
        """The QR code's text now, on a phone whose clock is wrong by so much; within its life it must be."""
        body = TicketBody.unpack(self.signed[:BODY_BYTES])
        start = datetime.fromtimestamp(body.not_before, UTC)
        moment = datetime.now(UTC) + phone_is_ahead
        last = body.expires_at - timedelta(seconds=1)
        return self.phone.show(self.signed, min(max(moment, start), last))


@dataclass
class Phone:
    """Somebody's account; a clerk when invited to a shop. `watch` is told of every try and its seconds."""

    system: System
    user: str
    invite: str | None = None
    id_number: str | None = None
    token: str | None = None
    base: str = ""
    http: requests.Session = field(default_factory=requests.Session)
    watch: Watcher = field(default=lambda _answer, _seconds: None)

    def __post_init__(self) -> None:
        self.base = self.base or self.system.backend

    def attempt(
        self, method: str, path: str, body: Body = None, *, key: str | None = None
    ) -> requests.Response:
        """One request; whatever goes wrong on the way is a requests.RequestException."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if key:
            headers["Idempotency-Key"] = key
        content = body() if callable(body) else body
        began = time.monotonic()
        answer = None
        try:
            answer = self.http.request(
                method, f"{self.base}/api/v1{path}", json=content, headers=headers, timeout=TIMEOUT_S
            )
        finally:
            self.watch(answer, time.monotonic() - began)
        return answer

    def insist(
        self, method: str, path: str, body: Body = None, *, key: str | None = None
    ) -> requests.Response:
        """The same request again and again until it is answered; signs in anew when that has ended."""
        end = time.monotonic() + GIVE_UP_AFTER_S
        while time.monotonic() < end:
            try:
                answer = self.attempt(method, path, body, key=key)
            except requests.RequestException:
                time.sleep(PAUSE_S)
                continue
            if answer.status_code == 401 and path not in ("/resident/session", "/merchant/session"):
                self.sign_in()
            elif is_for_now(answer):
                time.sleep(min(float(answer.headers.get("Retry-After", PAUSE_S)), LONGEST_PAUSE_S))
            else:
                return answer
        raise NoAnswer(f"{method} {path}")

    def hang_up(self) -> None:
        """The next request opens a connection of its own, and may reach another web process."""
        self.http.close()

    def wechat_code(self) -> str:
        login = f"{self.system.simulator}/__sim/login"
        answer = requests.post(login, json={"user": self.user}, timeout=TIMEOUT_S)
        answer.raise_for_status()
        return str(answer.json()["code"])

    def sign_in(self) -> None:
        audience = "merchant" if self.invite else "resident"

        def body() -> dict[str, Any]:
            code = {"code": self.wechat_code()}
            return code | ({"invite": self.invite} if self.invite and not self.token else {})

        answer = self.insist("POST", f"/{audience}/session", body)
        answer.raise_for_status()
        self.token = answer.json()["access_token"]

    def join(self, name: str) -> None:
        """Bind the identity and agree to be scored."""
        proof = {"provider": "sandbox"}
        identity = {"name": name, "id_number": self.id_number, "proof": proof}
        self.insist("POST", "/resident/identity", identity).raise_for_status()
        texts = self.insist("GET", "/resident/consents").json()["items"]
        version = next(text["version"] for text in texts if text["purpose"] == "scoring")
        agreed = {"purpose": "scoring", "version": version}
        self.insist("POST", "/resident/consents", agreed).raise_for_status()

    def claim(self, offer: UUID, *, key: str) -> requests.Response:
        return self.insist("POST", "/resident/vouchers", {"incentive_id": str(offer)}, key=key)

    def draw_ticket(self, **what: str) -> Shown:
        """A signed ticket for `voucher_id=` or `incentive_id=`."""
        drawn = PhoneTicket.draw(secrets.token_bytes)
        draft = {"ticket_id": to_base64url(drawn.ticket_id), "anchor": to_base64url(drawn.anchor)}
        answer = self.insist(
            "POST", "/resident/tickets", {**what, "tickets": [draft]}, key=secrets.token_hex(8)
        )
        answer.raise_for_status()
        return Shown(drawn, from_base64url(answer.json()["items"][0]["signed"], length=SIGNED_BYTES))

    def redeem(self, ticket: Shown, *, scan_id: str) -> requests.Response:
        """At the till; each repeat scans the code as it is then."""
        return self.insist(
            "POST", "/merchant/redemptions", lambda: {"code": ticket.code(), "scan_id": scan_id}
        )

    def reverse(self, redemption_id: str, *, key: str) -> requests.Response:
        path = f"/merchant/redemptions/{redemption_id}/reversal"
        return self.insist("POST", path, {"reason": REASON}, key=key)

    def give_back(self, voucher_id: str) -> requests.Response:
        return self.insist("DELETE", f"/resident/vouchers/{voucher_id}")


def is_for_now(answer: requests.Response) -> bool:
    """Whether the answer says "try again", and nothing about the request."""
    if answer.status_code in (429, 502, 503, 504):
        return True
    return answer.status_code == 409 and answer.json().get("code") == "idempotency.in_progress"
