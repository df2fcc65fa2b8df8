"""Letters about sources that are late or odd: once for each trouble, to those who may see the deliveries."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.accounts.staff import suspend
from backend.city import City
from backend.city.source_files import Source
from backend.config import Settings
from backend.core.actor import Actor, ActorKind
from backend.main import Parts
from backend.sources import jobs
from backend.sources.alarms import raise_alarms
from backend.sources.models import Batch, BatchState
from tests.factories.console import new_account
from tests.factories.mail import letters_to
from tests.factories.people import new_person

DELIVERED = datetime(2026, 9, 1, 2, tzinfo=UTC)
LATE, IN_TIME = DELIVERED + timedelta(days=34), DELIVERED + timedelta(days=33)
LETTERS_FOR = text(
    "SELECT args -> 'sources' FROM procrastinate_jobs WHERE args ->> 'account_id' = :id ORDER BY id"
)


@pytest.fixture
def city(parts: Parts) -> City:
    """With one source, which nobody else's batches belong to."""
    monthly = Source(key="monthly", name="市试验中心", every_days=30)
    return parts.city.model_copy(update={"sources": (monthly,)})


@pytest.fixture
def keeper(db: Session) -> UUID:
    return account(db, "score_keeper")


@pytest.fixture
def delivery(db: Session, keeper: UUID) -> Iterator[Batch]:
    yield deliver(db, keeper, DELIVERED)
    db.rollback()
    for table in ("batches", "source_alarms"):
        db.execute(text(f"DELETE FROM {table} WHERE source = 'monthly'"))
    db.commit()


def account(db: Session, *roles: str, district: str | None = None) -> UUID:
    email = f"alarm-{new_person().id_number}@example.gov.cn"
    made = new_account(db, email, *roles, district=district)
    db.commit()
    return made.id


def deliver(db: Session, account_id: UUID, done_at: datetime) -> Batch:
    batch = Batch(
        source="monthly",
        account_id=account_id,
        size=1,
        state=BatchState.TAKEN,
        columns=[],
        rows_read=1,
        new_rows=1,
        indicators={},
        handed_in_at=done_at,
        done_at=done_at,
        file_ends_at=done_at,
    )
    db.add(batch)
    db.commit()
    return batch


def letters_for(db: Session, account_id: UUID) -> list[list[str]]:
    return list(db.scalars(LETTERS_FOR, {"id": str(account_id)}))


@pytest.mark.usefixtures("delivery")
def test_a_late_source_is_told_of_once_and_again_when_it_is_late_again(
    db: Session, city: City, keeper: UUID
) -> None:
    told = []
    for now in (IN_TIME, LATE, LATE + timedelta(days=1)):
        told.append(raise_alarms(db, city, now=now))
    assert told == [[], ["monthly"], []]
    deliver(db, keeper, LATE)
    assert raise_alarms(db, city, now=LATE + timedelta(days=1)) == []
    assert raise_alarms(db, city, now=LATE + timedelta(days=34)) == ["monthly"]
    assert letters_for(db, keeper) == [["monthly"], ["monthly"]]


@pytest.mark.usefixtures("delivery")
def test_only_those_are_told_who_may_see_the_deliveries(db: Session, city: City, keeper: UUID) -> None:
    others = [account(db, "reviewer"), account(db, "score_keeper", district="420202"), account(db)]
    suspended = account(db, "score_keeper")
    suspend(db, suspended, reason="离岗", actor=Actor(ActorKind.OFFICE, keeper), now=datetime.now(UTC))
    raise_alarms(db, city, now=LATE)
    assert letters_for(db, keeper) == [["monthly"]]
    for account_id in (*others, suspended):
        assert letters_for(db, account_id) == []


def test_the_letter_names_source_and_reason_and_is_not_sent_when_all_was_put_right(
    db: Session, settings: Settings, parts: Parts
) -> None:
    email = f"alarm-{new_person().id_number}@example.gov.cn"
    reader = str(new_account(db, email, "score_keeper").id)
    say = text(
        "INSERT INTO source_alarms (source, alerts, since)"
        " VALUES ('blood-bank', cast(:alerts AS jsonb), now())"
        " ON CONFLICT (source) DO UPDATE SET alerts = excluded.alerts"
    )
    db.execute(say, {"alerts": '["late", "odd_refusals"]'})
    db.commit()
    jobs.send_source_letter.func(account_id=reader, sources=["blood-bank"])
    [letter] = letters_to(settings.data_dir / "mail", email)
    assert letter["Subject"] == f"【{parts.city.name}信用分】请过问数据源单位的报送"
    content = letter.get_content()
    assert "市血站：过了约定的时间还没有报送；这一批没有收下的行比较多。" in content
    assert content.rstrip().endswith("#/sources")
    db.execute(say, {"alerts": "[]"})
    db.commit()
    jobs.send_source_letter.func(account_id=reader, sources=["blood-bank"])
    assert len(letters_to(settings.data_dir / "mail", email)) == 1
