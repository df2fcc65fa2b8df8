"""Walk the whole journey against the running system, told in Chinese: `make demo`.

Every step checks what it tells. The first one that goes otherwise is named, and the exit code is 1.
"""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click
import requests

from backend.config import PROJECT
from scripts.journey.cast import Offers, Tills, find_leads, find_offers, find_tills
from scripts.journey.claiming import claim, see_what_is_open, show
from scripts.journey.joining import join, turn_away_child
from scripts.journey.leaving import leave, read_up
from scripts.journey.limits import lack_points, reach_limit, take_last_one
from scripts.journey.looking import look_around
from scripts.journey.phone import Phone
from scripts.journey.scoring import ask_for_score, explain
from scripts.journey.stage import Stage, direct_http
from scripts.journey.telling import NotAsTold
from scripts.journey.till import honour_once, join_shop, photograph, refuse_photo, sum_up_day
from scripts.running import Running

NOTHING_RUNS = "没有找到正在运行的系统。请先在另一个终端运行 make run，等它显示地址以后，再运行 make demo。"
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command(help="对着正在运行的系统，把完整流程走一遍，一步一步用中文说明。")
@click.option(
    "--data-dir", envvar="DATA_DIR", default=PROJECT / ".data", type=FOLDER, help="make run 的数据文件夹。"
)
def main(data_dir: Path) -> None:
    where = Running.read(data_dir)
    if where is None or not is_ready(where):
        click.echo(NOTHING_RUNS, err=True)
        sys.exit(1)
    click.secho("完整流程演示", bold=True)
    click.echo(f"系统 {where.backend}，微信模拟器 {where.simulator}。人物全部虚构。约需两分钟。")
    try:
        with direct_http() as http, ExitStack() as ending:
            stage = Stage(where, http, ending)
            tell(stage)
    except NotAsTold as error:
        click.echo(f"\n{error}", err=True)
        sys.exit(1)
    except requests.RequestException:
        click.echo(f"\n第 {stage.story.number} 步时系统没有回答。请看运行 make run 的终端。", err=True)
        sys.exit(1)
    click.echo("\n演示中领的券、用掉的次数和新给的同意都已还原，可以再走一遍。")
    click.secho(f"共 {stage.story.number} 步，全部如所说。", bold=True)


def is_ready(where: Running) -> bool:
    try:
        with direct_http() as http:
            return http.get(f"{where.backend}/readyz", timeout=5).status_code == 200
    except requests.RequestException:
        return False


def tell(stage: Stage) -> None:
    story = stage.story
    city = look_around(stage)
    story.act("登录、绑定身份、同意，看到分数")
    turn_away_child(stage)
    lead, score, offers, tills = find_lead(stage)
    story.act("分数是怎么来的")
    explain(stage, lead, score, city)
    story.act("有什么优惠，领一张券")
    see_what_is_open(stage, lead, offers)
    voucher = claim(stage, lead, offers.voucher)
    used_now, photographed = show(stage, lead, voucher)

    story.act("在商户")
    clerks = join_shop(stage, tills)
    before = clerks.own.get("/merchant/summary").body
    photo = photograph(stage, clerks, photographed)
    honour_once(stage, clerks, used_now)
    story.act("分不够、领完了、用满了")
    lack_points(stage, lead, offers)
    take_last_one(stage, lead, offers)
    reach_limit(stage, lead, offers)
    story.act("一张过时的照片，和店里的一天")
    used = refuse_photo(stage, clerks, photo, photographed)
    sum_up_day(stage, clerks.own, before)

    story.act("市民自己能看到什么")
    read_up(stage, lead, clerks.own)
    story.act("退出")
    leave(stage, lead, clerks.own, voucher=voucher, used=used)


def find_lead(stage: Stage) -> tuple[Phone, dict[str, Any], Offers, Tills]:
    """Tell the joining of one person after the other, until one can show the whole story."""
    for person in find_leads(stage):
        lead = join(stage, person)
        score = ask_for_score(stage, lead)
        offers = find_offers(stage, lead) if score and can_be_explained(score) else None
        tills = find_tills(stage, offers.voucher) if offers else None
        if score and offers and tills:
            return lead, score, offers, tills
        lead.withdraw()
        click.echo(f"\n     {lead.name}的情况不能走完全程，已撤回同意，换一位。")
    raise NotAsTold(
        "这个城市的演示人物和激励不够走完全程：要有分、有下一等级、有随时可用的券。"
        "请用黄石（make run 不带 --city）。"
    )


def can_be_explained(score: dict[str, Any]) -> bool:
    """It has lines to show, and a next level with ways to it."""
    lines = any(dimension["lines"] for dimension in score["dimensions"])
    return lines and bool((score["next_level"] or {}).get("ways"))


if __name__ == "__main__":
    main()
