"""Shapes of signing in to the console, of one's own account and of the staff."""

from typing import Any

import marshmallow as ma

from backend.accounts.roles import ROLES
from backend.core.actor import ActorKind, SignInStep
from backend.web.paging import PageQuery
from backend.web.validation import Schema, text_field

EMAIL_LONGEST = 254
NAME_LONGEST = 50
PASSWORD_LONGEST = 256
STATES = ("active", "locked", "suspended")
ROLE_CODES = tuple(role.code for role in ROLES)


class Email(ma.fields.Email):
    """An address, in small letters: nobody means two accounts by two spellings."""

    default_error_messages = {"invalid": "不是有效的邮箱。"}

    def _deserialize(self, *args: Any, **options: Any) -> str:
        address: str = super()._deserialize(*args, **options)
        # Quoted names may hold anything, and nobody has one.
        if len(address) > EMAIL_LONGEST or '"' in address:
            raise self.make_error("invalid")
        return address.lower()


def name_field() -> ma.fields.String:
    return text_field(NAME_LONGEST)


class NothingSchema(Schema):
    """A body without content."""


class TokenSchema(Schema):
    token = text_field(128)


class SetUpSchema(TokenSchema):
    name = name_field()
    email = Email(required=True)
    password = text_field(PASSWORD_LONGEST)


class SetUpNeededSchema(Schema):
    needed = ma.fields.Boolean(required=True)


class PasswordSignInSchema(Schema):
    email = Email(required=True)
    password = text_field(PASSWORD_LONGEST)


class SignInCodeSchema(Schema):
    code = text_field(40)


class CredentialSchema(Schema):
    credential = ma.fields.Dict(
        required=True, metadata={"description": "PublicKeyCredential.toJSON() 的结果"}
    )


class ProofSchema(Schema):
    """For what binds others: the password again and, of who has a second factor, `code` or `credential`."""

    password = text_field(PASSWORD_LONGEST)
    code = text_field(
        40,
        required=False,
        allow_none=True,
        load_default=None,
        metadata={"description": "验证器应用的数字，或一个恢复码"},
    )
    credential = ma.fields.Dict(
        load_default=None,
        allow_none=True,
        metadata={"description": "通行密钥签过的：PublicKeyCredential.toJSON() 的结果"},
    )


class NewPasskeySchema(CredentialSchema):
    name = name_field()


def _as_browsers_say(name: str, field: type[ma.fields.Field[Any]], *inner: Any) -> ma.fields.Field[Any]:
    return field(*inner, data_key=name, attribute=name)


class PasskeyOptionsSchema(Schema):
    """What `navigator.credentials` takes under `publicKey`, as JSON: both for making and for using."""

    challenge = ma.fields.String(required=True)
    timeout = ma.fields.Integer()
    rp_id = _as_browsers_say("rpId", ma.fields.String)
    allow_credentials = _as_browsers_say("allowCredentials", ma.fields.List, ma.fields.Dict())
    user_verification = _as_browsers_say("userVerification", ma.fields.String)
    rp = ma.fields.Dict()
    user = ma.fields.Dict()
    pub_key_cred_params = _as_browsers_say("pubKeyCredParams", ma.fields.List, ma.fields.Dict())
    exclude_credentials = _as_browsers_say("excludeCredentials", ma.fields.List, ma.fields.Dict())
    authenticator_selection = _as_browsers_say("authenticatorSelection", ma.fields.Dict)
    attestation = ma.fields.String()


class UnitOfAccountSchema(Schema):
    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)


class SecondFactorsSchema(Schema):
    totp = ma.fields.Boolean(required=True)
    passkeys = ma.fields.Integer(required=True)
    recovery_codes_left = ma.fields.Integer(required=True)


class AccountSchema(Schema):
    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    email = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf([ActorKind.OFFICE, ActorKind.PARTNER]))
    unit = ma.fields.Nested(UnitOfAccountSchema, required=True, allow_none=True)
    district = ma.fields.String(required=True, allow_none=True)
    roles = ma.fields.List(ma.fields.String(), required=True)
    permissions = ma.fields.List(ma.fields.String(), required=True)
    second_factors = ma.fields.Nested(SecondFactorsSchema, required=True)


class ConsoleSessionSchema(Schema):
    step = ma.fields.String(required=True, validate=ma.validate.OneOf(list(SignInStep)))
    methods = ma.fields.List(
        ma.fields.String(validate=ma.validate.OneOf(["totp", "passkey", "recovery"])), required=True
    )
    csrf_token = ma.fields.String(required=True)
    account = ma.fields.Nested(
        AccountSchema, required=True, allow_none=True, metadata={"description": "登录完成后才有"}
    )
    idle_ends_at = ma.fields.AwareDateTime(required=True)
    ends_at = ma.fields.AwareDateTime(required=True)


class OpenSessionSchema(Schema):
    id = ma.fields.UUID(required=True)
    started_at = ma.fields.AwareDateTime(required=True)
    last_seen_at = ma.fields.AwareDateTime(required=True)
    client = ma.fields.String(required=True)
    current = ma.fields.Boolean(required=True)


class OpenSessionsSchema(Schema):
    items = ma.fields.List(ma.fields.Nested(OpenSessionSchema), required=True)


class PasswordChangeSchema(Schema):
    current = text_field(PASSWORD_LONGEST)
    new = text_field(PASSWORD_LONGEST)


class PasswordAgainSchema(Schema):
    password = text_field(PASSWORD_LONGEST)


class TotpEnrolmentSchema(Schema):
    secret = ma.fields.String(required=True)
    uri = ma.fields.String(required=True)


class RecoveryCodesSchema(Schema):
    recovery_codes = ma.fields.List(ma.fields.String(), required=True)


class EnrolledSchema(RecoveryCodesSchema):
    """Also the session, which the enrolment may have made whole, with a new CSRF token."""

    session = ma.fields.Nested(ConsoleSessionSchema, required=True)


class PasskeySchema(Schema):
    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    created_at = ma.fields.AwareDateTime(required=True)
    last_used_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class PasskeysSchema(Schema):
    items = ma.fields.List(ma.fields.Nested(PasskeySchema), required=True)


class NewPasskeyAnswerSchema(PasskeySchema):
    recovery_codes = ma.fields.List(
        ma.fields.String(), required=True, metadata={"description": "第一种二次验证时给出，其余为空"}
    )
    session = ma.fields.Nested(ConsoleSessionSchema, required=True)


class EmailSchema(Schema):
    email = Email(required=True)


class NewPasswordSchema(TokenSchema):
    password = text_field(PASSWORD_LONGEST)


class InvitationLookSchema(Schema):
    email = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    roles = ma.fields.List(ma.fields.String(), required=True)
    unit = ma.fields.Nested(UnitOfAccountSchema, required=True, allow_none=True)
    expires_at = ma.fields.AwareDateTime(required=True)


class AcceptanceSchema(NewPasswordSchema):
    name = name_field()


def roles_field() -> ma.fields.List[str]:
    return ma.fields.List(
        ma.fields.String(validate=ma.validate.OneOf(ROLE_CODES)),
        required=True,
        validate=ma.validate.Length(1, len(ROLE_CODES)),
    )


class UnitInvitationSchema(Schema):
    email = Email(required=True)
    name = name_field()
    roles = roles_field()


class OfficeInvitationSchema(UnitInvitationSchema):
    district = text_field(32, required=False, allow_none=True, load_default=None)
    unit_id = ma.fields.UUID(
        required=False,
        allow_none=True,
        load_default=None,
        metadata={"description": "邀请成员单位的人员时填写"},
    )


class InvitationSchema(Schema):
    id = ma.fields.UUID(required=True)
    email = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    roles = ma.fields.List(ma.fields.String(), required=True)
    unit = ma.fields.Nested(UnitOfAccountSchema, required=True, allow_none=True)
    district = ma.fields.String(required=True, allow_none=True)
    created_at = ma.fields.AwareDateTime(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)
    sent_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class InvitationsSchema(Schema):
    items = ma.fields.List(ma.fields.Nested(InvitationSchema), required=True)


class UnitStaffQuery(PageQuery):
    q = text_field(EMAIL_LONGEST, required=False, load_default=None)
    role = ma.fields.String(load_default=None, validate=ma.validate.OneOf(ROLE_CODES))
    state = ma.fields.String(load_default=None, validate=ma.validate.OneOf(STATES))


class OfficeStaffQuery(UnitStaffQuery):
    district = text_field(32, required=False, load_default=None)
    unit_id = ma.fields.UUID(load_default=None)
    kind = ma.fields.String(
        load_default=None, validate=ma.validate.OneOf([ActorKind.OFFICE, ActorKind.PARTNER])
    )


class StaffSchema(Schema):
    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    email = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    unit = ma.fields.Nested(UnitOfAccountSchema, required=True, allow_none=True)
    district = ma.fields.String(required=True, allow_none=True)
    roles = ma.fields.List(ma.fields.String(), required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(STATES))
    locked_until = ma.fields.AwareDateTime(required=True, allow_none=True)
    suspended_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    suspension_reason = ma.fields.String(required=True, allow_none=True)
    second_factors = ma.fields.Nested(SecondFactorsSchema, required=True)
    created_at = ma.fields.AwareDateTime(required=True)
    last_signed_in_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    version = ma.fields.Integer(required=True)


class UnitRolesChangeSchema(Schema):
    roles = roles_field()
    version = ma.fields.Integer(required=True, strict=True)


class OfficeRolesChangeSchema(UnitRolesChangeSchema):
    district = text_field(32, required=False, allow_none=True, load_default=None)


class ReasonSchema(Schema):
    reason = text_field(200)


class PermissionSchema(Schema):
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class RoleSchema(Schema):
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    description = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    permissions = ma.fields.List(ma.fields.Nested(PermissionSchema), required=True)


class RolesSchema(Schema):
    items = ma.fields.List(ma.fields.Nested(RoleSchema), required=True)
