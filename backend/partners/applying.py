"""How somebody applies for their unit: a link by mail, a draft, handing it in, and again after a return."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from stdnum.cn import uscc

from backend.accounts.queries import find_by_email
from backend.audit import service as audit
from backend.city import City
from backend.city.membership_files import Requirement
from backend.core.actor import Actor, ActorKind
from backend.core.encryption import blind_indexes
from backend.core.ids import new_id
from backend.core.indexes import reserve_index
from backend.core.jobs import defer
from backend.core.tokens import hash_token
from backend.partners import jobs, queries
from backend.partners.errors import (
    AlreadyMember,
    ApplicationIncomplete,
    ApplicationLinkInvalid,
    ApplicationNotOpen,
    ContactHasAccount,
)
from backend.partners.models import OPEN, WAITING_OR_OPEN, ApplicationState, UnitApplication

NEXT_LETTER_AFTER = timedelta(minutes=2)
# Who applies has no account yet.
APPLICANT = Actor(ActorKind.PARTNER)
MISSING = "请填写这一项。"
NO_DOCUMENT = "请上传这一项材料。"
CODE_WRONG = "统一社会信用代码校验不通过，请检查；确实无误的，请在下面说明。"


@dataclass(frozen=True)
class Form:
    """What an applicant fills in. None or empty is what is not filled in yet."""

    unit_name: str | None = None
    unified_code: str | None = None
    code_explanation: str | None = None
    category: str | None = None
    district: str | None = None
    contact: str | None = None
    phone: str | None = None
    answers: dict[str, str] = field(default_factory=dict)


def ask_for_link(db: Session, *, email: str, contact: str, now: datetime) -> None:
    """Begin an application, or send the link of the one under way again. The answer does not tell which."""
    index = reserve_index(db, UnitApplication.email_index, email)
    begun = UnitApplication(id=new_id())
    begun.email, begun.contact = email, contact
    cells = {"email_cipher": begun.email_cipher, "contact_cipher": begun.contact_cipher}
    made = insert(UnitApplication).values(
        id=begun.id,
        state=ApplicationState.DRAFT,
        version=0,
        answers={},
        email_index=index,
        created_at=now,
        changed_at=now,
        **cells,
    )
    if db.scalar(made.on_conflict_do_nothing().returning(UnitApplication.id)):
        _note(db, "unit_application.begun", begun, now)
    query = select(UnitApplication).where(
        UnitApplication.email_index.in_(blind_indexes("unit_applications.email", email)),
        UnitApplication.state.in_(WAITING_OR_OPEN),
    )
    application = db.scalars(query.with_for_update()).one_or_none()
    if application is None or is_letter_on_its_way(application, now):
        return
    application.link_sent_at = now
    defer(db, jobs.send_application_link, application_id=str(application.id))


def is_letter_on_its_way(application: UnitApplication, now: datetime) -> bool:
    sent_at = application.link_sent_at
    return sent_at is not None and sent_at > now - NEXT_LETTER_AFTER


def open_application(db: Session, token: str, *, now: datetime) -> UnitApplication:
    """The application that a link opens, held until the transaction ends."""
    query = select(UnitApplication).where(
        UnitApplication.token_hash == hash_token(token), UnitApplication.link_expires_at > now
    )
    application = db.scalars(query.with_for_update()).one_or_none()
    if application is None:
        raise ApplicationLinkInvalid
    return application


def keep_draft(db: Session, *, token: str, form: Form, city: City, now: datetime) -> UnitApplication:
    """Keep what is filled in so far, right or not."""
    application = open_application(db, token, now=now)
    check_open(application)
    _fill_in(application, form, city, now)
    return application


def submit(db: Session, *, token: str, form: Form, city: City, now: datetime) -> UnitApplication:
    """Hand the application in. What is missing or wrong is refused all at once, and kept for the next try."""
    application = open_application(db, token, now=now)
    check_open(application)
    _fill_in(application, form, city, now)
    wrong = mistakes(application, city)
    if wrong:
        refusal = ApplicationIncomplete(errors=wrong)
        refusal.keeps_changes = True
        raise refusal
    if queries.has_unit_of_code(db, application.unified_code or ""):
        raise AlreadyMember(errors={"unified_code": [AlreadyMember.detail]})
    if find_by_email(db, application.email or ""):
        raise ContactHasAccount
    application.state, application.submitted_at = ApplicationState.SUBMITTED, now
    application.version += 1
    _note(db, "unit_application.submitted", application, now, version=application.version)
    return application


def is_code_right(code: str | None) -> bool:
    return code is not None and bool(uscc.is_valid(code))


def fields_of(city: City) -> list[str]:
    """What a reason for a return may name."""
    fixed = ["unit_name", "unified_code", "category", "district", "contact", "phone"]
    return fixed + [field_of(each) for each in city.membership.asked_at("application")]


def field_of(asked: Requirement) -> str:
    return f"{'documents' if asked.kind == 'document' else 'answers'}.{asked.code}"


def mistakes(application: UnitApplication, city: City) -> dict[str, list[str]]:
    """What keeps the application from being handed in, by field."""
    needed = ("unit_name", "unified_code", "category", "contact", "phone")
    wrong = {name: [MISSING] for name in needed if not getattr(application, name)}
    if application.unified_code and not (
        is_code_right(application.unified_code) or application.code_explanation
    ):
        wrong["unified_code"] = [CODE_WRONG]
    given = {code for code, answer in application.answers.items() if answer}
    given |= {each.requirement for each in application.documents}
    for asked in city.membership.asked_at("application"):
        if not asked.optional and asked.code not in given:
            wrong[field_of(asked)] = [NO_DOCUMENT if asked.kind == "document" else MISSING]
    return wrong


def check_open(application: UnitApplication) -> None:
    if application.state not in OPEN:
        raise ApplicationNotOpen


def _fill_in(application: UnitApplication, form: Form, city: City, now: datetime) -> None:
    asked = {each.code for each in city.membership.asked_at("application") if each.kind == "text"}
    wrong = {f"answers.{code}": ["没有这一项。"] for code in form.answers if code not in asked}
    if form.category and form.category not in {each.code for each in city.categories}:
        wrong["category"] = ["没有这个类别。"]
    if form.district and form.district not in {each.key for each in city.districts}:
        wrong["district"] = ["没有这个区县。"]
    if wrong:
        raise ApplicationIncomplete(errors=wrong)
    application.unit_name = form.unit_name
    application.unified_code = uscc.compact(form.unified_code).upper() if form.unified_code else None
    application.code_explanation = form.code_explanation
    application.category, application.district = form.category, form.district
    application.contact, application.phone = form.contact or application.contact, form.phone
    application.answers = {code: answer for code, answer in form.answers.items() if answer}
    application.changed_at = now


def _note(db: Session, action: str, application: UnitApplication, now: datetime, **data: object) -> None:
    subject = ("unit_application", application.id)
    audit.record(db, action, subject=subject, actor=APPLICANT, now=now, **data)
