"""What there is: keys with their state and what stands under them, and the processes that use them."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from backend.core.keys import KeyRing, SecretKey
from backend.core.keys.readers import list_readers
from backend.core.keys.turning import Role, keys_of
from scripts.columns import aligned
from scripts.key_rotation.rewriting import count_by_key

ROLES = {Role.DATA: "数据", Role.INDEX: "索引", Role.SESSION: "会话"}
NOT_KNOWN = "—"


def describe_keys(ring: KeyRing, engine: Engine, now: datetime) -> Iterator[str]:
    """A table of the keys, and what stands under keys that are not in the ring."""
    rows = [("用途", "编号", "状态", "自", "至", "其下数据")]
    lost: list[str] = []
    for role in Role:
        counts = count_by_key(engine, role) if role is not Role.SESSION else {}
        for key in keys_of(ring, role):
            under = NOT_KNOWN if role is Role.SESSION else f"{counts.pop(key.key_id, 0)} 处"
            rows.append(
                (ROLES[role], str(key.key_id), state_of(ring, role, key), day(key.in_use_since), "", under)
            )
        lost += [
            f"{ROLES[role]}密钥 {key_id} 不在密钥环中，其下还有 {count} 处数据。"
            for key_id, count in counts.items()
        ]
    signing = ring.ticket_key(now).key_id
    for ticket in ring.ticket:
        state = "使用中" if ticket.key_id == signing else "待用" if ticket.valid_from > now else "仅查验"
        times = day(ticket.valid_from), day(ticket.valid_until)
        rows.append(("凭证", str(ticket.key_id), state, *times, NOT_KNOWN))
    yield from aligned(rows)
    yield from lost


def state_of(ring: KeyRing, role: Role, key: SecretKey) -> str:
    in_use = keys_of(ring, role)[-1].key_id
    if key.key_id == in_use:
        return "使用中"
    return "待用" if key.key_id > in_use else "仅读取"


def describe_readers(ring: KeyRing, engine: Engine) -> Iterator[str]:
    with Session(engine) as db:
        readers = list_readers(db)
    yield f"运行中的进程 {len(readers)} 个"
    if readers:
        rows: Sequence[tuple[str, str, str]] = [
            (f"  {reader.host}", str(reader.pid), "同步" if reader.ring == ring.fingerprint else "尚未换用")
            for reader in readers
        ]
        yield from aligned(rows)


def day(moment: datetime | None) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment else NOT_KNOWN
