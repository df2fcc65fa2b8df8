"""A resident's credit records, for a case."""

from uuid import UUID

import click

from backend.core.clock import day_in_china
from backend.scoring.city_model import model_in_force
from backend.scoring.engine.model import RecordStatus
from backend.scoring.records import set_record_status, show_records_for_case
from scripts.office.desk import Office, case_number, on_office, purpose, tell

STATUSES = {
    RecordStatus.ACTIVE: "有效",
    RecordStatus.OBJECTED: "异议中",
    RecordStatus.REPAIRED: "已修复",
    RecordStatus.WITHDRAWN: "已撤回",
}


@click.command(help="为办理一件事项查看一位市民的信用记录。市民能看到谁在什么时候、为什么看过。")
@click.argument("resident_id", type=click.UUID)
@case_number
@purpose
@on_office
def records(office: Office, resident_id: UUID, case_number: str, purpose: str) -> None:
    with office.transaction() as (db, now):
        known = model_in_force(db, office.city, day_in_china(now)).indicators
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


@click.command("mark-record", help="给一条记录作标记；分数随后重算。")
@click.argument("record_id", type=click.UUID)
@click.argument("status", type=click.Choice([status.value for status in RecordStatus]))
@on_office
def mark(office: Office, record_id: UUID, status: str) -> None:
    chosen = RecordStatus(status)
    with office.transaction() as (db, now):
        set_record_status(db, record_id=record_id, status=chosen, now=now)
    click.echo(f"已标记为“{STATUSES[chosen]}”，分数随后重算。")
