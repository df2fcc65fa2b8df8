"""The stage: the running system, the story, and what has to be put back in the end."""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

import requests

from scripts.journey.phone import Phone
from scripts.journey.telling import Answer, Story
from scripts.running import PersonToPlay, Running


def direct_http() -> requests.Session:
    """Requests that no proxy of the machine comes between."""
    http = requests.Session()
    http.trust_env = False
    return http


@dataclass
class Stage:
    """What every act is given. Leaving `ending` puts back what was taken, however the story ended."""

    where: Running
    http: requests.Session
    ending: ExitStack
    story: Story = field(default_factory=Story)

    def phone(self, user: str, name: str = "") -> Phone:
        return Phone(self.where, self.http, user, name, self.put_back)

    def phone_of(self, person: PersonToPlay) -> Phone:
        return self.phone(person.user, person.name)

    def put_back(self, action: Callable[[], Answer]) -> None:
        """Do this in the end. It may have been done by then, so a refusal is all right."""

        def quietly() -> None:
            with suppress(requests.RequestException):
                action()

        self.ending.callback(quietly)
