"""The same backend without batches of claims: each is a transaction of its own, and all of one offer
stand in line for its count. What batches bring is measured against this."""

from collections.abc import Callable, Collection, Hashable, Sequence

from sqlalchemy import Engine

from backend.config import Settings
from backend.core.batches import DATABASE_SETTINGS
from backend.core.database import connect
from backend.core.scopes import SYSTEM
from backend.main import assemble, connect_batches
from backend.main import create_server as create_batching_server
from backend.vouchers.claim_statement import Claim
from backend.vouchers.quick import QuickWays
from backend.vouchers.statements import Outcome
from backend.web.application import Application

# For each of the two processes; more waiters on one row only make it slower.
CONNECTIONS = 4
# A claim here waits for all others, not for a moment.
WAITS = {**DATABASE_SETTINGS, "lock_timeout": "10s"}


class Alone:
    """What a `Batcher` is to its callers, without the batch."""

    def __init__(self, run: Callable[[Sequence[Claim]], Sequence[Outcome]]) -> None:
        self._run = run

    def submit(self, claim: Claim, *, keys: Collection[Hashable]) -> Outcome:
        del keys  # rows of one person are the database's to keep apart
        return self._run([claim])[0]

    def close(self) -> None:
        """Nothing waits here."""


class OneByOne(QuickWays):
    def __init__(self, engine: Engine, readings: Engine) -> None:
        super().__init__(engine, readings)
        self._claims = Alone(self._run_claims)  # type: ignore[assignment]


def create_server() -> Application:
    parts = assemble(Settings())
    app = create_batching_server(parts)
    url = parts.engine.url.render_as_string(hide_password=False)
    engine = connect(url, pool_size=CONNECTIONS, role=SYSTEM, settings=WAITS, commits_each_statement=True)
    app.extensions["quick_ways"] = OneByOne(engine, connect_batches(parts.engine, for_reading=True))
    return app
