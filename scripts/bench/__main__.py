"""Measure the system under load and compare the ratios with those of the tracked baseline: `make bench`.

Prints lines `name value unit`. Absolute figures are for information: they are the machine's. The
ratios are of one run, each a scene and its ceiling, and must not fall. Exit codes: 0 all well, 1 a
ratio fell or is below what it must reach, the first page is too slow, or the load was not answered,
2 misused, 3 the answers and the rows do not fit together.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import click

from backend.config import PROJECT
from backend.incentives.sheets.columns import MOST_ROWS
from scripts.bench import batches, first_page, lists, sheets
from scripts.bench.ceilings import CeilingFailed, Ceilings
from scripts.bench.city import scenes as city
from scripts.bench.city.watched import CityFailed
from scripts.bench.crowd import end_offers
from scripts.bench.figures import RATIOS, Figure, fallen, read_baseline, write_baseline
from scripts.bench.scenes import FULL, SHORT, Miscounted, Scenes
from scripts.bench.soak import holds, soak
from scripts.bench.stage import Stage, set_up
from scripts.bench.wrk import LoadFailed
from scripts.processes import StartFailed

OK, FELL, MISUSED, MISCOUNTED = 0, 1, 2, 3
FOLDER = click.Path(file_okay=False, path_type=Path)
SHORT_CITY = 300
FAILURES = (LoadFailed, CeilingFailed, StartFailed, lists.ListFailed, sheets.SheetFailed, CityFailed)


@click.group(invoke_without_command=True, help=__doc__)
@click.option("--residents", default=100_000, show_default=True, type=click.IntRange(1), help="城市大小。")
@click.option("--short", is_flag=True, help="只试一试：小城市，几秒钟，不比较。")
@click.option("--write-baseline", "writes", is_flag=True, help="把这次的比值写成新的基准。")
@click.option("--data-dir", default=PROJECT / ".data" / "bench", type=FOLDER, help="数据文件夹。")
@click.pass_context
def main(context: click.Context, residents: int, short: bool, writes: bool, data_dir: Path) -> None:
    context.obj = data_dir, SHORT_CITY if short else residents
    if context.invoked_subcommand is None:
        with told_failures(), set_up(data_dir, residents=context.obj[1]) as stage:
            ratios = measure(stage, short=short)
            sound = holds(stage)
        if not sound:
            sys.exit(MISCOUNTED)
        if writes:
            write_baseline(ratios)
        elif not short:
            judged = judge(ratios)
            sys.exit(judged if first_page.measure() else FELL)


@main.command("soak", help="一半的负载，混合进行：不许出错，内存不许增长，最后检查不变量。")
@click.option("--minutes", default=15.0, show_default=True, type=click.FloatRange(0.1))
@click.pass_context
def soak_command(context: click.Context, minutes: float) -> None:
    data_dir, residents = context.obj
    with told_failures(), set_up(data_dir, residents=residents) as stage:
        sys.exit(OK if soak(stage, minutes=minutes) else FELL)


@main.command("sheets", help="检查并导入一张大表格：用多少时间、多少内存。")
@click.option("--rows", default=MOST_ROWS, show_default=True, type=click.IntRange(1, MOST_ROWS))
@click.pass_context
def sheets_command(context: click.Context, rows: int) -> None:
    data_dir, residents = context.obj
    with told_failures(), set_up(data_dir, residents=residents, compares=False) as stage:
        for line in sheets.measure(stage.parts, rows=rows):
            click.echo(line)


@main.command("city", help="全市一次算分：各引擎每秒多少人、多少内存；从数据库到数据库；算分时打开分数页。")
@click.option("--people", "sizes", multiple=True, default=(100_000, 500_000, 2_500_000), show_default=True)
@click.option("--spark-people", default=500_000, show_default=True, help="Spark 最多算这么多人的城市。")
@click.option("--database-people", default=250_000, show_default=True, help="0 跳过数据库的部分。")
@click.pass_context
def city_command(
    context: click.Context, sizes: tuple[int, ...], spark_people: int, database_people: int
) -> None:
    data_dir = context.obj[0] / "city"
    has_spark = find_spec("pyspark") is not None
    with told_failures(), set_up(data_dir, residents=SHORT_CITY, compares=False) as stage:
        if database_people:
            tell_lines(city.through_database(stage, people=database_people))
        for people in sizes:
            with_spark = has_spark and people <= spark_people
            tell_lines(city.engines(data_dir, people=people, with_spark=with_spark))


@main.command("batches", help="收一个百万行的批次：用多少时间、多少内存。")
@click.option("--rows", default=1_000_000, show_default=True, type=click.IntRange(1_000))
@click.option("--workbook", "as_workbook", is_flag=True, help="工作簿，最多 150 000 行。")
@click.pass_context
def batches_command(context: click.Context, rows: int, as_workbook: bool) -> None:
    data_dir, residents = context.obj
    with told_failures(), set_up(data_dir, residents=residents, compares=False) as stage:
        for line in batches.measure(stage.parts, rows=rows, as_workbook=as_workbook):
            click.echo(line)


@main.command("lists", help="十万行的列表：每一张、每一种排序和状态，一页一页地翻。")
@click.option("--rows", default=100_000, show_default=True, type=click.IntRange(1))
@click.pass_context
def lists_command(context: click.Context, rows: int) -> None:
    # Rows that nobody stands behind: a city of their own.
    data_dir = context.obj[0] / "lists"
    with told_failures(), set_up(data_dir, residents=SHORT_CITY, compares=False) as stage:
        for line in lists.measure(stage, rows=rows):
            click.echo(line)


def measure(stage: Stage, *, short: bool) -> dict[str, float]:
    """Measure everything, printing as it goes; gives the ratios by name."""
    extent = SHORT if short else FULL
    scenes = Scenes(stage, extent)
    ceilings = Ceilings(
        stage, transactions=80 if short else 20_000, seconds=extent.seconds, residents=extent.residents
    )
    try:
        figures = tell(
            [
                scenes.hello,
                scenes.incentive_list,
                scenes.score_page,
                scenes.sign_in,
                ceilings.bare_hot_row,
                ceilings.statement_claim_hot,
                scenes.claim_hot_plain,
                scenes.claim_hot,
                ceilings.statement_claim,
                scenes.claim_spread,
                ceilings.statement_redeem,
                scenes.redeem,
            ]
        )
    finally:
        end_offers(stage.parts, [*scenes.offers, *ceilings.offers])
    ratios = {ratio.name: ratio.value(figures) for ratio in RATIOS}
    for name, value in ratios.items():
        click.echo(f"{name} {value:.3f} ratio")
    return ratios


def tell(scenes: Sequence[Callable[[], Figure]]) -> dict[str, Figure]:
    figures = {}
    for scene in scenes:
        figure = scene()
        for line in figure.lines():
            click.echo(line)
        figures[figure.name] = figure
    return figures


def judge(ratios: Mapping[str, float]) -> int:
    """Say what fell or falls short; gives the exit code."""
    low = [ratio for ratio in RATIOS if ratios[ratio.name] < ratio.least]
    for ratio in low:
        click.echo(f"未达到目标：{ratio.name} {ratios[ratio.name]:.3f}，应至少 {ratio.least}", err=True)
    lost = fallen(ratios, read_baseline())
    for name in lost:
        click.echo(f"比基准明显下降：{name}", err=True)
    return FELL if low or lost else OK


def tell_lines(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


@contextmanager
def told_failures() -> Iterator[None]:
    try:
        yield
    except Miscounted as error:
        click.echo(str(error), err=True)
        sys.exit(MISCOUNTED)
    except FAILURES as error:
        click.echo(str(error), err=True)
        sys.exit(FELL)


if __name__ == "__main__":
    main()
