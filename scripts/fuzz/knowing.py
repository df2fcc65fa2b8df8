"""What somebody who knows the city would send: real ids, codes just shown, texts in force.

Chance never guesses a ticket or a sign-in code, so what lies behind them would never be asked. Most
requests that fit the document are therefore filled in just before they leave; the others, and all that
must not fit, stay as they were made up.
"""

import re
from random import Random
from typing import Any

import schemathesis
from schemathesis import GenerationMode

from scripts.fuzz.things import Things, new_word

FILLED_SHARE = 0.8
API = "/api/v1"
PUSH = "/wechat/push"


class Knowledge:
    """What one player knows, and what they learn from the answers.

    `own` are the addresses meant for the player, who has nothing of what is asked for at others.
    """

    def __init__(self, things: Things, random: Random, own: str) -> None:
        self.things = things
        self.own = re.compile(own)
        self.random = random
        self.next_pages: dict[str, dict[str, Any]] = {}

    def fill_in(self, case: Any, options: dict[str, Any]) -> None:
        """Put what is right in the place of what was made up."""
        if not self.own.search(case.path):
            return
        path = case.path.removeprefix(API)
        if path == PUSH:
            case.query, options["data"] = self.things.push()
            return
        self._fill_words(case.path_parameters)
        self._fill_words(case.query)
        if "cursor" in case.query:
            case.query = self.next_pages.get(path) or {**case.query, "cursor": None}
        if "Idempotency-Key" in case.headers:
            case.headers["Idempotency-Key"] = new_word()
        if case.method == "POST" and path in self.things.bodies:
            made = case.body if isinstance(case.body, dict) else {}
            case.body = self.things.bodies[path](made)

    def learn(self, case: Any, response: Any) -> None:
        """Remember where a list goes on; put right what would leave nothing more to ask."""
        path = case.path.removeprefix(API)
        if response.status_code // 100 != 2:
            return
        if case.method == "GET" and "cursor" in case.operation.query:
            self._turn_page(path, case.query, response.json()["next_cursor"])
        if path.startswith("/resident/consents") and case.method in ("POST", "DELETE"):
            self.things.agree()

    def _fill_words(self, made: dict[str, Any]) -> None:
        for name in made.keys() & self.things.words.keys():
            made[name] = self.things.words[name]()

    def _turn_page(self, path: str, query: dict[str, Any], cursor: str | None) -> None:
        if cursor is None:
            self.next_pages.pop(path, None)
        else:
            self.next_pages[path] = {**query, "cursor": cursor}


class Playing:
    """Whose requests leave now: hooks hear of every request, but not of who asks."""

    knowledge: Knowledge | None = None


@schemathesis.hook
def before_call(ctx: Any, case: Any, kwargs: dict[str, Any]) -> None:  # noqa: ARG001
    # An application in this process is asked by a client that unpacks nothing.
    case.headers = {**(case.headers or {}), "Accept-Encoding": "identity"}
    knowledge = Playing.knowledge
    is_fitting = case.meta and case.meta.generation.mode is GenerationMode.POSITIVE
    if knowledge and is_fitting and knowledge.random.random() < FILLED_SHARE:
        knowledge.fill_in(case, kwargs)


@schemathesis.hook
def after_call(ctx: Any, case: Any, response: Any) -> None:  # noqa: ARG001
    if Playing.knowledge:
        Playing.knowledge.learn(case, response)
