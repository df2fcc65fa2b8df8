"""Objects of a person that a call's id may name, made the way the person would."""

import secrets
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.models import Account, Passkey
from backend.accounts.sessions import open_session
from backend.core.actor import OFFICE, SignInStep
from backend.core.clock import day_in_china
from backend.core.ids import new_id
from backend.identity.service import new_invitation
from backend.incentives.sheets.jobs import make_sheet
from backend.office.jobs import make_export
from backend.partners.models import ApplicationState, Shop
from backend.scoring.models import CreditRecord
from backend.vouchers.ticket.base64url import to_base64url
from tests.architecture.access_matrix import Carried
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.console import Colleague, seat
from tests.factories.drafts import begun_draft, submitted_draft, whole_content
from tests.factories.journey import Visitor
from tests.factories.people import new_person
from tests.factories.records import hold_record
from tests.factories.sheets import checked, row, taken, xlsx
from tests.factories.sources import Program, line, lines, new_batch, new_program
from tests.factories.units import new_application, new_document, new_duty, new_recheck

NewVisitor = Callable[[], Visitor]
Person = Visitor | Colleague | Program
AN_INDICATOR = "blood-donation"


@dataclass(frozen=True)
class Owned:
    """Somebody's object, its owner, and a person of the same standing who has nothing to do with it.

    `body` is what must be said along with it.
    """

    id: str
    owner: Person
    stranger: Person
    body: dict[str, Any] = field(default_factory=dict)


def new_object(db: Session, visitor: NewVisitor, kind: str) -> Owned:
    return MAKERS[kind](db, visitor)


def filled(carried: Carried, owned: Owned, value: str) -> dict[str, Any]:
    """The body of a call that names an object of this id."""
    body: dict[str, Any] = deepcopy({**_drawn(carried.body), **owned.body})
    *outer, name = carried.name.split(".")
    inner = body
    for part in outer:
        inner = inner[part]
    inner[name] = [value] if carried.in_list else value
    return body


def two_scored(db: Session, visitor: NewVisitor) -> tuple[Visitor, Visitor]:
    owner, stranger = visitor(), visitor()
    for person in (owner, stranger):
        person.become_scored(db)
    return owner, stranger


def a_voucher(db: Session, visitor: NewVisitor) -> Owned:
    owner, stranger = two_scored(db, visitor)
    return Owned(owner.claim(new_incentive(db).id).json["id"], owner, stranger)  # type: ignore[index]


def a_voucher_at_a_shop(db: Session, visitor: NewVisitor) -> Owned:
    shop = new_shop(db)
    owner, stranger = two_scored(db, visitor)
    voucher = owner.claim(new_incentive(db, shops=[shop]).id).json
    return Owned(voucher["id"], owner, stranger, {"shop_id": str(shop.id)})  # type: ignore[index]


def a_notice(db: Session, visitor: NewVisitor) -> Owned:
    owner, stranger = two_scored(db, visitor)
    return Owned(owner.get("/resident/notices").json["items"][0]["id"], owner, stranger)  # type: ignore[index]


def a_check(db: Session, visitor: NewVisitor) -> Owned:
    owner, stranger, person = visitor(), visitor(), new_person()
    for somebody in (owner, stranger):
        somebody.sign_in()
    claim = {"name": person.name, "id_number": person.id_number}
    opened = owner.post("/resident/identity/checks", {**claim, "provider": "sandbox"})
    assert opened.status_code == 201, opened.text
    return Owned(opened.json["id"], owner, stranger, {**claim, "proof": {"provider": "sandbox"}})  # type: ignore[index]


def a_record(db: Session, visitor: NewVisitor) -> Owned:
    owner, stranger, person = visitor(), visitor(), new_person()
    hold_record(db, person.id_number, AN_INDICATOR, occurred_on=day_in_china(datetime.now(UTC)))
    owner.become_scored(db, person)
    stranger.become_scored(db)
    resident_id = UUID(owner.tokens["resident"]["id"])
    found = db.scalars(select(CreditRecord.id).where(CreditRecord.resident_id == resident_id)).one()
    return Owned(str(found), owner, stranger)


def a_batch(db: Session, visitor: NewVisitor) -> Owned:
    app = visitor().client.application
    owner, stranger = (new_program(db, app, source=source) for source in ("blood-bank", "library"))  # type: ignore[arg-type]
    return Owned(new_batch(owner, lines(line(new_person().id_number, "")))["id"], owner, stranger)


def a_batch_of_the_city(db: Session, visitor: NewVisitor) -> Owned:
    """With a row that lacks nothing but its number."""
    app = visitor().client.application
    program = new_program(db, app)  # type: ignore[arg-type]
    batch = new_batch(program, lines(line(new_person().id_number, "")))
    owner, stranger = (seat(db, app, "score_keeper", district=place) for place in (None, "420202"))
    return Owned(batch["id"], owner, stranger)


def a_refused_row(db: Session, visitor: NewVisitor) -> Owned:
    batch = a_batch_of_the_city(db, visitor)
    rows: Any = batch.owner.get(f"/office/batches/{batch.id}/refused-rows").json
    return Owned(rows["items"][0]["id"], batch.owner, batch.stranger)


def a_program(db: Session, visitor: NewVisitor) -> Owned:
    app = visitor().client.application
    owner, stranger = (seat(db, app, "score_keeper", district=place) for place in (None, "420202"))
    return Owned(str(new_program(db, app).client_id), owner, stranger)  # type: ignore[arg-type]


def a_redemption(db: Session, visitor: NewVisitor) -> Owned:
    shop = new_shop(db)
    resident, owner, stranger = visitor(), visitor(), visitor()
    resident.become_scored(db)
    owner.become_clerk(db, shop)
    stranger.become_clerk(db, new_shop(db))
    voucher = resident.claim(new_incentive(db, shops=[shop]).id).json["id"]  # type: ignore[index]
    redemption = owner.redeem(resident.show(voucher_id=voucher)).json["id"]  # type: ignore[index]
    return Owned(redemption, owner, stranger)


def two_of_units(db: Session, visitor: NewVisitor) -> tuple[Colleague, Colleague]:
    """Managers of two units."""
    app = visitor().client.application
    owner, stranger = (seat(db, app, "unit_manager", unit_id=new_shop(db).unit_id) for _ in range(2))
    return owner, stranger


def two_of_districts(
    db: Session, visitor: NewVisitor, role: str = "security_admin"
) -> tuple[Colleague, Colleague]:
    """People of the office in two districts, administrators unless said otherwise."""
    app = visitor().client.application
    owner, stranger = (seat(db, app, role, district=place) for place in ("420202", "420203"))
    return owner, stranger


def a_console_session(db: Session, visitor: NewVisitor) -> Owned:
    owner, stranger = two_of_units(db, visitor)
    account = db.get_one(Account, owner.id)
    session = open_session(db, account, SignInStep.SIGNED_IN, client="另一台", now=datetime.now(UTC))
    db.commit()
    return Owned(str(session.actor.session_id), owner, stranger)


def a_passkey(db: Session, visitor: NewVisitor) -> Owned:
    owner, stranger = two_of_units(db, visitor)
    passkey = Passkey(
        id=new_id(),
        account_id=owner.id,
        credential_id=secrets.token_bytes(32),
        public_key=b"",
        sign_count=0,
        created_at=datetime.now(UTC),
    )
    passkey.name = "办公电脑"
    db.add(passkey)
    db.commit()
    return Owned(str(passkey.id), owner, stranger)


def a_person_of_a_unit(db: Session, visitor: NewVisitor) -> Owned:
    owner, stranger = two_of_units(db, visitor)
    unit_id = db.get_one(Account, owner.id).unit_id
    return Owned(str(seat(db, owner.app, "unit_editor", unit_id=unit_id).id), owner, stranger)


def a_person_of_a_district(db: Session, visitor: NewVisitor) -> Owned:
    owner, stranger = two_of_districts(db, visitor)
    return Owned(str(seat(db, owner.app, "reviewer", district="420202").id), owner, stranger)


def an_invitation_to_a_unit(db: Session, visitor: NewVisitor) -> Owned:
    owner, stranger = two_of_units(db, visitor)
    return Owned(invited_by(owner, "/partner", ["unit_editor"]), owner, stranger)


def an_invitation_to_a_district(db: Session, visitor: NewVisitor) -> Owned:
    owner, stranger = two_of_districts(db, visitor)
    return Owned(invited_by(owner, "/office", ["reviewer"], district="420202"), owner, stranger)


def an_incentive(side: str, state: str = "published") -> Callable[[Session, NewVisitor], Owned]:
    def make(db: Session, visitor: NewVisitor) -> Owned:
        shop, owner, stranger = two_at_a_side(db, visitor, side)
        return Owned(str(new_incentive(db, shops=[shop], state=state).id), owner, stranger)

    return make


def a_shop(side: str) -> Callable[[Session, NewVisitor], Owned]:
    def make(db: Session, visitor: NewVisitor) -> Owned:
        shop, owner, stranger = two_at_a_side(db, visitor, side)
        return Owned(str(shop.id), owner, stranger)

    return make


def a_clerk(side: str) -> Callable[[Session, NewVisitor], Owned]:
    def make(db: Session, visitor: NewVisitor) -> Owned:
        shop, owner, stranger = two_at_a_side(db, visitor, side)
        clerk = visitor()
        clerk.become_clerk(db, shop)
        return Owned(clerk.tokens["clerk"]["id"], owner, stranger)

    return make


def a_clerks_invitation(side: str) -> Callable[[Session, NewVisitor], Owned]:
    def make(db: Session, visitor: NewVisitor) -> Owned:
        shop, owner, stranger = two_at_a_side(db, visitor, side)
        now = datetime.now(UTC)
        invite, _code = new_invitation(db, shop_id=shop.id, label="小陈", actor=OFFICE, now=now)
        db.commit()
        return Owned(str(invite.id), owner, stranger)

    return make


def a_report(db: Session, visitor: NewVisitor) -> Owned:
    owner, stranger = two_scored(db, visitor)
    return Owned(reported(db, owner, new_shop(db)), owner, stranger)


def a_report_for(side: str) -> Callable[[Session, NewVisitor], Owned]:
    def make(db: Session, visitor: NewVisitor) -> Owned:
        shop, owner, stranger = two_at_a_side(db, visitor, side)
        resident = visitor()
        resident.become_scored(db)
        return Owned(reported(db, resident, shop), owner, stranger)

    return make


def reported(db: Session, resident: Visitor, shop: Shop) -> str:
    body = {"incentive_id": str(new_incentive(db, shops=[shop]).id), "shop_id": str(shop.id)}
    answer = resident.post("/resident/reports", {**body, "reason": "refused"})
    assert answer.status_code == 201, answer.text
    report_id: str = answer.json["id"]  # type: ignore[index]
    return report_id


def a_draft(side: str, *, is_submitted: bool = False) -> Callable[[Session, NewVisitor], Owned]:
    """One that its unit could hand in, or has."""

    def make(db: Session, visitor: NewVisitor) -> Owned:
        shop, owner, stranger = two_at_a_side(db, visitor, side)
        editor = seat(db, owner.app, "unit_editor", unit_id=shop.unit_id)
        draft = submitted_draft(editor, shop) if is_submitted else begun_draft(editor, whole_content(shop))
        return Owned(draft["id"], owner, stranger)

    return make


def a_sheet(side: str, *, is_imported: bool = False) -> Callable[[Session, NewVisitor], Owned]:
    """One with a good row and a bad one, looked through or taken."""

    def make(db: Session, visitor: NewVisitor) -> Owned:
        shop, owner, stranger = two_at_a_side(db, visitor, side)
        content = xlsx(row(1, 成员单位=shop.unit.name), row(2, 成员单位=shop.unit.name, 总名额="多"))
        place = f"/{side}/incentive-sheets/imports"
        sheet = (taken if is_imported else checked)(owner, content, side=place)
        return Owned(sheet["id"], owner, stranger)

    return make


def a_sheet_that_went_out(side: str) -> Callable[[Session, NewVisitor], Owned]:
    def make(db: Session, visitor: NewVisitor) -> Owned:
        _shop, owner, stranger = two_at_a_side(db, visitor, side)
        body = {"list": "incentives", "purpose": "核对", "q": "没有的"}
        ordered: Any = owner.post(f"/{side}/incentive-sheets/exports", body)
        assert ordered.status_code == 202, ordered.text
        make_sheet(export_id=ordered.json["id"])
        return Owned(ordered.json["id"], owner, stranger)

    return make


def two_at_a_side(db: Session, visitor: NewVisitor, side: str) -> tuple[Shop, Colleague, Colleague]:
    """A shop, who looks after its unit's incentives, and who looks after others."""
    if side == "office":
        return new_shop(db), *two_of_the_office(db, visitor)
    shop, owner, stranger = new_shop(db), *two_of_units(db, visitor)
    shop.unit_id = db.get_one(Account, owner.id).unit_id or shop.unit_id
    db.commit()
    db.refresh(shop)
    return shop, owner, stranger


def two_of_the_office(db: Session, visitor: NewVisitor) -> tuple[Colleague, Colleague]:
    """Of two districts, with all that one does about incentives."""
    app, roles = visitor().client.application, ("programme_manager", "reviewer")
    owner, stranger = (seat(db, app, *roles, district=place) for place in ("420202", "420203"))
    return owner, stranger


def an_application_in_a_district(db: Session, visitor: NewVisitor) -> Owned:
    owner, stranger = two_of_districts(db, visitor, "reviewer")
    return Owned(str(new_application(db, district="420202").id), owner, stranger)


def a_document_in_a_district(db: Session, visitor: NewVisitor) -> Owned:
    owner, stranger = two_of_districts(db, visitor, "reviewer")
    return Owned(str(new_document(db, new_application(db, district="420202")).id), owner, stranger)


def a_document_of_a_unit(db: Session, visitor: NewVisitor) -> Owned:
    owner, stranger = two_of_units(db, visitor)
    unit_id = db.get_one(Account, owner.id).unit_id
    application = new_application(db, state=ApplicationState.APPROVED, unit_id=unit_id)
    return Owned(str(new_document(db, application).id), owner, stranger)


def a_duty_of_a_unit(db: Session, visitor: NewVisitor) -> Owned:
    owner, stranger = two_of_units(db, visitor)
    duty = new_duty(db, db.get_one(Account, owner.id).unit_id)
    new_document(db, duty)
    return Owned(str(duty.id), owner, stranger)


def a_document_of_a_duty(db: Session, visitor: NewVisitor) -> Owned:
    owner, stranger = two_of_units(db, visitor)
    duty = new_duty(db, db.get_one(Account, owner.id).unit_id)
    return Owned(str(new_document(db, duty).id), owner, stranger)


def a_duty_in_a_district(db: Session, visitor: NewVisitor) -> Owned:
    owner, stranger = two_of_the_office(db, visitor)
    return Owned(str(new_duty(db, new_shop(db).unit_id).id), owner, stranger)


def a_recheck_in_a_district(db: Session, visitor: NewVisitor) -> Owned:
    owner, stranger = two_of_the_office(db, visitor)
    unit_id = new_shop(db).unit_id
    writer = seat(db, visitor().client.application, "unit_manager", unit_id=unit_id)  # type: ignore[arg-type]
    return Owned(str(new_recheck(db, unit_id, submitted_by=writer.id).id), owner, stranger)


def invited_by(owner: Colleague, side: str, roles: list[str], **more: str) -> str:
    body = {"email": f"new-{secrets.token_hex(6)}@example.cn", "name": "新同事", "roles": roles, **more}
    answer = owner.post(f"{side}/staff/invitations", body)
    assert answer.status_code == 201, answer.text
    invitation_id: str = answer.json["id"]  # type: ignore[index]
    return invitation_id


def a_look_up(db: Session, visitor: NewVisitor) -> Owned:
    """Of a case officer who has found a resident."""
    resident = visitor()
    person = resident.become_scored(db)
    owner, stranger = (seat(db, resident.client.application, "case_officer") for _ in range(2))  # type: ignore[arg-type]
    case = {"purpose": "objection", "case_number": "2026-1", "id_number": person.id_number}
    found: Any = owner.post("/office/look-ups", case)
    assert found.status_code == 201, found.text
    return Owned(found.json["id"], owner, stranger)


def an_export(db: Session, visitor: NewVisitor) -> Owned:
    app = visitor().client.application
    owner, stranger = (seat(db, app, "programme_manager") for _ in range(2))  # type: ignore[arg-type]
    ordered: Any = owner.post("/office/exports", {"list": "vouchers", "purpose": "核对", "to": "2020-01-01"})
    assert ordered.status_code == 202, ordered.text
    make_export(export_id=ordered.json["id"])
    return Owned(ordered.json["id"], owner, stranger)


def an_audit_export(db: Session, visitor: NewVisitor) -> Owned:
    app = visitor().client.application
    owner, stranger = (seat(db, app, "audit_admin") for _ in range(2))  # type: ignore[arg-type]
    ordered: Any = owner.post("/office/audit-exports", {"purpose": "核对", "to": "2020-01-01"})
    assert ordered.status_code == 202, ordered.text
    make_export(export_id=ordered.json["id"])
    return Owned(ordered.json["id"], owner, stranger)


def a_saved_view(db: Session, visitor: NewVisitor) -> Owned:
    app = visitor().client.application
    owner, stranger = (seat(db, app, "reviewer") for _ in range(2))  # type: ignore[arg-type]
    body = {"list": "units", "name": "暂停的", "query": {"state": "suspended"}, "is_default": False}
    saved: Any = owner.post("/console/views", body)
    assert saved.status_code == 201, saved.text
    return Owned(saved.json["id"], owner, stranger)


MAKERS: dict[str, Callable[[Session, NewVisitor], Owned]] = {
    "voucher": a_voucher,
    "voucher_at_a_shop": a_voucher_at_a_shop,
    "check": a_check,
    "notice": a_notice,
    "record": a_record,
    "batch of a source": a_batch,
    "batch of the city": a_batch_of_the_city,
    "refused row of the city": a_refused_row,
    "program of a source": a_program,
    "redemption": a_redemption,
    "report": a_report,
    "console session": a_console_session,
    "passkey": a_passkey,
    "look-up": a_look_up,
    "export": an_export,
    "audit export": an_audit_export,
    "saved view": a_saved_view,
    **{
        f"{what} {of}": make
        for side, of in (("office", "of a district"), ("partner", "of a unit"))
        for what, make in (
            ("incentive", an_incentive(side)),
            ("paused incentive", an_incentive(side, "paused")),
            ("draft", a_draft(side)),
            ("shop", a_shop(side)),
            ("clerk", a_clerk(side)),
            ("report", a_report_for(side)),
            ("clerk's invitation", a_clerks_invitation(side)),
            ("submitted draft", a_draft(side, is_submitted=True)),
            ("sheet", a_sheet(side)),
            ("imported sheet", a_sheet(side, is_imported=True)),
            ("sheet that went out", a_sheet_that_went_out(side)),
        )
    },
    "person of a unit": a_person_of_a_unit,
    "person of a district": a_person_of_a_district,
    "invitation to a unit": an_invitation_to_a_unit,
    "invitation to a district": an_invitation_to_a_district,
    "application in a district": an_application_in_a_district,
    "document in a district": a_document_in_a_district,
    "document of a unit": a_document_of_a_unit,
    "document of a duty": a_document_of_a_duty,
    "duty of a unit": a_duty_of_a_unit,
    "re-check in a district": a_recheck_in_a_district,
    "duty in a district": a_duty_in_a_district,
}


def _drawn(body: Any) -> Any:
    """The body with random bytes in the places that ask for them."""
    if isinstance(body, dict):
        return {name: _drawn(value) for name, value in body.items()}
    if isinstance(body, list):
        return [_drawn(value) for value in body]
    if isinstance(body, str) and body.endswith(" bytes>"):
        return to_base64url(secrets.token_bytes(int(body[1:].split()[0])))
    return body
