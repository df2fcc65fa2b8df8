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
