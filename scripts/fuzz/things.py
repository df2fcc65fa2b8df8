"""Real things of the small town, made on the spot because most are good once: codes, vouchers, tickets."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import requests

from backend.core.clock import day_in_china
from backend.vouchers.ticket.base64url import to_base64url
from scripts.faults.phones import TIMEOUT_S, Phone
from scripts.faults.system import System
from scripts.faults.town import NAME
from scripts.wechat_simulator.pushing import Target, pack

SIGNED = ("timestamp", "nonce", "signature", "msg_signature")
Body = dict[str, Any]


def new_word() -> str:
    return secrets.token_hex(8)


@dataclass(frozen=True)
class Helpers:
    """A resident who shows tickets, a clerk who honours them, and the offers they do it with."""

    resident: Phone
    clerk: Phone
    offers: Mapping[str, UUID]


class Things:
    """What `phone` can do in the town: values by their name, and bodies by the path they are posted to.

    A body is given what was made up for it, and keeps of that what may be anything.
    """

    def __init__(self, system: System, helpers: Helpers, phone: Phone, random: Random) -> None:
        self.system, self.phone, self.random = system, phone, random
        self.friend, self.clerk, self.offers = helpers.resident, helpers.clerk, helpers.offers
        self.words: dict[str, Callable[[], Any]] = {
            **self._words_of_the_city(),
            "incentive_id": self._offer,
            "unit_id": lambda: self._one_of(self.friend, "/public/units")["id"],
            "voucher_id": self._voucher,
            "notice_id": lambda: self._one_of(self.phone, "/resident/notices")["id"],
            "purpose": lambda: self._one_of(self.phone, "/resident/consents")["purpose"],
            "redemption_id": self._redemption,
            "check_id": self._check,
        }
        self.bodies: dict[str, Callable[[Body], Body]] = {
            "/resident/session": lambda _made: {"code": self.phone.wechat_code()},
            "/resident/session/refresh": lambda _made: self._refresh_token("resident", self.friend),
            "/resident/identity": lambda made: {**made, **self._claim(), "proof": {"provider": "sandbox"}},
            "/resident/identity/checks": lambda _made: {**self._claim(), "provider": "sandbox"},
            "/resident/phone": lambda _made: {"code": self._tap()},
            "/resident/consents": self._decision,
            "/resident/score/what-if": self._imagined,
            "/resident/vouchers": lambda _made: {"incentive_id": str(self.offers["plenty"])},
            "/resident/tickets": self._drafts,
            "/resident/typed-codes": self._typed,
            "/resident/message-consents": self._results,
            "/merchant/session": lambda _made: {"code": self.clerk.wechat_code()},
            "/merchant/session/refresh": lambda _made: self._refresh_token("merchant", self.clerk),
            "/merchant/validations": lambda _made: {"code": self._shown()},
            "/merchant/redemptions": lambda made: {**made, "code": self._shown(), "scan_id": new_word()},
        }

    def agree(self) -> None:
        """Agree to be scored, as the phone's owner did before."""
        texts = self.phone.insist("GET", "/resident/consents").json()["items"]
        version = next(text["version"] for text in texts if text["purpose"] == "scoring")
        self.phone.insist("POST", "/resident/consents", {"purpose": "scoring", "version": version})

    def push(self) -> tuple[dict[str, str], bytes]:
        """The query and the body of a push by WeChat."""
        settings = self.system.settings
        token, key = settings.wechat_push_token, settings.wechat_push_aes_key
        target = Target("", token.get_secret_value(), key.get_secret_value())
        told = {"MsgType": "text", "FromUserName": new_word(), "Content": new_word()}
        query, body = pack(told, target, appid=settings.wechat_appid)
        return {name: query[name] for name in SIGNED}, body

    def _words_of_the_city(self) -> dict[str, Callable[[], Any]]:
        city = self.system.parts.city
        today = day_in_china(datetime.now(UTC))
        model = city.score_model(today)
        self.indicators = [one.code for part in model.dimensions for one in part.indicators]
        known: dict[str, list[Any]] = {
            "category": [one.code for one in city.categories],
            "level": [one.code for one in city.levels],
            "district": [one.key for one in city.districts],
            "kind": ["voucher", "standing", "discount"],
            "near": ["30.2,115.04", "30,115"],
            "sort": ["newest", "level"],
            "name": ["swagger-ui.css", "start.js"],
            "on": [(today + timedelta(days=days)).isoformat() for days in (0, 1, 365)],
        }
        return {name: partial(self.random.choice, values) for name, values in known.items()}

    def _one_of(self, phone: Phone, path: str) -> Body:
        items: list[Body] = phone.insist("GET", path).json()["items"]
        return self.random.choice(items)

    def _offer(self) -> str:
        return str(self.random.choice(list(self.offers.values())))

    def _voucher(self) -> str:
        claimed = self.phone.claim(self.offers["plenty"], key=new_word())
        voucher: str = claimed.json()["id"]
        return voucher

    def _shown(self) -> str:
        """A code that the friend's phone shows at the till."""
        return self.friend.draw_ticket(incentive_id=str(self.offers["standing"])).code()

    def _redemption(self) -> str:
        used = self.clerk.insist(
            "POST", "/merchant/redemptions", lambda: {"code": self._shown(), "scan_id": new_word()}
        )
        redemption: str = used.json()["id"]
        return redemption

    def _claim(self) -> Body:
        return {"name": NAME, "id_number": self.phone.id_number}

    def _check(self) -> str:
        body = {**self._claim(), "provider": "sandbox"}
        return str(self.phone.insist("POST", "/resident/identity/checks", body).json()["id"])

    def _tap(self) -> str:
        """The code behind WeChat's phone number button."""
        button = f"{self.system.simulator}/__sim/phone"
        code: str = requests.post(button, json={"user": self.phone.user}, timeout=TIMEOUT_S).json()["code"]
        return code

    def _refresh_token(self, audience: str, phone: Phone) -> Body:
        answer = phone.insist("POST", f"/{audience}/session", lambda: {"code": phone.wechat_code()})
        return {"refresh_token": answer.json()["refresh_token"]}

    def _decision(self, made: Body) -> Body:
        text = self._one_of(self.phone, "/resident/consents")
        return {**made, "purpose": text["purpose"], "version": text["version"]}

    def _imagined(self, made: Body) -> Body:
        add = [{**one, "indicator": self.random.choice(self.indicators)} for one in made.get("add", [])]
        return {"add": add, "on": self.words["on"]()}

    def _drafts(self, made: Body) -> Body:
        tickets = [
            {
                "ticket_id": to_base64url(secrets.token_bytes(12)),
                "anchor": to_base64url(secrets.token_bytes(16)),
            }
            for _ in made.get("tickets", [None])[:5]
        ]
        if self.random.random() < 0.5:
            return {"voucher_id": self._voucher(), "tickets": tickets}
        return {"incentive_id": str(self.offers["standing"]), "tickets": tickets}

    def _typed(self, _made: Body) -> Body:
        offer = str(self.offers["standing"])
        shops = self.friend.insist("GET", f"/public/incentives/{offer}").json()["shops"]
        return {"incentive_id": offer, "shop_id": shops[0]["id"]}

    def _results(self, made: Body) -> Body:
        template = self._one_of(self.phone, "/resident/message-templates")["template_id"]
        answers = list(made.get("results", {}).values()) or ["accept"]
        return {"results": {template: answers[0]}}
