"""Giving, declining and withdrawing consent."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from blinker import Signal
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.city import City
from backend.city.consent_files import ConsentText
from backend.consents import queries
from backend.consents.errors import NotGiven, OutdatedVersion
from backend.consents.models import Consent, ConsentEvent, Decision
from backend.core.actor import Actor
from backend.core.clock import day_in_china
from backend.core.errors import NotFound
from backend.identity.queries import get_bound_resident, lock_resident
from backend.notices.models import NoticeKind
from backend.notices.service import notify


@dataclass(frozen=True)
class Effect:
    """Something that ends when a consent is withdrawn, in a sentence, with how many it touches."""

    code: str
    text: str
    count: int


@dataclass(frozen=True)
class ConsentChange:
    """What receivers of the signals below are told."""

    city: City
    resident_id: UUID
    purpose: str
    now: datetime


# Sent with `change`, in the transaction of the decision. Receivers of `withdrawal_effects` return
# the list of effects that a withdrawal would have.
consent_given = Signal()
consent_withdrawn = Signal()
withdrawal_effects = Signal()


def give_consent(
    db: Session, *, city: City, resident_id: UUID, purpose: str, version: str, actor: Actor, now: datetime
) -> None:
    """Agree to the text in force. Agreeing again to the same version changes nothing."""
    text = _text_in_force(city, purpose, version, now)
    get_bound_resident(db, resident_id)
    lock_resident(db, resident_id)
    standing = queries.decisions_of(db, resident_id).get(purpose)
    if standing and (standing.decision, standing.version) == (Decision.GIVEN, version):
        return
    _decide(db, resident_id, text, Decision.GIVEN, actor, now)
    consent_given.send(db, change=ConsentChange(city, resident_id, purpose, now))


def decline_consent(
    db: Session, *, city: City, resident_id: UUID, purpose: str, version: str, actor: Actor, now: datetime
) -> None:
    """Say no, which is remembered so that nobody asks again. A standing consent is withdrawn instead."""
    text = _text_in_force(city, purpose, version, now)
    get_bound_resident(db, resident_id)
    lock_resident(db, resident_id)
    if queries.has_consented(db, resident_id, purpose):
        withdraw_consent(db, city=city, resident_id=resident_id, purpose=purpose, actor=actor, now=now)
    else:
        _decide(db, resident_id, text, Decision.DECLINED, actor, now)


def effects_of_withdrawal(
    db: Session, *, city: City, resident_id: UUID, purpose: str, now: datetime
) -> list[Effect]:
    """What would end, shown before the resident decides."""
    if purpose not in city.consents:
        raise NotFound
    answers = withdrawal_effects.send(db, change=ConsentChange(city, resident_id, purpose, now))
    return [effect for _receiver, effects in answers for effect in effects]


def withdraw_consent(
    db: Session, *, city: City, resident_id: UUID, purpose: str, actor: Actor, now: datetime
) -> None:
    """End the consent and, in the same transaction, everything that rests on it."""
    if purpose not in city.consents:
        raise NotFound
    lock_resident(db, resident_id)
    standing = queries.decisions_of(db, resident_id).get(purpose)
    if standing is None or standing.decision != Decision.GIVEN:
        raise NotGiven
    text = _end(db, city, standing, actor, now)
    notify(db, resident_id, NoticeKind.CONSENT_WITHDRAWN, now=now, title=text.title)


def end_consents(db: Session, *, resident_id: UUID, city: City, actor: Actor, now: datetime) -> None:
    """When the office closes a resident: every consent that stands ends, with what rests on it."""
    for standing in queries.decisions_of(db, resident_id).values():
        if standing.decision == Decision.GIVEN:
            _end(db, city, standing, actor, now)


def _end(db: Session, city: City, standing: Consent, actor: Actor, now: datetime) -> ConsentText:
    """Record the end of a consent and tell who must end something with it; gives the text it was to."""
    purpose, resident_id = standing.purpose, standing.resident_id
    text = next(text for text in city.consents[purpose] if text.version == standing.version)
    _decide(db, resident_id, text, Decision.WITHDRAWN, actor, now)
    consent_withdrawn.send(db, change=ConsentChange(city, resident_id, purpose, now))
    return text


def _text_in_force(city: City, purpose: str, version: str, now: datetime) -> ConsentText:
    text = city.consents.current(purpose, day_in_china(now))
    if text is None:
        raise NotFound(errors={"purpose": ["没有这一项。"]})
    if text.version != version:
        raise OutdatedVersion(current_version=text.version)
    return text


def _decide(
    db: Session, resident_id: UUID, text: ConsentText, decision: Decision, actor: Actor, now: datetime
) -> None:
    event = ConsentEvent(
        resident_id=resident_id,
        purpose=text.purpose,
        version=text.version,
        text_sha256=text.sha256,
        decision=decision,
        channel=actor.kind,
        decided_at=now,
    )
    db.add(event)
    state = {"version": text.version, "decision": decision, "decided_at": now}
    db.execute(
        insert(Consent)
        .values(resident_id=resident_id, purpose=text.purpose, **state)
        .on_conflict_do_update(index_elements=["resident_id", "purpose"], set_=state)
    )
    audit.record(
        db,
        f"consent.{decision}",
        subject=("resident", resident_id),
        actor=actor,
        now=now,
        purpose=text.purpose,
        version=text.version,
        text_sha256=text.sha256,
    )
