"""Many people at once, made by the services themselves without the detour over HTTP."""

import secrets
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.consents.models import SCORING
from backend.consents.service import give_consent
from backend.core.actor import Actor, ActorKind
from backend.core.clock import day_in_china
from backend.core.encryption import blind_index
from backend.identity.binding import bind_identity
from backend.identity.checks import Proof
from backend.identity.claims import Claim
from backend.identity.providers import SANDBOX, Verdict
from backend.identity.service import sign_in_resident
from backend.identity.sessions import open_session
from backend.main import Parts
from backend.scoring.models import HeldResidence
from backend.scoring.service import SUBJECT_COLUMN
from backend.web.application import Application
from backend.wechat.accounts import WeChatAccount
from scripts.wechat_simulator.persons import openid_of
from tests.factories.journey import Visitor
from tests.factories.people import new_person
from tests.scripts.wechat_simulator.running import Simulator

_user = count(1)


def new_crowd(
    parts: Parts, app: Application, simulator: Simulator, size: int, *, scored: bool = True
) -> list[Visitor]:
    """Signed-in people; `scored` ones are bound, agreed and stand at the score model's base."""
    visitors = [
        Visitor(app.test_client(), simulator, f"crowd-{next(_user)}-{secrets.token_hex(3)}")
        for _ in range(size)
    ]
    with parts.sessions.begin() as db:
        for visitor in visitors:
            _sign_in(db, parts, visitor, scored=scored)
    return visitors


def same_phone(visitor: Visitor, app: Application) -> Visitor:
    """The same person with the same tokens on a connection of its own, for calls in parallel."""
    client: FlaskClient = app.test_client()
    return Visitor(client, visitor.simulator, visitor.user, visitor.tokens)


def _sign_in(db: Session, parts: Parts, visitor: Visitor, *, scored: bool) -> None:
    now = datetime.now(UTC)
    account = WeChatAccount(openid_of(visitor.simulator.appid, visitor.user), None)
    resident = sign_in_resident(db, account, now=now)
    if scored:
        _agree_to_be_scored(db, parts, resident.id, now)
    pair = open_session(
        db, kind=ActorKind.RESIDENT, subject_id=resident.id, key=parts.keys.session[-1], now=now
    )
    visitor.tokens = {**vars(pair), "resident": {"id": str(resident.id)}}


def _agree_to_be_scored(db: Session, parts: Parts, resident_id: UUID, now: datetime) -> None:
    person, actor = new_person(), Actor(ActorKind.RESIDENT, resident_id)
    db.add(
        HeldResidence(
            subject_index=blind_index(SUBJECT_COLUMN, person.id_number),
            district="420202",
            held_until=now + timedelta(days=1),
        )
    )
    db.flush()
    proof = Proof(resident_id, SANDBOX, Claim(person.name, person.id_number), check_id=None)
    bind_identity(db, proof, Verdict(passed=True), move=False, actor=actor, now=now)
    text = parts.city.consents.current(SCORING, day_in_china(now))
    assert text is not None
    give_consent(
        db,
        city=parts.city,
        resident_id=resident_id,
        purpose=SCORING,
        version=text.version,
        actor=actor,
        now=now,
    )
