"""The WeChat simulator as a program of its own, for the tests of whatever talks to WeChat."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).parents[3]
APPID = "wx1234567890abcdef"
SECRET = "a-secret-that-must-never-be-seen"


def _direct_session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxy of the machine between a test and its own program
    return session


@dataclass(frozen=True)
class Simulator:
    """A running simulator: its address, and its control calls as methods."""

    base_url: str
    pid: int
    appid: str = APPID
    secret: str = SECRET
    http: requests.Session = field(default_factory=_direct_session, repr=False)

    def login(self, user: str) -> str:
        """A fresh sign-in code, as `wx.login` gives it to this user."""
        code: str = self.control("login", user=user)["code"]
        return code

    def person(self, user: str, **fields: str | bool) -> dict[str, Any]:
        """Make or change a test person: `label`, `unionid`, `high_risk`."""
        return self.control("users", user=user, **fields)

    def advance(self, seconds: int) -> float:
        """Move the simulator's time; answers its new time in seconds since 1970."""
        now: float = self.control("clock", advance_seconds=seconds)["now"]
        return now

    def openid(self, user: str) -> str:
        """Whom the mini-program knows this user as."""
        openid: str = self.person(user)["openid"]
        return openid

    def tap_phone(self, user: str, **options: str) -> str:
        """A code of the phone number button."""
        code: str = self.control("phone", user=user, **options)["code"]
        return code

    def finish_face(self, verify_id: str, result: int = 10000) -> None:
        """The camera has done its work on the phone."""
        self.control(f"face/{verify_id}", result=result)

    def subscribe(self, user: str, **results: str) -> None:
        """Answer a question about messages: template id and what was tapped."""
        self.control("subscribe", user=user, results=results)

    def inbox(self, user: str) -> list[dict[str, Any]]:
        """The messages on this user's phone, oldest first."""
        return [sent for sent in self.look("inbox") if sent["user"] == user]

    def look(self, what: str) -> list[dict[str, Any]]:
        """What a control call lists."""
        response = self.http.get(f"{self.base_url}/__sim/{what}", timeout=10)
        items: list[dict[str, Any]] = response.json()["items"]
        return items

    def fault(self, path: str, mode: str, **options: Any) -> None:
        """Order a fault; for options and modes see `scripts.wechat_simulator.faults.Fault`."""
        self.control("faults", path=path, mode=mode, **options)

    def no_more_faults(self) -> None:
        self.http.delete(f"{self.base_url}/__sim/faults", timeout=10).raise_for_status()

    def reset(self) -> None:
        self.control("reset")

    def calls(self, path: str) -> list[dict[str, Any]]:
        """The calls of this path so far, with secrets masked."""
        items = self.http.get(f"{self.base_url}/__sim/journal", timeout=10).json()["items"]
        return [item for item in items if item["path"] == path]

    def get(self, path: str, **query: str) -> requests.Response:
        return self.http.get(f"{self.base_url}{path}", params=query, timeout=10)

    def post(self, path: str, body: object, **query: str) -> requests.Response:
        return self.http.post(f"{self.base_url}{path}", json=body, params=query, timeout=10)

    def control(self, action: str, **body: object) -> dict[str, Any]:
        response = self.post(f"/__sim/{action}", body)
        response.raise_for_status()
        content: dict[str, Any] = response.json()
        return content


@contextmanager
def running_simulator(folder: Path, *, appid: str = APPID, secret: str = SECRET) -> Iterator[Simulator]:
    """Start the program with its state in `folder`, and stop it at the end."""
    command = [sys.executable, "-m", "scripts.wechat_simulator", "--state", str(folder / "wechat.sqlite")]
    with (
        (folder / "wechat_simulator.log").open("w") as log,
        subprocess.Popen(
            [*command, "--appid", appid, "--secret", secret],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        try:
            ready = process.stdout.readline()
            assert ready, f"The simulator did not start: {Path(log.name).read_text()}"
            simulator = Simulator(ready.split()[-1], process.pid, appid, secret)
            with simulator.http:
                yield simulator
        finally:
            process.terminate()
            exit_code = process.wait(timeout=10)
    assert exit_code == 0
