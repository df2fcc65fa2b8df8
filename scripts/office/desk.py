"""What all commands of the office stand on: the running system, and the way they speak."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from backend.city import City
from backend.config import Settings
from backend.core.clock import CHINA
from backend.core.errors import DomainError
from backend.main import Parts, assemble
from scripts.columns import aligned
from scripts.running import Running


class Office:
    """The running system, connected to when the first command needs it."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir

    @cached_property
    def parts(self) -> Parts:
        running = Running.read(self._data_dir)
        chosen: dict[str, Any] = {"city": running.city} if running else {}
        settings = Settings(data_dir=self._data_dir, log_level="WARNING", **chosen)
        if settings.database_url is None and not (self._data_dir / "postgres").exists():
            raise click.UsageError(f"{self._data_dir} 里没有数据。请先运行 make run，或用 --data-dir。")
        return assemble(settings)

    @property
    def city(self) -> City:
        return self.parts.city

    @contextmanager
    def transaction(self) -> Iterator[tuple[Session, datetime]]:
        """One command, one transaction; a refusal that is itself a change is kept."""
        with self.parts.sessions() as db:
            try:
                yield db, self.parts.clock.now()
            except DomainError as refusal:
                if refusal.keeps_changes:
                    db.commit()
                raise
            db.commit()


def filled(_context: click.Context, _option: click.Parameter, text: str) -> str:
    if not text.strip():
        raise click.BadParameter("不能是空的。")
    return text.strip()


on_office = click.pass_obj
look_for = click.option("--text", help="只看名称里有这些字的。")
case_number = click.option("--case-number", required=True, callback=filled, help="事项编号。")
purpose = click.option("--purpose", required=True, callback=filled, help="为什么，市民会读到。")


def tell(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table, with how many rows it has."""
    if rows:
        for line in aligned([heads, *rows]):
            click.echo(line)
    click.echo(f"共 {len(rows)} 条。")


def local_time(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
