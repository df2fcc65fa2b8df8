"""The sentences of the inbox: a title and a body for every kind of notice."""

from typing import Any

from backend.notices.models import NoticeKind

SENTENCES: dict[NoticeKind, tuple[str, str]] = {
    NoticeKind.IDENTITY_BOUND: ("身份已绑定", "您的微信已与本人身份绑定。若不是您本人操作，请联系信用办。"),
    NoticeKind.IDENTITY_MOVED: (
        "已换到新微信",
        "您的身份已换绑到现在这个微信，原来的登录和二维码都已失效。若不是您本人操作，请联系信用办。",
    ),
    NoticeKind.NAME_CHANGED: (
        "姓名已更新",
        "您的姓名已按新的身份核验结果更新。若不是您本人操作，请联系信用办。",
    ),
    NoticeKind.SIGNED_OUT_EVERYWHERE: (
        "已在所有设备退出",
        "您的账号已在所有设备退出，之前的二维码都已失效。重新登录后可以再次出示。",
    ),
    NoticeKind.ACCOUNT_REOPENED: ("账号已恢复", "您的账号已由信用办恢复。各项同意需要您重新决定。"),
    NoticeKind.SCORE_READY: ("信用分已生成", "您已同意计算信用分，现在可以查看分数和每一项来源。"),
    NoticeKind.CONSENT_WITHDRAWN: ("已撤回同意", "您已撤回“{title}”，相关处理已经停止。"),
    NoticeKind.VOUCHER_CLAIMED: ("领取成功", "您已领取“{offer}”，{until}当天及以前有效。"),
    NoticeKind.VOUCHER_REDEEMED: ("已使用", "“{offer}”已在{shop}使用。若不是您本人使用，请联系信用办。"),
    NoticeKind.VOUCHER_REVERSED: ("使用已撤销", "{shop}撤销了“{offer}”的一次使用。"),
    NoticeKind.VOUCHER_GIVEN_BACK: ("已退回", "您已退回“{offer}”，名额已让给其他人。"),
    NoticeKind.VOUCHER_ENDS_SOON: ("券快到期了", "“{offer}”到{until}为止有效，请及时使用。"),
    NoticeKind.VOUCHER_EXPIRED: ("券已到期", "“{offer}”已到期，未使用的次数不再有效。"),
    NoticeKind.REPORT_ANSWERED: (
        "反映有了答复",
        "您反映的“{offer}”在{shop}没有享受到，单位已经答复。点开看看。",
    ),
    NoticeKind.REPORT_CLOSED: (
        "反映已办结",
        "您反映的“{offer}”在{shop}没有享受到，信用办已经办结。点开看看。",
    ),
}


def title_and_body(kind: str, values: dict[str, Any]) -> tuple[str, str]:
    title, body = SENTENCES[NoticeKind(kind)]
    return title, body.format_map(values)
