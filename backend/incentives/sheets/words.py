"""Between the words in a sheet and stored content, both ways."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from backend.city import City
from backend.core.sheets.cells import Cell, Kind
from backend.incentives.differences import WEEKDAYS, WORDS
from backend.incentives.sheets.columns import plain
from backend.partners.models import Shop

WHOLE_CITY, EVERY_DAY, ALL_SHOPS = "全市", "每天", "全部门店"
BETWEEN = re.compile(r"[、,;\n]+")
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
# Up to thousandths.
SCORE = re.compile(r"\d{1,6}(\.\d{1,3}0*)?")
CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
# What a spreadsheet takes for a formula is written with a mark before it, and read without.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MARK = "'"


class Unclear(Exception):
    """A cell that cannot be read as what its column holds."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code, self.sentence = code, sentence


VALUELESS = {
    Kind.FORMULA: ("sheet.formula", "这里是公式，请改成算好的内容（复制后“选择性粘贴”为数值）。"),
    Kind.ERROR: ("sheet.error_value", "这里是表格软件报的错误，请改成内容。"),
    Kind.MERGED: ("sheet.merged", "这里是合并的单元格，请取消合并，每格都填上内容。"),
}


@dataclass(frozen=True)
class ShopNames:
    """A unit's shops by the words they go by in a sheet, and which are open."""

    labels: Mapping[str, UUID]
    open_ids: Sequence[UUID]

    @staticmethod
    def of(shops: Sequence[Shop]) -> "ShopNames":
        return ShopNames(label_shops(shops), [shop.id for shop in shops if shop.closed_at is None])


def label_shops(shops: Sequence[Shop]) -> dict[str, UUID]:
    """A unit's shops by name. Two of one name, or one whose name reads as several, go by a number."""
    names = [plain(shop.name) for shop in shops]
    return {
        name if names.count(name) == 1 and _is_one_word(name) else _number_of(str(shop.id)): shop.id
        for name, shop in zip(names, shops, strict=True)
    }


def _is_one_word(name: str) -> bool:
    return not BETWEEN.search(name) and name != ALL_SHOPS


def _number_of(shop_id: str) -> str:
    return f"#{shop_id[-12:]}"


class Words:
    """Reads and writes the cells of one city's sheets."""

    def __init__(self, city: City) -> None:
        names = {
            **{name: dict(words) for name, words in WORDS.items()},
            "category": {each.code: each.name for each in city.categories},
            "level": {each.code: each.name for each in city.levels},
            "districts": {each.key: each.name for each in city.districts},
            "weekdays": WEEKDAYS,
        }
        self.names: dict[str, dict[Any, str]] = names
        self._codes = {
            field: {plain(name): code for code, name in named.items()} for field, named in names.items()
        }

    def read(self, field: str, cell: Cell | None, shops: ShopNames | None) -> Any:
        """As it would be stored. Raises Unclear."""
        if cell is None:
            return [] if field in ("districts", "shop_ids", "terms") else None
        if cell.kind in VALUELESS:
            raise Unclear(*VALUELESS[cell.kind])
        match field:
            case "terms":
                return [line.strip() for line in _free(cell.text).splitlines() if line.strip()]
            case "districts":
                return [] if plain(cell.text) == WHOLE_CITY else self._several(field, cell)
            case "weekdays":
                return None if plain(cell.text) == EVERY_DAY else self._several(field, cell)
            case "shop_ids":
                return _read_shops(cell, shops)
        if field in self._codes:
            return self._one(field, cell.text)
        return READERS.get(field, _read_text)(cell)

    def write(self, field: str, value: Any, labels: Mapping[str, str]) -> str | int | float | date | None:
        """`labels` are shops' by their id."""
        if field == "districts" and not value:
            return WHOLE_CITY
        if value is None or value == []:
            return None
        match field:
            case "terms":
                return "\n".join(value)
            case "shop_ids":
                return "、".join(labels.get(shop_id, _number_of(shop_id)) for shop_id in value)
            case "districts" | "weekdays":
                return "、".join(self.names[field][code] for code in value)
            case "valid_from" | "valid_until":
                return date.fromisoformat(value)
            case "score_milli":
                return int(value // 1000) if value % 1000 == 0 else float(value / 1000)
        if field in self.names:
            return self.names[field].get(value, str(value))
        written: str | int = value
        return written

    def _one(self, field: str, text: str) -> Any:
        found = self._codes[field].get(plain(text))
        if found is None:
            allowed = "、".join(self.names[field].values())
            raise Unclear("sheet.unknown_word", f"没有“{text.strip()[:40]}”，可以填：{allowed}。")
        return found

    def _several(self, field: str, cell: Cell) -> list[Any]:
        return list(dict.fromkeys(self._one(field, word) for word in _parts(cell.text)))


def _parts(text: str) -> list[str]:
    return [part for part in BETWEEN.split(plain(text)) if part.strip()]


def _free(text: str) -> str:
    """A text as it was written, without the mark against formulas."""
    text = text.strip()
    return text[1:] if text.startswith(MARK) and text[1:].startswith(FORMULA) else text


def _read_text(cell: Cell) -> str:
    return _free(cell.text)


def _read_shops(cell: Cell, shops: ShopNames | None) -> list[str]:
    assert shops is not None
    if plain(cell.text) == ALL_SHOPS:
        return [str(shop_id) for shop_id in shops.open_ids]
    words = [part.strip() for part in _parts(cell.text)]
    unknown = [word for word in words if word not in shops.labels]
    if unknown:
        raise Unclear("sheet.unknown_shop", f"这家单位没有门店“{unknown[0][:40]}”，可以填“{ALL_SHOPS}”。")
    return list(dict.fromkeys(str(shops.labels[word]) for word in words))


def _read_count(cell: Cell) -> int:
    text = plain(cell.text)
    if not re.fullmatch(r"[+-]?\d{1,12}(\.0+)?", text):
        raise Unclear("sheet.not_a_number", "应填一个整数，如 100。")
    return int(text.partition(".")[0])


def _read_score(cell: Cell) -> int:
    text = plain(cell.text)
    if not SCORE.fullmatch(text):
        raise Unclear("sheet.not_a_score", "应填 0 到 100 的分数，如 80。")
    return int(Decimal(text) * 1000)


def _read_date(cell: Cell) -> str:
    found = DATE.fullmatch(plain(cell.text))
    if found:
        year, month, day = (int(part) for part in found.groups() if part)
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            pass
    raise Unclear("sheet.not_a_date", "应填日期，如 2026-09-01。")


def _read_time(cell: Cell) -> str:
    found = CLOCK.fullmatch(plain(cell.text))
    if found:
        hours, minutes = (int(part) for part in found.groups())
        try:
            return f"{time(hours, minutes):%H:%M}"
        except ValueError:
            pass
    raise Unclear("sheet.not_a_time", "应填时间，如 09:00。")


READERS: dict[str, Callable[[Cell], Any]] = {
    "score_milli": _read_score,
    **dict.fromkeys(("valid_from", "valid_until"), _read_date),
    **dict.fromkeys(("opens_at", "closes_at"), _read_time),
    **dict.fromkeys(
        ("limit_times", "uses", "voucher_days", "quota_total", "quota_per_day", "quota_per_shop"), _read_count
    ),
}
