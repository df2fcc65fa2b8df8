"""Break the system in every way we know, under load, and count: `make faults`.

Everything runs in a temporary folder and is gone at the end; running systems are not touched. The
defaults are the short form. The long one: make faults ARGS="--kills 1000 --worker-kills 100
--database-kills 50". Exit codes: 0 everything held, 1 something did not, 2 misused.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from scripts.faults.clocks import shift_clocks
from scripts.faults.database import exhaust_pool, kill_database
from scripts.faults.job_worker import kill_job_worker
from scripts.faults.lost_answers import lose_answers
from scripts.faults.proof import Proof, prove
from scripts.faults.redis_gone import trouble_redis
from scripts.faults.stage import Options, Stage
from scripts.faults.system import NeverHappened, running_system
from scripts.faults.town import build_town
from scripts.faults.web_workers import kill_web_workers
from scripts.faults.wechat import trouble_wechat
from scripts.processes import StartFailed
from scripts.run import leave_in_order_when_told
from scripts.servers import ProgramMissing

FAULTS: dict[str, tuple[str, Callable[[Stage], None]]] = {
    "lost-answers": ("回答在提交之后丢了", lose_answers),
    "clocks": ("手机的钟差一天，服务器的钟差五分钟", shift_clocks),
    "wechat": ("微信出错", trouble_wechat),
    "redis": ("Redis 没了、清空了、不出声", trouble_redis),
    "pool": ("数据库连接用完了", exhaust_pool),
    "job-worker": ("任务进程被杀", kill_job_worker),
    "database": ("数据库被杀", kill_database),
    "web-workers": ("网页进程被杀", kill_web_workers),
}
SHORT = Options()
NUMBER = click.IntRange(1)
WRITABLE = click.Path(dir_okay=False, path_type=Path)


@click.command(help=__doc__)
@click.option("--only", multiple=True, type=click.Choice(list(FAULTS)), help="只做这一种，可写多次。")
@click.option("--kills", default=SHORT.kills, show_default=True, type=NUMBER, help="杀网页进程多少次。")
@click.option("--worker-kills", default=SHORT.worker_kills, show_default=True, type=NUMBER)
@click.option("--database-kills", default=SHORT.database_kills, show_default=True, type=NUMBER)
@click.option("--silence-s", default=SHORT.silence_s, show_default=True, type=click.FloatRange(1))
@click.option("--lost-answers", default=SHORT.lost_answers, show_default=True, type=NUMBER)
@click.option("--json", "summary", type=WRITABLE, help="把全部数字也写进这个文件。")
def main(only: tuple[str, ...], summary: Path | None, **chosen: Any) -> None:
    leave_in_order_when_told()
    try:
        results = run_all(only or tuple(FAULTS), Options(**chosen))
    except (ProgramMissing, StartFailed) as error:
        click.echo(f"没有启动成功：{error}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    if summary:
        summary.write_text(json.dumps(results, ensure_ascii=False, indent=1))
    failed = [name for name, result in results.items() if not result["held"]]
    click.echo(f"\n共 {len(results)} 种故障，{len(failed)} 种有问题。{'，'.join(failed)}")
    sys.exit(1 if failed else 0)


def run_all(names: tuple[str, ...], options: Options) -> dict[str, Any]:
    """One system for all of them: what one fault leaves behind, the next one meets."""
    click.echo("启动系统，建立试验小城 …")
    with running_system() as system:
        town = build_town(system)
        stage = Stage(system, town, options, system.folder, sys.stdout.isatty())
        return {name: run_one(stage, name) for name in names}


def run_one(stage: Stage, name: str) -> dict[str, Any]:
    title, fault = FAULTS[name]
    click.echo(f"\n{title}（{name}）")
    fresh, began = replace(stage, figures={}, problems=[]), time.monotonic()
    try:
        fault(fresh)
        proof: Proof | None = prove(fresh)
    except NeverHappened as error:
        fresh.problems.append(str(error))
        proof = None
    result = summed_up(fresh, proof, time.monotonic() - began)
    tell(result)
    return result


def summed_up(stage: Stage, proof: Proof | None, seconds: float) -> dict[str, Any]:
    problems = list(stage.problems)
    if proof:
        problems += [f"{finding.sentence}：{'，'.join(finding.first)}" for finding in proof.broken]
        if proof.secrets_in_logs:
            problems.append(f"{proof.secrets_in_logs} secrets stand in the logs")
    return {
        "held": not problems,
        "seconds": round(seconds, 1),
        "figures": stage.figures,
        "problems": problems,
        "invariants": counted(proof) if proof else None,
    }


def counted(proof: Proof) -> dict[str, Any]:
    return {
        "checked": len(proof.findings),
        "rows": sum(finding.looked for finding in proof.findings),
        "broken": len(proof.broken),
        "jobs_ended_after_s": proof.jobs_ended_after_s,
        "findings": [asdict(finding) for finding in proof.findings],
    }


def tell(result: dict[str, Any]) -> None:
    for name, figure in result["figures"].items():
        click.echo(f"    {name:<24}{figure}")
    checked = result["invariants"]
    if checked:
        click.echo(
            f"    不变量 {checked['checked']} 项，看了 {checked['rows']} 行，{checked['broken']} 项不成立；"
            f"{result['seconds']} 秒"
        )
    for problem in result["problems"]:
        click.echo(f"  ✗ {problem}")
    if result["held"]:
        click.echo("  ✓ 全部成立")


if __name__ == "__main__":
    main()
