"""The lists that can be taken along: their columns, and their rows a batch at a time."""

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from backend.accounts.queries import account_names
from backend.audit import queries as audit
from backend.audit.queries import COLLEAGUES, EventFilter
from backend.audit.words import ACTIONS, ACTORS, SUBJECTS
from backend.core.clock import day_bounds
from backend.office.export_files import Value
from backend.office.lists import REDEMPTIONS, VOUCHERS, OfficeList, named, narrowing

After = tuple[Any, ...] | None
Batch = tuple[list[Sequence[Value]], After]


class ExportedList(ABC):
    """One kind of list. The database guards whose rows it shows, or else who may order it sees them all."""

    is_guarded: ClassVar[bool] = True

    @property
    @abstractmethod
    def title(self) -> str:
        """What the file is called."""

    @property
    @abstractmethod
    def heads(self) -> Sequence[str]:
        """The titles of its columns."""

    @abstractmethod
    def read(self, db: Session, query: dict[str, Any], *, after: After, most: int) -> Batch:
        """The next rows, and where the batch after them begins; `query` is what its page was narrowed to."""


@dataclass(frozen=True)
class OfOffice(ExportedList):
    """Vouchers or redemptions."""

    wanted: OfficeList

    @property
    def title(self) -> str:
        return self.wanted.name

    @property
    def heads(self) -> Sequence[str]:
        return list(self.wanted.heads.values())

    def read(self, db: Session, query: dict[str, Any], *, after: After, most: int) -> Batch:
        found = self.wanted.query(narrowing(query), oldest_first=query["sort"] == "oldest", after=after)
        rows = db.execute(found.limit(most)).all()
        last = (getattr(rows[-1], self.wanted.time), rows[-1].id) if len(rows) == most else None
        return [[self._cell(name, row[name]) for name in self.wanted.heads] for row in named(db, rows)], last

    def _cell(self, name: str, value: Any) -> Value:
        found: Value = self.wanted.states[value] if name == "state" else value
        return found


class AuditTrail(ExportedList):
    """A request cannot read it; who orders it may read all of it."""

    is_guarded = False
    title = "审计记录"
    heads = (
        "编号",
        "时间",
        "事件",
        "事件代码",
        "谁",
        "姓名",
        "对象",
        "对象编号",
        "细节",
        "请求编号",
    )

    def read(self, db: Session, query: dict[str, Any], *, after: After, most: int) -> Batch:
        wanted = EventFilter(
            since=day_bounds(query["first"])[0] if query["first"] else None,
            until=day_bounds(query["last"])[1] if query["last"] else None,
            colleague_id=query["account_id"],
            **{name: query[name] for name in ("action", "actor_kind", "subject_kind", "subject_id")},
        )
        found = audit.events(wanted, oldest_first=query["sort"] == "oldest", after=after)
        events = db.scalars(found.limit(most)).all()
        last = (events[-1].occurred_at, events[-1].id) if len(events) == most else None
        colleagues = {each.actor_id for each in events if each.actor_id and each.actor_kind in COLLEAGUES}
        names = account_names(db, colleagues)
        return [
            [
                event.id,
                event.occurred_at,
                ACTIONS.get(event.action),
                event.action,
                ACTORS[event.actor_kind],
                names.get(event.actor_id) if event.actor_id else None,
                SUBJECTS.get(event.subject_kind, event.subject_kind),
                event.subject_id,
                json.dumps(event.data, ensure_ascii=False) if event.data else None,
                event.request_id,
            ]
            for event in events
        ], last


AUDIT_EVENTS = "audit-events"
EXPORTED: dict[str, ExportedList] = {
    "vouchers": OfOffice(VOUCHERS),
    "redemptions": OfOffice(REDEMPTIONS),
    AUDIT_EVENTS: AuditTrail(),
}
