"""The catalogue: what is published, paused, and how much of it is left."""

import click

from backend.core.actor import OFFICE
from backend.core.clock import day_in_china
from backend.core.points import format_points
from backend.incentives.models import Form, IncentiveState
from backend.incentives.queries import list_all, remaining
from backend.incentives.running import id_of, pause_incentive, raise_quota, resume_incentive
from scripts.office.desk import Office, look_for, on_office, tell

STATES = {IncentiveState.PUBLISHED: "公布中", IncentiveState.PAUSED: "已暂停", IncentiveState.ENDED: "已结束"}
FORMS = {Form.VOUCHER: "券", Form.STANDING: "常享权益"}


@click.command(help="列出激励项目，包括已暂停和已结束的。")
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


@click.command(help="暂停一项激励：不再显示和领取，已领的券照样能用。")
@click.argument("number", type=int)
@on_office
def pause(office: Office, number: int) -> None:
    with office.transaction() as (db, now):
        title = pause_incentive(db, id_of(db, number), reason=None, actor=OFFICE, now=now).title
    click.echo(f"已暂停：{number} {title}。已领的券照样能用。")


@click.command(help="恢复一项暂停的激励。")
@click.argument("number", type=int)
@on_office
def resume(office: Office, number: int) -> None:
    with office.transaction() as (db, now):
        title = resume_incentive(db, id_of(db, number), actor=OFFICE, now=now).title
    click.echo(f"已恢复：{number} {title}。")


@click.command("raise-quota", help="增加一项激励的总名额；名额只增不减。")
@click.argument("number", type=int)
@click.option("--by", type=click.IntRange(1, 10**9), required=True, help="增加多少。")
@on_office
def more_quota(office: Office, number: int, by: int) -> None:
    with office.transaction() as (db, now):
        total = raise_quota(db, id_of(db, number), by=by, actor=OFFICE, now=now)
    click.echo(f"{number} 的总名额现在是 {total}。")
