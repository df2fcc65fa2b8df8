"""Ask the whole interface what nobody would ask, as each role, on a system of its own: `make fuzz`.

Requests are made from the OpenAPI document: right ones, wrong ones, and chains of them. How many operations
were answered 2xx at least once tells whether the run got anywhere. No answer may be a 5xx (503 asks to
come back, and says when), differ from the document, or hold what is another person's.
Exit codes: 0 all well, 1 something was wrong, 2 misused.
"""

import sys
import time
from collections import Counter

import click

from scripts.faults.system import running_system
from scripts.fuzz.rounds import ask_everything
from scripts.fuzz.running import Outcome
from scripts.processes import StartFailed
from scripts.run import leave_in_order_when_told
from scripts.servers import ProgramMissing

FAMILIES = range(2, 6)


@click.command(help="按接口文档向整个系统乱问：每种身份，对的、错的、连着的请求。")
@click.option(
    "--requests", default=50_000, show_default=True, type=click.IntRange(1), help="至少多少次请求。"
)
# Of more than a few dozen tries at one operation in a row most only repeat each other.
@click.option(
    "--each", default=30, show_default=True, type=click.IntRange(1), help="每一轮问每种操作多少次。"
)
@click.option("--seed", default=1, show_default=True, help="同一个数，同样的请求。")
def main(requests: int, each: int, seed: int) -> None:
    leave_in_order_when_told()
    try:
        click.echo("启动系统，建立试验小城 …")
        with running_system(server="scripts.fuzz.web") as system:
            began = time.monotonic()
            outcome = ask_everything(system, requests=requests, each=each, seed=seed)
            seconds = time.monotonic() - began
    except (ProgramMissing, StartFailed) as error:
        click.echo(f"没有启动成功：{error}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    tell(outcome, seconds=seconds)
    sys.exit(1 if outcome.faults or outcome.broken else 0)


def tell(outcome: Outcome, *, seconds: float) -> None:
    families = Counter({f"{family}xx": 0 for family in FAMILIES})
    for status, times in outcome.statuses.items():
        families[f"{status // 100}xx"] += times
    click.echo(f"\n{outcome.requests} 次请求，每秒 {outcome.requests / seconds:.0f} 次。")
    click.echo(f"至少成功一次的操作：{len(outcome.reached)} / {len(outcome.operations)}")
    for missed in sorted(outcome.operations - outcome.reached):
        click.echo(f"  从未成功：{missed}")
    shares = (f"{family} {times / outcome.requests:.0%}" for family, times in sorted(families.items()))
    click.echo("回答：" + "，".join(shares))
    ours = {status: times for status, times in outcome.statuses.items() if status >= 500}
    click.echo(f"其中 5xx：{ours or '没有'}")
    for fault in outcome.faults.values():
        click.echo(f"  ✗ {fault.role} {fault.operation}（{fault.check}）\n{fault.message}\n{fault.sample}")
    for broken in outcome.broken:
        click.echo(f"  ✗ {broken}")
    if not outcome.faults and not outcome.broken:
        click.echo("  ✓ 没有 5xx，没有文档以外的回答，没有别人的东西")


if __name__ == "__main__":
    main()
