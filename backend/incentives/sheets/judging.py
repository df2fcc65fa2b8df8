"""Whether a row of a sheet may become a draft; every cell that keeps it from that is named.

The rules are the editor's (`content`, `drafting.find_faults`); here is only what a sheet adds to them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

import marshmallow as ma
from sqlalchemy.orm import Session

from backend.city import City
from backend.core.actor import Actor
from backend.core.sheets.cells import Cell, Row
from backend.incentives.content import EDITING, NAMES, as_stored, complete
from backend.incentives.drafting import WRITABLE, find_faults
from backend.incentives.sheets.columns import NUMBER, TITLES, UNIT, Heading, plain
from backend.incentives.sheets.helping import EXAMPLE
from backend.incentives.sheets.surroundings import (
    Target,
    Units,
    find_digests,
    find_targets,
    shop_names_of,
)
from backend.incentives.sheets.words import VALUELESS, ShopNames, Unclear, Words

LONGEST_VALUE = 200


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    BAD = "bad"


@dataclass(frozen=True)
class Fault:
    """A bad cell: where, what is wrong, and what stands there."""

    row: int
    place: int
    title: str
    code: str
    sentence: str
    value: str


@dataclass
class Judged:
    """A row with what it would do. `content` is as it would be stored."""

    row: Row
    faults: dict[int, Fault] = field(default_factory=dict)
    outcome: Outcome = Outcome.BAD
    unit_id: UUID | None = None
    target: Target | None = None
    content: dict[str, Any] = field(default_factory=dict)
    digest: bytes = b""


class Judge:
    """Goes through a sheet's rows, some at a time, and remembers which it has seen."""

    def __init__(self, city: City, actor: Actor, heading: Heading) -> None:
        self._words, self._actor, self._heading = Words(city), actor, heading
        self._units: Units | None = None
        self._shops: dict[UUID, ShopNames] = {}
        self._seen: dict[str | bytes, int] = {}

    def judge(self, db: Session, rows: Sequence[Row]) -> list[Judged]:
        self._units = self._units or Units(db, self._actor)
        cells = [self._heading.cells_of(row) for row in rows]
        numbers = {number for each in cells if (number := _number(each))}
        targets = find_targets(db, numbers, self._actor)
        judged = [self._judge(db, row, each, targets) for row, each in zip(rows, cells, strict=True)]
        self._look_for_repeats(db, judged)
        return judged

    def _judge(
        self, db: Session, row: Row, cells: Mapping[str, Cell], targets: Mapping[str, Target]
    ) -> Judged:
        judged = Judged(row)
        try:
            self._find_target(judged, cells, targets)
        except Unclear as unclear:
            self._name(judged, NUMBER, unclear)
        try:
            self._find_unit(judged, cells)
        except Unclear as unclear:
            self._name(judged, UNIT, unclear)
        if (title := cells.get("title")) and title.text.startswith(EXAMPLE):
            self._name(judged, "title", Unclear("sheet.example", "这是模板里的示例，请改写或删掉这一行。"))
        written = self._read(db, judged, cells)
        if judged.faults:
            return judged
        assert judged.unit_id
        if judged.target and any(
            _says_the_same(each, written, self._heading) for each in judged.target.contents
        ):
            judged.outcome = Outcome.UNCHANGED
            return judged
        self._hold_against_rules(db, judged, written)
        return judged

    def _find_target(self, judged: Judged, cells: Mapping[str, Cell], targets: Mapping[str, Target]) -> None:
        cell = cells.get(NUMBER)
        if cell is None:
            return
        if cell.kind in VALUELESS:
            raise Unclear(*VALUELESS[cell.kind])
        number = _number(cells) or ""
        judged.target = targets.get(number)
        if judged.target is None:
            raise Unclear("sheet.unknown_number", "没有这个编号的项目或草稿；新项目请把编号留空。")
        first = self._seen.setdefault(number, judged.row.number)
        if first != judged.row.number:
            raise Unclear("sheet.repeated", f"与第 {first} 行是同一个编号，请只留一行。")

    def _find_unit(self, judged: Judged, cells: Mapping[str, Cell]) -> None:
        assert self._units
        cell = cells.get(UNIT)
        if cell and cell.kind in VALUELESS:
            raise Unclear(*VALUELESS[cell.kind])
        if judged.target is None:
            judged.unit_id = self._units.read(cell.text if cell else None)
            return
        judged.unit_id = judged.target.unit_id
        if cell:
            self._units.check_means(cell.text, judged.unit_id)

    def _read(self, db: Session, judged: Judged, cells: Mapping[str, Cell]) -> dict[str, Any]:
        """The values of the columns that there are. Shops are left out where the unit is not known."""
        written: dict[str, Any] = {}
        for name in NAMES:
            if name not in self._heading.places or (name == "shop_ids" and judged.unit_id is None):
                continue
            shops = self._shops_of(db, judged.unit_id) if name == "shop_ids" and judged.unit_id else None
            try:
                written[name] = self._words.read(name, cells.get(name), shops)
            except Unclear as unclear:
                self._name(judged, name, unclear)
        return written

    def _hold_against_rules(self, db: Session, judged: Judged, written: Mapping[str, Any]) -> None:
        assert self._units
        assert judged.unit_id
        target = judged.target
        try:
            self._units.check_may_change(judged.unit_id)
        except Unclear as unclear:
            self._name(judged, UNIT, unclear)
            return
        if target and target.draft and target.draft.state not in WRITABLE:
            sentence = "这个项目正在审核或已经办完，现在不能改；请先撤回或另起修改。"
            self._name(judged, NUMBER, Unclear("draft.not_in_that_state", sentence))
            return
        before = dict(target.contents[0]) if target else {}
        raw = {
            name: value for name, value in {**before, **written}.items() if value is not None and value != []
        }
        try:
            values = EDITING.load(raw)
        except ma.ValidationError as error:
            messages: Any = error.messages
            for name, texts in messages.items():
                self._name(judged, name, Unclear("content.invalid", " ".join(_flat(texts))))
            return
        faults = find_faults(
            values,
            own_shops=self._shops_of(db, judged.unit_id).open_ids,
            promised=target.promised if target else None,
        )
        for name, texts in faults.items():
            self._name(judged, name, Unclear("draft.incomplete", " ".join(texts)))
        if not faults:
            judged.content = as_stored(values)
            judged.outcome = Outcome.CHANGED if target else Outcome.NEW
            judged.digest = _digest(judged.unit_id, values)

    def _look_for_repeats(self, db: Session, judged: Sequence[Judged]) -> None:
        """A new row that has become a draft before does nothing; one that stands here twice is unclear."""
        new = [each for each in judged if each.outcome is Outcome.NEW]
        known = find_digests(db, [each.digest for each in new])
        for each in new:
            first = self._seen.setdefault(each.digest, each.row.number)
            if first != each.row.number:
                each.outcome = Outcome.BAD
                sentence = f"与第 {first} 行完全相同，请只留一行。"
                self._name(each, "title", Unclear("sheet.repeated", sentence))
            elif each.digest in known:
                each.outcome = Outcome.UNCHANGED

    def _shops_of(self, db: Session, unit_id: UUID) -> ShopNames:
        if unit_id not in self._shops:
            self._shops[unit_id] = shop_names_of(db, unit_id)
        return self._shops[unit_id]

    def _name(self, judged: Judged, key: str, unclear: Unclear) -> None:
        """Note a bad cell; what belongs to a column that is missing is noted at the number."""
        places, title, sentence = self._heading.places, TITLES[key], unclear.sentence
        if key not in places:
            title, sentence, key = TITLES[NUMBER], f"表里没有“{title}”这一列：{sentence}", NUMBER
        place = places[key]
        cell = judged.row.cells.get(place)
        value = cell.text[:LONGEST_VALUE] if cell else ""
        fault = Fault(judged.row.number, place, title, unclear.code, sentence, value)
        judged.faults.setdefault(place, fault)


def _number(cells: Mapping[str, Cell]) -> str | None:
    cell = cells.get(NUMBER)
    return plain(cell.text).lower() if cell and cell.kind not in VALUELESS else None


def _says_the_same(before: Mapping[str, Any], written: Mapping[str, Any], heading: Heading) -> bool:
    before, after = complete(dict(before)), complete({k: v for k, v in written.items() if v is not None})
    return all(
        _bare(name, before.get(name)) == _bare(name, after.get(name))
        for name in NAMES
        if name in heading.places
    )


def _bare(name: str, value: Any) -> Any:
    """Empty is empty; of lists only the terms stand in an order."""
    if isinstance(value, list):
        texts = [str(each).strip() for each in value]
        return (texts if name == "terms" else sorted(texts)) or None
    return (value.strip() or None) if isinstance(value, str) else value


def _digest(unit_id: UUID, values: dict[str, Any]) -> bytes:
    said = json.dumps([str(unit_id), as_stored(complete(values))], sort_keys=True, ensure_ascii=False)
    return sha256(said.encode()).digest()


def _flat(messages: Any) -> Iterator[str]:
    if isinstance(messages, dict):
        for inner in messages.values():
            yield from _flat(inner)
    elif isinstance(messages, list):
        yield from map(str, messages)
    else:
        yield str(messages)
