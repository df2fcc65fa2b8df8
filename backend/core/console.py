"""The console as every part knows it: where it is, and who sits at it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from backend.core.actor import Actor, SignInStep


@dataclass(frozen=True)
class ConsoleAddress:
    """Where the console is for its people; links in mails and passkeys hold for this address only."""

    url: str

    @property
    def is_secure(self) -> bool:
        return self.url.startswith("https://")

    @property
    def origin(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    def page(self, page: str) -> str:
        return f"{self.url}#/{page}"

    def link(self, page: str, token: str) -> str:
        """What stands behind # stays in the browser: no server, proxy or log sees the token."""
        return f"{self.page(page)}?token={token}"


@dataclass(frozen=True)
class Caller:
    """Who sent a request to the console. Until the step is SIGNED_IN the actor has no permission."""

    actor: Actor
    step: SignInStep
    token: str
    idle_ends_at: datetime
    ends_at: datetime


CallerFinder = Callable[[str], Caller]
