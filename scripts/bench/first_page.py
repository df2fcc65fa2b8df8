"""The first page on a slow phone and network, measured in a browser by `npm run bench` in `miniprogram/`."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click

from backend.config import PROJECT, Settings

FOLDER = PROJECT / "miniprogram"
# As in the browser tests of miniprogram/.
BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
WITHIN_S = 600
LINE = re.compile(r"^first_page_\w+ \d+ \w+$", re.MULTILINE)


def measure() -> bool:
    """Print the figures, or what is missing to measure them; gives whether nothing is too slow."""
    missing = what_is_missing()
    if missing:
        click.echo(f"没有测量首页：缺少{missing}。", err=True)
        return True
    ended = subprocess.run(
        ["npm", "run", "--silent", "bench"],
        cwd=FOLDER,
        env={**os.environ, "PYTHON": sys.executable, "RUN_JSON": ""},
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    lines = LINE.findall(ended.stdout)
    for line in lines:
        click.echo(line)
    if ended.returncode == 0:
        return True
    click.echo("未达到目标：first_page_reacting" if lines else ended.stdout + ended.stderr, err=True)
    return False


def what_is_missing() -> str | None:
    if not shutil.which("npm") or not (FOLDER / "node_modules").is_dir():
        return " Node"
    if "CHROMIUM" not in os.environ and not any(Path(path).is_file() for path in BROWSERS):
        return " chromium"
    if not (Settings().mobile_page_dir / "index.html").is_file():
        return "手机网页（先运行 make pages）"
    return None
