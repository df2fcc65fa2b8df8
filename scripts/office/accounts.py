"""The console's accounts, for when nobody can sign in to help: the first one, and a lock.

An address is asked for at a prompt, as other personal data is.
"""

import click

from backend.accounts.joining import SET_UP_GOOD_FOR, make_set_up_link
from backend.accounts.queries import find_by_email
from backend.accounts.staff import unlock
from backend.core.actor import OFFICE
from backend.core.errors import NotFound
from backend.main import console_address
from scripts.office.desk import Office, on_office
from scripts.office.residents import typed

SET_UP_PAGE = "set-up"


@click.command("set-up-link", help="还没有后台账号时，生成一次性的首次设置链接；先前的链接随即失效。")
@on_office
def set_up_link(office: Office) -> None:
    with office.transaction() as (db, now):
        token = make_set_up_link(db, now=now)
    if token is None:
        click.echo("已有后台账号，不再需要首次设置。新人员请由安全管理员在后台邀请。")
        return
    click.echo(console_address(office.parts.settings).link(SET_UP_PAGE, token))
    hours = SET_UP_GOOD_FOR.total_seconds() / 3600
    click.echo(f"{hours:.0f} 小时内有效，只能用一次。打开的人成为系统管理员。")


@click.command("unlock-account", help="解锁一个因多次输错而锁定的后台账号。")
@on_office
def unlock_account(office: Office) -> None:
    email = click.prompt("邮箱", value_proc=typed).lower()
    with office.transaction() as (db, now):
        account = find_by_email(db, email)
        if account is None:
            raise NotFound
        unlock(db, account.id, actor=OFFICE, now=now)
    click.echo("已解锁，可以重新登录。")
