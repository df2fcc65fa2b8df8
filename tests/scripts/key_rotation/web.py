"""The backend as it runs for real, on a database and a key ring of its own: granian with two workers."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session, sessionmaker

from backend.core import encryption
from backend.core.database import connect, system_sessions
from backend.core.encryption import open_vault
from backend.core.keys import LiveKeys, TrialKeys
from backend.core.scopes import SYSTEM
from scripts.keys import main
from tests.factories.journey import Visitor
from tests.scripts.running_system import ENVIRONMENT, PROJECT, unused_port
from tests.scripts.wechat_simulator.running import Simulator

WORKERS = 2
READY_WITHIN_S = 60


@dataclass(frozen=True)
class Answer:
    """What a `Visitor` reads of an answer, as Flask's own test client has it."""

    status_code: int
    text: str
    json: Any


@dataclass(frozen=True)
class HttpClient:
    """Lets a `Visitor` talk to a program of its own."""

    base_url: str
    http: requests.Session

    def open(self, path: str, *, query_string: Any = None, **options: Any) -> Answer:
        answer = self.http.request(url=self.base_url + path, params=query_string, timeout=30, **options)
        is_json = "json" in answer.headers.get("Content-Type", "")
        return Answer(answer.status_code, answer.text, answer.json() if is_json else None)


@dataclass(frozen=True)
class RunningWeb:
    """The backend's address, and what it stands on. In this process its vault is open, too."""

    base_url: str
    environment: dict[str, str]
    source: TrialKeys
    sessions: sessionmaker[Session]
    simulator: Simulator

    def visitor(self) -> Visitor:
        http = requests.Session()
        http.trust_env = False
        client: Any = HttpClient(self.base_url, http)
        return Visitor(client, self.simulator)

    def keys(self, *arguments: str) -> Result:
        """Run the command of the operator."""
        data_dir = self.environment["DATA_DIR"]
        return CliRunner().invoke(main, ["--data-dir", data_dir, *arguments], env=self.environment)


def environment_for(url: str, data_dir: Path, simulator: Simulator) -> dict[str, str]:
    return {
        **ENVIRONMENT,
        "DATABASE_URL": url,
        "DATA_DIR": str(data_dir),
        "LOG_LEVEL": "ERROR",
        "WECHAT_BASE_URL": f"{simulator.base_url}/",
        "WECHAT_APPID": simulator.appid,
        "WECHAT_SECRET": simulator.secret,
    }


@contextmanager
def running_web(url: str, data_dir: Path, simulator: Simulator) -> Iterator[RunningWeb]:
    source = TrialKeys(data_dir / "keys.json")
    environment = environment_for(url, data_dir, simulator)
    engine = connect(url, pool_size=4, role=SYSTEM)
    with vault_of(LiveKeys(source)), granian(environment, data_dir) as base_url:
        yield RunningWeb(base_url, environment, source, system_sessions(engine), simulator)
    engine.dispose()


@contextmanager
def vault_of(keys: LiveKeys) -> Iterator[None]:
    """What this process seals and opens, it seals and opens with these keys for a while."""
    before = encryption._Process.keys
    open_vault(keys)
    try:
        yield
    finally:
        encryption._Process.keys, encryption._Process.opened = before, None


@contextmanager
def granian(environment: dict[str, str], folder: Path) -> Iterator[str]:
    port = unused_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", str(WORKERS), "--blocking-threads", "8"]
    command += ["--workers-kill-timeout", "5", "--log-level", "warning", "backend.main:create_server"]
    with (
        (folder / "backend.log").open("w") as log,
        subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdout=log, stderr=log, start_new_session=True
        ) as process,
    ):
        base_url = f"http://127.0.0.1:{port}"
        try:
            wait_until_ready(base_url, process, folder / "backend.log")
            yield base_url
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_until_ready(base_url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()[-3000:]
        try:
            if requests.get(f"{base_url}/readyz", timeout=2, proxies={"no_proxy": "*"}).status_code == 200:
                return
        except requests.RequestException:
            pass
        time.sleep(0.1)
    raise AssertionError(f"not ready: {log.read_text()[-3000:]}")
