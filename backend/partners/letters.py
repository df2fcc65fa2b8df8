"""The letter with the link to an application. As with invitations, the token is drawn when it is written."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts.letters import IGNORE
from backend.accounts.mail import PostDesk
from backend.city import City
from backend.core.tokens import hash_token, new_token
from backend.partners.models import WAITING_OR_OPEN, ApplicationState, UnitApplication

LINK_GOOD_FOR = timedelta(days=30)

SUBJECTS = {
    ApplicationState.DRAFT: "申请成为成员单位",
    ApplicationState.SUBMITTED: "您的成员单位申请",
    ApplicationState.RETURNED: "您的成员单位申请需要补充",
}
PARAGRAPHS = {
    ApplicationState.DRAFT: "请打开下面的链接填写申请。可以先保存，以后再接着填：",
    ApplicationState.SUBMITTED: "您的申请正在审核。打开下面的链接可以查看：",
    ApplicationState.RETURNED: "您的申请有内容需要修改。请打开下面的链接，按提示改好后重新提交：",
}


def send_application_link(
    db: Session, desk: PostDesk, city: City, application_id: UUID, *, now: datetime
) -> None:
    """Nothing is sent for an application that is decided."""
    application = db.get(UnitApplication, application_id, with_for_update=True)
    if application is None or application.state not in WAITING_OR_OPEN:
        return
    token, state = new_token(), ApplicationState(application.state)
    application.token_hash, application.link_expires_at = hash_token(token), now + LINK_GOOD_FOR
    db.flush()
    desk.write(
        to=application.email or "",
        subject=SUBJECTS[state],
        paragraphs=[
            f"{application.contact}，您好：",
            PARAGRAPHS[state],
            desk.address.link("application", token),
            f"链接 {LINK_GOOD_FOR.days} 天内有效，以最后一封邮件里的为准。",
            f"{city.office.name}不会为此收费，也不会向您要验证码。",
            IGNORE,
        ],
    )
