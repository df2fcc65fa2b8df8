"""What the credit office does by command line, until its staff can sign in: `make office ARGS="--help"`.

Every command is one transaction on the running system's database, and leaves its trace in the audit
trail. Exit codes: 0 done, 1 refused (a sentence says why), 2 misused.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from sqlalchemy.orm import Session

from backend.audit.queries import list_events
from backend.city import City
from backend.config import PROJECT, Settings
from backend.core.clock import CHINA, day_in_china
from backend.core.errors import DomainError, NotFound
from backend.core.points import format_points
from backend.identity.queries import list_clerks_of_shop
from backend.identity.service import INVITE_LIFE, invite_clerk, remove_clerk
from backend.incentives.models import Form, IncentiveState
from backend.incentives.queries import list_all, remaining
from backend.incentives.service import pause_incentive, raise_quota, resume_incentive
from backend.main import Parts, assemble
from backend.partners.queries import get_shop, list_shops, list_units
from backend.scoring.city_model import model_in_force
from backend.scoring.engine.model import RecordStatus
from backend.scoring.records import set_record_status, show_records_for_case
from scripts.columns import aligned
from scripts.running import Running

NOT_FOUND = "没有找到。请核对编号。"
STATES = {IncentiveState.PUBLISHED: "公布中", IncentiveState.PAUSED: "已暂停", IncentiveState.ENDED: "已结束"}
FORMS = {Form.VOUCHER: "券", Form.STANDING: "常享权益"}
STATUSES = {
    RecordStatus.ACTIVE: "有效",
    RecordStatus.OBJECTED: "异议中",
    RecordStatus.REPAIRED: "已修复",
    RecordStatus.WITHDRAWN: "已撤回",
}
FOLDER = click.Path(file_okay=False, path_type=Path)


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
        with self.parts.sessions.begin() as db:
            yield db, self.parts.clock.now()


class Refusing(click.Group):
    """Says a refusal as a sentence with its code, and exits with 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DomainError as refusal:
            sentence = NOT_FOUND if isinstance(refusal, NotFound) else refusal.detail
            click.echo(f"{sentence}（{refusal.code}）", err=True)
            ctx.exit(1)


@click.group(cls=Refusing, help="信用办的命令。每条命令立即生效，并记入审计。")
@click.option("--data-dir", envvar="DATA_DIR", default=PROJECT / ".data", type=FOLDER, help="数据文件夹。")
@click.pass_context
def main(context: click.Context, data_dir: Path) -> None:
    context.obj = context.obj or Office(data_dir)


look_for = click.option("--text", help="只看名称里有这些字的。")
on_office = click.pass_obj


@main.command(help="列出成员单位。")
@look_for
@on_office
def units(office: Office, text: str | None) -> None:
    with office.transaction() as (db, _now):
        rows = [
            (
                unit.name,
                office.city.category(unit.category).name,
                office.city.district(unit.district).name if unit.district else "全市",
                "示例" if unit.example else "",
            )
            for unit in list_units(db, text=text)
        ]
    tell(["单位", "类别", "地区", ""], rows)


@main.command(help="列出门店和编号。")
@look_for
@on_office
def shops(office: Office, text: str | None) -> None:
    with office.transaction() as (db, _now):
        rows = [(str(shop.id), shop.name, shop.address) for shop in list_shops(db, text=text)]
    tell(["门店编号", "门店", "地址"], rows)


@main.command(help="列出一家门店的店员和编号。")
@click.argument("shop_id", type=click.UUID)
@on_office
def clerks(office: Office, shop_id: UUID) -> None:
    with office.transaction() as (db, _now):
        get_shop(db, shop_id)
        rows = [
            (str(clerk.id), clerk.label or "", local_time(clerk.last_signed_in_at))
            for clerk in list_clerks_of_shop(db, shop_id)
        ]
    tell(["店员编号", "称呼", "最近登录"], rows)


@main.command("invite-clerk", help="给门店发一个店员邀请码，只显示这一次，只能用一次。")
@click.argument("shop_id", type=click.UUID)
@click.option("--label", help="门店怎样称呼这位店员。")
@on_office
def invite(office: Office, shop_id: UUID, label: str | None) -> None:
    with office.transaction() as (db, now):
        shop = get_shop(db, shop_id)
        code = invite_clerk(db, shop_id=shop.id, label=label, now=now)
        click.echo(f"门店：{shop.name}")
    click.echo(f"邀请码：{code}（{INVITE_LIFE.days} 天内有效）")


@main.command("remove-clerk", help="让一位店员离开门店，登录立即失效。")
@click.argument("clerk_id", type=click.UUID)
@on_office
def remove(office: Office, clerk_id: UUID) -> None:
    with office.transaction() as (db, now):
        shop = get_shop(db, remove_clerk(db, clerk_id=clerk_id, now=now).shop_id)
        name = shop.name
    click.echo(f"已离开：{name}。要回来需要新的邀请码。")


@main.command(help="列出激励项目，包括已暂停和已结束的。")
@look_for
@on_office
def incentives(office: Office, text: str | None) -> None:
    with office.transaction() as (db, now):
        found = list_all(db, text=text)
        left = remaining(db, [incentive.id for incentive in found], day_in_china(now))
        rows = [
            (
                str(incentive.number),
                STATES[IncentiveState(incentive.state)],
                FORMS[Form(incentive.form)],
                "" if incentive.needed_milli is None else format_points(incentive.needed_milli),
                str(left.get(incentive.id, "")),
                incentive.title,
            )
            for incentive in found
        ]
    tell(["编号", "状态", "形式", "所需分", "剩余", "名称"], rows)


@main.command(help="暂停一项激励：不再显示和领取，已领的券照样能用。")
@click.argument("number", type=int)
@on_office
def pause(office: Office, number: int) -> None:
    with office.transaction() as (db, now):
        title = pause_incentive(db, number=number, now=now).title
    click.echo(f"已暂停：{number} {title}。已领的券照样能用。")


@main.command(help="恢复一项暂停的激励。")
@click.argument("number", type=int)
@on_office
def resume(office: Office, number: int) -> None:
    with office.transaction() as (db, now):
        title = resume_incentive(db, number=number, now=now).title
    click.echo(f"已恢复：{number} {title}。")


@main.command("raise-quota", help="增加一项激励的总名额；名额只增不减。")
@click.argument("number", type=int)
@click.option("--by", type=click.IntRange(1, 10**9), required=True, help="增加多少。")
@on_office
def more_quota(office: Office, number: int, by: int) -> None:
    with office.transaction() as (db, now):
        total = raise_quota(db, number=number, by=by, now=now)
    click.echo(f"{number} 的总名额现在是 {total}。")


def filled(_context: click.Context, _option: click.Parameter, text: str) -> str:
    if not text.strip():
        raise click.BadParameter("不能是空的。")
    return text.strip()


@main.command(help="为办理一件事项查看一位市民的信用记录。市民能看到谁在什么时候、为什么看过。")
@click.argument("resident_id", type=click.UUID)
@click.option("--case-number", required=True, callback=filled, help="事项编号。")
@click.option("--purpose", required=True, callback=filled, help="为什么要看，市民会读到。")
@on_office
def records(office: Office, resident_id: UUID, case_number: str, purpose: str) -> None:
    with office.transaction() as (db, now):
        known = model_in_force(office.city, day_in_china(now)).indicators
        names = {indicator.code: indicator.name for indicator in known}
        shown = show_records_for_case(
            db,
            city=office.city,
            resident_id=resident_id,
            case_number=case_number,
            purpose=purpose,
            now=now,
        )
        rows = [
            (
                str(record.id),
                STATUSES[RecordStatus(record.status)],
                record.occurred_on.isoformat(),
                names.get(record.indicator, record.indicator),
                str(record.quantity),
            )
            for record in shown
        ]
    tell(["记录编号", "状态", "发生日期", "指标", "数量"], rows)
    click.echo("已记入这位市民的访问记录。")


@main.command("mark-record", help="给一条记录作标记；分数随后重算。")
@click.argument("record_id", type=click.UUID)
@click.argument("status", type=click.Choice([status.value for status in RecordStatus]))
@on_office
def mark(office: Office, record_id: UUID, status: str) -> None:
    chosen = RecordStatus(status)
    with office.transaction() as (db, now):
        set_record_status(db, record_id=record_id, status=chosen, now=now)
    click.echo(f"已标记为“{STATUSES[chosen]}”，分数随后重算。")


@main.command(help="列出审计记录，最近的在前。")
@click.option("--subject", help="只看关于这个编号的。")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="最多几条。")
@on_office
def audit(office: Office, subject: str | None, limit: int) -> None:
    with office.transaction() as (db, _now):
        rows = [
            (
                local_time(event.occurred_at),
                event.action,
                event.actor_kind,
                f"{event.subject_kind} {event.subject_id}",
                " ".join(f"{name}={value}" for name, value in event.data.items()),
            )
            for event in list_events(db, subject_id=subject, limit=limit)
        ]
    tell(["时间", "事件", "谁", "关于", "内容"], rows)


def tell(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table, with how many rows it has."""
    if rows:
        for line in aligned([heads, *rows]):
            click.echo(line)
    click.echo(f"共 {len(rows)} 条。")


def local_time(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"


if __name__ == "__main__":
    main()
