"""Units, shops and the clerks who work there."""

from uuid import UUID

import click

from backend.identity.queries import list_clerks_of_shop
from backend.identity.service import INVITE_LIFE, invite_clerk, remove_clerk
from backend.partners.queries import get_shop, list_shops, list_units
from scripts.office.desk import Office, local_time, look_for, on_office, tell


@click.command(help="列出成员单位。")
@look_for
@on_office
def units(office: Office, text: str | None) -> None:
    with office.transaction() as (db, _now):
        rows = [
            (
                unit.name,
                office.city.category(unit.category).name,
                office.city.district(unit.district).name if unit.district else "全市",
                "示例" if unit.example else "",
            )
            for unit in list_units(db, text=text)
        ]
    tell(["单位", "类别", "地区", ""], rows)


@click.command(help="列出门店和编号。")
@look_for
@on_office
def shops(office: Office, text: str | None) -> None:
    with office.transaction() as (db, _now):
        rows = [(str(shop.id), shop.name, shop.address) for shop in list_shops(db, text=text)]
    tell(["门店编号", "门店", "地址"], rows)


@click.command(help="列出一家门店的店员和编号。")
@click.argument("shop_id", type=click.UUID)
@on_office
def clerks(office: Office, shop_id: UUID) -> None:
    with office.transaction() as (db, _now):
        get_shop(db, shop_id)
        rows = [
            (str(clerk.id), clerk.label or "", local_time(clerk.last_signed_in_at))
            for clerk in list_clerks_of_shop(db, shop_id)
        ]
    tell(["店员编号", "称呼", "最近登录"], rows)


@click.command("invite-clerk", help="给门店发一个店员邀请码，只显示这一次，只能用一次。")
@click.argument("shop_id", type=click.UUID)
@click.option("--label", help="门店怎样称呼这位店员。")
@on_office
def invite(office: Office, shop_id: UUID, label: str | None) -> None:
    with office.transaction() as (db, now):
        shop = get_shop(db, shop_id)
        code = invite_clerk(db, shop_id=shop.id, label=label, now=now)
        click.echo(f"门店：{shop.name}")
    click.echo(f"邀请码：{code}（{INVITE_LIFE.days} 天内有效）")


@click.command("remove-clerk", help="让一位店员离开门店，登录立即失效。")
@click.argument("clerk_id", type=click.UUID)
@on_office
def remove(office: Office, clerk_id: UUID) -> None:
    with office.transaction() as (db, now):
        shop = get_shop(db, remove_clerk(db, clerk_id=clerk_id, now=now).shop_id)
        name = shop.name
    click.echo(f"已离开：{name}。要回来需要新的邀请码。")
