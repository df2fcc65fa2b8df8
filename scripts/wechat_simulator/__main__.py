"""Start the simulator: `python -m scripts.wechat_simulator --state FILE`.

When it listens it prints one line that ends with its address. It stops on SIGTERM or SIGINT.
"""

import argparse
import signal
from ipaddress import ip_address
from pathlib import Path
from typing import NoReturn

from werkzeug.serving import WSGIRequestHandler, make_server

from backend.city.documents import Reader
from backend.city.message_loader import load_messages
from scripts.wechat_simulator.app import create_app
from scripts.wechat_simulator.subscriptions import Template
from scripts.wechat_simulator.world import World

CITIES = Path(__file__).resolve().parents[2] / "cities"
HOME_PAGE = "pages/index/index"
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class QuietHandler(WSGIRequestHandler):
    """Writes no request lines, because they hold the app secret."""

    disable_nagle_algorithm = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def main() -> None:
    options = _options()
    for stop in STOP_SIGNALS:
        signal.signal(stop, _stop)
    try:
        options.state.parent.mkdir(parents=True, exist_ok=True)
        templates, pages = known_templates(options.cities)
        world = World(
            appid=options.appid,
            secret=options.secret,
            state=options.state,
            templates=templates,
            pages=pages,
        )
        app = create_app(world)
        server = make_server(options.host, options.port, app, threaded=True, request_handler=QuietHandler)
        host = f"[{options.host}]" if ":" in options.host else options.host
        print(f"WeChat simulator at http://{host}:{server.port}", flush=True)
        server.serve_forever()
    except KeyboardInterrupt:
        return


def _stop(_signal: int, _frame: object) -> NoReturn:
    for stop in STOP_SIGNALS:
        signal.signal(stop, signal.SIG_IGN)  # it is stopping: a second signal changes nothing
    raise KeyboardInterrupt


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.wechat_simulator", description=__doc__)
    parser.add_argument("--host", type=_loopback, default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--state", type=Path, required=True, help="SQLite file of persons and codes")
    parser.add_argument("--appid", default="wx5100000000000001")
    parser.add_argument("--secret", default="0" * 32)
    parser.add_argument("--cities", type=Path, default=CITIES, help="whose message templates are granted")
    return parser.parse_args()


def known_templates(cities: Path) -> tuple[list[Template], set[str]]:
    """The message templates of all cities, and the pages they open."""
    found = [
        template
        for path in sorted(cities.glob("*/messages.yaml"))
        for template in load_messages(Reader(), path).values()
    ]
    templates = [Template(each.id, each.kind, each.title, tuple(each.fields)) for each in found]
    return templates, {HOME_PAGE, *(each.page for each in found)}


def _loopback(host: str) -> str:
    """Anyone who reaches the simulator can be anyone, so only this machine may."""
    address = "127.0.0.1" if host == "localhost" else host
    try:
        is_loopback = ip_address(address).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise argparse.ArgumentTypeError("only a loopback address, such as 127.0.0.1")
    return address


if __name__ == "__main__":
    main()
