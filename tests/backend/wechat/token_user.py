"""A process of its own that makes calls with an access token: `python -m … BASE_URL TOKEN_FILE CALLS`."""

import sys
from pathlib import Path

from backend.wechat.accounts import build_wechat
from tests.scripts.wechat_simulator.running import APPID, SECRET


def main() -> None:
    base_url, token_file, calls = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    wechat = build_wechat(appid=APPID, secret=SECRET, base_url=base_url, redis=None, token_file=token_file)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for _ in range(calls):
        wechat._client.quota("/wxa/getwxacode")


if __name__ == "__main__":
    main()
