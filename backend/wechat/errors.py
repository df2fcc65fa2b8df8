"""What can be refused when WeChat is asked. `retry_after`, where given, is in seconds."""

from backend.core.errors import DomainError, Kind


class WeChatCodeInvalid(DomainError):
    """The sign-in code is unknown, too old or used: the client must call `wx.login` again."""

    kind = Kind.UNAUTHENTICATED
    code = "wechat.code_invalid"
    detail = "登录信息已失效，请重新登录。"


class WeChatAccountBlocked(DomainError):
    """WeChat rates this account as risky. The person is told nothing about that judgement."""

    kind = Kind.FORBIDDEN
    code = "wechat.account_blocked"
    detail = "这个微信账号暂时不能登录，您可以到服务窗口办理。"


class WeChatUnavailable(DomainError):
    """WeChat did not answer usefully, limits us, or refuses our configuration."""

    kind = Kind.UNAVAILABLE
    code = "wechat.unavailable"
    detail = "微信暂时没有响应，请稍后再试。"


class WeChatPhoneCodeInvalid(DomainError):
    """The code of the phone number button is unknown, too old or used: the person taps it again."""

    kind = Kind.INVALID
    code = "wechat.phone_code_invalid"
    detail = "手机号授权已失效，请重新点击获取手机号。"


class WeChatFaceRefused(DomainError):
    """WeChat does not begin a face check for this account and identity."""

    kind = Kind.INVALID
    code = "wechat.face_refused"
    detail = "微信不能为您做人脸核身，请核对姓名和证件号码，或者换一种核验方式。"


class PushForbidden(DomainError):
    """A push that WeChat did not sign, or not lately, or that is for another mini-program."""

    kind = Kind.FORBIDDEN
    code = "wechat.push_forbidden"
    detail = "签名不正确或已过期。"


class PushUnreadable(DomainError):
    """A push that is not JSON in safe mode, or that our key does not open."""

    kind = Kind.INVALID
    code = "wechat.push_unreadable"
    detail = "推送内容无法读取，请在微信公众平台选择 JSON 和安全模式。"
