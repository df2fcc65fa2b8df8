"""Start everything with the demonstration city: `make run`.

PostgreSQL, the WeChat simulator, the backend under granian and one job worker run until Ctrl-C. Where
they are stands on the screen and in `.data/run.json`. Data is kept between runs.
"""

import json
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import requests
from alembic import command
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.city.demonstration_file import DemonstrationClerk
from backend.config import Settings
from backend.core.clock import day_in_china
from backend.identity.service import invite_clerk
from backend.main import Parts, alembic_config, assemble, database_url
from backend.partners.models import Shop, Unit
from scripts.demonstration.load import load_demonstration
from scripts.demonstration.population import demonstration_people
from scripts.processes import Process, free_port, stop_all, wait_until_one_ends, wait_until_ready
from scripts.wechat_simulator.persons import openid_of

SEED = 20220712
WEB_WORKERS = 2
WEB_THREADS = 32


@click.command(help=__doc__)
@click.option("--residents", default=200, show_default=True, help="Size of a city made anew.")
@click.option("--city", "city_name", default="huangshi", show_default=True, help="A folder of cities/.")
@click.option("--port", default=8000, show_default=True, help="The backend's, if it is free.")
@click.option("--data-dir", type=click.Path(path_type=Path), default=None, help="Instead of .data/.")
def main(residents: int, city_name: str, port: int, data_dir: Path | None) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    # A proxy set for the outside world must not stand between our own processes.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
    os.environ["CITY"] = city_name
    if data_dir:
        os.environ["DATA_DIR"] = str(data_dir.resolve())
    processes: list[Process] = []
    try:
        start_all(processes, residents=residents, port=port)
        ended = wait_until_one_ends(processes)
        click.echo(f"{ended.name} 意外停止，见 {ended.log}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        click.echo("\n正在停止 …")
    finally:
        stop_all(processes)


def start_all(processes: list[Process], *, residents: int, port: int) -> None:
    settings = Settings(log_level="WARNING")
    logs = settings.data_dir / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    click.echo("启动 PostgreSQL …")
    url = database_url(settings)
    os.environ["DATABASE_URL"] = url
    command.upgrade(alembic_config(url), "head")

    simulator_port = free_port(port + 1)
    simulator = f"http://127.0.0.1:{simulator_port}"
    os.environ["WECHAT_BASE_URL"] = f"{simulator}/"
    processes.append(_start_simulator(settings, simulator_port, logs))
    wait_until_ready(f"{simulator}/__sim/users", processes)

    parts = assemble(Settings(log_level="WARNING"))
    people, clerks = prepare_city(parts, residents=residents)
    tell_simulator(simulator, people, clerks)

    backend_port = free_port(port, taken={simulator_port})
    backend = f"http://127.0.0.1:{backend_port}"
    processes.append(_start_backend(settings, backend_port, logs))
    processes.append(Process.start("worker", [sys.executable, "-m", "scripts.worker"], logs))
    wait_until_ready(f"{backend}/readyz", processes)
    where = {"backend": backend, "simulator": simulator, "people": people, "clerks": clerks}
    write_json(settings.data_dir / "run.json", where)
    announce(parts, where)


def prepare_city(parts: Parts, *, residents: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Fill an empty database; gives the people to play and the clerks with their invitations."""
    now, appid = datetime.now(UTC), parts.settings.wechat_appid
    before = parts.settings.data_dir / "run.json"
    with parts.sessions.begin() as db:
        is_new = db.scalar(select(Unit.id).limit(1)) is None
        if is_new:
            click.echo(f"建立示范城市：{parts.city.name}，{residents} 位市民 …")
            load_demonstration(
                db,
                parts.city,
                residents=residents,
                seed=SEED,
                openid_of=lambda user: openid_of(appid, user),
                now=now,
            )
        known = [] if is_new or not before.exists() else json.loads(before.read_text())["clerks"]
        clerks = known or [invited_clerk(db, clerk, now) for clerk in parts.city.demonstration.clerks]
    shows = {person.user: person.shows for person in parts.city.demonstration.people}
    people = [
        {
            "user": person.openid_user,
            "name": person.name,
            "id_number": person.id_number,
            "shows": shows[person.openid_user],
        }
        for person in demonstration_people(parts.city, day_in_china(now))
    ]
    return people, clerks


def invited_clerk(db: Session, clerk: DemonstrationClerk, now: datetime) -> dict[str, Any]:
    shops = db.scalars(select(Shop).join(Shop.unit).where(Unit.key == clerk.unit).order_by(Shop.id)).all()
    shop = shops[clerk.shop]
    invite = invite_clerk(db, shop_id=shop.id, label=clerk.name, now=now)
    return {"user": clerk.user, "shop": shop.name, "invite": invite}


def tell_simulator(simulator: str, people: list[dict[str, Any]], clerks: list[dict[str, Any]]) -> None:
    """Give the simulator's page its persons, with what each shows."""
    labels = {person["user"]: f"{person['name']} · {person['shows']}" for person in people}
    labels |= {clerk["user"]: f"店员 · {clerk['shop']}" for clerk in clerks}
    for user, label in labels.items():
        answer = requests.post(f"{simulator}/__sim/users", json={"user": user, "label": label}, timeout=5)
        answer.raise_for_status()


def announce(parts: Parts, where: dict[str, Any]) -> None:
    city = parts.city
    click.echo(
        f"\n{city.name} · {city.score_name}（演示）\n"
        f"  接口      {where['backend']}/api/v1/public/city\n"
        f"  接口文档  {where['backend']}/docs\n"
        f"  微信模拟器 {where['simulator']}\n"
        f"  地址、演示人物和店员邀请码也写在 {parts.settings.data_dir / 'run.json'}\n\n"
        "走一遍完整流程：另开一个终端运行 make demo\n"
        "按 Ctrl-C 停止，数据会保留。",
    )


def write_json(path: Path, content: Any) -> None:
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    draft.chmod(0o600)
    draft.replace(path)


def _start_simulator(settings: Settings, port: int, logs: Path) -> Process:
    command_line = [sys.executable, "-m", "scripts.wechat_simulator", "--port", str(port)]
    command_line += ["--state", str(settings.data_dir / "simulator.sqlite")]
    command_line += ["--appid", settings.wechat_appid]
    command_line += ["--secret", settings.wechat_secret.get_secret_value()]
    return Process.start("simulator", command_line, logs)


def _start_backend(settings: Settings, port: int, logs: Path) -> Process:
    figures = settings.data_dir / "metrics"
    figures.mkdir(exist_ok=True)
    for old in figures.glob("*.db"):
        old.unlink()
    command_line = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory"]
    command_line += ["--host", "127.0.0.1", "--port", str(port), "--workers", str(WEB_WORKERS)]
    command_line += ["--blocking-threads", str(WEB_THREADS), "--respawn-failed-workers"]
    command_line += ["--log-level", "warning", "backend.main:create_app"]
    return Process.start("backend", command_line, logs, PROMETHEUS_MULTIPROC_DIR=str(figures))


def _leave(_number: int, _frame: object) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
