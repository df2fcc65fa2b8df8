"""Looking up one resident for a case: masked, for a while, one field in clear for a minute.

There is no list of residents and no search: who is looked up is named by the whole ID number. Each look
is written into the log that the resident reads, with who, why and the number of the case.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.city import City
from backend.core.actor import Actor
from backend.core.errors import NotFound
from backend.identity import cases
from backend.identity.cases import Case, Field
from backend.identity.models import Resident
from backend.identity.queries import get_resident
from backend.office.errors import LookUpOver, NobodyFound
from backend.office.models import Purpose, ResidentLookUp
from backend.scoring.queries import find_district

KEPT_FOR = timedelta(days=30)
OPEN_FOR = timedelta(minutes=15)
IN_CLEAR_FOR = timedelta(seconds=60)

# The resident reads these.
PURPOSES: dict[Purpose, str] = {
    Purpose.OBJECTION: "办理异议",
    Purpose.REPAIR: "办理信用修复",
    Purpose.WINDOW: "窗口办事",
    Purpose.COMPLAINT: "核查投诉",
    Purpose.LOST_PHONE: "挂失手机",
}


def look_up(
    db: Session,
    *,
    city: City,
    id_number: str,
    purpose: Purpose,
    case_number: str,
    actor: Actor,
    now: datetime,
) -> tuple[ResidentLookUp, Resident]:
    """Find the resident with this ID number; NobodyFound also for another district's."""

    def is_theirs(resident_id: UUID) -> bool:
        return actor.district is None or find_district(db, resident_id) == actor.district

    case = Case(case_number, PURPOSES[purpose], looked_by=_who_looks(city, actor))
    resident = cases.find_resident_for_case(
        db, city=city, id_number=id_number, case=case, now=now, actor=actor, is_theirs=is_theirs
    )
    if resident is None:
        raise NobodyFound
    assert actor.id is not None
    opened = ResidentLookUp(
        account_id=actor.id,
        resident_id=resident.id,
        purpose=purpose,
        case_number=case_number,
        looked_at=now,
        ends_at=now + OPEN_FOR,
    )
    db.add(opened)
    db.flush()
    return opened, resident


def show_in_clear(
    db: Session, look_up_id: UUID, *, field: Field, city: City, actor: Actor, now: datetime
) -> tuple[str, datetime]:
    """One field of a resident whom the actor has looked up, and when it is to be hidden again."""
    query = select(ResidentLookUp).where(
        ResidentLookUp.id == look_up_id, ResidentLookUp.account_id == actor.id
    )
    opened = db.scalars(query).one_or_none()
    if opened is None:
        raise NotFound
    if opened.ends_at <= now:
        raise LookUpOver
    case = Case(opened.case_number, PURPOSES[Purpose(opened.purpose)], looked_by=_who_looks(city, actor))
    resident = get_resident(db, opened.resident_id)
    shown = cases.show_field_for_case(db, resident, field, city=city, case=case, actor=actor, now=now)
    return shown, now + IN_CLEAR_FOR


def forget_look_ups(db: Session, *, now: datetime) -> None:
    """They are over; what was looked at stands in the access log and in the audit trail for ever."""
    db.execute(delete(ResidentLookUp).where(ResidentLookUp.ends_at < now - KEPT_FOR))


def _who_looks(city: City, actor: Actor) -> str:
    """As the resident reads it: the office, and of which district."""
    return (
        f"{city.office.name}（{city.district(actor.district).name}）" if actor.district else city.office.name
    )
