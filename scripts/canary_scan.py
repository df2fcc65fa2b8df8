"""Look for people where none may stand in clear: in logs, figures and a whole copy of the database.

`python -m scripts.canary_scan` looks, on the system of `make run` and best after `make demo`, for every
person one can play: name, ID number, openid and unionid, as text and in the forms a text takes on its
way (escaped in JSON or addresses, base64, hexadecimal). The tests use the same search with canaries of
their own. Exit codes: 0 nothing found, 1 something found.
"""

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

import click
import psycopg
import requests
from psycopg import sql

from backend.config import PROJECT, Settings
from backend.main import database_url
from scripts.running import Running
from scripts.wechat_simulator.persons import unionid
from scripts.wechat_simulator.phones import number_of

# A single digit or two stands everywhere; what is looked for must be rare.
SHORTEST = 4
FOLDER = click.Path(file_okay=False, path_type=Path)
TABLES = """
    SELECT schemaname, tablename FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Canary:
    """A text that belongs to one person. `what` names it without telling it."""

    what: str
    text: str = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.text.encode()) < SHORTEST:
            raise ValueError(f"{self.what}: too short to be looked for")


@dataclass(frozen=True)
class Found:
    """A canary that stands somewhere it must not, and in which form."""

    where: str
    what: str
    form: str


def forms_of(text: str) -> dict[str, bytes]:
    """The text as it may stand in a file, by the name of the form. Letters of codes are lower case."""
    raw = text.encode()
    forms = {
        "plain": raw,
        "GBK": text.encode("gbk", errors="ignore"),
        "JSON": json.dumps(text)[1:-1].encode(),
        "address": quote(text, safe="").encode(),
        "form": quote_plus(text, safe="").encode(),
        "bytes": repr(raw)[2:-1].encode(),
        "hex": raw.hex().encode(),
        "UTF-16": text.encode("utf-16-le"),
    }
    for offset in range(3):
        for name, encode in (("base64", b64encode), ("base64url", urlsafe_b64encode)):
            forms[f"{name} at {offset}"] = _within_base64(encode(b"\0" * offset + raw), offset, len(raw))
    return {name: form for name, form in forms.items() if len(form) >= SHORTEST}


def _within_base64(encoded: bytes, before: int, length: int) -> bytes:
    """The letters that depend on the text alone, whatever stands around it."""
    first = -(-before * 8 // 6)
    last = (before + length) * 8 // 6
    return encoded[first:last]


class Search:
    """All canaries in all forms, looked for at once."""

    def __init__(self, canaries: Iterable[Canary]) -> None:
        self._told: dict[bytes, tuple[str, str]] = {}
        for canary in canaries:
            for form, needle in forms_of(canary.text).items():
                self._told.setdefault(needle.lower(), (canary.what, form))
        if not self._told:
            raise ValueError("nothing to look for")
        longest_first = sorted(self._told, key=len, reverse=True)
        self._any = re.compile(b"|".join(re.escape(needle) for needle in longest_first))

    def look(self, where: str, content: bytes | str) -> Iterator[Found]:
        """What of it stands in the content, each once."""
        text = content.encode() if isinstance(content, str) else content
        hits = {match.group() for match in self._any.finditer(text.lower())}
        yield from (Found(where, *self._told[hit]) for hit in sorted(hits))


def dump(connection: "psycopg.Connection[tuple[str, str]]") -> Iterator[tuple[str, bytes]]:
    """Every table of every schema as text, as somebody with a stolen copy would read it."""
    for schema, table in connection.execute(TABLES).fetchall():
        name = sql.Identifier(schema, table)
        with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT (FORMAT csv)").format(name)) as rows:
            yield f"{schema}.{table}", b"".join(bytes(row) for row in rows)


def sources(data_dir: Path, url: str, running: Running) -> Iterator[tuple[str, bytes]]:
    """Where people must not stand: logs, the database server's own log, figures, a copy of the tables."""
    logs = [*sorted((data_dir / "logs").glob("*.log")), data_dir / "postgres" / "log"]
    for path in logs:
        # The simulator stands in for WeChat, which knows who its people are.
        if path.exists() and not path.name.startswith("simulator"):
            yield str(path.relative_to(data_dir)), path.read_bytes()
    for page in ("/metrics", "/readyz"):
        yield page, requests.get(f"{running.backend}{page}", timeout=10).content
    with psycopg.connect(url) as connection:
        yield from dump(connection)


def people(running: Running) -> Iterator[Canary]:
    """The people of the demonstration that can be played, and whom WeChat knows them as."""
    for person in running.people:
        yield Canary(f"{person.user}: name", person.name)
        yield Canary(f"{person.user}: ID number", person.id_number)
    known = requests.get(f"{running.simulator}/__sim/users", timeout=10).json()["items"]
    for account in known:
        user = account["user"]
        yield Canary(f"{user}: openid", account["openid"])
        yield Canary(f"{user}: unionid", unionid(user))
        yield Canary(f"{user}: phone", number_of(user))


@click.command(help="在日志、指标和整个数据库里寻找不应以明文出现的个人信息。")
@click.option("--data-dir", envvar="DATA_DIR", default=PROJECT / ".data", type=FOLDER, help="数据文件夹。")
def main(data_dir: Path) -> None:
    running = Running.read(data_dir)
    if running is None:
        raise click.UsageError(f"{data_dir} 里没有运行中的系统。请先运行 make run。")
    canaries = list(people(running))
    search, looked_at, found = Search(canaries), 0, []
    for where, content in sources(data_dir, database_url(Settings(data_dir=data_dir)), running):
        looked_at += 1
        found += list(search.look(where, content))
    for hit in found:
        click.echo(f"发现：{hit.where} 里有 {hit.what}（{hit.form}）")
    click.echo(f"找了 {len(canaries)} 项个人信息、{looked_at} 处，发现 {len(found)} 处明文。")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
