"""Somebody with a WeChat account and a phone, or a till, who uses the system over HTTP."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import requests

from backend.vouchers.ticket.base64url import from_base64url, to_base64url
from backend.vouchers.ticket.phone import PhoneTicket
from backend.vouchers.ticket.signing import SIGNED_BYTES
from scripts.journey.telling import Answer
from scripts.running import Running

SCORING = "scoring"
TIMEOUT_S = 30
LARGEST_PAGE = 200


@dataclass(frozen=True)
class ShownTicket:
    """A signed ticket on a phone; its QR code says something else every half minute."""

    phone: PhoneTicket
    signed: bytes

    def at(self, moment: datetime) -> str:
        return self.phone.show(self.signed, moment)

    def now(self) -> str:
        return self.at(datetime.now(UTC))


@dataclass
class Phone:
    """One account at the simulator; a resident or a clerk once signed in as one.

    `put_back` is told how to undo whatever this phone brings about, told or not.
    """

    where: Running
    http: requests.Session
    user: str
    name: str
    put_back: Callable[[Callable[[], Answer]], None]
    tokens: dict[str, Any] = field(default_factory=dict)

    def call(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, **query: Any
    ) -> Answer:
        """A request with the access token, and an Idempotency-Key when `key` is given."""
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}"} if self.tokens else {}
        if key is not None:
            headers["Idempotency-Key"] = key
        address = f"{self.where.backend}/api/v1{path}"
        answer = self.http.request(
            method, address, json=body, params=query, headers=headers, timeout=TIMEOUT_S
        )
        return Answer(answer.status_code, answer.json() if answer.content else {}, answer.headers)

    def get(self, path: str, **query: Any) -> Answer:
        return self.call("GET", path, **query)

    def post(self, path: str, body: Any, *, key: str | None = None) -> Answer:
        return self.call("POST", path, body, key=key)

    def delete(self, path: str) -> Answer:
        return self.call("DELETE", path)

    def all_items(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """The items of a list, page after page."""
        cursor: dict[str, str] = {}
        while True:
            page = self.get(path, limit=LARGEST_PAGE, **query, **cursor)
            yield from page.items
            if page.body["next_cursor"] is None:
                return
            cursor = {"cursor": page.body["next_cursor"]}

    def wechat_code(self) -> str:
        """What `wx.login` gives: good once and for five minutes."""
        answer = self.http.post(
            f"{self.where.simulator}/__sim/login", json={"user": self.user}, timeout=TIMEOUT_S
        )
        answer.raise_for_status()
        code: str = answer.json()["code"]
        return code

    def sign_in(self) -> Answer:
        return self._keep(self.post("/resident/session", {"code": self.wechat_code()}))

    def sign_in_as_clerk(self, invite: str | None = None) -> Answer:
        body = {"code": self.wechat_code()} | ({"invite": invite} if invite else {})
        return self._keep(self.post("/merchant/session", body))

    def bind(self, name: str, id_number: str) -> Answer:
        proof = {"provider": "sandbox"}
        return self.post("/resident/identity", {"name": name, "id_number": id_number, "proof": proof})

    def consent_to_scoring(self) -> dict[str, Any]:
        """The text in force, with this resident's decision on it."""
        texts = self.get("/resident/consents").items
        return next(text for text in texts if text["purpose"] == SCORING)

    def agree(self) -> Answer:
        version = self.consent_to_scoring()["version"]
        answer = self.post("/resident/consents", {"purpose": SCORING, "version": version})
        if answer.status == 200:
            self.put_back(self.withdraw)
        return answer

    def withdraw(self) -> Answer:
        return self.delete(f"/resident/consents/{SCORING}")

    def claim(self, incentive_id: str, *, key: str | None = None) -> Answer:
        answer = self.post("/resident/vouchers", {"incentive_id": incentive_id}, key=key)
        if answer.status == 201:
            self.put_back(partial(self.give_back, answer.body["id"]))
        return answer

    def give_back(self, voucher_id: str) -> Answer:
        return self.delete(f"/resident/vouchers/{voucher_id}")

    def draw_tickets(self, count: int, **what: str) -> list[ShownTicket]:
        """Signed tickets for `voucher_id=` or `incentive_id=`."""
        drawn = [PhoneTicket.draw(secrets.token_bytes) for _ in range(count)]
        drafts = [
            {"ticket_id": to_base64url(ticket.ticket_id), "anchor": to_base64url(ticket.anchor)}
            for ticket in drawn
        ]
        items = self.post("/resident/tickets", {**what, "tickets": drafts}).items
        signed = [from_base64url(item["signed"], length=SIGNED_BYTES) for item in items]
        return [ShownTicket(*pair) for pair in zip(drawn, signed, strict=True)]

    def check(self, code: str) -> Answer:
        """At the till: entitled or not."""
        return self.post("/merchant/validations", {"code": code})

    def redeem(self, code: str, *, scan_id: str | None = None, **noted: Any) -> Answer:
        body = {"code": code, "scan_id": scan_id or secrets.token_hex(8), **noted}
        answer = self.post("/merchant/redemptions", body)
        if answer.status == 201:
            self.put_back(partial(self.reverse, answer.body["id"], "演示结束"))
        return answer

    def reverse(self, redemption_id: str, reason: str) -> Answer:
        return self.post(f"/merchant/redemptions/{redemption_id}/reversal", {"reason": reason})

    def _keep(self, answer: Answer) -> Answer:
        if answer.status == 200:
            self.tokens = answer.body
        return answer
