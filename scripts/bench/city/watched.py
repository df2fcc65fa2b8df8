"""A process of its own that prints a line of JSON, watched with its children for what they take."""

import subprocess
import sys
import threading
from dataclasses import dataclass, field
from typing import Any

import orjson
import psutil

EVERY_SECONDS = 0.2
MIB = 1024**2


class CityFailed(RuntimeError):
    """A process ended badly, or two engines found out different things."""


@dataclass
class Watched:
    """Started at once; `result` waits for its end."""

    module: str
    arguments: list[str]
    peak_bytes: int = 0
    cpu_seconds: float = 0
    child: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        command = [sys.executable, "-m", self.module, *self.arguments]
        self.child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    @property
    def works(self) -> bool:
        return self.child.poll() is None

    @property
    def peak_mib(self) -> float:
        return self.peak_bytes / MIB

    def result(self) -> dict[str, Any]:
        told, complaint = self.child.communicate()
        self._watcher.join()
        if self.child.returncode:
            raise CityFailed(f"{self.module}: {complaint.decode()[-2000:]}")
        answer: dict[str, Any] = orjson.loads(told.splitlines()[-1])
        return answer

    def _watch(self) -> None:
        ended = threading.Event()
        while self.works:
            try:
                process = psutil.Process(self.child.pid)
                family = [process, *process.children(recursive=True)]
                taken = sum(one.memory_info().rss for one in family)
                self.peak_bytes = max(self.peak_bytes, taken)
                times = [one.cpu_times() for one in family]
                self.cpu_seconds = sum(one.user + one.system for one in times)
            except psutil.NoSuchProcess:
                pass
            ended.wait(EVERY_SECONDS)
