"""Prove that nothing was lost and nothing happened twice: `make invariants`.

Counts in the running system's database, in one snapshot of it, without changing anything. Exit codes:
0 every invariant holds, 1 at least one is broken, 2 misused, or a database of another version.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from backend.city import City, load_city
from backend.config import PROJECT, Settings
from backend.core.database import SEARCH_PATH
from backend.main import database_url
from scripts.check_invariants.checking import Finding, check_answers, check_statements
from scripts.check_invariants.recompute import check_recomputed, check_replayed
from scripts.running import Running

FOLDER = click.Path(file_okay=False, path_type=Path)
READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
WRITABLE = click.Path(dir_okay=False, path_type=Path)


@click.command(help=__doc__)
@click.option("--data-dir", envvar="DATA_DIR", default=PROJECT / ".data", type=FOLDER, help="数据文件夹。")
@click.option("--answers", type=READABLE, help="客户端收到的成功回答，每行一个 JSON。")
@click.option(
    "--sample", default=200, show_default=True, type=click.IntRange(0), help="重新计算多少人的分数。"
)
@click.option("--json", "summary", type=WRITABLE, help="把结果也写进这个文件。")
def main(data_dir: Path, answers: Path | None, sample: int, summary: Path | None) -> None:
    running = Running.read(data_dir)
    chosen: dict[str, Any] = {"city": running.city} if running else {}
    settings = Settings(data_dir=data_dir, **chosen)
    if settings.database_url is None and not (data_dir / "postgres").exists():
        raise click.UsageError(f"{data_dir} 里没有数据。请先运行 make run，或用 --data-dir。")
    city = load_city(settings.city_dir)
    findings = []
    try:
        for finding in check_invariants(database_url(settings), city, answers=answers, sample=sample):
            findings.append(finding)
            tell(finding)
    except ProgrammingError as error:
        # A table or column that the statement knows and this database does not.
        click.echo(f"数据库和程序的版本不符，请先运行 python -m scripts.migrate。（{error.orig}）", err=True)
        sys.exit(2)
    if summary:
        summary.write_text(json.dumps([asdict(one) for one in findings], ensure_ascii=False, indent=1))
    broken = sum(finding.broken > 0 for finding in findings)
    looked = sum(finding.looked for finding in findings)
    click.echo(f"共 {len(findings)} 项，看了 {looked} 行，{broken} 项不成立。")
    sys.exit(1 if broken else 0)


def check_invariants(url: str, city: City, *, answers: Path | None, sample: int) -> Iterator[Finding]:
    """Each finding as it is made. Takes as long as it takes: there is no time-out on a statement."""
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        isolation_level="REPEATABLE READ",
        connect_args={"options": f"-c search_path={SEARCH_PATH} -c timezone=UTC"},
    )
    with Session(engine) as db:
        db.execute(text("SET TRANSACTION READ ONLY"))
        yield from check_statements(db)
        seed = datetime.now(UTC).isoformat()
        yield check_recomputed(db, city, size=sample, seed=seed)
        yield check_replayed(db, city, size=sample, seed=seed)
        if answers:
            yield check_answers(db, answers)
    engine.dispose()


def tell(finding: Finding) -> None:
    click.echo(f"{'✗' if finding.broken else '✓'} {finding.sentence}")
    click.echo(f"  看了 {finding.looked} 行，不符 {finding.broken} 行")
    if finding.broken:
        click.echo(f"  {finding.name}：{'，'.join(finding.first)}")


if __name__ == "__main__":
    main()
