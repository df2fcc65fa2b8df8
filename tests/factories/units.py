"""Units on their way to becoming members: applications, and what is in them."""

import secrets
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from stdnum.cn import uscc

from backend.city.membership_files import RECHECK
from backend.core.clock import day_in_china
from backend.core.encryption import blind_index
from backend.core.ids import new_id
from backend.core.tokens import hash_token
from backend.partners.document_storage import document_store, new_file_key
from backend.partners.document_verdicts import Verdict
from backend.partners.letters import LINK_GOOD_FOR
from backend.partners.models import (
    ApplicationState,
    RecheckState,
    UnitApplication,
    UnitDocument,
    UnitDuty,
    UnitRecheck,
)

ANSWERS = {"address": "磁湖路 8 号", "business": "汽车租赁", "plan": "信用良好以上免押金，每月 50 名"}


def new_code() -> str:
    """A unified social credit code that checks and that nobody has yet."""
    digits = "".join(secrets.choice("0123456789") for _ in range(8))
    organisation = _with_check_digit(digits)
    body = f"91420200{organisation}"
    return body + uscc.calc_check_digit(body)


def _with_check_digit(digits: str) -> str:
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11
    return digits + {10: "X", 11: "0"}.get(rest, str(rest))


def filled_in(**other: Any) -> dict[str, Any]:
    """What an applicant types, without the token."""
    return {
        "unit_name": f"磁湖租车{secrets.token_hex(3)}",
        "unified_code": new_code(),
        "category": "transport",
        "district": "420202",
        "contact": "秦岚",
        "phone": "0714-6543210",
        "answers": dict(ANSWERS),
        **other,
    }


def new_application(db: Session, *, token: str | None = None, **fields: Any) -> UnitApplication:
    """An application that waits for a decision. Commits."""
    now, email = datetime.now(UTC), f"u{secrets.token_hex(6)}@example.cn"
    typed = filled_in()
    application = UnitApplication(
        id=new_id(),
        email_index=blind_index("unit_applications.email", email),
        token_hash=hash_token(token) if token else None,
        link_expires_at=now + LINK_GOOD_FOR,
        created_at=now,
        changed_at=now,
        **{
            **{
                name: typed[name] for name in ("unit_name", "unified_code", "category", "district", "answers")
            },
            "state": ApplicationState.SUBMITTED,
            "version": 1,
            "submitted_at": now,
            **fields,
        },
    )
    application.email, application.contact, application.phone = email, typed["contact"], typed["phone"]
    db.add(application)
    db.commit()
    return application


def new_duty(db: Session, unit_id: UUID | None, *, due_in: timedelta = timedelta(days=30)) -> UnitDuty:
    """The photos that a member unit has to hand in. Commits."""
    now = datetime.now(UTC)
    duty = UnitDuty(
        id=new_id(), unit_id=unit_id, what="premises", due_on=day_in_china(now + due_in), begun_at=now
    )
    db.add(duty)
    db.commit()
    return duty


def new_recheck(db: Session, unit_id: UUID, *, submitted_by: UUID) -> UnitRecheck:
    """One that waits for the office, since the unit goes by another name. Commits."""
    now = datetime.now(UTC)
    duty = UnitDuty(id=new_id(), unit_id=unit_id, what=RECHECK, due_on=day_in_china(now), begun_at=now)
    duty.handed_in_at = now
    recheck = UnitRecheck(
        id=new_id(),
        duty=duty,
        unit_id=unit_id,
        state=RecheckState.SUBMITTED,
        unit_name=f"新名{secrets.token_hex(3)}",
        category="transport",
        answers=ANSWERS,
        changed=["unit_name"],
        submitted_by=submitted_by,
        submitted_at=now,
    )
    recheck.contact, recheck.phone = "秦岚", "0714-6543210"
    db.add_all([duty, recheck])
    db.commit()
    return recheck


def new_document(
    db: Session, holder: UnitApplication | UnitDuty, content: bytes = b"%PDF", *, requirement: str = "licence"
) -> UnitDocument:
    """A document that was found clean. Commits."""
    key = new_file_key()
    document = UnitDocument(
        id=new_id(),
        requirement=requirement,
        media_type=Verdict.PDF,
        size=len(content),
        sha256=sha256(content).digest(),
        uploaded_at=datetime.now(UTC),
    )
    document.key = b64encode(key).decode()
    holder.documents.append(document)
    db.flush()
    document_store().write(document.id, key, content)
    db.commit()
    return document
