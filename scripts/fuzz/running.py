"""One role plays the interface: every operation, right and wrong requests, single and in chains."""

from collections import Counter
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any, Protocol

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from backend.web.console import CSRF_HEADER
from scripts.fuzz import checks  # noqa: F401 - registers them
from scripts.fuzz.checks import Planted
from scripts.fuzz.knowing import Knowledge, Playing

# What a request that fits the document may be answered: its meaning may be wrong all the same, such as
# an ID number whose check digit is not right, or a voucher that is not there.
FITTING = ["2xx", "302", "304", "401", "403", "404", "409", "410", "422", "423", "429", "503"]
# A request that does not fit the document may still fit the person: without an account for it, for one.
UNFITTING = ["400", "401", "403", "404", "405", "409", "410", "413", "415", "422", "423", "429", "503"]
SAMPLE_LENGTH = 600


# An access token lives 15 minutes.
SIGN_IN_EVERY_S = 600


class Player(Protocol):
    """Who asks. `sign_in` gives what a fresh session sends along; nobody has none and is never asked."""

    @property
    def role(self) -> str: ...

    @property
    def is_nobody(self) -> bool: ...

    def sign_in(self) -> dict[str, str]: ...


@dataclass(frozen=True)
class Extent:
    """How many requests of each sort: to every operation, and chains of them.

    `survey` adds what is always the same: each limit of the document just kept and just broken, and
    requests without a token. Once is enough.
    """

    requests: int
    chains: int
    survey: bool = True


@dataclass(frozen=True)
class Fault:
    """Something that is wrong with an answer, with the request to try it again."""

    role: str
    operation: str
    check: str
    message: str
    sample: str


@dataclass
class Outcome:
    """What came of it. Operations are `reached` when they were answered 2xx at least once."""

    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)
    reached: set[str] = field(default_factory=set)
    faults: dict[tuple[str, str, str], Fault] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        self.requests += other.requests
        self.statuses += other.statuses
        self.operations |= other.operations
        self.reached |= other.reached
        self.faults = other.faults | self.faults
        self.broken += other.broken


def settings(extent: Extent, *, seed: int, over_http: bool) -> SchemathesisConfig:
    unplayed = {} if over_http else {"ignored_auth": {"enabled": False}}  # it needs a real connection
    return SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "continue-on-failure": True,
            "generation": {
                "max-examples": extent.requests,
                "no-shrink": True,
                "database": "none",
                "with-security-parameters": extent.survey,
            },
            "phases": {
                "coverage": {"enabled": extent.survey},
                "stateful": {"generation": {"max-examples": extent.chains}},
            },
            "checks": {
                # 503 says in so many words that nothing was done; the other 5xx are ours.
                "not_a_server_error": {"expected-statuses": ["2xx", "3xx", "4xx", "503"]},
                "positive_data_acceptance": {"expected-statuses": FITTING},
                "negative_data_rejection": {"expected-statuses": UNFITTING},
                # What was given back or withdrawn stays to be seen.
                "use_after_free": {"enabled": False},
                **unplayed,
            },
        }
    )


def play(
    schema: Any,
    player: Player,
    *,
    planted: frozenset[str] = frozenset(),
    knowledge: Knowledge | None = None,
) -> Outcome:
    """Play to the end."""
    Planted.texts, Playing.knowledge = planted, knowledge
    _sign(schema, player)
    outcome = Outcome()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _note(outcome, player.role, event)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            error = getattr(event, "value", None) or getattr(event, "exception", None)
            outcome.broken.append(f"{player.role}: {getattr(event, 'label', '')}: {error}")
    return outcome


def _sign(schema: Any, player: Player) -> None:
    if player.is_nobody:
        return

    # Asked again too whenever a 401 tells that the session has ended: some calls end it.
    @schema.auth(refresh_interval=SIGN_IN_EVERY_S)
    class Session:
        def get(self, _case: Any, _context: Any) -> dict[str, str]:
            return player.sign_in()

        def set(self, case: Any, headers: dict[str, str], _context: Any) -> None:
            sent = dict(headers)
            # To an application in this process, cookies do not come as a header.
            cookies = SimpleCookie(sent.pop("Cookie", ""))
            case.cookies = {**(case.cookies or {}), **{name: each.value for name, each in cookies.items()}}
            # Left out on purpose, to see it refused.
            if CSRF_HEADER not in (case.headers or {}):
                sent.pop(CSRF_HEADER, None)
            case.headers = {**(case.headers or {}), **sent}


def _note(outcome: Outcome, role: str, event: events.ScenarioFinished) -> None:
    recorder = event.recorder
    outcome.requests += len(recorder.interactions)
    for case_id, interaction in recorder.interactions.items():
        if interaction.response is not None:
            status = interaction.response.status_code
            outcome.statuses[status] += 1
            case = recorder.cases[case_id].value
            if status // 100 == 2 and case.method == case.operation.method.upper():
                outcome.reached.add(case.operation.label)
    for case_id, nodes in recorder.checks.items():
        operation = recorder.cases[case_id].value.operation.label
        outcome.operations.add(operation)
        for node in nodes:
            if node.failure_info:
                failure = node.failure_info.failure
                fault = Fault(
                    role,
                    operation,
                    node.name,
                    f"{failure.title}: {failure.message}"[:SAMPLE_LENGTH],
                    node.failure_info.code_sample[:SAMPLE_LENGTH],
                )
                outcome.faults.setdefault((role, operation, node.name), fault)


def described(path: str, app: Any, extent: Extent, *, seed: int) -> Any:
    """The interface of an application in this process."""
    return schemathesis.openapi.from_wsgi(path, app, config=settings(extent, seed=seed, over_http=False))


def described_at(url: str, extent: Extent, *, seed: int) -> Any:
    """The interface of a running server."""
    return schemathesis.openapi.from_url(
        f"{url}/openapi.json", config=settings(extent, seed=seed, over_http=True)
    )
