"""Changing the settings: for a reason, kept as versions with who and when, and taken back in one step."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, sessionmaker

from backend.audit import service as audit
from backend.city.settings import SETTINGS, NotFitting, Setting
from backend.core.actor import Actor
from backend.core.errors import NotFound
from backend.office.errors import SettingNotFitting, SettingStale
from backend.office.models import SettingVersion

SHOWN_VERSIONS = 50


def newest(db: Session) -> dict[str, SettingVersion]:
    """The version in force of each setting that was ever set."""
    query = select(SettingVersion).ext(distinct_on(SettingVersion.name))
    rows = db.scalars(query.order_by(SettingVersion.name, SettingVersion.number.desc()))
    return {row.name: row for row in rows}


def read_values(sessions: sessionmaker[Session]) -> dict[str, Any]:
    """What was set and not given back to the city's own value; for every process."""
    with sessions() as db:
        return {name: row.value for name, row in newest(db).items() if not row.is_default}


def get_setting(name: str) -> Setting:
    setting = SETTINGS.get(name)
    if setting is None:
        raise NotFound
    return setting


def list_versions(db: Session, name: str) -> Sequence[SettingVersion]:
    """The newest first."""
    query = select(SettingVersion).where(SettingVersion.name == get_setting(name).name)
    return db.scalars(query.order_by(SettingVersion.number.desc()).limit(SHOWN_VERSIONS)).all()


def change_setting(
    db: Session,
    setting: Setting,
    *,
    number: int,
    value: Any,
    is_default: bool,
    reason: str,
    actor: Actor,
    now: datetime,
) -> SettingVersion:
    """Set it, or give it back to the city's own value; `number` is the version that was changed."""
    assert actor.id is not None
    standing = newest(db).get(setting.name)
    if (standing.number if standing else 0) != number:
        raise SettingStale
    version = SettingVersion(
        name=setting.name,
        number=number + 1,
        value=None if is_default else _fitting(setting, value),
        is_default=is_default,
        reason=reason,
        account_id=actor.id,
        changed_at=now,
    )
    db.add(version)
    db.flush()
    audit.record(
        db, "setting.changed", subject=("setting", setting.name), actor=actor, now=now, version=version.number
    )
    return version


def _fitting(setting: Setting, value: Any) -> Any:
    try:
        return setting.check(value)
    except NotFitting as error:
        field = f"value.{error.part}" if error.part else "value"
        raise SettingNotFitting(errors={field: [str(error)]}) from None
