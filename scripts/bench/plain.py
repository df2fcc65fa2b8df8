"""The same backend without its quick ways: each claim is judged and made by itself, and all claims of one
offer stand in line for its count. What batches bring is measured against this."""

from backend.main import create_server as create_quick_server
from backend.web.application import Application


class NoQuickWays:
    """Leaves everything to the plain way."""

    def claim(self, *_: object) -> None:
        return None

    def redeem(self, *_: object) -> None:
        return None


def create_server() -> Application:
    app = create_quick_server()
    app.extensions["quick_ways"] = NoQuickWays()
    return app
