"""Whether a row may become a record; everything that keeps it from that is named."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from backend.core.points import MOST_QUANTITY
from backend.core.sheets.cells import Kind
from backend.identity.errors import InvalidIdNumber
from backend.identity.id_number import LONGEST_LIFE_YEARS, born_on, is_adult, read_id_number
from backend.scoring.deliveries import Delivered
from backend.scoring.engine.model import Indicator, ScoreModel
from backend.sources.columns import (
    EXPIRES_ON,
    ID_NUMBER,
    INDICATOR,
    KEY,
    OCCURRED_ON,
    QUANTITY,
    Given,
    plain,
)
from backend.sources.faults import Fault

T = TypeVar("T")

LONGEST_KEY = 64
LONGEST_CELL = 200
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff\ufffd\ud800-\udfff]")
# 2026-01-31, 2026/1/31, 2026.1.31, 2026年1月31日, 20260131; what stands behind it is a time of day.
DAY = re.compile(
    r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?",
    re.ASCII,
)
WHOLE = re.compile(r"[+-]?\d{1,18}(?:\.0+)?", re.ASCII)
MANGLED = re.compile(r"\d(?:\.\d+)?e\+?\d+", re.ASCII | re.IGNORECASE)
# A number of a person inside something else.
PERSONAL = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\d)", re.ASCII)
VALUELESS = {Kind.FORMULA: "cell.formula", Kind.ERROR: "cell.error", Kind.MERGED: "cell.merged"}


class Unclear(Exception):
    def __init__(self, code: str, **said: object) -> None:
        super().__init__(code)
        self.code, self.said = code, said


@dataclass(frozen=True)
class Refused:
    """A row with what is wrong with it. Nothing of somebody under 18 is kept."""

    given: Given
    faults: tuple[Fault, ...]

    @property
    def may_be_kept(self) -> bool:
        return not any(each.code == "id_number.under_age" for each in self.faults)


class Judge:
    """Judges the rows of one source by the model of the day, without a look at the database."""

    def __init__(self, model: ScoreModel, *, source_name: str, today: date) -> None:
        self._named = {name: each for each in model.indicators for name in (each.code, each.name)}
        self._source_name = source_name
        self._today = today

    def judge(self, given: Given) -> Delivered | Refused:
        faults = [Fault(column, code) for column, code in given.odd.items()]
        values = {name: plain(text) for name, text in given.values.items()}

        def read(column: str, how: Callable[[str], T]) -> T | None:
            if column in given.odd:
                return None
            try:
                text = values.get(column, "")
                _check_written(text)
                return how(text)
            except Unclear as unclear:
                faults.append(Fault(column, unclear.code, unclear.said))
                return None

        id_number = read(ID_NUMBER, lambda text: read_person(text, today=self._today))
        indicator = read(INDICATOR, self._indicator)
        occurred_on = read(OCCURRED_ON, lambda text: self._occurred_on(text, id_number, indicator))
        quantity = read(QUANTITY, _quantity)
        expires_on = read(EXPIRES_ON, lambda text: self._expires_on(text, occurred_on))
        key = read(KEY, _key)
        if faults:
            return Refused(given, tuple(faults))
        # Each is there when nothing is wrong.
        found = (id_number, key, indicator.code, occurred_on, quantity, expires_on)  # type: ignore[union-attr]
        return Delivered(given.number, *found)  # type: ignore[arg-type]

    def _indicator(self, text: str) -> Indicator:
        if not text:
            raise Unclear("indicator.missing")
        found = self._named.get(text)
        if found is None:
            raise Unclear("indicator.unknown")
        if found.source_unit != self._source_name:
            raise Unclear("indicator.of_another", value=found.name, owner=found.source_unit)
        return found

    def _occurred_on(self, text: str, id_number: str | None, indicator: Indicator | None) -> date:
        if not text:
            raise Unclear("occurred_on.missing")
        day = _day(text, "occurred_on.form")
        if day > self._today:
            raise Unclear("occurred_on.future")
        if id_number and day < born_on(id_number):
            raise Unclear("occurred_on.before_birth")
        if indicator and indicator.valid_days and day + timedelta(indicator.valid_days) <= self._today:
            raise Unclear("occurred_on.over")
        return day

    def _expires_on(self, text: str, occurred_on: date | None) -> date | None:
        if not text:
            return None
        day = _day(text, "expires_on.form")
        if occurred_on and day <= occurred_on:
            raise Unclear("expires_on.order")
        if day <= self._today:
            raise Unclear("expires_on.over")
        return day


def read_person(text: str, *, today: date) -> str:
    """The ID number of somebody of age. Raises Unclear."""
    if not text:
        raise Unclear("id_number.missing")
    try:
        number = read_id_number(text, today=today)
    except InvalidIdNumber:
        raise Unclear(_why_no_id_number(text, today)) from None
    if not is_adult(number, today=today):
        raise Unclear("id_number.under_age")
    return number


def _why_no_id_number(text: str, today: date) -> str:
    number = "".join(text.split()).upper()
    if MANGLED.fullmatch(number):
        return "id_number.mangled"
    if re.fullmatch(r"\d{15}", number, re.ASCII):
        return "id_number.old"
    if len(number) != 18:
        return "id_number.length"
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", number, re.ASCII):
        return "id_number.form"
    try:
        born = born_on(number)
    except ValueError:
        return "id_number.born_on"
    if not today.year - LONGEST_LIFE_YEARS <= born.year or born > today:
        return "id_number.born_on"
    return "id_number.check_digit"


def _check_written(text: str) -> None:
    if len(text) > LONGEST_CELL:
        raise Unclear("cell.too_long")
    if (not text.isascii() or not text.isprintable()) and UNPRINTABLE.search(text):
        raise Unclear("cell.unprintable")


def _quantity(text: str) -> int:
    if not text:
        return 1
    if not WHOLE.fullmatch(text):
        raise Unclear("quantity.form")
    number = int(text.partition(".")[0])
    if number < 1:
        raise Unclear("quantity.least")
    if number > MOST_QUANTITY:
        raise Unclear("quantity.most", most=MOST_QUANTITY)
    return number


def _key(text: str) -> str:
    if not text:
        raise Unclear("key.missing")
    if len(text) > LONGEST_KEY:
        raise Unclear("key.too_long")
    if PERSONAL.search(text):
        raise Unclear("key.personal")
    return text


def _day(text: str, code: str) -> date:
    matched = DAY.fullmatch(text)
    if matched is None:
        raise Unclear(code)
    year, *parts = matched.groups()
    month, day = (part for part in parts if part)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise Unclear(code) from None
