"""Versions of the score model, written as an office would: the newest model with some figures changed."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.city import City
from backend.city.score_document import write_score_model
from backend.core.ids import new_id
from backend.scoring.city_model import newest_model
from backend.scoring.versions.answers import content_of
from tests.factories.console import Colleague

VERSIONS = "/office/score-model-versions"
# Later than any day that other tests look at: an approved version stays.
FAR = date(2090, 1, 1)


def new_content(db: Session, city: City, **head: Any) -> dict[str, Any]:
    """A model that follows the newest one: alike, but for its name, its day and what is said."""
    newest = newest_model(db, city)
    content: dict[str, Any] = content_of(newest)
    effective_on = max(FAR, newest.effective_on) + timedelta(days=10)
    return {**content, "version": f"v-{new_id().hex[-12:]}", "effective_on": effective_on, **head}


def new_text(db: Session, city: City, **head: Any) -> str:
    return write_score_model(new_content(db, city, **head))


def with_indicator(content: dict[str, Any], code: str, **changed: Any) -> dict[str, Any]:
    """The content with one indicator changed."""

    def change(indicator: dict[str, Any]) -> dict[str, Any]:
        return {**indicator, **changed} if indicator["code"] == code else indicator

    dimensions = [
        {**dimension, "indicators": [change(each) for each in dimension["indicators"]]}
        for dimension in content["dimensions"]
    ]
    return {**content, "dimensions": dimensions}


def as_json(content: dict[str, Any]) -> dict[str, Any]:
    return {**content, "effective_on": content["effective_on"].isoformat()}


def begun(editor: Colleague, content: dict[str, Any]) -> dict[str, Any]:
    answer = editor.post(VERSIONS, {"content": as_json(content)})
    assert answer.status_code == 201, answer.text
    version: dict[str, Any] = answer.json  # type: ignore[assignment]
    return version
