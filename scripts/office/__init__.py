"""What the credit office does by command line, until its staff can sign in: `make office ARGS="--help"`.

Every command is one transaction on the running system's database, and leaves its trace in the audit
trail. Exit codes: 0 done, 1 refused (a sentence says why), 2 misused.
"""

from pathlib import Path

import click

from backend.config import PROJECT
from scripts.office import accounts, audit, incentives, partners, records, residences, residents, scores
from scripts.office.desk import Office
from scripts.office.refusing import Refusing

__all__ = ["Office", "main"]

FOLDER = click.Path(file_okay=False, path_type=Path)
COMMANDS = (
    partners.units,
    partners.shops,
    partners.clerks,
    partners.invite,
    partners.remove,
    incentives.incentives,
    incentives.pause,
    incentives.resume,
    incentives.more_quota,
    residents.find,
    residents.confirm,
    residents.lost_phone,
    residents.close,
    residents.reopen,
    residences.residences,
    records.records,
    records.mark,
    scores.score_city,
    accounts.set_up_link,
    accounts.unlock_account,
    audit.audit,
)


@click.group(cls=Refusing, help="信用办的命令。每条命令立即生效，并记入审计。")
@click.option("--data-dir", envvar="DATA_DIR", default=PROJECT / ".data", type=FOLDER, help="数据文件夹。")
@click.pass_context
def main(context: click.Context, data_dir: Path) -> None:
    context.obj = context.obj or Office(data_dir)


for command in COMMANDS:
    main.add_command(command)
