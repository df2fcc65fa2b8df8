"""The letters with a one-time link. Its token is drawn when the letter is written, so that it stands in
the letter alone: the database has the hash, and no queue of jobs has it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts.mail import PostDesk
from backend.accounts.models import Account, PasswordReset, StaffInvitation
from backend.accounts.roles import BY_CODE
from backend.core.clock import CHINA
from backend.core.tokens import hash_token, new_token

IGNORE = "如果您不知道这封邮件为什么发给您，请不要理会，也不要把链接转给别人。"


def send_invitation(db: Session, desk: PostDesk, invitation_id: UUID, *, now: datetime) -> None:
    """Nothing is sent for an invitation that is no longer open."""
    invitation = db.get(StaffInvitation, invitation_id, with_for_update=True)
    if invitation is None or not invitation.is_open(now):
        return
    token = new_token()
    invitation.token_hash, invitation.sent_at = hash_token(token), now
    db.flush()
    roles = "、".join(BY_CODE[code].name for code in invitation.roles)
    desk.write(
        to=invitation.email or "",
        subject="邀请您使用管理后台",
        paragraphs=[
            f"{invitation.name}，您好：",
            f"邀请您使用{desk.city_name}信用分的管理后台，角色是{roles}。请打开下面的链接，设置您的密码：",
            desk.address.link("invitation", token),
            f"链接只能用一次，{_until(invitation.expires_at)}前有效。",
            IGNORE,
        ],
    )


def send_reset(db: Session, desk: PostDesk, reset_id: UUID, *, now: datetime) -> None:
    reset = db.get(PasswordReset, reset_id, with_for_update=True)
    if reset is None or reset.used_at or reset.expires_at <= now:
        return
    account = db.get_one(Account, reset.account_id)
    token = new_token()
    reset.token_hash = hash_token(token)
    db.flush()
    desk.write(
        to=account.email or "",
        subject="重设密码",
        paragraphs=[
            f"{account.name}，您好：",
            "有人（应该是您）要重设管理后台的密码。请打开下面的链接：",
            desk.address.link("password-reset", token),
            f"链接只能用一次，{_until(reset.expires_at)}前有效。不打开它，密码就不会变。",
            IGNORE,
        ],
    )


def _until(moment: datetime) -> str:
    local = moment.astimezone(CHINA)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M} "
