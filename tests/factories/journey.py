"""People with a phone: they sign in at the simulator and use the application over its interface."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.core.clock import Clock, SystemClock
from backend.identity.service import invite_clerk
from backend.partners.models import Shop
from backend.vouchers.ticket.base64url import from_base64url, to_base64url
from backend.vouchers.ticket.phone import PhoneTicket
from tests.factories.people import NewPerson, new_person
from tests.factories.records import hold_residence
from tests.scripts.wechat_simulator.running import Simulator

API = "/api/v1"
_user = count(1)


@dataclass
class Visitor:
    """Somebody with a WeChat account and a phone; a resident or a clerk once signed in as one."""

    client: FlaskClient
    simulator: Simulator
    user: str = field(default_factory=lambda: f"user-{next(_user)}-{secrets.token_hex(3)}")
    tokens: dict[str, Any] = field(default_factory=dict)

    def call(self, method: str, path: str, *, key: str | None = None, **options: Any) -> TestResponse:
        """A request with the access token, and with an Idempotency-Key when `key` is given."""
        headers = dict(options.pop("headers", {}))
        if self.tokens:
            headers.setdefault("Authorization", f"Bearer {self.tokens['access_token']}")
        if key is not None:
            headers["Idempotency-Key"] = key
        return self.client.open(API + path, method=method, headers=headers, **options)

    @property
    def headers(self) -> dict[str, str]:
        """What the phone sends for this person, for a client without a memory of its own."""
        return {"Authorization": f"Bearer {self.tokens['access_token']}"}

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.call("GET", path, query_string=query)

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> TestResponse:
        return self.call("POST", path, key=key, json={} if body is None else body)

    def delete(self, path: str) -> TestResponse:
        return self.call("DELETE", path)

    def sign_in(self) -> TestResponse:
        """Sign in as a resident and keep the tokens."""
        return self._keep(self.post("/resident/session", {"code": self.simulator.login(self.user)}))

    def sign_in_as_clerk(self, invite: str | None = None) -> TestResponse:
        body = {"code": self.simulator.login(self.user)}
        return self._keep(self.post("/merchant/session", body | ({"invite": invite} if invite else {})))

    def bind(self, person: NewPerson) -> TestResponse:
        proof = {"provider": "sandbox"}
        body = {"name": person.name, "id_number": person.id_number, "proof": proof}
        return self.post("/resident/identity", body)

    def consent(self, purpose: str = "scoring") -> TestResponse:
        """Agree to the version in force."""
        items = self.get("/resident/consents").json["items"]  # type: ignore[index]
        version = next(item["version"] for item in items if item["purpose"] == purpose)
        return self.post("/resident/consents", {"purpose": purpose, "version": version})

    def become_scored(self, db: Session, person: NewPerson | None = None) -> NewPerson:
        """All the way to a score: sign in, bind, agree. Without records it is the model's base."""
        person = person or new_person()
        hold_residence(db, person.id_number)
        for answer in (self.sign_in(), self.bind(person), self.consent()):
            assert answer.status_code == 200, answer.text
        return person

    def become_clerk(self, db: Session, shop: Shop) -> None:
        """Join a shop by an invitation."""
        invite = invite_clerk(db, shop_id=shop.id, label="一号收银台", now=datetime.now(UTC))
        db.commit()
        answer = self.sign_in_as_clerk(invite)
        assert answer.status_code == 200, answer.text

    def claim(self, incentive_id: UUID | str, *, key: str | None = None) -> TestResponse:
        return self.post("/resident/vouchers", {"incentive_id": str(incentive_id)}, key=key)

    def show(self, *, clock: Clock | None = None, **what: UUID | str) -> str:
        """The text of the QR code for `voucher_id=` or `incentive_id=`, as the phone shows it now."""
        return self.draw_ticket(**what).at((clock or SystemClock()).now())

    def draw_ticket(self, **what: UUID | str) -> "ShownTicket":
        phone = PhoneTicket.draw(secrets.token_bytes)
        draft = {"ticket_id": to_base64url(phone.ticket_id), "anchor": to_base64url(phone.anchor)}
        body = {**{name: str(value) for name, value in what.items()}, "tickets": [draft]}
        answer = self.post("/resident/tickets", body)
        assert answer.status_code == 200, answer.text
        item = answer.json["items"][0]  # type: ignore[index]
        signed = from_base64url(item["signed"], length=106)
        return ShownTicket(phone, signed, item["match_number"])

    def draw_typed_code(self, shop: Shop, **what: UUID | str) -> TestResponse:
        """Ask for a code to say at a shop, for `voucher_id=` or `incentive_id=`."""
        body = {name: str(value) for name, value in what.items()}
        return self.post("/resident/typed-codes", {**body, "shop_id": str(shop.id)})

    def redeem(self, code: str, *, scan_id: str | None = None, **more: Any) -> TestResponse:
        body = {"code": code, "scan_id": scan_id or secrets.token_hex(8), **more}
        return self.post("/merchant/redemptions", body)

    def _keep(self, answer: TestResponse) -> TestResponse:
        if answer.status_code == 200 and answer.json:
            self.tokens = answer.json
        return answer


@dataclass(frozen=True)
class ShownTicket:
    """A signed ticket on a phone, and the digits to say aloud when the offer asks for them."""

    phone: PhoneTicket
    signed: bytes
    match_number: str | None

    def at(self, moment: datetime) -> str:
        """What the QR code says at a moment."""
        return self.phone.show(self.signed, moment)
