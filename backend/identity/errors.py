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
    """Adults only: nothing about the person is stored, and an account that is nobody's goes at once."""

    kind = Kind.FORBIDDEN
    code = "identity.under_age"
    detail = "信用分只面向年满 18 周岁的市民。我们没有保存您的身份信息。"
    keeps_changes = True


class AlreadyBound(DomainError):
    """This account belongs to another person."""

    kind = Kind.CONFLICT
    code = "identity.already_bound"
    detail = "这个微信已绑定另一位市民的身份，一人一号。如需更换，请到信用办窗口办理。"


class BoundElsewhere(DomainError):
    """The proven person has another account; with `move` they come over to this one. The proof stays good."""

    kind = Kind.CONFLICT
    code = "identity.bound_elsewhere"
    detail = "您的身份已绑定在另一个微信上。如需换到现在这个微信，请确认换绑。"
    constraint = "uq_residents_id_number_index"


class MovedMeanwhile(DomainError):
    """The person moved to an account after this proof was begun, so it no longer says who comes last."""

    kind = Kind.CONFLICT
    code = "identity.moved_meanwhile"
    detail = "您的身份刚刚换绑到了另一个微信。如仍需换到这个微信，请重新核验身份。"


class CheckNeeded(DomainError):
    """This way of proof begins with a check, whose id is the proof's ticket."""

    kind = Kind.INVALID
    code = "identity.check_needed"
    detail = "请先开始身份核验，再提交。"


class CheckPending(DomainError):
    """The check has no result yet: the person, or the clerk at the window, has not finished."""

    kind = Kind.CONFLICT
    code = "identity.check_pending"
    detail = "身份核验还没有完成，请完成后再继续。"


class CheckFailed(DomainError):
    """The provider did not confirm the person; a new check may be begun."""

    kind = Kind.CONFLICT
    code = "identity.check_failed"
    detail = "身份核验没有通过，请重新核验，或到信用办窗口办理。"
    keeps_changes = True


class CheckExpired(DomainError):
    """The check's time is over, or a later one took its place."""

    kind = Kind.GONE
    code = "identity.check_expired"
    detail = "身份核验已超过时间，请重新核验。"


class CheckUsed(DomainError):
    """A check proves an identity once."""

    kind = Kind.CONFLICT
    code = "identity.check_used"
    detail = "这次身份核验已经用过，请重新核验。"


class CheckOfAnother(DomainError):
    """The check was begun for another name or ID number, or with another way of proof."""

    kind = Kind.INVALID
    code = "identity.check_of_another"
    detail = "姓名、身份证号或核验方式与核验时填写的不一致，请核对。"


class WindowCodeInvalid(DomainError):
    """No open check has this code; said to the clerk at the window."""

    kind = Kind.INVALID
    code = "identity.window_code_invalid"
    detail = "核验码不对或已过期，请让市民重新取码。"


class WindowMismatch(DomainError):
    """Name and ID number are not those the code was taken for; `tries_left` more, then the check ends."""

    kind = Kind.INVALID
    code = "identity.window_mismatch"
    detail = "姓名、身份证号与取码时填写的不一致，请核对证件。"
    keeps_changes = True


class ProviderUnavailable(DomainError):
    """The national identity platform did not answer usefully."""

    kind = Kind.UNAVAILABLE
    code = "identity.provider_unavailable"
    detail = "身份核验平台暂时没有响应，请稍后再试。"


class ResidentClosed(DomainError):
    """The office closed this resident."""

    kind = Kind.FORBIDDEN
    code = "resident.closed"
    detail = "这个账号已由信用办办理停用。如有疑问或需要恢复，请联系信用办，我们会帮您办理。"


class NotClosed(DomainError):
    """Only a closed resident can be reopened."""

    kind = Kind.CONFLICT
    code = "resident.not_closed"
    detail = "这位市民的账号没有停用，无需恢复。"


class AlreadyClosed(DomainError):
    """The resident was closed before."""

    kind = Kind.CONFLICT
    code = "resident.already_closed"
    detail = "这位市民的账号已经停用。"


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


class ClerkPaused(DomainError):
    """The shop lets this clerk pause; resumed, they sign in without an invitation."""

    kind = Kind.FORBIDDEN
    code = "clerk.paused"
    detail = "门店已暂停您的店员身份，请联系店长。"


class InviteUsed(DomainError):
    """The invitation was used before, was withdrawn or has run out."""

    kind = Kind.GONE
    code = "clerk.invite_used"
    detail = "邀请码已使用或已失效，请向店长重新索取。"
