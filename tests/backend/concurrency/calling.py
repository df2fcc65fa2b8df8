"""A process of its own that makes the calls told to it, eight at a time, and tells the statuses."""

import json
import random
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from backend.config import Settings
from backend.main import create_app
from backend.web.limits import limiter

API = "/api/v1"


def main() -> None:
    calls = json.load(sys.stdin)
    random.shuffle(calls)
    app = create_app(Settings())
    limiter.enabled = False

    def make(call: dict[str, Any]) -> int:
        headers = {"Authorization": f"Bearer {call['token']}"}
        path, body = API + call["path"], call["body"]
        return app.test_client().open(path, method=call["method"], headers=headers, json=body).status_code

    with ThreadPoolExecutor(8) as threads:
        json.dump(list(threads.map(make, calls)), sys.stdout)


if __name__ == "__main__":
    main()
