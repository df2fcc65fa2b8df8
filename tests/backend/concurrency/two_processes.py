"""The same calls from two processes at once, which share nothing but the database."""

import json
import os
import subprocess
import sys
from collections import Counter
from typing import Any

from backend.config import PROJECT, Settings
from tests.factories.journey import Visitor


def as_call(visitor: Visitor, method: str, path: str, body: Any = None) -> dict[str, Any]:
    return {"method": method, "path": path, "body": body, "token": visitor.tokens["access_token"]}


def in_two_processes(settings: Settings, calls: list[dict[str, Any]]) -> Counter[int]:
    assert settings.database_url is not None
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "DATA_DIR": str(settings.data_dir),
        "WECHAT_BASE_URL": settings.wechat_base_url,
        "LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "tests.backend.concurrency.calling"]
    pipe = subprocess.PIPE
    started = [
        subprocess.Popen(command, cwd=PROJECT, env=environment, stdin=pipe, stdout=pipe, text=True)
        for _ in range(2)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write(json.dumps(calls))
        process.stdin.close()
    counted: Counter[int] = Counter()
    for process in started:
        assert process.stdout is not None
        counted.update(json.loads(process.stdout.read()))
        process.stdout.close()
        assert process.wait(60) == 0
    return counted
