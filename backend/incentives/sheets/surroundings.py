"""What the rows of a sheet are held against: units, their shops, and what there is already."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.actor import Actor
from backend.incentives.draft_queries import looked_after_by
from backend.incentives.models import OPEN_STATES, Incentive, IncentiveDraft
from backend.incentives.sheets.columns import plain
from backend.incentives.sheets.words import ShopNames, Unclear
from backend.incentives.versions import contents_of
from backend.partners.models import UnitState
from backend.partners.queries import get_any_unit, shops_of_units, units_of_office

INCENTIVE_NUMBER = re.compile(r"\d{1,10}")
DRAFT_NUMBER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class KnownUnit(NamedTuple):
    id: UUID
    name: str
    unified_code: str | None
    is_active: bool


class Units:
    """The units whose incentives somebody looks after, found by name or by unified code."""

    def __init__(self, db: Session, actor: Actor) -> None:
        self._own_id = actor.unit_id
        found = [get_any_unit(db, actor.unit_id)] if actor.unit_id else units_of_office(db, actor=actor)
        self._by_word: dict[str, list[KnownUnit]] = {}
        self.names: dict[UUID, str] = {}
        known = [
            KnownUnit(each.id, each.name, each.unified_code, each.state == UnitState.ACTIVE) for each in found
        ]
        self._active = {unit.id for unit in known if unit.is_active}
        for unit in known:
            for word in {plain(unit.name), unit.unified_code or plain(unit.name)}:
                self._by_word.setdefault(word, []).append(unit)
        for unit in known:
            is_alone = len(self._by_word[plain(unit.name)]) == 1
            self.names[unit.id] = unit.name if is_alone else unit.unified_code or unit.name

    def read(self, text: str | None) -> UUID:
        """The unit that a new row is for; nothing means the own unit. Raises Unclear."""
        if text is None:
            if self._own_id:
                return self._own_id
            raise Unclear("sheet.unknown_unit", "请填成员单位的名称或统一社会信用代码。")
        found = self._find(text)
        if len(found) > 1:
            raise Unclear("sheet.ambiguous_unit", "有几家单位同名，请填统一社会信用代码。")
        return found[0].id

    def check_means(self, text: str, unit_id: UUID) -> None:
        """Raises Unclear when the words stand for another unit."""
        if unit_id not in {unit.id for unit in self._find(text)}:
            raise Unclear("sheet.unit_differs", "这个编号的项目不是这家单位的。")

    def check_may_change(self, unit_id: UUID) -> None:
        """The office writes for active units only; a unit may write whatever its state."""
        if not self._own_id and unit_id not in self._active:
            raise Unclear("unit.not_active", "这家单位现在不能办理激励项目。")

    def _find(self, text: str) -> list[KnownUnit]:
        word = plain(text)
        found = self._by_word.get(word) or self._by_word.get(word.upper())
        if found:
            return found
        if self._own_id:
            raise Unclear("sheet.not_your_unit", "只能导入本单位的项目，请删掉这一行或改成本单位。")
        raise Unclear("sheet.unknown_unit", "没有这家成员单位，请核对名称，或填统一社会信用代码。")


@dataclass(frozen=True)
class Target:
    """What a row with a number changes: a published incentive, a draft, or both."""

    unit_id: UUID
    incentive: Incentive | None
    draft: IncentiveDraft | None
    promised: Mapping[str, Any] | None

    @property
    def contents(self) -> list[Mapping[str, Any]]:
        """What a row may say without changing anything; the first is what it is written over."""
        drafted = self.draft.content if self.draft else None
        return [content for content in (drafted, self.promised) if content is not None]


def find_targets(db: Session, numbers: Collection[str], actor: Actor) -> dict[str, Target]:
    """By number as it stands in the sheet; what is others' is not found."""
    wanted = [int(number) for number in numbers if INCENTIVE_NUMBER.fullmatch(number)]
    query = select(Incentive).where(Incentive.number.in_(wanted), Incentive.unit_id.is_not(None))
    incentives = list(db.scalars(query.where(looked_after_by(actor, Incentive))))
    ids = [UUID(number) for number in numbers if DRAFT_NUMBER.fullmatch(number)]
    drafts = _drafts(db, IncentiveDraft.id.in_(ids), actor)
    changed = [draft.incentive_id for draft in drafts if draft.incentive_id]
    incentives += db.scalars(select(Incentive).where(Incentive.id.in_(changed)))
    contents = contents_of(db, incentives)
    by_id = {each.id: each for each in incentives}
    open_drafts = {
        draft.incentive_id: draft
        for draft in _drafts(
            db, IncentiveDraft.incentive_id.in_(by_id) & IncentiveDraft.state.in_(OPEN_STATES), actor
        )
    }
    found = {
        str(each.number): Target(each.unit_id, each, open_drafts.get(each.id), contents[each.id])
        for each in incentives
        if each.unit_id
    }
    for draft in drafts:
        incentive = by_id.get(draft.incentive_id) if draft.incentive_id else None
        promised = contents[incentive.id] if incentive else None
        found[str(draft.id)] = Target(draft.unit_id, incentive, draft, promised)
    return found


def _drafts(db: Session, condition: Any, actor: Actor) -> Sequence[IncentiveDraft]:
    query = select(IncentiveDraft).where(condition, looked_after_by(actor, IncentiveDraft))
    return db.scalars(query.execution_options(populate_existing=True)).all()


def find_digests(db: Session, digests: Collection[bytes]) -> set[bytes]:
    """Those whose rows have become drafts before."""
    query = select(IncentiveDraft.sheet_digest).where(
        IncentiveDraft.sheet_digest.in_(digests), IncentiveDraft.state != "withdrawn"
    )
    return {digest for digest in db.scalars(query) if digest}


def shop_names_of(db: Session, unit_id: UUID) -> ShopNames:
    return ShopNames.of(shops_of_units(db, [unit_id]))
