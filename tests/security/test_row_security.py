"""Behind the filters of our queries PostgreSQL itself shows a transaction only the rows of its scope."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from secrets import token_bytes
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from backend.accounts.models import Account, Passkey, PasskeyChallenge, StaffInvitation
from backend.accounts.recovery import renew_codes
from backend.core.actor import SYSTEM
from backend.core.database import connect, request_sessions, system_sessions
from backend.core.ids import new_id
from backend.core.scopes import REQUEST, WHOLE_CITY, Scope, enter
from backend.identity.models import Clerk
from backend.incentives.models import Incentive, IncentiveShop, QuotaCount
from backend.main import Parts
from backend.partners.models import Shop
from backend.vouchers import queries
from backend.vouchers.models import Redemption, TypedCode, Voucher
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.console import Colleague, seat
from tests.security.conftest import Corner

# Tables that every transaction may read, and why.
OPEN_TABLES = {
    "alembic_version": "the number of the newest migration",
    "units": "public; written by the office of its district, and its state by itself",
    "commitments": "public; written by their unit",
    "shops": "public; written by their unit",
    "incentives": "public; written by their unit and the office",
    "incentive_shops": "public; written by their unit and the office",
    "incentive_versions": "was public; added to by the office when it publishes",
    "quota_rules": "public; written by their unit and the office",
    "quota_counts": "counts of the catalogue; written by claims, redemptions and the unit",
    "idempotent_answers": "found by a digest of who asked; the answers are sealed",
    "wechat_pushes": "sealed; what WeChat says belongs to nobody until a job has read it",
    "audit_events": "a request adds to it and reads nothing of it",
    "refresh_tokens": "no right at all for a request, only for the system",
    "credit_record_versions": "no right at all for a request, only for the system",
    "source_alarms": "no right at all for a request, only for the system",
    "sandbox_people": "no right at all for a request, only for the system",
    "held_records": "no right at all for a request, only for the system",
    "held_residences": "no right at all for a request, only for the system",
    "key_readers": "which process knows which keys",
    "resident_look_ups": "no right at all for a request, only for the system",
    "password_resets": "no right at all for a request, only for the system",
    "set_up_links": "no right at all for a request, only for the system",
    "sign_in_tries": "counts, found by a keyed fingerprint of the address",
}
# Of these a request sees the rows of its scope, and nothing without one.
WHOSE = {
    "residents": "id",
    "sessions": "resident_id",
    "identity_checks": "resident_id",
    "consents": "resident_id",
    "consent_events": "resident_id",
    "credit_records": "resident_id",
    "residences": "resident_id",
    "scores": "resident_id",
    "score_months": "resident_id",
    "vouchers": "resident_id",
    "tickets": "resident_id",
    "typed_codes": "resident_id",
    "personal_counts": "resident_id",
    "notices": "resident_id",
    "messages": "resident_id",
    "message_credits": "resident_id",
    "access_log": "resident_id",
    "redemptions": "resident_id",
}
# Of these a resident's, a unit's and the office's transaction sees its own rows, and nobody reads whose.
NAMELESS = ("reports",)
SHOPS_OWN = ("redemptions", "clerks", "clerk_invites", "wrong_tries")
UNITS_OWN = (
    "incentive_drafts",
    "unit_applications",
    "unit_reviews",
    "unit_changes",
    "unit_documents",
    "unit_duties",
    "unit_rechecks",
)
# Of these it sees its own account's rows, its unit's, or those the office may see in its district.
ACCOUNTS_OWN = (
    "accounts",
    "account_roles",
    "account_sessions",
    "account_passkeys",
    "account_recovery_codes",
    "passkey_challenges",
    "staff_invitations",
)
# Of these somebody of the office sees the own district's rows, or all.
DISTRICTS = ("daily_figures", "daily_uses")
# Of these somebody sees what they ordered, saved or handed in.
ORDERED = ("exports", "saved_views", "sheet_exports", "sheet_imports", "sheet_bad_cells")
# Of these somebody of the office sees all when they work for the whole city, and nothing otherwise.
WHOLE_CITYS = (
    "setting_versions",
    "source_clients",
    "batches",
    "refused_rows",
    "score_model_versions",
    "score_shadow_runs",
    "score_month_figures",
    "score_runs",
    "score_run_slices",
)
WHOSE_ROWS = {
    "accounts": "id = :id",
    "passkey_challenges": "session_id IN (SELECT id FROM account_sessions WHERE account_id = :id)",
    "staff_invitations": "invited_by = :id",
}
SEES = {
    table: text(f"SELECT EXISTS (SELECT FROM {table} WHERE {WHOSE_ROWS.get(table, 'account_id = :id')})")
    for table in ACCOUNTS_OWN
}


@pytest.fixture
def scoped(parts: Parts) -> Iterator[Session]:
    """A session as a request has it, before anybody is known."""
    with parts.request_sessions() as session:
        yield session


def test_every_table_is_guarded_or_open_for_a_written_reason(db: Session) -> None:
    tables = dict(
        db.execute(
            text(
                "SELECT relname, relrowsecurity FROM pg_class"
                " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            )
        ).all()
    )
    guarded = {*WHOSE, *SHOPS_OWN, *UNITS_OWN, *ACCOUNTS_OWN, *DISTRICTS, *ORDERED, *NAMELESS, *WHOLE_CITYS}
    assert set(tables) - guarded - set(OPEN_TABLES) == set(), "decide whose rows they are"
    assert {table for table in guarded if not tables[table]} == set()


@pytest.mark.parametrize("table", sorted({*WHOSE, *SHOPS_OWN}))
def test_without_a_scope_a_transaction_sees_nothing(
    here: Corner, scoped: Session, db: Session, table: str
) -> None:
    everything = text(f"SELECT count(*) FROM {table}")
    if table not in ("messages", "message_credits", "identity_checks"):
        assert db.scalar(everything), "there is something to see"
    assert scoped.scalar(everything) == 0
    with pytest.raises(DBAPIError, match=r"permission denied|row-level security|violates not-null"):
        scoped.execute(text(f"INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, '{{}}')).*"))


@pytest.mark.parametrize("table", sorted(WHOSE))
def test_a_residents_transaction_sees_that_residents_rows_alone(
    here: Corner, elsewhere: Corner, scoped: Session, table: str
) -> None:
    enter(scoped, Scope(resident_id=here.resident_id))
    owners = set(scoped.scalars(text(f"SELECT DISTINCT {WHOSE[table]} FROM {table}")))
    if table in ("credit_records", "messages", "message_credits", "identity_checks"):
        assert owners <= {here.resident_id}
    else:
        assert owners == {here.resident_id}


@pytest.mark.parametrize("table", SHOPS_OWN)
def test_a_shops_transaction_sees_that_shops_rows_alone(
    here: Corner, elsewhere: Corner, scoped: Session, table: str
) -> None:
    enter(scoped, Scope(shop_id=here.shop.id))
    assert set(scoped.scalars(text(f"SELECT DISTINCT shop_id FROM {table}"))) == {here.shop.id}


@pytest.mark.parametrize("table", sorted(set(WHOSE) - {"tickets", "typed_codes", "redemptions", "sessions"}))
def test_a_shop_sees_nothing_of_residents_before_a_code_was_shown(
    here: Corner, scoped: Session, table: str
) -> None:
    enter(scoped, Scope(shop_id=here.shop.id))
    assert scoped.scalar(text(f"SELECT count(*) FROM {table}")) == 0


def test_a_shop_finds_the_typed_codes_for_itself_and_changes_none(
    here: Corner, elsewhere: Corner, scoped: Session
) -> None:
    enter(scoped, Scope(shop_id=here.shop.id))
    assert scoped.scalars(select(TypedCode.resident_id)).all() == [here.resident_id]
    assert scoped.execute(update(TypedCode).values(replaced_at=func.now())).rowcount == 0  # type: ignore[attr-defined]


def test_a_shop_sees_the_customer_whose_code_it_scanned_and_no_other(
    here: Corner, elsewhere: Corner, scoped: Session, db: Session
) -> None:
    shown = db.scalars(
        select(Redemption.ticket_id).where(Redemption.resident_id == elsewhere.resident_id)
    ).one()
    enter(scoped, Scope(shop_id=here.shop.id))
    assert queries.find_ticket_holder(scoped, shown) == (elsewhere.resident_id, elsewhere.incentive.id)
    with scoped.begin_nested():
        assert set(scoped.scalars(select(Voucher.resident_id))) == {elsewhere.resident_id}
    scoped.commit()
    assert scoped.scalars(select(Voucher.id)).all() == [], "the next transaction has no customer"


def test_a_shop_cannot_write_another_shops_rows(here: Corner, elsewhere: Corner, scoped: Session) -> None:
    enter(scoped, Scope(shop_id=here.shop.id))
    theirs = Redemption.id == elsewhere.redemption_id
    assert scoped.execute(update(Redemption).where(theirs).values(order_ref="x")).rowcount == 0  # type: ignore[attr-defined]
    assert scoped.execute(delete(Redemption).where(theirs)).rowcount == 0  # type: ignore[attr-defined]
    mine = update(Redemption).where(Redemption.id == here.redemption_id)
    assert scoped.execute(mine.values(order_ref="x")).rowcount == 1  # type: ignore[attr-defined]
    with pytest.raises(DBAPIError, match="row-level security"):
        scoped.execute(mine.values(shop_id=elsewhere.shop.id))
    scoped.rollback()
    counted = QuotaCount.place == str(elsewhere.shop.id)
    assert scoped.execute(update(QuotaCount).where(counted).values(taken=0)).rowcount == 0  # type: ignore[attr-defined]


def test_a_resident_cannot_write_what_is_anothers(here: Corner, elsewhere: Corner, scoped: Session) -> None:
    enter(scoped, Scope(resident_id=here.resident_id))
    theirs = update(Voucher).where(Voucher.id == elsewhere.voucher_id)
    assert scoped.execute(theirs.values(state="cancelled")).rowcount == 0  # type: ignore[attr-defined]
    mine = update(Voucher).where(Voucher.id == here.voucher_id)
    with pytest.raises(DBAPIError, match="row-level security"):
        scoped.execute(mine.values(resident_id=elsewhere.resident_id))
    scoped.rollback()
    used = update(Redemption).where(Redemption.id == here.redemption_id)
    assert scoped.execute(used.values(order_ref="x")).rowcount == 0, "uses are the shop's to write"  # type: ignore[attr-defined]


def test_a_unit_sees_its_shops_and_writes_its_catalogue(
    here: Corner, elsewhere: Corner, scoped: Session
) -> None:
    enter(scoped, Scope(unit_id=here.shop.unit_id))
    assert set(scoped.scalars(select(Redemption.shop_id))) == {here.shop.id}
    assert set(scoped.scalars(select(Clerk.shop_id))) == {here.shop.id}
    assert scoped.scalars(select(Voucher.id)).all() == [], "no resident's rows"
    assert len(set(scoped.scalars(select(Incentive.unit_id)))) > 1, "the catalogue is public"
    renamed = update(Incentive).values(title="改名")
    assert scoped.execute(renamed).rowcount == 1  # type: ignore[attr-defined]
    assert scoped.execute(update(Shop).values(name="改名")).rowcount == 1  # type: ignore[attr-defined]
    with pytest.raises(DBAPIError, match="row-level security"):
        scoped.execute(update(Incentive).values(unit_id=elsewhere.shop.unit_id))
    scoped.rollback()
    with pytest.raises(DBAPIError, match="row-level security"):
        scoped.execute(
            insert(IncentiveShop).values(incentive_id=here.incentive.id, shop_id=elsewhere.shop.id)
        )
    scoped.rollback()
    used = update(Redemption).where(Redemption.id == here.redemption_id)
    assert scoped.execute(used.values(order_ref="x")).rowcount == 0, "uses are the shop's to write"  # type: ignore[attr-defined]


def unfiltered(db: Session, *_whose: UUID, **_asked: object) -> object:
    return db.scalars(select(Redemption)).all()


def test_a_forgotten_filter_shows_a_clerk_no_other_shop(
    here: Corner, elsewhere: Corner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "list_redemptions", unfiltered)
    items = here.clerk.get("/merchant/redemptions").json["items"]  # type: ignore[index]
    assert [item["id"] for item in items] == [str(here.redemption_id)]


def test_a_forgotten_filter_shows_a_resident_nobody_elses_voucher(
    here: Corner, elsewhere: Corner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(db: Session, *, resident_id: UUID, voucher_id: UUID) -> Voucher:
        found = db.get(Voucher, voucher_id)
        if found is None:
            raise queries.NotFound
        return found

    monkeypatch.setattr(queries, "get_voucher", careless)
    mine = f"/resident/vouchers/{here.voucher_id}"
    assert here.resident.get(mine).status_code == 200
    refusal(elsewhere.resident.get(mine), 404, "not_found")


@pytest.mark.parametrize("table", ACCOUNTS_OWN)
def test_an_account_is_seen_by_its_owner_its_unit_and_the_office_of_its_district(
    app: Application, db: Session, scoped: Session, here: Corner, table: str
) -> None:
    unit_id = here.shop.unit_id
    people = {
        "partner": with_everything(db, seat(db, app, "unit_editor", unit_id=unit_id)),
        "local": with_everything(db, seat(db, app, "reviewer", district="420202")),
        "city": with_everything(db, seat(db, app, "reviewer")),
    }
    ids = {name: person.id for name, person in people.items()}

    def seen(scope: Scope) -> set[str]:
        scoped.rollback()
        enter(scoped, scope)
        return {name for name, account_id in ids.items() if scoped.scalar(SEES[table], {"id": account_id})}

    # An invitation is nobody's own: it is its unit's or its district's. A question to a passkey is its
    # asker's alone.
    is_invitation, is_question = table == "staff_invitations", table == "passkey_challenges"
    assert seen(Scope()) == set()
    for name, account_id in ids.items():
        assert seen(Scope(account_id=account_id)) == (set() if is_invitation else {name})
    assert seen(Scope(unit_id=unit_id)) == (set() if is_question else {"partner"})
    # The office of a district invites the first person of a unit there.
    of_district = {"local", "partner"} if is_invitation else {"local"}
    assert seen(Scope(office="420202")) == (set() if is_question else of_district)
    assert seen(Scope(office="420203")) == set()
    assert seen(Scope(office=WHOLE_CITY)) == (set() if is_question else set(ids))
    assert seen(Scope(resident_id=here.resident_id, shop_id=here.shop.id)) == set()


def test_a_request_makes_and_deletes_no_account(app: Application, db: Session, scoped: Session) -> None:
    person = seat(db, app, "security_admin")
    enter(scoped, Scope(account_id=person.id, office=WHOLE_CITY))
    for forbidden in ("DELETE FROM accounts", "INSERT INTO accounts SELECT * FROM accounts"):
        with pytest.raises(DBAPIError, match="permission denied"):
            scoped.execute(text(forbidden))
        scoped.rollback()


@pytest.mark.parametrize("table", ["password_resets", "set_up_links"])
def test_a_request_sees_no_link_of_an_account(scoped: Session, table: str) -> None:
    enter(scoped, Scope(office=WHOLE_CITY))
    with pytest.raises(DBAPIError, match="permission denied"):
        scoped.execute(text(f"SELECT * FROM {table}"))


def with_everything(db: Session, person: Colleague) -> Colleague:
    """One row in every table of accounts."""
    account, now = db.get_one(Account, person.id), datetime.now(UTC)
    session_id = db.scalars(text("SELECT id FROM account_sessions WHERE account_id = :id"), {"id": person.id})
    passkey = Passkey(
        id=new_id(),
        account_id=person.id,
        credential_id=token_bytes(32),
        public_key=b"",
        sign_count=0,
        created_at=now,
    )
    passkey.name = "办公电脑"
    question = PasskeyChallenge(challenge_hash=token_bytes(32), session_id=session_id.one(), expires_at=now)
    db.add_all([passkey, question])
    renew_codes(db, account, actor=SYSTEM, now=now)
    invitation = StaffInvitation(
        id=new_id(),
        kind=account.kind,
        unit_id=account.unit_id,
        district=account.district,
        roles=account.roles,
        invited_by=account.id,
        created_at=now,
        expires_at=now,
    )
    invitation.email = invitation.name = "某人"
    db.add(invitation)
    db.commit()
    return person


@pytest.fixture
def one_connection(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url, pool_size=1)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("ending", [Session.commit, Session.rollback, Session.close])
def test_a_pooled_connection_carries_no_scope_to_the_next_request(
    here: Corner, one_connection: Engine, ending: Callable[[Session], None]
) -> None:
    with request_sessions(one_connection)() as first:
        enter(first, Scope(resident_id=here.resident_id, shop_id=here.shop.id))
        assert first.scalars(select(Voucher.id)).all() == [here.voucher_id]
        ending(first)
    with system_sessions(one_connection)() as system:
        assert len(system.scalars(select(Voucher.id)).all()) >= 1
        ending(system)
    with request_sessions(one_connection)() as second:
        assert second.scalar(text("SELECT current_user")) == REQUEST
        assert second.scalars(select(Voucher.id)).all() == []
        assert second.scalars(select(Redemption.id)).all() == []


def test_a_scope_holds_after_a_commit_in_the_same_request(here: Corner, scoped: Session) -> None:
    enter(scoped, Scope(resident_id=here.resident_id))
    scoped.commit()
    assert scoped.scalars(select(Voucher.id)).all() == [here.voucher_id]


def test_an_ended_session_opens_no_scope(
    open_corner: Callable[[], Corner], scoped: Session, db: Session
) -> None:
    here = open_corner()
    find = text("SELECT * FROM enter_session(:id, now())")
    sessions = text("SELECT id FROM sessions WHERE resident_id = :owner")
    session_id = db.scalars(sessions, {"owner": here.resident_id}).one()
    assert scoped.execute(find, {"id": session_id}).one().resident_id == here.resident_id
    assert scoped.scalars(select(Voucher.id)).all() == [here.voucher_id]
    scoped.rollback()
    here.resident.delete("/resident/session")
    for nobodys in (session_id, uuid4()):
        assert scoped.execute(find, {"id": nobodys}).one_or_none() is None
        assert scoped.scalars(select(Voucher.id)).all() == []


def test_the_database_tells_a_request_no_values_of_a_row_it_refused(here: Corner, scoped: Session) -> None:
    enter(scoped, Scope(resident_id=here.resident_id))
    with pytest.raises(DBAPIError) as refused:
        scoped.execute(text("UPDATE vouchers SET uses_left = -7"))
    assert "ck_vouchers" in str(refused.value)
    assert "-7" not in str(refused.value.orig)
    assert str(here.voucher_id) not in str(refused.value.orig)


def test_a_request_reads_no_audit_event(here: Corner, scoped: Session) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        scoped.execute(text("SELECT action FROM audit_events"))
