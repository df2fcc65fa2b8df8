"""Who may call what: the written list that the routes are compared with.

A new route is added here by hand, by somebody who has thought about who may call it.
"""

from enum import Enum


class Open(Enum):
    """To whom a call is open; everybody else is turned away before anything else is looked at."""

    TO_EVERYBODY = "everybody"
    TO_RESIDENTS = "residents"
    TO_CLERKS = "clerks"


EVERYBODY, RESIDENTS, CLERKS = Open.TO_EVERYBODY, Open.TO_RESIDENTS, Open.TO_CLERKS

ACCESS: dict[tuple[str, str], Open] = {
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/readyz"): EVERYBODY,
    ("GET", "/metrics"): EVERYBODY,
    ("GET", "/openapi.json"): EVERYBODY,
    ("GET", "/docs"): EVERYBODY,
    ("GET", "/docs/<path:name>"): EVERYBODY,
    ("GET", "/.well-known/hs1-keys.json"): EVERYBODY,
    ("GET", "/api/v1/public/city"): EVERYBODY,
    ("GET", "/api/v1/public/units"): EVERYBODY,
    ("GET", "/api/v1/public/units/<uuid:unit_id>"): EVERYBODY,
    ("GET", "/api/v1/public/incentives"): EVERYBODY,
    ("GET", "/api/v1/public/incentives/<uuid:incentive_id>"): EVERYBODY,
    ("POST", "/api/v1/resident/session"): EVERYBODY,
    ("POST", "/api/v1/resident/session/refresh"): EVERYBODY,
    ("DELETE", "/api/v1/resident/session"): RESIDENTS,
    ("GET", "/api/v1/resident/identity"): RESIDENTS,
    ("POST", "/api/v1/resident/identity"): RESIDENTS,
    ("GET", "/api/v1/resident/consents"): RESIDENTS,
    ("POST", "/api/v1/resident/consents"): RESIDENTS,
    ("DELETE", "/api/v1/resident/consents/<purpose>"): RESIDENTS,
    ("GET", "/api/v1/resident/consents/<purpose>/effects"): RESIDENTS,
    ("GET", "/api/v1/resident/score"): RESIDENTS,
    ("GET", "/api/v1/resident/score/history"): RESIDENTS,
    ("POST", "/api/v1/resident/score/what-if"): RESIDENTS,
    ("GET", "/api/v1/resident/incentives"): RESIDENTS,
    ("GET", "/api/v1/resident/incentives/<uuid:incentive_id>"): RESIDENTS,
    ("GET", "/api/v1/resident/vouchers"): RESIDENTS,
    ("POST", "/api/v1/resident/vouchers"): RESIDENTS,
    ("GET", "/api/v1/resident/vouchers/<uuid:voucher_id>"): RESIDENTS,
    ("DELETE", "/api/v1/resident/vouchers/<uuid:voucher_id>"): RESIDENTS,
    ("POST", "/api/v1/resident/tickets"): RESIDENTS,
    ("GET", "/api/v1/resident/notices"): RESIDENTS,
    ("POST", "/api/v1/resident/notices/<uuid:notice_id>/read"): RESIDENTS,
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
}
