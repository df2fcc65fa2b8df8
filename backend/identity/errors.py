"""Refusals about who someone is and about sessions."""

from backend.core.errors import DomainError, Kind


class InvalidIdNumber(DomainError):
    """Not a resident identity number by GB 11643: length, date or check digit is wrong."""

    kind = Kind.INVALID
    code = "identity.invalid_id_number"
    detail = "身份证号不正确，请核对 18 位号码。"


class IdentityMismatch(DomainError):
    """The provider says that name and ID number do not belong together."""

    kind = Kind.INVALID
    code = "identity.mismatch"
    detail = "姓名与身份证号不一致，请核对。"


class UnknownProvider(DomainError):
    """The proof names a provider that is not in use here."""

    kind = Kind.INVALID
    code = "identity.unknown_provider"
    detail = "暂不支持这种身份核验方式。"


class UnderAge(DomainError):
    """Adults only: nothing about the person is stored."""

    kind = Kind.FORBIDDEN
    code = "identity.under_age"
    detail = "信用分只面向年满 18 周岁的市民。我们没有保存您的身份信息。"


class AlreadyBound(DomainError):
    """The person has an account already, or this account belongs to another person."""

    kind = Kind.CONFLICT
    code = "identity.already_bound"
    detail = "该身份或该微信已绑定。一人一号；如需更换，请到信用办窗口办理。"
    constraint = "uq_residents_id_number_index"


class NotBound(DomainError):
    """The call needs a proven identity first."""

    kind = Kind.CONFLICT
    code = "identity.not_bound"
    detail = "请先绑定本人身份。"


class SessionEnded(DomainError):
    """The token is no (longer a) valid one: expired, ended, forged or unknown."""

    kind = Kind.UNAUTHENTICATED
    code = "session.ended"
    detail = "登录已失效，请重新登录。"


class SessionReused(DomainError):
    """An old refresh token came back: somebody copied it, so the whole session ends."""

    kind = Kind.UNAUTHENTICATED
    code = "session.reused"
    detail = "为保护您的账号，请重新登录。"
    keeps_changes = True


class NotInvited(DomainError):
    """The WeChat account works for no shop, and came without a valid invitation."""

    kind = Kind.FORBIDDEN
    code = "clerk.not_invited"
    detail = "您还不是门店店员，请向店长索取邀请码。"


class InviteUsed(DomainError):
    """The invitation was used before, or has run out."""

    kind = Kind.GONE
    code = "clerk.invite_used"
    detail = "邀请码已使用或已过期，请向店长重新索取。"
