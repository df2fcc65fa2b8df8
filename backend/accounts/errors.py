"""Refusals about accounts of the console and about signing in to it."""

from backend.core.errors import DomainError, Kind


class SessionOver(DomainError):
    """The cookie names no open session: signed out, idle too long, a working day old, or unknown."""

    kind = Kind.UNAUTHENTICATED
    code = "session.ended"
    detail = "登录已失效，请重新登录。"


class WrongCredentials(DomainError):
    """E-mail or password is wrong; it is not told which."""

    kind = Kind.UNAUTHENTICATED
    code = "console.wrong_credentials"
    detail = "邮箱或密码不正确。"
    keeps_changes = True


class WrongCode(DomainError):
    """The code of the authenticator or of recovery is wrong, used before or too old."""

    kind = Kind.INVALID
    code = "console.wrong_code"
    detail = "验证码不正确，或已经用过。请换一个新的验证码。"
    keeps_changes = True


class WrongPassword(DomainError):
    """The present password, asked for again, is wrong."""

    kind = Kind.INVALID
    code = "console.wrong_password"
    detail = "当前密码不正确。"
    keeps_changes = True


class Locked(DomainError):
    """Too many wrong tries for this e-mail; `locked_until` says when there is another."""

    kind = Kind.NEEDS_MORE
    code = "console.locked"
    detail = "多次输入不正确，暂时不能登录，请稍后再试。"
    keeps_changes = True


class Suspended(DomainError):
    """The account was suspended by an administrator."""

    kind = Kind.FORBIDDEN
    code = "account.suspended"
    detail = "这个账号已停用。如有疑问，请联系安全管理员或本单位管理员。"


class WeakPassword(DomainError):
    """The new password is easy to guess; the error says why."""

    kind = Kind.INVALID
    code = "console.weak_password"
    detail = "密码太容易被猜到，请换一个。"


class PasskeyRefused(DomainError):
    """The answer of the passkey does not hold: another site, an old question, a wrong signature."""

    kind = Kind.INVALID
    code = "console.passkey_refused"
    detail = "通行密钥验证没有通过，请重试。"
    constraint = "ck_account_passkeys_credential_id"
    keeps_changes = True


class PasskeyKnown(DomainError):
    """This passkey was registered before."""

    kind = Kind.CONFLICT
    code = "console.passkey_known"
    detail = "这个通行密钥已经登记过。"
    constraint = "uq_account_passkeys_credential_id"


class LastSecondFactor(DomainError):
    """People of the office keep at least one second factor."""

    kind = Kind.CONFLICT
    code = "console.last_second_factor"
    detail = "信用办的账号必须保留一种二次验证，请先添加另一种。"


class NoSecondFactor(DomainError):
    """Recovery codes stand in for a second factor, so there must be one."""

    kind = Kind.CONFLICT
    code = "console.no_second_factor"
    detail = "请先设置二次验证。"


class LinkInvalid(DomainError):
    """The one-time link was used, replaced, withdrawn, has run out or never was."""

    kind = Kind.GONE
    code = "console.link_invalid"
    detail = "链接已失效或已经用过，请重新获取。"


class EmailTaken(DomainError):
    """Somebody has an account under this address."""

    kind = Kind.CONFLICT
    code = "account.email_taken"
    detail = "这个邮箱已有账号。"
    constraint = "uq_accounts_email_index"


class UnknownRole(DomainError):
    """There is no such role for such a person."""

    kind = Kind.INVALID
    code = "account.unknown_role"
    detail = "没有这个角色，或这个账号不能有这个角色。"


class AdministratorsExclude(DomainError):
    """One person is not two of system, security and audit administrator."""

    kind = Kind.CONFLICT
    code = "account.administrators_exclude"
    detail = "系统管理员、安全管理员和审计管理员不能是同一个人。"
    constraint = "uq_account_roles_one_administrator"


class UnknownDistrict(DomainError):
    """The city has no such district."""

    kind = Kind.INVALID
    code = "account.unknown_district"
    detail = "没有这个地区。"


class OutsideDistrict(DomainError):
    """Whose own work is limited to a district looks after people of that district only."""

    kind = Kind.FORBIDDEN
    code = "account.outside_district"
    detail = "您只能管理本地区的人员。"


class UnknownUnit(DomainError):
    """There is no such unit."""

    kind = Kind.INVALID
    code = "account.unknown_unit"
    detail = "没有这个成员单位。"
    constraint = "fk_staff_invitations_unit_id"


class StaleAccount(DomainError):
    """Somebody else changed the account meanwhile."""

    kind = Kind.CONFLICT
    code = "account.stale"
    detail = "这个账号刚刚被别人修改过，请刷新后再试。"


class OwnAccount(DomainError):
    """Nobody changes the own roles, or suspends, unlocks or lifts the own suspension."""

    kind = Kind.CONFLICT
    code = "account.own"
    detail = "不能对自己的账号做这项操作，请由另一位管理员办理。"


class BeyondFirst(DomainError):
    """The system administrator invites the first of the other administrators, and nobody else."""

    kind = Kind.FORBIDDEN
    code = "account.beyond_first"
    detail = "系统管理员只能邀请首位安全管理员和首位审计管理员，其他人员请由安全管理员邀请。"


class InvitationClosed(DomainError):
    """The invitation was accepted or withdrawn before."""

    kind = Kind.CONFLICT
    code = "account.invitation_closed"
    detail = "这份邀请已被接受或已撤回。"


class ViewNameTaken(DomainError):
    """Another view of the same list has this name."""

    kind = Kind.CONFLICT
    code = "view.name_taken"
    detail = "这张列表已有同名的常用筛选，请换一个名称。"
    constraint = "uq_saved_views_account_id_list_name_name"


class TooManyViews(DomainError):
    """One list has as many views as a person can still choose from."""

    kind = Kind.CONFLICT
    code = "view.too_many"
    detail = "这张列表的常用筛选已满，请先删除不用的。"
