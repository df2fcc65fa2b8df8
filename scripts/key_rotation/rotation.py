"""The order of the steps. Each is written down in the ring, so a run that was cut off is taken up again."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import OFFICE
from backend.core.clock import Clock
from backend.core.keys import KeyRing, KeySource
from backend.core.keys.turning import (
    Role,
    Step,
    activate,
    keys_of,
    retire,
    retire_ticket_keys,
    stage,
    stage_ticket_key,
    step_of,
    withdraw_ticket_key,
)
from backend.identity.tokens import ACCESS_LIFE
from scripts.key_rotation.rewriting import ROWS_AT_ONCE, Rewriting, count_by_key
from scripts.key_rotation.waiting import NotAllAlong, Told, Waiting

ONE_AT_A_TIME = 0x6B657973
# Tickets live for a day at most.
TICKET_LIFE = timedelta(days=1)
TOKEN_LIFE = ACCESS_LIFE + timedelta(minutes=1)
REWRITTEN = (Role.DATA, Role.INDEX)
STEPS = {"staged": "新密钥已加入。", "activated": "新密钥已启用。", "retired": "旧密钥已停用。"}


class Refused(RuntimeError):
    """Why the next step cannot be taken; a sentence for the operator."""


class Telling(Protocol):
    """What the operator is told while it goes on."""

    def step(self, sentence: str) -> None: ...

    def progress(self, label: str, length: int | None = None) -> AbstractContextManager[Told]:
        """A bar that is told how much is done, and of how much when its length was not known before."""


@dataclass(frozen=True)
class Rotation:
    """Replaces keys of one source, for the processes that use one database."""

    source: KeySource
    engine: Engine
    waiting: Waiting
    telling: Telling
    clock: Clock
    rows_at_once: int = ROWS_AT_ONCE

    def rotate(self, role: Role, *, at_once: bool = False) -> datetime | None:
        """Replace a key wholly, or take up where it was left. Gives the moment until which a session
        key must stay for the tokens it signed, unless they are to end `at_once`."""
        with self._alone():
            ring = self._all_along()
            if step_of(ring, role) is Step.AT_REST:
                self._check_known(ring, role)
                ring = self._put(stage(self.source.load(), role), role, "staged")
            if step_of(ring, role) is Step.STAGED:
                if role in REWRITTEN:
                    self._let_finish()
                ring = self._put(activate(self.source.load(), role, self.clock.now()), role, "activated")
            return self._finish(ring, role, at_once)

    def _finish(self, ring: KeyRing, role: Role, at_once: bool) -> datetime | None:
        since = keys_of(ring, role)[-1].in_use_since
        if role is Role.SESSION and since and not at_once and self.clock.now() < since + TOKEN_LIFE:
            return since + TOKEN_LIFE
        if role in REWRITTEN:
            self._let_finish()
            self._rewrite(ring, role)
            self._let_finish()
        self._put(retire(self.source.load(), role), role, "retired")
        return None

    def _rewrite(self, ring: KeyRing, role: Role) -> None:
        rewriting = Rewriting.under(ring, role, self.engine, self.rows_at_once)
        while left := rewriting.count_stale():
            with self.telling.progress("重写", left) as told:
                rewriting.run(lambda done, left=left: told(done, left))  # type: ignore[misc]
        self.telling.step("旧密钥下已没有数据。")

    def rotate_ticket_key(self, *, begins_in: timedelta, at_once: bool = False) -> datetime:
        """Announce a further ticket key; gives when it begins. Earlier ones go a day after that, by the
        same command, or `at_once` with all tickets they signed."""
        with self._alone():
            ring, now = self._all_along(), self.clock.now()
            signing = ring.ticket_key(now)
            upcoming = [key for key in ring.ticket if key.valid_from > now]
            if upcoming:
                return upcoming[-1].valid_from
            if len(ring.ticket) > 1 and (at_once or now >= signing.valid_from + TICKET_LIFE):
                self._put(retire_ticket_keys(self.source.load(), now), "ticket", "retired")
                return signing.valid_from
            if len(ring.ticket) > 1:
                ended = until(signing.valid_from + TICKET_LIFE)
                raise Refused(f"旧凭证密钥签发的凭证还在有效期内，请在 {ended} 之后再运行。")
            return self._announce(now + begins_in, begins_in)

    def _announce(self, begins_at: datetime, notice: timedelta) -> datetime:
        """A key that some process does not know in time is taken back before it signs anything."""
        ring = stage_ticket_key(self.source.load(), begins_at)
        try:
            self._put(ring, "ticket", "staged", within_s=notice.total_seconds() / 2)
        except NotAllAlong:
            with self.source.changing():
                self.source.save(withdraw_ticket_key(ring, begins_at))
            raise
        return begins_at

    def _put(self, ring: KeyRing, role: str, step: str, *, within_s: float | None = None) -> KeyRing:
        """Let a ring take the place of the present one, and wait until every process goes by it."""
        before, after = ({key.key_id for key in getattr(each, role)} for each in (self.source.load(), ring))
        with self.source.changing():
            self.source.save(ring)
        with Session(self.engine) as db, db.begin():
            for key_id in before ^ after or {getattr(ring, role)[-1].key_id}:
                subject = ("key", f"{role}:{key_id}")
                audit.record(db, f"key.{step}", subject=subject, actor=OFFICE, now=self.clock.now())
        self.telling.step(STEPS[step])
        return self._all_along(within_s=within_s)

    def _all_along(self, *, within_s: float | None = None) -> KeyRing:
        ring = self.source.load()
        with self.telling.progress("等待各进程换用") as told:
            self.waiting.for_readers(ring, told, within_s=within_s)
        return ring

    def _let_finish(self) -> None:
        with self.telling.progress("等待进行中的请求结束") as told:
            self.waiting.for_those_under_way(told)

    def _check_known(self, ring: KeyRing, role: Role) -> None:
        """What stands under a key that is lost could never be written anew."""
        if role not in REWRITTEN:
            return
        known = {key.key_id for key in keys_of(ring, role)}
        lost = {key: count for key, count in count_by_key(self.engine, role).items() if key not in known}
        if lost:
            listed = "、".join(f"密钥 {key}（{count} 处）" for key, count in sorted(lost.items()))
            raise Refused(f"数据库里有密钥环中没有的密钥：{listed}。请先找回这些密钥。")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One rotation at a time, over all machines."""
        with self.engine.connect() as connection:
            got = connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": ONE_AT_A_TIME})
            connection.commit()
            if not got:
                raise Refused("另一处正在轮换密钥，请等它结束。")
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": ONE_AT_A_TIME})
                connection.commit()


def until(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
