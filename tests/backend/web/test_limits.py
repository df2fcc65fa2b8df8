"""How often one may ask."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask.testing import FlaskClient
from redis.exceptions import ConnectionError as RedisGone

from backend.web.application import Application
from backend.web.limits import limiter
from tests.factories.answers import refusal
from tests.factories.journey import Visitor
from tests.factories.people import NewPerson, new_person

NewVisitor = Callable[[], Visitor]
WRONG = NewPerson("张伟", "420202198505200000")
ALLOWED_GUESSES = 20


@pytest.fixture(autouse=True)
def _limits(app: Application) -> Iterator[None]:
    """Switched off for other tests."""
    limiter.reset()
    limiter.enabled = True
    yield
    limiter.enabled = False
    limiter._storage_dead = False
    limiter.reset()


@pytest.fixture
def guesser(visitor: NewVisitor) -> Visitor:
    """Somebody who has used up the guesses of a minute."""
    guesser = visitor()
    guesser.sign_in()
    for _ in range(ALLOWED_GUESSES):
        refusal(guesser.bind(WRONG), 422, "identity.invalid_id_number")
    return guesser


def test_guessing_identities_is_stopped_after_twenty_a_minute(guesser: Visitor) -> None:
    answer = guesser.bind(new_person())
    refusal(answer, 429, "request.too_many")
    assert guesser.get("/resident/identity").json["bound"] is False


def test_the_answer_says_when_to_come_back(guesser: Visitor) -> None:
    assert 30 < int(guesser.bind(WRONG).headers["Retry-After"]) <= 61


def test_signing_in_anew_gives_no_new_guesses(guesser: Visitor) -> None:
    guesser.sign_in()
    refusal(guesser.bind(new_person()), 429, "request.too_many")


def test_one_persons_guesses_do_not_count_against_another(guesser: Visitor, visitor: NewVisitor) -> None:
    neighbour = visitor()
    neighbour.sign_in()
    assert neighbour.bind(new_person()).status_code == 200


def test_what_is_not_limited_goes_on(guesser: Visitor) -> None:
    assert guesser.get("/resident/score").json["code"] == "identity.not_bound"


def test_of_two_who_meet_a_counter_that_dies_neither_is_refused_and_counting_goes_on(
    app: Application, visitor: NewVisitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are in the middle of counting when Redis goes away."""
    both, guessers = Barrier(2, timeout=10), [visitor(), visitor()]
    for guesser in guessers:
        guesser.sign_in()

    def die(*_: object, **__: object) -> bool:
        both.wait()
        raise RedisGone

    monkeypatch.setattr(limiter._limiter, "hit", die)
    monkeypatch.setattr(limiter._storage, "check", lambda: False)
    with ThreadPoolExecutor() as threads:
        for answer in threads.map(lambda guesser: guesser.bind(WRONG), guessers):
            refusal(answer, 422, "identity.invalid_id_number")
    answers = [guessers[0].bind(WRONG).status_code for _ in range(ALLOWED_GUESSES + 1)]
    assert answers[-1] == 429, "in this process' own memory"


def test_whoever_watches_over_the_service_is_never_limited(app: Application) -> None:
    client: FlaskClient = app.test_client()
    assert {client.get("/healthz").status_code for _ in range(700)} == {200}
