"""Start everything with the demonstration city: `make run`.

PostgreSQL, the WeChat simulator, the backend under granian and one job worker run until Ctrl-C. Where
they are stands on the screen and in `.data/run.json`. Data is kept between runs.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import click
import requests
from alembic import command
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.joining import make_set_up_link
from backend.city import CityDataError, load_city
from backend.city.demonstration_file import DemonstrationClerk
from backend.config import PROJECT, Settings
from backend.core.clock import day_in_china
from backend.core.tokens import hash_token
from backend.identity.models import ClerkInvite
from backend.identity.service import invite_clerk
from backend.main import Parts, alembic_config, assemble, console_address, database_url
from backend.partners.models import Shop, Unit
from scripts.demonstration.load import load_demonstration
from scripts.demonstration.population import demonstration_people
from scripts.office.accounts import SET_UP_PAGE
from scripts.processes import (
    Children,
    Guard,
    LockTaken,
    StartFailed,
    free_port,
    held,
    held_port,
    stop_all,
    wait_until_one_ends,
    wait_until_ready,
)
from scripts.running import FILE_NAME, SEED, ClerkToPlay, PersonToPlay, Running
from scripts.wechat_simulator.persons import openid_of

WEB_WORKERS = 2
WEB_THREADS = 32
WEB_STOPS_WITHIN_S = 5
PORT = click.IntRange(1, 65534)
SIZE = click.IntRange(0)
FOLDER = click.Path(file_okay=False, path_type=Path)
LEAVING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@click.command(help=__doc__)
@click.option("--residents", default=200, show_default=True, type=SIZE, help="Of a city made anew.")
@click.option("--city", "city_name", default="huangshi", show_default=True, help="A folder of cities/.")
@click.option("--port", default=8000, show_default=True, type=PORT, help="The backend's, if it is free.")
@click.option("--data-dir", default=None, type=FOLDER, help="Instead of .data/.")
def main(residents: int, city_name: str, port: int, data_dir: Path | None) -> None:
    leave_in_order_when_told()
    # A proxy set for the outside world must not stand between our own processes.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
    os.environ["CITY"] = city_name
    if data_dir:
        os.environ["DATA_DIR"] = str(data_dir.resolve())
    try:
        settings = Settings(log_level="WARNING")
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with held(settings.data_dir / "run.lock") as lock:
            run(settings, lock=lock, residents=residents, port=port)
    except LockTaken:
        other = Running.read(settings.data_dir)
        where = f"接口 {other.backend}，" if other else ""
        click.echo(f"已有系统在运行（{where}数据 {settings.data_dir}）。", err=True)
        click.echo("请先停止它，或用 --data-dir 换一个文件夹。", err=True)
        sys.exit(1)
    except ValidationError as error:
        for problem in error.errors():
            place = ".".join(map(str, problem["loc"])).upper() or "MODE"
            click.echo(f"设置不正确 {place}：{problem['msg']}", err=True)
        sys.exit(1)
    except (StartFailed, OSError, CityDataError, subprocess.SubprocessError) as error:
        click.echo(f"没有启动成功：{error}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        pass


def run(settings: Settings, *, lock: IO[str], residents: int, port: int) -> None:
    """Start everything, and stop it in the end, whatever the end is."""
    postgres = None if settings.database_url else settings.data_dir / "postgres"
    logs = settings.data_dir / "logs"
    logs.mkdir(exist_ok=True)
    with Guard(lock=lock, postgres=postgres) as guard:
        children = Children(guard, logs)
        try:
            start_all(settings, children, residents=residents, port=port)
            ended = wait_until_one_ends(children.started)
            raise StartFailed(f"{ended.name} 意外停止。{ended.last_words()}")
        except KeyboardInterrupt:
            click.echo("\n正在停止 …")
        finally:
            stop_all(children.started)


def start_all(settings: Settings, children: Children, *, residents: int, port: int) -> None:
    before = Running.read(settings.data_dir)
    if before and before.city != settings.city:
        raise StartFailed(
            f"{settings.data_dir} 里是另一个城市（{before.city}）的数据，请用 --data-dir 换一个文件夹。"
        )
    if not settings.city_dir.is_dir():
        raise StartFailed(f"没有找到城市文件夹 {settings.city_dir}。")
    load_city(settings.city_dir)  # a mistake in its files is told before anything starts
    click.echo("启动 PostgreSQL …")
    url = database_url(settings)
    os.environ["DATABASE_URL"] = url
    command.upgrade(alembic_config(url), "head")

    simulator_port = free_port(port + 1)
    simulator = f"http://127.0.0.1:{simulator_port}"
    os.environ["WECHAT_BASE_URL"] = f"{simulator}/"
    prove_everywhere(simulator)
    start_simulator(children, settings, simulator_port)
    wait_until_ready(f"{simulator}/__sim/users", children.started)

    with held_port(port, taken={simulator_port}) as backend_port:
        running, parts = start_city(
            settings, children, simulator, residents=residents, port=backend_port, before=before
        )
        if backend_port != port:
            click.echo(f"端口 {port} 已被占用，改用 {backend_port}。")
    running.write(settings.data_dir)
    announce(parts, running)


def start_city(
    settings: Settings,
    children: Children,
    simulator: str,
    *,
    residents: int,
    port: int,
    before: Running | None,
) -> tuple[Running, Parts]:
    """Fill the database if it is empty, and start what serves it."""
    # By name: a passkey belongs to a name and never to a number.
    os.environ.setdefault("CONSOLE_URL", f"http://localhost:{port}/admin/")
    parts = assemble(Settings(log_level="WARNING"))
    people, clerks = prepare_city(parts, residents=residents, known=before.clerks if before else [])
    tell_simulator(simulator, people, clerks)
    start_backend(children, settings, port)
    children.start("worker", [sys.executable, "-m", "scripts.worker"])
    backend = f"http://127.0.0.1:{port}"
    wait_until_ready(f"{backend}/readyz", children.started)
    return Running(
        city=settings.city, backend=backend, simulator=simulator, people=people, clerks=clerks
    ), parts


def prepare_city(
    parts: Parts, *, residents: int, known: Sequence[ClerkToPlay]
) -> tuple[list[PersonToPlay], list[ClerkToPlay]]:
    """Fill an empty database; gives the people to play and the clerks with their invitations."""
    now, appid, city = datetime.now(UTC), parts.settings.wechat_appid, parts.city
    with parts.sessions.begin() as db:
        if db.scalar(select(Unit.id).limit(1)) is None:
            click.echo(f"建立示范城市：{city.name}，{residents} 位市民 …")
            load_demonstration(
                db,
                city,
                residents=residents,
                seed=SEED,
                openid_of=lambda user: openid_of(appid, user),
                now=now,
            )
        kept = {clerk.user: clerk for clerk in known if is_still_good(db, clerk.invite, now)}
        clerks = [
            kept.get(clerk.user) or invited_clerk(db, clerk, now) for clerk in city.demonstration.clerks
        ]
    shows = {person.user: person.shows for person in city.demonstration.people}
    people = [
        PersonToPlay(
            user=person.openid_user,
            name=person.name,
            id_number=person.id_number,
            shows=shows[person.openid_user],
        )
        for person in demonstration_people(city, day_in_china(now))
    ]
    return people, clerks


def is_still_good(db: Session, code: str, now: datetime) -> bool:
    """Whether an invitation of an earlier run still lets its clerk in."""
    found = db.scalars(select(ClerkInvite).where(ClerkInvite.code_hash == hash_token(code))).one_or_none()
    return found is not None and (found.used_at is not None or found.expires_at > now)


def invited_clerk(db: Session, clerk: DemonstrationClerk, now: datetime) -> ClerkToPlay:
    shops = db.scalars(select(Shop).join(Shop.unit).where(Unit.key == clerk.unit).order_by(Shop.id)).all()
    shop = shops[clerk.shop]
    invite = invite_clerk(db, shop_id=shop.id, label=clerk.name, now=now)
    return ClerkToPlay(user=clerk.user, shop=shop.name, invite=invite)


def tell_simulator(simulator: str, people: Sequence[PersonToPlay], clerks: Sequence[ClerkToPlay]) -> None:
    """Give the simulator its persons, with what each shows and would type into a form."""
    known = [
        {
            "user": person.user,
            "label": f"{person.name} · {person.shows}",
            "entries": {"name": person.name, "id_number": person.id_number},
        }
        for person in people
    ]
    known += [
        {"user": clerk.user, "label": f"店员 · {clerk.shop}", "entries": {"invite": clerk.invite}}
        for clerk in clerks
    ]
    for person in known:
        answer = requests.post(f"{simulator}/__sim/users", json=person, timeout=5)
        answer.raise_for_status()


def announce(parts: Parts, running: Running) -> None:
    city = parts.city
    own = parts.settings.data_dir == PROJECT / ".data"
    demo = "make demo" if own else f'make demo ARGS="--data-dir {parts.settings.data_dir}"'
    page = (
        f"{running.backend}/m/"
        if (parts.settings.mobile_page_dir / "index.html").is_file()
        else "还没有构建：安装 Node 20 以上，再运行 make run"
    )
    click.echo(
        f"\n{city.name} · {city.score_name}（演示）\n"
        f"  手机网页   {page}\n"
        f"  接口       {running.backend}/api/v1/public/city\n"
        f"  接口文档   {running.backend}/docs\n"
        f"  微信模拟器 {running.simulator}\n"
        f"{console_line(parts)}"
        f"  地址、演示人物和店员邀请码也写在 {parts.settings.data_dir / FILE_NAME}\n\n"
        f"走一遍完整流程：另开一个终端运行 {demo}\n"
        "按 Ctrl-C 停止，数据会保留。",
    )


def console_line(parts: Parts) -> str:
    """Where the console is; as long as nobody has an account there, the one-time link to the first."""
    address = console_address(parts.settings)
    with parts.sessions.begin() as db:
        token = make_set_up_link(db, now=parts.clock.now())
    if token is None:
        return f"  管理后台   {address.url}\n"
    link = address.link(SET_UP_PAGE, token)
    return f"  管理后台   {link}\n             首次设置，一天内有效，只能用一次\n"


def prove_everywhere(simulator: str) -> None:
    """Every way of proof is in use: the simulator plays the camera and the national platform too."""
    os.environ.setdefault("IDENTITY_PROVIDERS", '["sandbox", "face", "ncidas", "window"]')
    os.environ.setdefault("NCIDAS_BASE_URL", f"{simulator}/ncidas")
    os.environ.setdefault("NCIDAS_ORG_ID", "trial")
    os.environ.setdefault("NCIDAS_BUSINESS_ID", "trial")


def start_simulator(children: Children, settings: Settings, port: int) -> None:
    command_line = [sys.executable, "-m", "scripts.wechat_simulator", "--port", str(port)]
    command_line += ["--state", str(settings.data_dir / "simulator.sqlite")]
    command_line += ["--appid", settings.wechat_appid]
    command_line += ["--secret", settings.wechat_secret.get_secret_value()]
    children.start("simulator", command_line)


def start_backend(children: Children, settings: Settings, port: int, *, server: str = "granian") -> None:
    """`server` is the module that takes granian's command line."""
    figures = settings.data_dir / "metrics"
    figures.mkdir(exist_ok=True)
    for old in figures.glob("*.db"):
        old.unlink()
    command_line = [sys.executable, "-m", server, "--interface", "wsgi", "--factory"]
    command_line += ["--host", "127.0.0.1", "--port", str(port), "--workers", str(WEB_WORKERS)]
    command_line += ["--blocking-threads", str(WEB_THREADS), "--respawn-failed-workers"]
    # A worker told to stop while it is still starting does not hear it.
    command_line += ["--workers-kill-timeout", str(WEB_STOPS_WITHIN_S)]
    command_line += ["--log-level", "warning", "backend.main:create_server"]
    children.start("backend", command_line, PROMETHEUS_MULTIPROC_DIR=str(figures))


def leave_in_order_when_told() -> None:
    """A closed terminal counts as being told, unless it was to be ignored (`nohup`)."""
    for number in LEAVING:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _leave)


def _leave(_number: int, _frame: object) -> None:
    for number in LEAVING:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
