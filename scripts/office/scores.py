"""The whole city scored, seen from the terminal."""

import click

from backend.scoring.bulk.running import Progress, city_scorer
from scripts.office.desk import Office, on_office


@click.command(
    "score-city", help="把全市到期未更新的分数一次算到今天；可以随时中断，再运行时从中断处接着算。"
)
@on_office
def score_city(office: Office) -> None:
    click.echo("正在取出记录 …")
    with click.progressbar(length=1, label="计分", show_eta=True) as bar:

        def show(progress: Progress) -> None:
            bar.length = progress.people
            bar.update(progress.done - bar.pos)

        done = city_scorer().run(office.city, tell=show)
    if done is None:
        click.echo("另一个进程正在计算全市分数，这里没有重复计算。")
    elif done.taken_up:
        click.echo(f"已算好 {done.people} 位市民的分数；这次运行曾中断 {done.taken_up} 次，已接着算完。")
    else:
        click.echo(f"已算好 {done.people} 位市民的分数。")
