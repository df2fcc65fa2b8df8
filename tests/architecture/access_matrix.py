"""Who may call what: the written list that the routes are compared with.

A new route is added here by hand, by somebody who has thought about who may call it. Three questions:
to whom it is open (ACCESS); whose object an id in it names, and how a test comes by such an object
(OBJECTS, or PUBLIC_IDS when it is nobody's); and whether it looks beyond the caller's own rows
(ACROSS_ACCOUNTS). `docs/access.md` is made from this file: `python -m tests.architecture.access_page`.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from backend.accounts.roles import Permission


class Open(Enum):
    """To whom a call is open; everybody else is turned away before anything else is looked at."""

    TO_EVERYBODY = "everybody"
    TO_RESIDENTS = "residents"
    TO_CLERKS = "clerks"
    # The programs of departments.
    TO_SOURCES = "sources"
    # In the console: whoever is signed in, at any step of it, who has yet to set a second factor up, who has
    # yet to show it.
    TO_COLLEAGUES = "colleagues"
    TO_COLLEAGUES_AT_ANY_STEP = "colleagues at any step"
    TO_COLLEAGUES_WHO_ENROL = "colleagues who enrol"
    TO_COLLEAGUES_HALF_IN = "colleagues half in"


@dataclass(frozen=True)
class To:
    """In the console, whoever has this permission."""

    permission: Permission


EVERYBODY, RESIDENTS, CLERKS = Open.TO_EVERYBODY, Open.TO_RESIDENTS, Open.TO_CLERKS
SOURCES = Open.TO_SOURCES
COLLEAGUES, ANY_STEP = Open.TO_COLLEAGUES, Open.TO_COLLEAGUES_AT_ANY_STEP
ENROLLING, HALF_IN = Open.TO_COLLEAGUES_WHO_ENROL, Open.TO_COLLEAGUES_HALF_IN
READ, INVITE = To(Permission.STAFF_READ), To(Permission.STAFF_INVITE)
MAY = Permission
READ_UNITS, REVIEW_UNITS = To(Permission.UNITS_READ), To(Permission.UNITS_REVIEW)
MANAGE_UNITS = To(Permission.UNITS_MANAGE)
UNIT_FIGURES = To(Permission.UNIT_FIGURES_READ)
READ_UNIT, SIGN_FOR_UNIT = To(Permission.UNIT_READ), To(Permission.UNIT_SIGN)
HAND_IN = To(Permission.UNIT_HAND_IN)
MANAGE, MANAGE_UNIT = To(Permission.STAFF_MANAGE), To(Permission.UNIT_STAFF_MANAGE)
FIGURES, LOOK_UP = To(Permission.FIGURES_READ), To(Permission.RESIDENTS_LOOK_UP)
LISTS, EXPORT = To(Permission.LISTS_READ), To(Permission.LISTS_EXPORT)
AUDIT, SCORE_MODEL = To(Permission.AUDIT_READ), To(Permission.SCORE_MODEL_READ)
READ_RECORDS, DELIVER_RECORDS = To(MAY.RECORDS_READ), To(MAY.RECORDS_DELIVER)
MANAGE_SOURCES = To(MAY.SOURCES_MANAGE)
EDIT_SCORE_MODEL = To(Permission.SCORE_MODEL_EDIT)
EXPORT_AUDIT = To(Permission.AUDIT_EXPORT)
SETTINGS, CHANGE_SETTINGS = To(Permission.SETTINGS_READ), To(Permission.SETTINGS_CHANGE)
Call = tuple[str, str]
IN_A_MONTH = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()

ACCESS: dict[Call, Open | To] = {
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/readyz"): EVERYBODY,
    ("GET", "/metrics"): EVERYBODY,
    ("GET", "/openapi.json"): EVERYBODY,
    ("GET", "/docs"): EVERYBODY,
    ("GET", "/docs/<path:name>"): EVERYBODY,
    ("GET", "/m/"): EVERYBODY,
    ("GET", "/m/config.json"): EVERYBODY,
    ("GET", "/m/<path:name>"): EVERYBODY,
    ("GET", "/admin/"): EVERYBODY,
    ("GET", "/admin/<path:name>"): EVERYBODY,
    ("GET", "/.well-known/hs1-keys.json"): EVERYBODY,
    ("GET", "/.well-known/seal-keys.json"): EVERYBODY,
    ("GET", "/apply"): EVERYBODY,
    ("GET", "/wechat/push"): EVERYBODY,
    ("POST", "/wechat/push"): EVERYBODY,
    ("GET", "/api/v1/public/city"): EVERYBODY,
    ("GET", "/api/v1/public/units"): EVERYBODY,
    ("GET", "/api/v1/public/units/<uuid:unit_id>"): EVERYBODY,
    ("GET", "/api/v1/public/commitments/<uuid:commitment_id>"): EVERYBODY,
    ("GET", "/api/v1/public/membership"): EVERYBODY,
    ("POST", "/api/v1/public/unit-applications"): EVERYBODY,
    ("POST", "/api/v1/public/unit-applications/look"): EVERYBODY,
    ("PUT", "/api/v1/public/unit-applications/draft"): EVERYBODY,
    ("POST", "/api/v1/public/unit-applications/submission"): EVERYBODY,
    ("POST", "/api/v1/public/unit-applications/documents"): EVERYBODY,
    ("POST", "/api/v1/public/unit-applications/documents/content"): EVERYBODY,
    ("POST", "/api/v1/public/unit-applications/documents/removal"): EVERYBODY,
    ("GET", "/api/v1/public/incentives"): EVERYBODY,
    ("GET", "/api/v1/public/incentives/<uuid:incentive_id>"): EVERYBODY,
    ("GET", "/api/v1/public/score-models/<version>"): EVERYBODY,
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
    ("GET", "/api/v1/resident/reports"): RESIDENTS,
    ("POST", "/api/v1/resident/reports"): RESIDENTS,
    ("GET", "/api/v1/resident/reports/<uuid:report_id>"): RESIDENTS,
    ("POST", "/api/v1/merchant/session"): EVERYBODY,
    ("POST", "/api/v1/merchant/session/refresh"): EVERYBODY,
    ("POST", "/api/v1/merchant/invitations/look"): EVERYBODY,
    ("GET", "/api/v1/merchant/session"): CLERKS,
    ("DELETE", "/api/v1/merchant/session"): CLERKS,
    ("POST", "/api/v1/merchant/validations"): CLERKS,
    ("GET", "/api/v1/merchant/redemptions"): CLERKS,
    ("POST", "/api/v1/merchant/redemptions"): CLERKS,
    ("POST", "/api/v1/merchant/redemptions/<uuid:redemption_id>/reversal"): CLERKS,
    ("GET", "/api/v1/merchant/summary"): CLERKS,
    ("GET", "/api/v1/merchant/revoked-tickets"): CLERKS,
    ("POST", "/api/v1/source/token"): EVERYBODY,
    ("GET", "/api/v1/source/batches"): SOURCES,
    ("POST", "/api/v1/source/batches"): SOURCES,
    ("GET", "/api/v1/source/batches/<uuid:batch_id>"): SOURCES,
    ("GET", "/api/v1/source/batches/<uuid:batch_id>/refused-rows"): SOURCES,
    ("POST", "/api/v1/source/batches/<uuid:batch_id>/withdrawal"): SOURCES,
    ("POST", "/api/v1/source/records:withdraw"): SOURCES,
    ("GET", "/api/v1/console/set-up"): EVERYBODY,
    ("POST", "/api/v1/console/set-up"): EVERYBODY,
    ("POST", "/api/v1/console/session"): EVERYBODY,
    ("GET", "/api/v1/console/session"): ANY_STEP,
    ("DELETE", "/api/v1/console/session"): ANY_STEP,
    ("POST", "/api/v1/console/session/totp"): HALF_IN,
    ("POST", "/api/v1/console/session/recovery"): HALF_IN,
    ("POST", "/api/v1/console/session/passkey/options"): HALF_IN,
    ("POST", "/api/v1/console/session/passkey"): HALF_IN,
    ("POST", "/api/v1/console/passkey-session/options"): EVERYBODY,
    ("POST", "/api/v1/console/passkey-session"): EVERYBODY,
    ("GET", "/api/v1/console/sessions"): COLLEAGUES,
    ("DELETE", "/api/v1/console/sessions"): COLLEAGUES,
    ("DELETE", "/api/v1/console/sessions/<uuid:session_id>"): COLLEAGUES,
    ("POST", "/api/v1/console/password"): COLLEAGUES,
    ("POST", "/api/v1/console/totp"): ENROLLING,
    ("POST", "/api/v1/console/totp/confirm"): ENROLLING,
    ("DELETE", "/api/v1/console/totp"): COLLEAGUES,
    ("GET", "/api/v1/console/passkeys"): COLLEAGUES,
    ("POST", "/api/v1/console/passkeys"): ENROLLING,
    ("POST", "/api/v1/console/passkeys/options"): ENROLLING,
    ("POST", "/api/v1/console/passkeys/proof/options"): COLLEAGUES,
    ("DELETE", "/api/v1/console/passkeys/<uuid:passkey_id>"): COLLEAGUES,
    ("POST", "/api/v1/console/recovery-codes"): COLLEAGUES,
    ("GET", "/api/v1/console/views"): COLLEAGUES,
    ("POST", "/api/v1/console/views"): COLLEAGUES,
    ("PUT", "/api/v1/console/views/<uuid:view_id>"): COLLEAGUES,
    ("DELETE", "/api/v1/console/views/<uuid:view_id>"): COLLEAGUES,
    ("POST", "/api/v1/console/password-resets"): EVERYBODY,
    ("POST", "/api/v1/console/password-resets/accept"): EVERYBODY,
    ("POST", "/api/v1/console/invitations/look"): EVERYBODY,
    ("POST", "/api/v1/console/invitations/accept"): EVERYBODY,
    ("GET", "/api/v1/office/roles"): READ,
    ("GET", "/api/v1/office/staff"): READ,
    ("GET", "/api/v1/office/staff/<uuid:account_id>"): READ,
    ("GET", "/api/v1/office/staff/invitations"): READ,
    ("POST", "/api/v1/office/staff/invitations"): INVITE,
    ("DELETE", "/api/v1/office/staff/invitations/<uuid:invitation_id>"): INVITE,
    ("PUT", "/api/v1/office/staff/<uuid:account_id>/roles"): MANAGE,
    ("POST", "/api/v1/office/staff/<uuid:account_id>/suspension"): MANAGE,
    ("DELETE", "/api/v1/office/staff/<uuid:account_id>/suspension"): MANAGE,
    ("POST", "/api/v1/office/staff/<uuid:account_id>/sign-out"): MANAGE,
    ("POST", "/api/v1/office/staff/<uuid:account_id>/unlock"): MANAGE,
    ("DELETE", "/api/v1/office/staff/<uuid:account_id>/second-factors"): MANAGE,
    ("GET", "/api/v1/office/figures"): FIGURES,
    ("POST", "/api/v1/office/look-ups"): LOOK_UP,
    ("POST", "/api/v1/office/look-ups/<uuid:look_up_id>/field"): LOOK_UP,
    ("GET", "/api/v1/office/vouchers"): LISTS,
    ("GET", "/api/v1/office/redemptions"): LISTS,
    ("GET", "/api/v1/office/settings"): SETTINGS,
    ("PUT", "/api/v1/office/settings/<string:name>"): CHANGE_SETTINGS,
    ("GET", "/api/v1/office/settings/<string:name>/versions"): SETTINGS,
    ("POST", "/api/v1/office/exports"): EXPORT,
    ("GET", "/api/v1/office/exports/<uuid:export_id>"): EXPORT,
    ("GET", "/api/v1/office/exports/<uuid:export_id>/file"): EXPORT,
    ("POST", "/api/v1/office/audit-exports"): EXPORT_AUDIT,
    ("GET", "/api/v1/office/audit-exports/<uuid:export_id>"): EXPORT_AUDIT,
    ("GET", "/api/v1/office/audit-exports/<uuid:export_id>/file"): EXPORT_AUDIT,
    ("GET", "/api/v1/office/audit-events"): AUDIT,
    ("GET", "/api/v1/office/audit-words"): AUDIT,
    ("GET", "/api/v1/office/score-model"): SCORE_MODEL,
    ("GET", "/api/v1/office/sources"): READ_RECORDS,
    ("GET", "/api/v1/office/sources/<string:key>/clients"): MANAGE_SOURCES,
    ("POST", "/api/v1/office/sources/<string:key>/clients"): MANAGE_SOURCES,
    ("DELETE", "/api/v1/office/source-clients/<uuid:client_id>"): MANAGE_SOURCES,
    ("POST", "/api/v1/office/sources/<string:key>/batches"): DELIVER_RECORDS,
    ("GET", "/api/v1/office/batch-template"): READ_RECORDS,
    ("GET", "/api/v1/office/batches"): READ_RECORDS,
    ("GET", "/api/v1/office/batches/<uuid:batch_id>"): READ_RECORDS,
    ("GET", "/api/v1/office/batches/<uuid:batch_id>/refused-rows"): READ_RECORDS,
    ("POST", "/api/v1/office/batches/<uuid:batch_id>/refused-rows/file"): DELIVER_RECORDS,
    ("POST", "/api/v1/office/batches/<uuid:batch_id>/withdrawal"): DELIVER_RECORDS,
    ("POST", "/api/v1/office/refused-rows/<uuid:row_id>/mending"): DELIVER_RECORDS,
    ("GET", "/api/v1/office/score-runs"): SCORE_MODEL,
    ("POST", "/api/v1/office/score-runs"): To(Permission.SCORE_RUNS_START),
    ("GET", "/api/v1/office/score-months"): SCORE_MODEL,
    **{
        (method, f"/api/v1/office/score-model-versions{path}"): who
        for method, path, who in (
            ("GET", "", SCORE_MODEL),
            ("POST", "", EDIT_SCORE_MODEL),
            ("GET", "/template", SCORE_MODEL),
            ("POST", "/file", EDIT_SCORE_MODEL),
            ("GET", "/<uuid:version_id>", SCORE_MODEL),
            ("PUT", "/<uuid:version_id>", EDIT_SCORE_MODEL),
            ("DELETE", "/<uuid:version_id>", EDIT_SCORE_MODEL),
            ("GET", "/<uuid:version_id>/document", SCORE_MODEL),
            ("POST", "/<uuid:version_id>/approval", To(Permission.SCORE_MODEL_APPROVE)),
            ("POST", "/<uuid:version_id>/cancellation", To(Permission.SCORE_MODEL_APPROVE)),
            ("POST", "/<uuid:version_id>/shadow-run", EDIT_SCORE_MODEL),
            ("DELETE", "/<uuid:version_id>/shadow-run", EDIT_SCORE_MODEL),
            ("GET", "/<uuid:version_id>/report", SCORE_MODEL),
        )
    },
    ("GET", "/api/v1/partner/staff"): MANAGE_UNIT,
    ("GET", "/api/v1/partner/staff/<uuid:account_id>"): MANAGE_UNIT,
    ("GET", "/api/v1/partner/staff/invitations"): MANAGE_UNIT,
    ("POST", "/api/v1/partner/staff/invitations"): MANAGE_UNIT,
    ("DELETE", "/api/v1/partner/staff/invitations/<uuid:invitation_id>"): MANAGE_UNIT,
    ("PUT", "/api/v1/partner/staff/<uuid:account_id>/roles"): MANAGE_UNIT,
    ("POST", "/api/v1/partner/staff/<uuid:account_id>/suspension"): MANAGE_UNIT,
    ("DELETE", "/api/v1/partner/staff/<uuid:account_id>/suspension"): MANAGE_UNIT,
    ("POST", "/api/v1/partner/staff/<uuid:account_id>/sign-out"): MANAGE_UNIT,
    ("POST", "/api/v1/partner/staff/<uuid:account_id>/unlock"): MANAGE_UNIT,
    ("DELETE", "/api/v1/partner/staff/<uuid:account_id>/second-factors"): MANAGE_UNIT,
    **{
        (method, f"/api/v1/{side}{path}"): To(permission)
        for side, read, edit, run in (
            ("office", MAY.INCENTIVES_READ, MAY.INCENTIVES_EDIT, MAY.INCENTIVES_RUN),
            ("partner", MAY.UNIT_INCENTIVES_EDIT, MAY.UNIT_INCENTIVES_EDIT, MAY.UNIT_INCENTIVES_RUN),
        )
        for method, path, permission in (
            ("GET", "/incentives", read),
            ("GET", "/incentives/<uuid:incentive_id>", read),
            ("GET", "/incentives/<uuid:incentive_id>/versions", read),
            ("POST", "/incentives/<uuid:incentive_id>/pause", run),
            ("DELETE", "/incentives/<uuid:incentive_id>/pause", run),
            ("POST", "/incentives/<uuid:incentive_id>/end", run),
            ("POST", "/incentives/<uuid:incentive_id>/quota", run),
            ("GET", "/incentive-drafts", read),
            ("POST", "/incentive-drafts", edit),
            ("GET", "/incentive-drafts/<uuid:draft_id>", read),
            ("PUT", "/incentive-drafts/<uuid:draft_id>", edit),
            ("DELETE", "/incentive-drafts/<uuid:draft_id>", edit),
            ("POST", "/incentive-drafts/<uuid:draft_id>/submission", edit),
            ("POST", "/incentive-drafts/<uuid:draft_id>/withdrawal", edit),
            ("POST", "/incentive-previews", read),
            ("POST", "/incentive-sheets/exports", read),
            ("GET", "/incentive-sheets/exports/<uuid:export_id>", read),
            ("GET", "/incentive-sheets/exports/<uuid:export_id>/file", read),
            ("GET", "/incentive-sheets/template", read),
            ("GET", "/incentive-sheets/imports", edit),
            ("POST", "/incentive-sheets/imports", edit),
            ("GET", "/incentive-sheets/imports/<uuid:import_id>", edit),
            ("GET", "/incentive-sheets/imports/<uuid:import_id>/bad-cells", edit),
            ("GET", "/incentive-sheets/imports/<uuid:import_id>/bad-rows", edit),
            ("POST", "/incentive-sheets/imports/<uuid:import_id>/confirmation", edit),
            ("POST", "/incentive-sheets/imports/<uuid:import_id>/cancellation", edit),
            ("POST", "/incentive-sheets/imports/<uuid:import_id>/undoing", edit),
        )
    },
    ("POST", "/api/v1/office/incentive-drafts/<uuid:draft_id>/approval"): To(MAY.INCENTIVES_REVIEW),
    ("POST", "/api/v1/office/incentive-drafts/<uuid:draft_id>/return"): To(MAY.INCENTIVES_REVIEW),
    ("GET", "/api/v1/office/unit-applications"): READ_UNITS,
    ("GET", "/api/v1/office/unit-applications/<uuid:application_id>"): READ_UNITS,
    ("POST", "/api/v1/office/unit-applications/<uuid:application_id>/return"): REVIEW_UNITS,
    ("POST", "/api/v1/office/unit-applications/<uuid:application_id>/approval"): REVIEW_UNITS,
    ("GET", "/api/v1/office/units"): READ_UNITS,
    ("GET", "/api/v1/office/units/<uuid:unit_id>"): READ_UNITS,
    ("POST", "/api/v1/office/units/<uuid:unit_id>/suspension"): MANAGE_UNITS,
    ("DELETE", "/api/v1/office/units/<uuid:unit_id>/suspension"): MANAGE_UNITS,
    ("POST", "/api/v1/office/units/<uuid:unit_id>/closing"): MANAGE_UNITS,
    ("POST", "/api/v1/office/unit-documents/<uuid:document_id>/reading"): REVIEW_UNITS,
    ("GET", "/api/v1/partner/unit"): READ_UNIT,
    ("GET", "/api/v1/partner/figures"): UNIT_FIGURES,
    ("GET", "/api/v1/partner/unit/documents"): READ_UNIT,
    ("GET", "/api/v1/partner/unit/documents/<uuid:document_id>/content"): READ_UNIT,
    ("POST", "/api/v1/partner/unit/documents"): HAND_IN,
    ("DELETE", "/api/v1/partner/unit/documents/<uuid:document_id>"): HAND_IN,
    ("POST", "/api/v1/partner/unit/duties/<uuid:duty_id>/submission"): HAND_IN,
    ("GET", "/api/v1/partner/unit/recheck"): READ_UNIT,
    ("POST", "/api/v1/partner/unit/recheck"): SIGN_FOR_UNIT,
    ("POST", "/api/v1/office/unit-rechecks/<uuid:recheck_id>/acceptance"): REVIEW_UNITS,
    ("POST", "/api/v1/office/unit-rechecks/<uuid:recheck_id>/return"): REVIEW_UNITS,
    ("PUT", "/api/v1/office/unit-duties/<uuid:duty_id>/day"): MANAGE_UNITS,
    ("POST", "/api/v1/partner/unit/commitment"): SIGN_FOR_UNIT,
    ("GET", "/api/v1/office/reports"): To(MAY.REPORTS_READ),
    ("GET", "/api/v1/office/reports/<uuid:report_id>"): To(MAY.REPORTS_READ),
    ("POST", "/api/v1/office/reports/<uuid:report_id>/closing"): To(MAY.REPORTS_CLOSE),
    ("GET", "/api/v1/partner/reports"): READ_UNIT,
    ("GET", "/api/v1/partner/reports/<uuid:report_id>"): READ_UNIT,
    ("POST", "/api/v1/partner/reports/<uuid:report_id>/answer"): To(MAY.UNIT_REPORTS_ANSWER),
    **{
        (method, f"/api/v1/{side}{path}"): To(permission)
        for side, read, manage in (
            ("office", MAY.UNITS_READ, MAY.SHOPS_MANAGE),
            ("partner", MAY.UNIT_READ, MAY.UNIT_SHOPS_MANAGE),
        )
        for method, path, permission in (
            ("GET", "/shops", read),
            ("POST", "/shops", manage),
            ("GET", "/shops/<uuid:shop_id>", read),
            ("PUT", "/shops/<uuid:shop_id>", manage),
            ("POST", "/shops/<uuid:shop_id>/closing", manage),
            ("DELETE", "/shops/<uuid:shop_id>/closing", manage),
            ("GET", "/shops/<uuid:shop_id>/poster", read),
            ("GET", "/shops/<uuid:shop_id>/clerks", read),
            ("GET", "/shops/<uuid:shop_id>/clerk-invitations", read),
            ("POST", "/shops/<uuid:shop_id>/clerk-invitations", manage),
            ("DELETE", "/clerk-invitations/<uuid:invitation_id>", manage),
            ("DELETE", "/clerks/<uuid:clerk_id>", manage),
            ("POST", "/clerks/<uuid:clerk_id>/pause", manage),
            ("DELETE", "/clerks/<uuid:clerk_id>/pause", manage),
        )
    },
}
# Where one is signed in by the console's cookie, and not by an access token.
BY_COOKIE = ("/api/v1/console/", "/api/v1/office/", "/api/v1/partner/")


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
    ("GET", "/api/v1/resident/reports/<uuid:report_id>"): Carried("report_id", "report"),
    ("GET", "/api/v1/office/reports/<uuid:report_id>"): Carried("report_id", "report of a district"),
    ("POST", "/api/v1/office/reports/<uuid:report_id>/closing"): Carried(
        "report_id", "report of a district", {"outcome": "settled"}
    ),
    ("GET", "/api/v1/partner/reports/<uuid:report_id>"): Carried("report_id", "report of a unit"),
    ("POST", "/api/v1/partner/reports/<uuid:report_id>/answer"): Carried(
        "report_id", "report of a unit", {"answer": "已培训店员"}
    ),
    ("POST", "/api/v1/resident/notices/<uuid:notice_id>/read"): Carried("notice_id", "notice"),
    ("POST", "/api/v1/resident/identity"): Carried("proof.ticket", "check"),
    ("GET", "/api/v1/resident/identity/checks/<uuid:check_id>"): Carried("check_id", "check"),
    ("POST", "/api/v1/resident/score/what-if"): Carried("remove", "record", in_list=True),
    ("POST", "/api/v1/merchant/redemptions/<uuid:redemption_id>/reversal"): Carried(
        "redemption_id", "redemption", {"reason": "扫错了"}
    ),
    **{
        (method, f"/api/v1/source/batches/<uuid:batch_id>{rest}"): Carried("batch_id", "batch of a source")
        for method, rest in (("GET", ""), ("GET", "/refused-rows"), ("POST", "/withdrawal"))
    },
    **{
        (method, f"/api/v1/office/batches/<uuid:batch_id>{rest}"): Carried("batch_id", "batch of the city")
        for method, rest in (
            ("GET", ""),
            ("GET", "/refused-rows"),
            ("POST", "/refused-rows/file"),
            ("POST", "/withdrawal"),
        )
    },
    ("POST", "/api/v1/office/refused-rows/<uuid:row_id>/mending"): Carried(
        "row_id", "refused row of the city", {"values": {"key": "A-1"}}
    ),
    ("DELETE", "/api/v1/office/source-clients/<uuid:client_id>"): Carried("client_id", "program of a source"),
    ("DELETE", "/api/v1/console/sessions/<uuid:session_id>"): Carried("session_id", "console session"),
    ("DELETE", "/api/v1/console/passkeys/<uuid:passkey_id>"): Carried("passkey_id", "passkey"),
    ("PUT", "/api/v1/console/views/<uuid:view_id>"): Carried(
        "view_id", "saved view", {"name": "待核对", "is_default": True}
    ),
    ("DELETE", "/api/v1/console/views/<uuid:view_id>"): Carried("view_id", "saved view"),
    ("GET", "/api/v1/office/exports/<uuid:export_id>"): Carried("export_id", "export"),
    ("GET", "/api/v1/office/exports/<uuid:export_id>/file"): Carried("export_id", "export"),
    ("GET", "/api/v1/office/audit-exports/<uuid:export_id>"): Carried("export_id", "audit export"),
    ("GET", "/api/v1/office/audit-exports/<uuid:export_id>/file"): Carried("export_id", "audit export"),
    ("POST", "/api/v1/office/look-ups/<uuid:look_up_id>/field"): Carried(
        "look_up_id", "look-up", {"field": "name"}
    ),
    ("DELETE", "/api/v1/office/staff/invitations/<uuid:invitation_id>"): Carried(
        "invitation_id", "invitation to a district"
    ),
    ("DELETE", "/api/v1/partner/staff/invitations/<uuid:invitation_id>"): Carried(
        "invitation_id", "invitation to a unit"
    ),
    **{
        (method, f"/api/v1/office/unit-applications/<uuid:application_id>{rest}"): Carried(
            "application_id", "application in a district", body
        )
        for method, rest, body in (
            ("GET", "", {}),
            ("POST", "/return", {"version": 1, "reasons": {"unit_name": "请写全称"}}),
            ("POST", "/approval", {"version": 1}),
        )
    },
    ("POST", "/api/v1/office/unit-documents/<uuid:document_id>/reading"): Carried(
        "document_id", "document in a district"
    ),
    ("GET", "/api/v1/partner/unit/documents/<uuid:document_id>/content"): Carried(
        "document_id", "document of a unit"
    ),
    ("DELETE", "/api/v1/partner/unit/documents/<uuid:document_id>"): Carried(
        "document_id", "document of a duty"
    ),
    ("POST", "/api/v1/partner/unit/duties/<uuid:duty_id>/submission"): Carried("duty_id", "duty of a unit"),
    ("POST", "/api/v1/office/unit-rechecks/<uuid:recheck_id>/acceptance"): Carried(
        "recheck_id", "re-check in a district"
    ),
    ("POST", "/api/v1/office/unit-rechecks/<uuid:recheck_id>/return"): Carried(
        "recheck_id", "re-check in a district", {"reasons": {"unit_name": "请写全称"}}
    ),
    ("PUT", "/api/v1/office/unit-duties/<uuid:duty_id>/day"): Carried(
        "duty_id", "duty in a district", {"due_on": IN_A_MONTH, "reason": "正在装修"}
    ),
    **{
        (method, f"/api/v1/{side}/staff/<uuid:account_id>{rest}"): Carried("account_id", kind, body)
        for side, kind, roles in (
            ("office", "person of a district", {"roles": ["reviewer"], "district": "420202"}),
            ("partner", "person of a unit", {"roles": ["unit_editor"]}),
        )
        for method, rest, body in (
            ("GET", "", {}),
            ("PUT", "/roles", {**roles, "version": 1}),
            ("POST", "/suspension", {"reason": "离职"}),
            ("DELETE", "/suspension", {}),
            ("POST", "/sign-out", {}),
            ("POST", "/unlock", {}),
            ("DELETE", "/second-factors", {}),
        )
    },
    **{
        (method, f"/api/v1/{side}{path}"): Carried(name, f"{kind} {where}", body)
        for side, where in (("office", "of a district"), ("partner", "of a unit"))
        for method, path, name, kind, body in (
            ("GET", "/incentives/<uuid:incentive_id>", "incentive_id", "incentive", {}),
            ("GET", "/incentives/<uuid:incentive_id>/versions", "incentive_id", "incentive", {}),
            (
                "POST",
                "/incentives/<uuid:incentive_id>/pause",
                "incentive_id",
                "incentive",
                {"reason": "盘点"},
            ),
            ("DELETE", "/incentives/<uuid:incentive_id>/pause", "incentive_id", "paused incentive", {}),
            ("POST", "/incentives/<uuid:incentive_id>/end", "incentive_id", "incentive", {"reason": "停业"}),
            ("POST", "/incentives/<uuid:incentive_id>/quota", "incentive_id", "incentive", {"by": 1}),
            ("POST", "/incentive-drafts", "incentive_id", "incentive", {}),
            ("GET", "/incentive-drafts/<uuid:draft_id>", "draft_id", "draft", {}),
            ("PUT", "/incentive-drafts/<uuid:draft_id>", "draft_id", "draft", {"revision": 1, "content": {}}),
            ("DELETE", "/incentive-drafts/<uuid:draft_id>", "draft_id", "draft", {}),
            ("POST", "/incentive-drafts/<uuid:draft_id>/submission", "draft_id", "draft", {"revision": 1}),
            ("POST", "/incentive-drafts/<uuid:draft_id>/withdrawal", "draft_id", "submitted draft", {}),
            ("GET", "/incentive-sheets/exports/<uuid:export_id>", "export_id", "sheet that went out", {}),
            (
                "GET",
                "/incentive-sheets/exports/<uuid:export_id>/file",
                "export_id",
                "sheet that went out",
                {},
            ),
            *(
                (method, f"/incentive-sheets/imports/<uuid:import_id>{path}", "import_id", kind, {})
                for method, path, kind in (
                    ("GET", "", "sheet"),
                    ("GET", "/bad-cells", "sheet"),
                    ("GET", "/bad-rows", "sheet"),
                    ("POST", "/confirmation", "sheet"),
                    ("POST", "/cancellation", "sheet"),
                    ("POST", "/undoing", "imported sheet"),
                )
            ),
        )
    },
    **{
        (method, f"/api/v1/{side}{path}"): Carried(name, f"{kind} {where}", body)
        for side, where in (("office", "of a district"), ("partner", "of a unit"))
        for method, path, name, kind, body in (
            ("GET", "/shops/<uuid:shop_id>", "shop_id", "shop", {}),
            (
                "PUT",
                "/shops/<uuid:shop_id>",
                "shop_id",
                "shop",
                {"name": "新店", "address": "湖滨路 2 号", "district": "420202", "version": 1},
            ),
            ("POST", "/shops/<uuid:shop_id>/closing", "shop_id", "shop", {}),
            ("DELETE", "/shops/<uuid:shop_id>/closing", "shop_id", "shop", {}),
            ("GET", "/shops/<uuid:shop_id>/poster", "shop_id", "shop", {}),
            ("GET", "/shops/<uuid:shop_id>/clerks", "shop_id", "shop", {}),
            ("GET", "/shops/<uuid:shop_id>/clerk-invitations", "shop_id", "shop", {}),
            ("POST", "/shops/<uuid:shop_id>/clerk-invitations", "shop_id", "shop", {"label": "小陈"}),
            (
                "DELETE",
                "/clerk-invitations/<uuid:invitation_id>",
                "invitation_id",
                "clerk's invitation",
                {},
            ),
            ("DELETE", "/clerks/<uuid:clerk_id>", "clerk_id", "clerk", {}),
            ("POST", "/clerks/<uuid:clerk_id>/pause", "clerk_id", "clerk", {}),
            ("DELETE", "/clerks/<uuid:clerk_id>/pause", "clerk_id", "clerk", {}),
        )
    },
    ("POST", "/api/v1/office/incentive-drafts/<uuid:draft_id>/approval"): Carried(
        "draft_id", "submitted draft of a district", {"revision": 1}
    ),
    ("POST", "/api/v1/office/incentive-drafts/<uuid:draft_id>/return"): Carried(
        "draft_id", "submitted draft of a district", {"revision": 1, "reasons": [{"reason": "不清楚"}]}
    ),
}

# Ids that name nobody's object, and why.
PUBLIC_IDS: dict[str, str] = {
    "incentive_id": "the catalogue is public",
    "version": "score models are public",
    "unit_id": "units are public",
    "commitment_id": "commitments are public",
    "document_id": "nobody is signed in: the link's token beside it says whose documents may be named",
    "colleague_id": "narrows the audit trail, which its administrator reads whole",
    "shop_id": "shops are public",
    "version_id": "a model holds for the whole city; people of a district are refused before it is sought",
    "shop_ids": "shops are public; a draft that names another unit's is not taken",
}

# Calls that look beyond the caller's own rows: their filters alone keep people apart.
ACROSS_ACCOUNTS: dict[Call, str] = {
    ("POST", "/api/v1/resident/session"): "finds the account behind a WeChat code",
    ("POST", "/api/v1/resident/session/refresh"): "finds the session behind a refresh token",
    ("POST", "/api/v1/merchant/session"): "finds the clerk behind a WeChat code or an invitation",
    ("POST", "/api/v1/merchant/session/refresh"): "finds the session behind a refresh token",
    ("POST", "/api/v1/resident/identity"): "finds whether the person has an account already",
    ("POST", "/api/v1/merchant/invitations/look"): "finds the invitation behind a code",
    ("POST", "/api/v1/source/token"): "finds the program behind a number and a secret",
    ("POST", "/api/v1/source/records:withdraw"): "ends the source's records, which are residents' rows",
    (
        "POST",
        "/api/v1/office/refused-rows/<uuid:row_id>/mending",
    ): "makes a record, a resident's row",
    ("GET", "/api/v1/console/set-up"): "tells whether there is any account",
    ("POST", "/api/v1/console/set-up"): "makes the first account",
    ("POST", "/api/v1/console/session"): "finds the account behind an e-mail address",
    ("POST", "/api/v1/console/passkey-session/options"): "nobody is known yet",
    ("POST", "/api/v1/console/passkey-session"): "finds the account behind a passkey",
    ("POST", "/api/v1/console/password-resets"): "finds the account behind an e-mail address",
    ("POST", "/api/v1/console/password-resets/accept"): "finds the account behind a link",
    ("POST", "/api/v1/console/invitations/look"): "finds the invitation behind a link",
    ("POST", "/api/v1/console/invitations/accept"): "makes an account of an invitation",
    ("POST", "/api/v1/public/unit-applications"): "finds the application under an e-mail address",
    ("POST", "/api/v1/public/unit-applications/look"): "finds the application behind a link",
    ("PUT", "/api/v1/public/unit-applications/draft"): "finds the application behind a link",
    ("POST", "/api/v1/public/unit-applications/submission"): "finds the application behind a link",
    ("POST", "/api/v1/office/look-ups"): "finds the resident behind an ID number, for a case",
    ("POST", "/api/v1/office/look-ups/<uuid:look_up_id>/field"): "shows the resident of the own look-up",
    ("GET", "/api/v1/office/audit-events"): "the audit trail belongs to nobody",
    ("POST", "/api/v1/public/unit-applications/documents"): "finds the application behind a link",
    ("POST", "/api/v1/public/unit-applications/documents/content"): "finds the application behind a link",
    ("POST", "/api/v1/public/unit-applications/documents/removal"): "finds the application behind a link",
}
