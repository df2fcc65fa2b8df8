"""A unit signs the commitment to truth, and the city seals it."""

import json
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.city import City
from backend.core.actor import Actor
from backend.core.clock import day_in_china
from backend.core.ids import new_id
from backend.core.keys import KeyRing, LiveKeys
from backend.partners import duties, queries
from backend.partners.errors import AlreadySigned, TextNotInForce, UnitNotOpen
from backend.partners.models import Commitment, Unit, UnitState
from backend.partners.seal import COMMITMENT, apply_seal, moment, statement_of
from backend.partners.standing import move

SIGNING = (UnitState.APPROVED, UnitState.ACTIVE)


def sign_commitment(
    db: Session,
    *,
    unit_id: UUID,
    version: str,
    signer_name: str,
    signer_position: str,
    keys: KeyRing | LiveKeys,
    city: City,
    actor: Actor,
    now: datetime,
) -> Commitment:
    """Sign the text in force for the unit; an approved unit becomes active by it.

    A newer version ends the one signed before, which stays to be read.
    """
    unit = queries.lock_unit(db, unit_id)
    if unit.state not in SIGNING:
        raise UnitNotOpen
    standing = queries.find_commitment(db, unit.id)
    if standing and is_signed(standing, unit, version):
        raise AlreadySigned
    signing = {"signer_name": signer_name, "signer_position": signer_position}
    commitment = sign_anew(db, unit, version=version, **signing, keys=keys, city=city, actor=actor, now=now)
    if unit.state == UnitState.APPROVED:
        move(db, unit, UnitState.ACTIVE, reason=None, actor=actor, now=now)
        duties.begin_recheck(db, unit.id, city=city, now=now)
    return commitment


def is_signed(commitment: Commitment, unit: Unit, version: str) -> bool:
    """Whether it is of this version of the text, and of the unit as it is called today."""
    named = json.loads(commitment.statement)["unit"]
    today = {"name": unit.name, "unified_code": unit.unified_code}
    return commitment.text_version == version and today.items() <= named.items()


def sign_anew(
    db: Session,
    unit: Unit,
    *,
    version: str,
    signer_name: str,
    signer_position: str,
    keys: KeyRing | LiveKeys,
    city: City,
    actor: Actor,
    now: datetime,
) -> Commitment:
    """Sign the text in force, also one that the unit, which is held, has signed before."""
    text = city.membership.commitment(day_in_china(now))
    if text is None or text.version != version:
        raise TextNotInForce
    end = update(Commitment).where(Commitment.unit_id == unit.id, Commitment.ended_at.is_(None))
    db.execute(end.values(ended_at=now))
    commitment_id = new_id()
    content = {
        "id": str(commitment_id),
        "city": city.name,
        "unit": {"id": str(unit.id), "name": unit.name, "unified_code": unit.unified_code},
        "text": {"version": text.version, "title": text.title, "sha256": text.sha256},
        "signer": {"name": signer_name, "position": signer_position},
        "signed_at": moment(now),
    }
    statement = statement_of(COMMITMENT, content)
    seal = apply_seal(keys, statement)
    commitment = Commitment(
        id=commitment_id,
        unit_id=unit.id,
        text_version=text.version,
        text_title=text.title,
        text=text.text,
        statement=statement,
        key_id=seal.key_id,
        seal=seal.signature,
        signed_by=actor.id,
        signed_at=now,
    )
    db.add(commitment)
    db.flush()
    subject = ("commitment", commitment.id)
    audit.record(db, "commitment.signed", subject=subject, actor=actor, now=now, version=version)
    return commitment
