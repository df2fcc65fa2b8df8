"""The office reads the score model in force: every figure with its legal basis."""

from typing import Any

from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock, day_in_china
from backend.main import Parts
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.console import seat


def test_every_indicator_names_the_law_it_rests_on(
    app: Application, db: Session, parts: Parts, clock: ShiftedClock
) -> None:
    shown: Any = seat(db, app, "score_keeper").get("/office/score-model").json
    in_force = parts.city.score_model(day_in_china(clock.now()))
    indicators = [each for dimension in shown["model"]["dimensions"] for each in dimension["indicators"]]
    assert [each["code"] for each in indicators] == [each.code for each in in_force.indicators]
    assert all(each["legal_basis"] and each["catalogue_item"] for each in indicators)
    assert shown["model"]["version"] == in_force.version
    assert shown["model"]["example"] is True, "an example says so wherever it is shown"
    assert in_force.version in {version["version"] for version in shown["versions"]}
    assert [level["from"] for level in shown["levels"]] == ["60.0", "80.0", "90.0"]


def test_a_system_administrator_reads_no_score_model(app: Application, db: Session) -> None:
    refusal(seat(db, app, "system_admin").get("/office/score-model"), 403, "permission.missing")
