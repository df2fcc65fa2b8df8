"""The rows of one invented resident: account, consent, records, score and its months."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from backend.audit.models import AuditEvent
from backend.city import City
from backend.consents.models import SCORING, Consent, ConsentEvent, Decision
from backend.core.actor import ActorKind
from backend.core.clock import CHINA
from backend.core.encryption import blind_index, place_of, vault
from backend.core.ids import new_id
from backend.identity.models import Resident, SandboxPerson
from backend.identity.providers import SANDBOX
from backend.scoring import queries as scoring
from backend.scoring.city_model import own_model
from backend.scoring.engine.compute import score_without_trace
from backend.scoring.engine.model import Record
from backend.scoring.models import (
    CreditRecord,
    HeldRecord,
    HeldResidence,
    Residence,
    Score,
    ScoreMonth,
)
from backend.scoring.service import SUBJECT_COLUMN
from scripts.demonstration.copying import Block, RowGatherer
from scripts.demonstration.population import Person

# Parents before children, as the foreign keys want it.
TABLES = (
    SandboxPerson,
    Resident,
    Consent,
    ConsentEvent,
    Residence,
    CreditRecord,
    Score,
    ScoreMonth,
    HeldRecord,
    HeldResidence,
    AuditEvent,
)
HELD_FOR = timedelta(days=365)
OpenidOf = Callable[[str], str]


class ResidentRows:
    """Gathers people's rows: those who joined with all they have, the others as held records."""

    def __init__(self, city: City, *, openid_of: OpenidOf, now: datetime) -> None:
        self._rows = RowGatherer(TABLES)
        self._city = city
        self._openid_of = openid_of
        self._now = now
        self._today = now.astimezone(CHINA).date()

    def blocks_of(self, people: Iterable[Person]) -> list[Block]:
        """All rows of some people, ready to be sent."""
        for person in people:
            self._add(person)
        return self._rows.take()

    def _add(self, person: Person) -> None:
        self._rows.add(
            SandboxPerson,
            id_number_index=blind_index("sandbox_people.id_number", person.id_number),
            name_index=blind_index("sandbox_people.name", person.name),
        )
        if person.joined_on is None:
            self._hold(person)
        else:
            # Somebody who joined today has not done so later than now.
            self._join(person, min(datetime.combine(person.joined_on, time(4), UTC), self._now))

    def _hold(self, person: Person) -> None:
        subject = blind_index(SUBJECT_COLUMN, person.id_number)
        until = self._now + HELD_FOR
        for record in person.records:
            self._rows.add(
                HeldRecord,
                id=new_id(),
                subject_index=subject,
                indicator=record.indicator,
                occurred_on=record.occurred_on,
                quantity=record.quantity,
                expires_on=record.expires_on,
                status=record.status.value,
                received_at=self._now,
                held_until=until,
            )
        if person.residence:
            self._rows.add(
                HeldResidence,
                subject_index=subject,
                district=person.district,
                records_expected_on=person.records_expected_on,
                held_until=until,
            )

    def _join(self, person: Person, joined_at: datetime) -> None:
        resident_id = new_id()
        self._add_account(person, resident_id, joined_at)
        self._add_consent(resident_id, joined_at)
        self._rows.add(Residence, resident_id=resident_id, district=person.district, records_expected_on=None)
        records = []
        for delivered in person.records:
            record = Record(
                str(new_id()),
                delivered.indicator,
                delivered.occurred_on,
                delivered.quantity,
                delivered.expires_on,
                delivered.status,
            )
            records.append(record)
            self._rows.add(
                CreditRecord,
                id=UUID(record.id),
                resident_id=resident_id,
                indicator=record.indicator,
                occurred_on=record.occurred_on,
                quantity=record.quantity,
                expires_on=record.expires_on,
                status=record.status.value,
                received_at=joined_at,
            )
        self._add_score(resident_id, records, joined_at)

    def _add_account(self, person: Person, resident_id: UUID, joined_at: datetime) -> None:
        openid = self._openid_of(person.openid_user)
        texts = {"openid": openid, "name": person.name, "id_number": person.id_number}
        cells = {f"{name}_cipher": _sealed(name, text, resident_id) for name, text in texts.items()}
        self._rows.add(
            Resident,
            id=resident_id,
            openid_index=blind_index("residents.openid", openid),
            id_number_index=blind_index("residents.id_number", person.id_number),
            identity_provider=SANDBOX,
            bound_at=joined_at,
            created_at=joined_at,
            last_signed_in_at=joined_at,
            **cells,
        )
        self._audit("resident.joined", resident_id, joined_at)
        self._audit("identity.bound", resident_id, joined_at, provider=SANDBOX)

    def _add_consent(self, resident_id: UUID, joined_at: datetime) -> None:
        texts = self._city.consents
        text = texts.current(SCORING, joined_at.date()) or texts[SCORING][0]
        decided = {"version": text.version, "decision": Decision.GIVEN.value, "decided_at": joined_at}
        self._rows.add(Consent, resident_id=resident_id, purpose=SCORING, **decided)
        self._rows.add(
            ConsentEvent,
            id=new_id(),
            resident_id=resident_id,
            purpose=SCORING,
            text_sha256=text.sha256,
            channel=ActorKind.RESIDENT.value,
            **decided,
        )
        fingerprint = {"purpose": SCORING, "version": text.version, "text_sha256": text.sha256}
        self._audit("consent.given", resident_id, joined_at, **fingerprint)

    def _add_score(self, resident_id: UUID, records: list[Record], joined_at: datetime) -> None:
        explained = scoring.compute_explained(
            self._city, own_model(self._city, self._today), records, self._today
        )
        self._rows.add(
            Score,
            resident_id=resident_id,
            as_of=self._today,
            model_version=explained["model"]["version"],
            score_milli=explained["score_milli"],
            level=(explained["level"] or {}).get("code"),
            explanation=explained,
            computed_at=self._now,
        )
        first = max(joined_at.date(), self._city.score_models[0].effective_on)
        for day in month_ends(first, self._today):
            model = own_model(self._city, day)
            score_milli = score_without_trace(model, records, day)
            level = model.level_of(score_milli)
            self._rows.add(
                ScoreMonth,
                resident_id=resident_id,
                month=day.replace(day=1),
                score_milli=score_milli,
                level=level.code if level else None,
                model_version=model.version,
                as_of=day,
                computed_at=min(datetime.combine(day, time(12), UTC), self._now),
            )
        self._audit("score.computed", resident_id, self._now, model=explained["model"]["version"])

    def _audit(self, action: str, resident_id: UUID, at: datetime, **data: Any) -> None:
        self._rows.add(
            AuditEvent,
            occurred_at=at,
            action=action,
            actor_kind=ActorKind.SYSTEM.value,
            subject_kind="resident",
            subject_id=str(resident_id),
            data=data,
        )


def month_ends(first: date, last: date) -> Iterator[date]:
    """The last day of each month from `first` on, and `last` itself."""
    day = first
    while True:
        next_month = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        if next_month > last:
            yield last
            return
        yield next_month - timedelta(days=1)
        day = next_month


def _sealed(name: str, text: str, resident_id: UUID) -> bytes:
    return vault().seal(text, place_of(Resident.__tablename__, f"{name}_cipher", resident_id))
