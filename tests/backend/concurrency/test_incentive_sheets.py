"""Sheets with the same rows, taken at once, make each draft once."""

from collections.abc import Callable
from functools import partial

import pytest
from psycopg import connect
from psycopg.errors import InsufficientPrivilege, UniqueViolation
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.database import SEARCH_PATH
from backend.core.scopes import act_as_owner
from backend.incentives.models import IncentiveDraft
from backend.incentives.sheets import jobs
from backend.partners.models import Shop
from backend.web.application import Application
from tests.backend.concurrency.races import Naive, copy_without_constraints, naive_winners, outcomes, together
from tests.factories.catalogue import new_shop
from tests.factories.console import Colleague, seat
from tests.factories.sheets import IMPORTS, checked, hand_in, row, taken, xlsx

MANY, ROWS = 6, 20


@pytest.fixture
def shop(db: Session) -> Shop:
    return new_shop(db)


@pytest.fixture
def editors(db: Session, app: Application, shop: Shop) -> list[Colleague]:
    return [seat(db, app, "unit_editor", unit_id=shop.unit_id) for _ in range(MANY)]


def drafts_of(db: Session, shop: Shop) -> list[IncentiveDraft]:
    query = select(IncentiveDraft).where(IncentiveDraft.unit_id == shop.unit_id)
    return list(db.scalars(query.execution_options(populate_existing=True)))


def test_of_many_imports_of_the_same_rows_each_row_becomes_one_draft(
    editors: list[Colleague], shop: Shop, db: Session
) -> None:
    content = xlsx(*(row(number) for number in range(ROWS)))
    sheets = [checked(editor, content) for editor in editors]
    assert {sheet["new_rows"] for sheet in sheets} == {ROWS}, "none knows of the others"
    for editor, sheet in zip(editors, sheets, strict=True):
        assert editor.post(f"{IMPORTS}/{sheet['id']}/confirmation").status_code == 200
    takings: list[Callable[[], None]] = [partial(jobs.take_sheet, import_id=sheet["id"]) for sheet in sheets]
    together(takings)
    made = [
        editor.get(f"{IMPORTS}/{sheet['id']}").json["drafts_made"]  # type: ignore[index]
        for editor, sheet in zip(editors, sheets, strict=True)
    ]
    assert sum(made) == len(drafts_of(db, shop)) == ROWS


def test_control_without_the_digest_s_index_every_import_makes_its_own(
    db: Session, database_url: str
) -> None:
    table = copy_without_constraints(db, IncentiveDraft, "unit_id", "sheet_digest")
    sees = f"SELECT 1 AS none WHERE NOT EXISTS (SELECT FROM {table} WHERE sheet_digest = 'x')"
    attempt = Naive(sees, f"INSERT INTO {table} (sheet_digest) VALUES ('x')")
    assert naive_winners(database_url, *[attempt] * MANY) == MANY


def test_of_many_sheets_handed_in_at_once_one_is_worked_on(editors: list[Colleague]) -> None:
    content = xlsx(row(1))
    answers = together([partial(hand_in, editors[0], content)] * MANY)
    assert outcomes(answers) == {202: 1, (409, "sheet.busy"): MANY - 1}


def test_the_database_itself_deletes_no_draft_that_somebody_has_touched(
    editors: list[Colleague], shop: Shop, db: Session, database_url: str
) -> None:
    taken(editors[0], xlsx(row(1), row(2)))
    touched, untouched = (str(draft.id) for draft in drafts_of(db, shop))
    editors[0].put(f"/partner/incentive-drafts/{touched}", {"revision": 1, "content": {"title": "改过"}})
    by_hand = str(editors[0].post("/partner/incentive-drafts", {"content": {}}).json["id"])  # type: ignore[index]
    with connect(database_url, options=f"-c search_path={SEARCH_PATH}") as connection:
        connection.execute("SET ROLE city_request")
        with pytest.raises(InsufficientPrivilege), connection.transaction():
            connection.execute("DELETE FROM incentive_drafts")
        connection.execute("SET ROLE city_system")
        for draft_id, gone in ((touched, 0), (by_hand, 0), (untouched, 1)):
            done = connection.execute("DELETE FROM incentive_drafts WHERE id = %s", (draft_id,))
            assert done.rowcount == gone


def test_the_database_itself_takes_a_row_once(editors: list[Colleague], shop: Shop, db: Session) -> None:
    taken(editors[0], xlsx(row(1)))
    act_as_owner(db)
    draft = drafts_of(db, shop)[0]
    columns = {column.key: getattr(draft, column.key) for column in IncentiveDraft.__table__.columns}
    columns.pop("id")
    db.add(IncentiveDraft(**columns))
    with pytest.raises(Exception, match="uq_incentive_drafts_sheet_row") as raised:
        db.flush()
    assert isinstance(raised.value.__cause__, UniqueViolation)
    db.rollback()
