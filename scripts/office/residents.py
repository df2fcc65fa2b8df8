"""One resident at a time, for a case: found by ID number, proven at the window, signed out, closed, reopened.

Names, ID numbers and codes are asked for at a prompt: what stands on the command line stays in the
shell's history and shows in the list of processes.
"""

from uuid import UUID

import click

from backend.identity import cases
from backend.identity.cases import Case
from backend.identity.errors import WindowMismatch
from backend.identity.id_number import mask_id_number, mask_name
from backend.identity.models import ClosedReason, Resident
from backend.identity.window import confirm_at_window
from scripts.office.desk import Office, case_number, filled, local_time, on_office, purpose, tell

REASONS = {
    ClosedReason.DECEASED: "已去世",
    ClosedReason.MOVED_AWAY: "已迁出",
    ClosedReason.DUPLICATE: "重复账号",
    ClosedReason.ON_REQUEST: "本人申请",
}
NOTED = "已记入这位市民的访问记录。"

resident_id = click.argument("resident_id", type=click.UUID)


@click.command(
    "find-resident", help="为办理一件事项，按身份证号找一位市民。市民能看到谁在什么时候、为什么看过。"
)
@case_number
@purpose
@on_office
def find(office: Office, case_number: str, purpose: str) -> None:
    id_number = click.prompt("身份证号", value_proc=typed)
    with office.transaction() as (db, now):
        found = cases.find_resident_for_case(
            db, city=office.city, id_number=id_number, case=Case(case_number, purpose), now=now
        )
        rows = [shown(found)] if found else []
    tell(["市民编号", "姓名", "身份证号", "绑定时间", "情况"], rows)
    if rows:
        click.echo(NOTED)


@click.command("confirm-identity", help="窗口核验：看过身份证、确认是本人之后，确认市民手机上的核验码。")
@click.option("--clerk", required=True, callback=filled, help="经办人工号。")
@on_office
def confirm(office: Office, clerk: str) -> None:
    code = click.prompt("核验码（8 位）", value_proc=typed)
    name = click.prompt("证件上的姓名", value_proc=typed)
    id_number = click.prompt("证件上的身份证号", value_proc=typed)
    if not click.confirm("已看过证件原件，并且确认是本人？", default=False):
        raise click.Abort
    try:
        with office.transaction() as (db, now):
            confirm_at_window(db, code=code, name=name, id_number=id_number, clerk=clerk, now=now)
    except WindowMismatch as mismatch:
        left = mismatch.data["tries_left"]
        click.echo(f"还可以再试 {left} 次。" if left else "这个核验码已作废，请市民重新取码。", err=True)
        raise
    click.echo("已确认。请市民在手机上继续。")


@click.command("lost-phone", help="挂失手机：在所有设备退出，已出示的二维码全部失效。券仍然有效。")
@resident_id
@case_number
@on_office
def lost_phone(office: Office, resident_id: UUID, case_number: str) -> None:
    with office.transaction() as (db, now):
        name = masked(
            cases.sign_out_lost_phone(
                db,
                city=office.city,
                resident_id=resident_id,
                case=Case(case_number, "挂失手机，在所有设备退出"),
                now=now,
            )
        )
    click.echo(f"{name}：已在所有设备退出，二维码已失效。{NOTED}")


@click.command("close-resident", help="停用一位市民的账号：登录、二维码、券、同意和信用分随即结束。")
@resident_id
@click.option(
    "--reason",
    required=True,
    type=click.Choice([reason.value for reason in ClosedReason]),
    help="；".join(f"{reason.value} {text}" for reason, text in REASONS.items()),
)
@case_number
@on_office
def close(office: Office, resident_id: UUID, reason: str, case_number: str) -> None:
    chosen = ClosedReason(reason)
    with office.transaction() as (db, now):
        name = masked(
            cases.close_resident(
                db,
                city=office.city,
                resident_id=resident_id,
                reason=chosen,
                case=Case(case_number, f"停用账号：{REASONS[chosen]}"),
                now=now,
            )
        )
    click.echo(f"{name}：账号已停用（{REASONS[chosen]}）。{NOTED}")


@click.command("reopen-resident", help="恢复一个停用的账号。同意和券不恢复，由市民重新决定。")
@resident_id
@case_number
@purpose
@on_office
def reopen(office: Office, resident_id: UUID, case_number: str, purpose: str) -> None:
    with office.transaction() as (db, now):
        name = masked(
            cases.reopen_resident(
                db, city=office.city, resident_id=resident_id, case=Case(case_number, purpose), now=now
            )
        )
    click.echo(f"{name}：账号已恢复。{NOTED}")


def typed(text: str) -> str:
    if not text.strip():
        raise click.BadParameter("不能是空的。")
    return text.strip()


def masked(resident: Resident) -> str:
    assert resident.name is not None
    return mask_name(resident.name)


def shown(resident: Resident) -> tuple[str, str, str, str, str]:
    assert resident.id_number is not None
    assert resident.bound_at is not None
    closed = resident.closed_reason
    return (
        str(resident.id),
        masked(resident),
        mask_id_number(resident.id_number),
        local_time(resident.bound_at),
        f"已停用（{REASONS[ClosedReason(closed)]}）" if closed else "正常",
    )
