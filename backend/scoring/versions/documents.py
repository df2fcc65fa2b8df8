"""The text of a version: checked whenever it is saved, so that nothing faulty is stored."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.city import City, CityDataError
from backend.city.score_document import LONGEST_TEXT, read_score_model, write_score_model
from backend.city.score_files import ScoreModelData
from backend.core.clock import day_in_china
from backend.scoring.city_model import build_model, newest_model
from backend.scoring.engine.errors import ModelError
from backend.scoring.versions.errors import ModelFaulty, ModelTooLate

# Before midnight every process knows what then holds, and whoever approves has not a minute to be wrong in.
LEAST_NOTICE = timedelta(hours=1)
MOST_PROBLEMS = 50
LARGEST_FILE = LONGEST_TEXT


def read_document(db: Session, city: City, text: str, *, now: datetime) -> ScoreModelData:
    """The model of a text; ModelFaulty with every mistake in it."""
    try:
        model = read_score_model(text, city=city, before=newest_model(db, city))
        build_model(city, model)
    except CityDataError as failure:
        problems = [(problem.line, problem.field, problem.message) for problem in failure.problems]
        raise _faulty(problems) from None
    except ModelError as failure:
        raise _faulty([(1, failure.place, failure.reason)]) from None
    check_in_time(model.effective_on, now=now)
    return model


def check_in_time(effective_on: date, *, now: datetime) -> None:
    if effective_on <= day_in_china(now + LEAST_NOTICE):
        raise ModelTooLate(errors={"effective_on": [ModelTooLate.detail]})


def text_of(content: dict[str, Any]) -> str:
    """The text of what a form sent: names and values as in a file."""
    return write_score_model(content)


def text_of_file(content: bytes) -> str:
    """The text of a file, which must be UTF-8 and no larger than a model can be."""
    if len(content) > LARGEST_FILE:
        raise _faulty([(1, "", f"文件太大，最多 {LARGEST_FILE // 1024} KB")])
    try:
        # Editors on Windows put a byte order mark before the text.
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _faulty([(line, "", "不是 UTF-8 编码")]) from None
    if "\0" in text:
        raise _faulty([(text[: text.index("\0")].count("\n") + 1, "", "不是文本文件")])
    return text


def _faulty(problems: Iterable[tuple[int, str, str]]) -> ModelFaulty:
    listed: list[dict[str, Any]] = []
    errors: dict[str, list[str]] = defaultdict(list)
    for line, field, message in list(problems)[:MOST_PROBLEMS]:
        name = field.replace("[", ".").replace("]", "") or "document"
        listed.append({"line": line, "field": name, "message": message})
        errors[name].append(message)
    return ModelFaulty(errors=errors, problems=listed)
