"""Look after the keys of a running system: `make keys ARGS="status"`.

Replacing a key takes no service down. A run that was cut off is taken up by running it again. Exit
codes: 0 done, 1 refused or not finished (a sentence says why), 2 misused.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine

from backend.config import PROJECT, Settings
from backend.core import scopes
from backend.core.clock import SystemClock
from backend.core.database import connect
from backend.core.keys import TICKET_KEY_NOTICE, KeySource, new_key_ring, with_next_seal_key
from backend.core.keys.turning import Role
from backend.main import database_url, key_source
from scripts.key_rotation.report import describe_keys, describe_readers
from scripts.key_rotation.rewriting import ROWS_AT_ONCE
from scripts.key_rotation.rotation import Refused, Rotation, until
from scripts.key_rotation.waiting import NotAllAlong, Told, Waiting

TICKET = "ticket"
PATIENCE_S = 600
# A request waits ten seconds for a connection and works fifteen at most.
SETTLE_S = 30
FOLDER = click.Path(file_okay=False, path_type=Path)
ENDING = click.option("--at-once", is_flag=True, help="旧密钥泄露时用：不等旧令牌或旧凭证到期，立即停用。")


class Keys:
    """The key ring and the database of the running system."""

    def __init__(self, data_dir: Path) -> None:
        self._settings = Settings(data_dir=data_dir, log_level="WARNING")

    @property
    def source(self) -> KeySource:
        return key_source(self._settings)

    @contextmanager
    def database(self) -> Iterator[Engine]:
        folder = self._settings.data_dir
        if self._settings.database_url is None and not (folder / "postgres").exists():
            raise click.UsageError(f"{folder} 里没有数据。请先运行 make run，或用 --data-dir。")
        engine = connect(database_url(self._settings), pool_size=3, role=scopes.SYSTEM)
        try:
            yield engine
        finally:
            engine.dispose()


class Screen:
    """Tells the operator on the terminal."""

    def step(self, sentence: str) -> None:
        click.echo(sentence)

    @contextmanager
    def progress(self, label: str, length: int | None = None) -> Iterator[Told]:
        """A bar of the whole work when its length is known, else of how much of how much was said last."""
        with click.progressbar(length=length or 1, label=label) as bar:

            def told(done: int, whole: int) -> None:
                if length is None:
                    bar.length = max(whole, 1)
                    bar.update(done - bar.pos)
                else:
                    bar.update(done)

            yield told


class Refusing(click.Group):
    """Says a refusal as a sentence, and exits with 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refused as refusal:
            raise click.ClickException(str(refusal)) from None
        except NotAllAlong as trouble:
            names = "、".join(f"{reader.host} 的进程 {reader.pid}" for reader in trouble.readers)
            raise click.ClickException(
                f"还有进程没有换用新的密钥环：{names}。请检查它们的密钥文件，再运行一次即可继续。"
            ) from None


@click.group(cls=Refusing, help=__doc__)
@click.option("--data-dir", default=PROJECT / ".data", type=FOLDER, help="运行中系统的数据文件夹。")
@click.pass_context
def main(context: click.Context, data_dir: Path) -> None:
    context.obj = Keys(data_dir)


@main.command()
@click.pass_obj
def status(keys: Keys) -> None:
    """列出密钥、状态、其下的数据和使用它们的进程。"""
    ring = keys.source.load()
    with keys.database() as engine:
        for line in describe_keys(ring, engine, SystemClock().now()):
            click.echo(line)
        for line in describe_readers(ring, engine):
            click.echo(line)


@main.command()
@click.pass_obj
def create(keys: Keys) -> None:
    """在 KEY_FILE 处建立一个新的密钥环；已有时拒绝。"""
    source = keys.source
    try:
        source.identity()
    except FileNotFoundError:
        source.save(new_key_ring(SystemClock().now()))
        click.echo("密钥环已建立。请另处保管一份：丢失后数据无法恢复。")
    else:
        raise Refused("密钥环已存在，没有改动。")


@main.command("new-seal")
@click.pass_obj
def new_seal(keys: Keys) -> None:
    """为单位承诺的印章启用一把新密钥；旧印章一直可以验证。"""
    with keys.source.changing():
        ring = with_next_seal_key(keys.source.load(), SystemClock().now())
        keys.source.save(ring)
    click.echo(f"已启用印章密钥 {ring.seal[-1].key_id}。请更新另处保管的密钥环副本。")


@main.command()
@click.argument("role", type=click.Choice([*(role.value for role in Role), TICKET]))
@ENDING
@click.option(
    "--begins-in",
    default=TICKET_KEY_NOTICE.total_seconds(),
    type=click.FloatRange(2),
    show_default=True,
    help="凭证密钥：多少秒后启用，收银台须在此前取得公钥。",
)
@click.option(
    "--batch", default=ROWS_AT_ONCE, type=click.IntRange(1, 5000), show_default=True, help="每批重写的行数。"
)
@click.option(
    "--settle",
    default=SETTLE_S,
    type=click.FloatRange(0),
    show_default=True,
    help="等待进行中请求结束的秒数。",
)
@click.option(
    "--patience",
    default=PATIENCE_S,
    type=click.FloatRange(0),
    show_default=True,
    help="等待各进程换用的最长秒数。",
)
@click.pass_obj
def rotate(
    keys: Keys, role: str, at_once: bool, begins_in: float, batch: int, settle: float, patience: float
) -> None:
    """换一把密钥；中断后再运行一次即可继续。"""
    if at_once and role in (Role.DATA, Role.INDEX):
        raise click.UsageError("数据密钥和索引密钥总是立即重写，不需要 --at-once。")
    with keys.database() as engine:
        waiting = Waiting(engine, settle_s=settle, patience_s=patience)
        rotation = Rotation(keys.source, engine, waiting, Screen(), SystemClock(), batch)
        if role == TICKET:
            begins = rotation.rotate_ticket_key(begins_in=timedelta(seconds=begins_in), at_once=at_once)
            click.echo(f"新凭证密钥启用时间：{until(begins)}。")
            return
        stays = rotation.rotate(Role(role), at_once=at_once)
    if stays:
        click.echo(f"旧令牌到期前仍认旧密钥。请在 {until(stays)} 之后再运行一次，停用旧密钥。")
    else:
        click.echo("轮换完成。")


if __name__ == "__main__":
    main()
