"""Whether an incentive is open to a resident, and if not, what is missing."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.city import City
from backend.consents.models import SCORING
from backend.consents.queries import hold_consent
from backend.core.points import format_missing
from backend.identity.errors import NotBound
from backend.incentives.models import Incentive
from backend.scoring import queries as scoring
from backend.scoring.errors import NoScore, NotAuthorised
from backend.vouchers.errors import NotEntitled


class Lack(StrEnum):
    """What stands between a resident and an incentive."""

    IDENTITY = "identity"
    CONSENT = "consent"
    SCORE = "score"
    POINTS = "points"


def check_consent_held(db: Session, resident_id: UUID) -> None:
    """The consent to scoring stands until this transaction ends; NotEntitled otherwise."""
    if not hold_consent(db, resident_id, SCORING):
        raise NotEntitled(missing={"kind": Lack.CONSENT, "points": None, "points_milli": None})


@dataclass(frozen=True)
class Standing:
    """Where a resident stands today: a score, or what is lacking for one."""

    score_milli: int | None
    lack: Lack | None

    def missing_for(self, incentive: Incentive) -> dict[str, Any] | None:
        """What is missing for an incentive, as the answer shows it; None when it is open."""
        needed = incentive.needed_milli
        if needed is None:
            return None
        if self.score_milli is None:
            return {"kind": self.lack, "points": None, "points_milli": None}
        if self.score_milli >= needed:
            return None
        points = format_missing(self.score_milli, needed)
        return {"kind": Lack.POINTS, "points": points, "points_milli": needed - self.score_milli}

    def check_entitled(self, incentive: Incentive) -> None:
        missing = self.missing_for(incentive)
        if missing:
            raise NotEntitled(missing=missing)


def standing_of(db: Session, city: City, resident_id: UUID, today: date) -> Standing:
    score_milli = scoring.find_score_milli(db, city, resident_id, today)
    if score_milli is not None:
        return Standing(score_milli, None)
    try:
        scoring.check_may_be_scored(db, resident_id, today)
    except NotBound:
        return Standing(None, Lack.IDENTITY)
    except NotAuthorised:
        return Standing(None, Lack.CONSENT)
    except NoScore:
        return Standing(None, Lack.SCORE)
    return Standing(None, Lack.SCORE)
