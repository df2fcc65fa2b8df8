"""Who lives in the city, as the registration authority gives it: without it nobody has a score."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import click

from backend.audit import service as audit
from backend.city import City
from backend.core.actor import OFFICE
from backend.core.clock import day_in_china
from backend.scoring.residing import Registered, take_registered
from backend.sources.columns import plain
from backend.sources.faults import SENTENCES
from backend.sources.judging import Unclear, read_person
from backend.sources.reading import encoding_of
from backend.sources.verdicts import BatchRefused
from scripts.office.desk import Office, on_office, tell

ID_NUMBER, DISTRICT = "身份证号", "区县"
MOVED_AWAY = "迁出"
ROWS_AT_A_TIME = 5_000
MOST_SHOWN = 50
PIECE = 1024 * 1024
UNDER_AGE = "id_number.under_age"
SAID = {
    **SENTENCES,
    "district.missing": "没有填区县。",
    "district.unknown": "没有这个区县，请写全称或代码；迁走的人写“迁出”。",
}


class Refused(NamedTuple):
    """A row of the file that was not taken."""

    row: int
    code: str


@click.command(
    help="按登记机关的名单更新居住登记。CSV 文件，标题是“身份证号”和“区县”，迁走的人区县写“迁出”；"
    "UTF-8 或 GBK。同一份名单再导入一次，不改变什么；没有开户的人只留指纹，30 天后删除。"
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@on_office
def residences(office: Office, file: Path) -> None:
    encoding = _encoding_of(file)
    total = sum(1 for _row in _rows_of(file, encoding))
    rows = _rows_of(file, encoding)
    done, refused = Counter[str](), list[Refused]()
    with click.progressbar(length=total, label="更新", show_eta=True) as bar:
        while some := list(islice(rows, ROWS_AT_A_TIME)):
            with office.transaction() as (db, now):
                people = dict(_read(some, office.city, day_in_china(now), refused))
                settled = take_registered(db, (Registered(*each) for each in people.items()), now=now)
            done.update(asdict(settled))
            bar.update(len(some))
    children = [each for each in refused if each.code == UNDER_AGE]
    faulty = [each for each in refused if each.code != UNDER_AGE]
    with office.transaction() as (db, now):
        counts = {**done, "refused": len(faulty)}
        audit.record(
            db,
            "residences.taken",
            subject=("residences", day_in_china(now).isoformat()),
            actor=OFFICE,
            now=now,
            **counts,
        )
    click.echo(
        f"已开户 {done['residents']} 人：新登记 {done['came']}，换了区县 {done['moved']}，"
        f"迁出 {done['left']}。"
        f"未开户 {done['held']} 人，只留指纹 30 天。未满 18 岁 {len(children)} 人，没有收集。"
    )
    if faulty:
        tell(["行", "问题"], [(str(each.row), SAID[each.code]) for each in faulty[:MOST_SHOWN]])
        click.echo(f"有 {len(faulty)} 行没有接收，请改好后再导入。", err=True)
        click.get_current_context().exit(1)


def _encoding_of(file: Path) -> str:
    def pieces() -> Iterator[bytes]:
        with file.open("rb") as opened:
            yield from iter(lambda: opened.read(PIECE), b"")

    try:
        return encoding_of(pieces)
    except BatchRefused:
        raise click.BadParameter("文件编码应为 UTF-8 或 GBK。") from None


def _rows_of(file: Path, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each row that is not empty, with its number as a spreadsheet shows it. Refuses a file with
    another heading."""
    try:
        with file.open(encoding=encoding, newline="") as opened:
            rows = csv.reader(opened, strict=True)
            if [plain(title) for title in next(rows, [])] != [ID_NUMBER, DISTRICT]:
                raise click.BadParameter(f"第一行应是“{ID_NUMBER},{DISTRICT}”，没有别的列。")
            for number, cells in enumerate(rows, start=2):
                if any(cell.strip() for cell in cells):
                    yield number, [plain(cell) for cell in cells]
    except csv.Error as error:
        raise click.BadParameter("不是可读的 CSV 文件。") from error


def _read(
    rows: list[tuple[int, list[str]]], city: City, today: date, refused: list[Refused]
) -> Iterator[tuple[str, str | None]]:
    """Who lives where; of somebody who is there twice the last row counts."""
    districts = {name: each.key for each in city.districts for name in (each.key, each.name)}
    for number, (id_number, *others) in rows:
        where = others[0] if others else ""
        try:
            person = read_person(id_number, today=today)
            if any(others[1:]):
                raise Unclear("row.too_long")
            if where != MOVED_AWAY and where not in districts:
                raise Unclear("district.unknown" if where else "district.missing")
        except Unclear as unclear:
            refused.append(Refused(number, unclear.code))
            continue
        yield person, districts.get(where)
