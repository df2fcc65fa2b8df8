"""Through whom messages leave: WeChat, and who knows the residents' accounts there.

Residents belong to a part that stands above this one, so `main` says at start whom to ask.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from backend.wechat.accounts import WeChat


@dataclass(frozen=True)
class PostOffice:
    """`openid_of` gives None for somebody who has left, `resident_of` for an account nobody here has."""

    wechat: WeChat
    openid_of: Callable[[Session, UUID], str | None]
    resident_of: Callable[[Session, str], UUID | None]


class _Opened:
    office: PostOffice | None = None


def open_post_office(office: PostOffice) -> None:
    """Make it the one through which this process sends."""
    _Opened.office = office


def post_office() -> PostOffice:
    if _Opened.office is None:
        raise RuntimeError("no post office was opened; call open_post_office at start")
    return _Opened.office
