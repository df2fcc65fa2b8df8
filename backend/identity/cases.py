"""What the office does about one resident, for a case: look, sign out a lost phone, close, reopen.

Every one of them stands in the access log that the resident reads.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.city import City
from backend.core.actor import OFFICE, Actor
from backend.core.clock import day_in_china
from backend.core.errors import NotFound
from backend.identity import queries
from backend.identity.errors import AlreadyClosed, NotClosed
from backend.identity.id_number import read_id_number
from backend.identity.models import ClosedReason, Resident
from backend.identity.sessions import end_sessions_of_resident
from backend.identity.signals import resident_closed
from backend.identity.signing_out import sign_out_everywhere
from backend.notices.models import NoticeKind
from backend.notices.service import notify


@dataclass(frozen=True)
class Case:
    """Why the office acts: the number of the case, and the purpose in words that the resident reads.

    `looked_by` is whom of the office the resident reads about; the office as such, when absent.
    """

    number: str
    purpose: str
    looked_by: str | None = None


class Field(StrEnum):
    """What of a resident may be shown in clear, each by itself."""

    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"


FIELD_NAMES = {Field.NAME: "姓名", Field.ID_NUMBER: "身份证号", Field.PHONE: "手机号"}


def find_resident_for_case(
    db: Session,
    *,
    city: City,
    id_number: str,
    case: Case,
    now: datetime,
    actor: Actor = OFFICE,
    is_theirs: Callable[[UUID], bool] = lambda _resident_id: True,
) -> Resident | None:
    """The resident with this ID number, or None, also for one who is not theirs to see. Looking in vain
    leaves an audit event too."""
    resident = queries.find_person(db, read_id_number(id_number, today=day_in_china(now)))
    if resident is None or not is_theirs(resident.id):
        subject = ("case", case.number)
        audit.record(db, "resident.sought_in_vain", subject=subject, actor=actor, now=now)
        return None
    _log_access(db, city, resident, case, now, shown="姓名和身份证号（部分隐去）、账号情况", actor=actor)
    _record(db, "resident.shown", resident, case, now, actor=actor)
    return resident


def show_field_for_case(
    db: Session, resident: Resident, field: Field, *, city: City, case: Case, actor: Actor, now: datetime
) -> str:
    """One field in clear; NotFound when the resident has left none."""
    value: str | None = getattr(resident, field)
    if value is None:
        raise NotFound
    _log_access(db, city, resident, case, now, shown=f"{FIELD_NAMES[field]}（完整）", actor=actor)
    _record(db, "resident.shown_in_clear", resident, case, now, actor=actor, field=field)
    return value


def sign_out_lost_phone(db: Session, *, city: City, resident_id: UUID, case: Case, now: datetime) -> Resident:
    """As the resident can do: every session ends, and every ticket that a phone still holds."""
    resident = _lock(db, resident_id)
    sign_out_everywhere(db, resident_id=resident_id, actor=OFFICE, now=now)
    _log_access(db, city, resident, case, now)
    _record(db, "resident.lost_phone", resident, case, now)
    return resident


def close_resident(
    db: Session, *, city: City, resident_id: UUID, reason: ClosedReason, case: Case, now: datetime
) -> Resident:
    """After a death, a departure, a double account or on request: nothing runs for them any more.

    Sessions end, tickets and open vouchers too, consents, and with them the score. Name and number
    stay, so that nobody else becomes this person.
    """
    resident = _lock(db, resident_id)
    if resident.is_closed:
        raise AlreadyClosed
    resident.closed_at, resident.closed_reason, resident.phone = now, reason, None
    end_sessions_of_resident(db, resident_id, reason="closed", actor=OFFICE, now=now)
    resident_closed.send(db, resident_id=resident_id, city=city, actor=OFFICE, now=now)
    _log_access(db, city, resident, case, now)
    _record(db, "resident.closed", resident, case, now, reason=reason)
    return resident


def reopen_resident(db: Session, *, city: City, resident_id: UUID, case: Case, now: datetime) -> Resident:
    """Undo a closing that was a mistake. Consents stay ended: the resident decides anew."""
    resident = _lock(db, resident_id)
    if not resident.is_closed:
        raise NotClosed
    resident.closed_at = resident.closed_reason = None
    notify(db, resident_id, NoticeKind.ACCOUNT_REOPENED, now=now)
    _log_access(db, city, resident, case, now)
    _record(db, "resident.reopened", resident, case, now)
    return resident


def _lock(db: Session, resident_id: UUID) -> Resident:
    """An account that is nobody's is no case for the office."""
    resident = queries.lock_resident(db, resident_id)
    if not resident.is_bound:
        raise NotFound
    return resident


def _log_access(
    db: Session,
    city: City,
    resident: Resident,
    case: Case,
    now: datetime,
    *,
    shown: str = "姓名（部分隐去）",
    actor: Actor = OFFICE,
) -> None:
    audit.record_access(
        db,
        resident_id=resident.id,
        actor=actor,
        looked_by=case.looked_by or city.office.name,
        purpose=f"{case.purpose}（事项 {case.number}）",
        shown=shown,
        now=now,
    )


def _record(
    db: Session,
    action: str,
    resident: Resident,
    case: Case,
    now: datetime,
    *,
    actor: Actor = OFFICE,
    **data: str,
) -> None:
    subject = ("resident", resident.id)
    audit.record(db, action, subject=subject, actor=actor, now=now, case_number=case.number, **data)
