"""Ten thousand forged tokens, and none of them opens anything."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random

import pytest
from sqlalchemy.orm import Session

from backend.core.actor import ActorKind
from backend.core.keys.ring import KeyRing, new_key_ring
from backend.identity.errors import SessionEnded
from backend.identity.tokens import AccessClaims, mint_access_token, read_access_token
from backend.main import Parts
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.catalogue import new_shop
from tests.factories.journey import API, Visitor
from tests.security.hostile_tokens import KINDS, Forger, hostile_tokens

NewVisitor = Callable[[], Visitor]
SEED, MANY, SOME = 20260112, 10_000, 520
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def ring() -> KeyRing:
    return new_key_ring(NOW - timedelta(days=1))


def is_accepted(token: str, ring: KeyRing) -> bool:
    try:
        read_access_token(token, keys=ring.session, now=NOW)
    except SessionEnded:
        return False
    return True


def test_none_of_ten_thousand_forged_tokens_is_accepted(ring: KeyRing) -> None:
    tried, accepted = Counter[str](), Counter[str]()
    for kind, token in islice(hostile_tokens(ring, now=NOW, seed=SEED), MANY):
        tried[kind] += 1
        accepted[kind] += is_accepted(token, ring)
    assert tried.total() == MANY
    assert min(tried[kind.__name__] for kind in KINDS) > 300
    assert +accepted == Counter()


def test_the_same_ones_made_right_are_accepted(ring: KeyRing) -> None:
    """The control: what the forger leaves as it is, is right."""
    forger = Forger(Random(SEED), ring, NOW)
    for _ in range(500):
        assert is_accepted(forger.right(), ring)
        assert is_accepted(forger.signed(forger.header(), forger.claims()), ring)


def test_no_forged_token_opens_a_page(
    app: Application, parts: Parts, visitor: NewVisitor, db: Session
) -> None:
    resident, clerk = visitor(), visitor()
    resident.become_scored(db)
    clerk.become_clerk(db, new_shop(db))
    statuses = Counter[int]()
    client = app.test_client()
    stream = hostile_tokens(parts.keys, now=parts.clock.now(), seed=SEED)
    sendable = (token for _kind, token in stream if token and token.isascii() and token.isprintable())
    for token in islice(sendable, SOME):
        for page in ("/resident/identity", "/merchant/session"):
            answer = client.get(API + page, headers={"Authorization": f"Bearer {token}"})
            statuses[answer.status_code] += 1
            assert answer.json is not None
            assert answer.json["code"] in ("session.ended", "session.required"), token
    assert statuses == {401: 2 * SOME}
    assert resident.get("/resident/identity").status_code == 200
    assert clerk.get("/merchant/session").status_code == 200


def test_tokens_of_our_own_in_the_wrong_place_open_nothing(
    app: Application, parts: Parts, visitor: NewVisitor, db: Session
) -> None:
    """Refresh as access, access as refresh, another audience's, an ended session's, another person's."""
    resident, clerk, leaver = visitor(), visitor(), visitor()
    for person in (resident, leaver):
        person.sign_in()
    clerk.become_clerk(db, new_shop(db))
    left = leaver.tokens["access_token"]
    leaver.delete("/resident/session")
    key, now = parts.keys.session[-1], parts.clock.now()
    mine = read_access_token(resident.tokens["access_token"], keys=parts.keys.session, now=now)
    theirs = read_access_token(clerk.tokens["access_token"], keys=parts.keys.session, now=now)

    def of(kind: ActorKind, subject: AccessClaims, session: AccessClaims) -> str:
        return mint_access_token(AccessClaims(kind, subject.subject_id, session.session_id), key=key, now=now)

    client = app.test_client()
    for token in (
        resident.tokens["refresh_token"],
        left,
        of(ActorKind.CLERK, mine, mine),
        of(ActorKind.RESIDENT, theirs, theirs),
        of(ActorKind.RESIDENT, mine, theirs),
        of(ActorKind.OFFICE, mine, mine),
        of(ActorKind.SYSTEM, mine, mine),
    ):
        for page in ("/resident/identity", "/merchant/session"):
            refusal(
                client.get(API + page, headers={"Authorization": f"Bearer {token}"}), 401, "session.ended"
            )
    for page, token in (("merchant", resident), ("resident", clerk)):
        wrong = client.get(
            f"{API}/{page}/{'session' if page == 'merchant' else 'identity'}",
            headers={"Authorization": f"Bearer {token.tokens['access_token']}"},
        )
        refusal(wrong, 403, "session.wrong_audience")
    for audience, body in (
        ("resident", resident.tokens["access_token"][:128]),
        ("merchant", resident.tokens["refresh_token"]),
        ("resident", clerk.tokens["refresh_token"]),
    ):
        answer = client.post(f"{API}/{audience}/session/refresh", json={"refresh_token": body})
        assert answer.status_code == 401, answer.text
