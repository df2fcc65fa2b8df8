"""Who may call what: the written list that the routes are compared with.

A new route is added here by hand, by somebody who has thought about who may call it. Three questions:
to whom it is open (ACCESS); whose object an id in it names, and how a test comes by such an object
(OBJECTS, or PUBLIC_IDS when it is nobody's); and whether it looks beyond the caller's own rows
(ACROSS_ACCOUNTS). `docs/access.md` is made from this file: `python -m tests.architecture.access_page`.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Open(Enum):
    """To whom a call is open; everybody else is turned away before anything else is looked at."""

    TO_EVERYBODY = "everybody"
    TO_RESIDENTS = "residents"
    TO_CLERKS = "clerks"


EVERYBODY, RESIDENTS, CLERKS = Open.TO_EVERYBODY, Open.TO_RESIDENTS, Open.TO_CLERKS
Call = tuple[str, str]

ACCESS: dict[Call, Open] = {
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/readyz"): EVERYBODY,
    ("GET", "/metrics"): EVERYBODY,
    ("GET", "/openapi.json"): EVERYBODY,
    ("GET", "/docs"): EVERYBODY,
    ("GET", "/docs/<path:name>"): EVERYBODY,
    ("GET", "/m/"): EVERYBODY,
    ("GET", "/m/config.json"): EVERYBODY,
    ("GET", "/m/<path:name>"): EVERYBODY,
    ("GET", "/.well-known/hs1-keys.json"): EVERYBODY,
    ("GET", "/wechat/push"): EVERYBODY,
    ("POST", "/wechat/push"): EVERYBODY,
    ("GET", "/api/v1/public/city"): EVERYBODY,
    ("GET", "/api/v1/public/units"): EVERYBODY,
    ("GET", "/api/v1/public/units/<uuid:unit_id>"): EVERYBODY,
    ("GET", "/api/v1/public/incentives"): EVERYBODY,
    ("GET", "/api/v1/public/incentives/<uuid:incentive_id>"): EVERYBODY,
    ("POST", "/api/v1/resident/session"): EVERYBODY,
    ("POST", "/api/v1/resident/session/refresh"): EVERYBODY,
    ("DELETE", "/api/v1/resident/session"): RESIDENTS,
    ("DELETE", "/api/v1/resident/sessions"): RESIDENTS,
    ("GET", "/api/v1/resident/identity"): RESIDENTS,
    ("POST", "/api/v1/resident/identity"): RESIDENTS,
    ("POST", "/api/v1/resident/identity/checks"): RESIDENTS,
    ("GET", "/api/v1/resident/identity/checks/<uuid:check_id>"): RESIDENTS,
    ("GET", "/api/v1/resident/identity/providers"): RESIDENTS,
    ("GET", "/api/v1/resident/phone"): RESIDENTS,
    ("POST", "/api/v1/resident/phone"): RESIDENTS,
    ("DELETE", "/api/v1/resident/phone"): RESIDENTS,
    ("GET", "/api/v1/resident/consents"): RESIDENTS,
    ("POST", "/api/v1/resident/consents"): RESIDENTS,
    ("DELETE", "/api/v1/resident/consents/<purpose>"): RESIDENTS,
    ("GET", "/api/v1/resident/consents/<purpose>/effects"): RESIDENTS,
    ("GET", "/api/v1/resident/score"): RESIDENTS,
    ("GET", "/api/v1/resident/score/history"): RESIDENTS,
    ("GET", "/api/v1/resident/score/ways"): RESIDENTS,
    ("POST", "/api/v1/resident/score/what-if"): RESIDENTS,
    ("GET", "/api/v1/resident/incentives"): RESIDENTS,
    ("GET", "/api/v1/resident/incentives/<uuid:incentive_id>"): RESIDENTS,
    ("GET", "/api/v1/resident/vouchers"): RESIDENTS,
    ("POST", "/api/v1/resident/vouchers"): RESIDENTS,
    ("GET", "/api/v1/resident/vouchers/<uuid:voucher_id>"): RESIDENTS,
    ("DELETE", "/api/v1/resident/vouchers/<uuid:voucher_id>"): RESIDENTS,
    ("POST", "/api/v1/resident/tickets"): RESIDENTS,
    ("POST", "/api/v1/resident/typed-codes"): RESIDENTS,
    ("GET", "/api/v1/resident/notices"): RESIDENTS,
    ("POST", "/api/v1/resident/notices/<uuid:notice_id>/read"): RESIDENTS,
    ("GET", "/api/v1/resident/message-templates"): RESIDENTS,
    ("POST", "/api/v1/resident/message-consents"): RESIDENTS,
    ("GET", "/api/v1/resident/access-log"): RESIDENTS,
    ("POST", "/api/v1/merchant/session"): EVERYBODY,
    ("POST", "/api/v1/merchant/session/refresh"): EVERYBODY,
    ("GET", "/api/v1/merchant/session"): CLERKS,
    ("DELETE", "/api/v1/merchant/session"): CLERKS,
    ("POST", "/api/v1/merchant/validations"): CLERKS,
    ("GET", "/api/v1/merchant/redemptions"): CLERKS,
    ("POST", "/api/v1/merchant/redemptions"): CLERKS,
    ("POST", "/api/v1/merchant/redemptions/<uuid:redemption_id>/reversal"): CLERKS,
    ("GET", "/api/v1/merchant/summary"): CLERKS,
    ("GET", "/api/v1/merchant/revoked-tickets"): CLERKS,
}


@dataclass(frozen=True)
class Carried:
    """An id in a call that names somebody's object: a parameter of the path, or a field of the body.

    `kind` is how `objects.py` makes one. `body` is the rest of what the owner would send. A name with
    a dot stands for a field inside another.
    """

    name: str
    kind: str
    body: dict[str, Any] = field(default_factory=dict)
    in_list: bool = False


# A call with another person's id answers exactly as with an id that does not exist.
OBJECTS: dict[Call, Carried] = {
    ("GET", "/api/v1/resident/vouchers/<uuid:voucher_id>"): Carried("voucher_id", "voucher"),
    ("DELETE", "/api/v1/resident/vouchers/<uuid:voucher_id>"): Carried("voucher_id", "voucher"),
    ("POST", "/api/v1/resident/tickets"): Carried(
        "voucher_id", "voucher", {"tickets": [{"ticket_id": "<12 bytes>", "anchor": "<16 bytes>"}]}
    ),
    ("POST", "/api/v1/resident/typed-codes"): Carried("voucher_id", "voucher_at_a_shop"),
    ("POST", "/api/v1/resident/notices/<uuid:notice_id>/read"): Carried("notice_id", "notice"),
    ("POST", "/api/v1/resident/identity"): Carried("proof.ticket", "check"),
    ("GET", "/api/v1/resident/identity/checks/<uuid:check_id>"): Carried("check_id", "check"),
    ("POST", "/api/v1/resident/score/what-if"): Carried("remove", "record", in_list=True),
    ("POST", "/api/v1/merchant/redemptions/<uuid:redemption_id>/reversal"): Carried(
        "redemption_id", "redemption", {"reason": "扫错了"}
    ),
}

# Ids that name nobody's object, and why.
PUBLIC_IDS: dict[str, str] = {
    "incentive_id": "the catalogue is public",
    "unit_id": "units are public",
    "shop_id": "shops are public",
}

# Calls that look beyond the caller's own rows: their filters alone keep people apart.
ACROSS_ACCOUNTS: dict[Call, str] = {
    ("POST", "/api/v1/resident/session"): "finds the account behind a WeChat code",
    ("POST", "/api/v1/resident/session/refresh"): "finds the session behind a refresh token",
    ("POST", "/api/v1/merchant/session"): "finds the clerk behind a WeChat code or an invitation",
    ("POST", "/api/v1/merchant/session/refresh"): "finds the session behind a refresh token",
    ("POST", "/api/v1/resident/identity"): "finds whether the person has an account already",
}
