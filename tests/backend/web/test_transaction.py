"""One transaction around each request; reading requests cannot write."""

from secrets import token_hex

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.backend.web.test_problems import PROBES, was_recorded
from tests.factories.answers import refusal


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_reading_request_that_writes_fails_and_leaves_nothing(
    misbehaving: FlaskClient, db: Session, method: str
) -> None:
    word = token_hex(4)
    answer = misbehaving.open(f"{PROBES}/writes-while-reading/{word}", method=method)
    assert answer.status_code == 500
    assert not was_recorded(db, word)


def test_writing_works_on_the_connection_that_was_read_only_before(
    misbehaving: FlaskClient, db: Session
) -> None:
    word = token_hex(4)
    for _ in range(3):
        refusal(misbehaving.get(f"{PROBES}/writes-while-reading/{word}"), 500, "internal")
    assert misbehaving.post(f"{PROBES}/writes/{word}").status_code == 204
    assert was_recorded(db, word)
