"""Access tokens: good only whole, in time, for their own audience, and signed by us."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from sqlalchemy.orm import Session

from backend.core.actor import ActorKind
from backend.core.clock import ShiftedClock
from backend.core.keys import SecretKey
from backend.identity.errors import SessionEnded
from backend.identity.tokens import ACCESS_LIFE, AccessClaims, mint_access_token, read_access_token
from backend.main import Parts
from tests.factories.answers import refusal
from tests.factories.catalogue import new_shop
from tests.factories.journey import Visitor

NewVisitor = Callable[[], Visitor]
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
KEY = SecretKey(key_id=1, secret=b"k" * 32)
OTHER = SecretKey(key_id=1, secret=b"o" * 32)
NEXT = SecretKey(key_id=2, secret=b"n" * 32)
CLAIMS = AccessClaims(ActorKind.RESIDENT, uuid4(), uuid4())
GOOD: dict[str, Any] = {
    "iss": "city-credit",
    "aud": "resident",
    "sub": str(CLAIMS.subject_id),
    "sid": str(CLAIMS.session_id),
    "iat": int(NOW.timestamp()),
    "exp": int((NOW + ACCESS_LIFE).timestamp()),
}
HEADERS = {"typ": "at+jwt", "kid": "1"}


def forged(
    *, headers: dict[str, Any] | None = None, key: bytes = KEY.secret, algorithm: str = "HS256", **claims: Any
) -> str:
    """A token that differs from a good one in what is given; a claim of None is left out."""
    payload = {name: value for name, value in (GOOD | claims).items() if value is not None}
    return jwt.encode(payload, key, algorithm=algorithm, headers=HEADERS | (headers or {}))


def unsigned() -> str:
    return jwt.encode(GOOD, "", algorithm="none", headers=HEADERS)


def written_by_hand(header: str, payload: str) -> str:
    """A token signed with the right key over whatever JSON texts these are."""
    parts = ".".join(urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in (header, payload))
    signature = hmac.digest(KEY.secret, parts.encode(), sha256)
    return f"{parts}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"


HEADER, PAYLOAD = json.dumps(HEADERS | {"alg": "HS256"}), json.dumps(GOOD)
OTHER_SUBJECT = f', "sub": "{uuid4()}"}}'

BAD = {
    "empty": "",
    "one word": "token",
    "two dots": "..",
    "three words": "a.b.c",
    "too long": "a" * 1025,
    "without signature": forged().rpartition(".")[0] + ".",
    "alg none": unsigned(),
    "alg none, signed": unsigned() + forged().rpartition(".")[2],
    "another algorithm": forged(algorithm="HS512", key=b"k" * 64),
    "another key": forged(key=OTHER.secret),
    "another key's id": forged(headers={"kid": "2"}),
    "no key id": forged(headers={"kid": ""}),
    "the type of another token": forged(headers={"typ": "JWT"}),
    "no type": forged(headers={"typ": None}),
    "another audience": forged(aud="office-door"),
    "two audiences": forged(aud=["resident", "clerk"]),
    "another issuer": forged(iss="another-city"),
    "a person that is no id": forged(sub="1"),
    "a session that is no id": forged(sid="1"),
    "a session that is a number": forged(sid=1),
    "an end that is no number": forged(exp="soon"),
    "a name twice in the payload": written_by_hand(HEADER, PAYLOAD[:-1] + OTHER_SUBJECT),
    "a name twice in the header": written_by_hand(HEADER[:-1] + ', "kid": "1"}', PAYLOAD),
    "a name more in the header": written_by_hand(HEADER[:-1] + ', "crit": []}', PAYLOAD),
    "a name more in the payload": written_by_hand(HEADER, PAYLOAD[:-1] + ', "role": "office"}'),
    "an end without end": written_by_hand(HEADER, PAYLOAD.replace(str(GOOD["exp"]), "1e999")),
    "an end in words": forged(exp=str(GOOD["exp"])),
    "deep down": written_by_hand(HEADER, "[" * 300 + "]" * 300),
    "a list": written_by_hand(HEADER, f"[{PAYLOAD}]"),
    "padded": forged() + "=",
    "a letter that means nothing": forged() + "!",
    "another spelling of the signature": forged()[:-1] + chr(ord(forged()[-1]) + 1),
    "from the future": forged(iat=int(NOW.timestamp()) + 61),
    **{f"no {claim}": forged(**{claim: None}) for claim in GOOD},
}


def read(token: str, *, keys: list[SecretKey] | None = None, now: datetime = NOW) -> AccessClaims:
    return read_access_token(token, keys=keys or [KEY], now=now)


def test_a_good_token_says_who_and_in_which_session() -> None:
    assert read(mint_access_token(CLAIMS, key=KEY, now=NOW)) == CLAIMS
    assert read(forged()) == read(written_by_hand(HEADER, PAYLOAD)) == CLAIMS


@pytest.mark.parametrize("token", BAD.values(), ids=BAD)
def test_a_bad_token_ends_the_session(token: str) -> None:
    with pytest.raises(SessionEnded):
        read(token)


def test_any_letter_changed_spoils_a_token() -> None:
    token = mint_access_token(CLAIMS, key=KEY, now=NOW)
    # The last letter of each part may hold bits that mean nothing.
    for position in set(range(len(token))) - {end - 1 for end in ends_of_parts(token)}:
        swapped = "A" if token[position] != "A" else "B"
        with pytest.raises(SessionEnded):
            read(token[:position] + swapped + token[position + 1 :])


def ends_of_parts(token: str) -> list[int]:
    return [position for position, letter in enumerate(token + ".") if letter == "."]


@pytest.mark.parametrize(("ahead", "is_good"), [(-60, True), (-61, False), (899, True), (900, False)])
def test_a_token_lives_a_quarter_of_an_hour(ahead: int, is_good: bool) -> None:
    token = mint_access_token(CLAIMS, key=KEY, now=NOW)
    if is_good:
        assert read(token, now=NOW + timedelta(seconds=ahead)) == CLAIMS
    else:
        with pytest.raises(SessionEnded):
            read(token, now=NOW + timedelta(seconds=ahead))


def test_after_a_new_key_tokens_of_the_old_one_are_good_while_it_is_kept() -> None:
    old, new = (mint_access_token(CLAIMS, key=key, now=NOW) for key in (KEY, NEXT))
    assert [read(token, keys=[KEY, NEXT]) for token in (old, new)] == [CLAIMS, CLAIMS]
    with pytest.raises(SessionEnded):
        read(old, keys=[NEXT])


def test_a_token_holds_ids_and_nothing_personal(visitor: NewVisitor, db: Session) -> None:
    resident = visitor()
    resident.become_scored(db)
    claims = jwt.decode(resident.tokens["access_token"], options={"verify_signature": False})
    assert set(claims) == {"iss", "aud", "sub", "sid", "iat", "exp"}
    assert claims["sub"] == resident.tokens["resident"]["id"]


@pytest.mark.parametrize("token", BAD.values(), ids=BAD)
def test_a_bad_token_opens_no_page(visitor: NewVisitor, token: str) -> None:
    answer = visitor().call("GET", "/resident/identity", headers={"Authorization": f"Bearer {token}"})
    refusal(answer, 401, "session.ended" if token else "session.required")


def test_the_access_token_ends_after_a_quarter_of_an_hour(visitor: NewVisitor, clock: ShiftedClock) -> None:
    resident = visitor()
    resident.sign_in()
    clock.ahead = timedelta(minutes=14, seconds=30)
    assert resident.get("/resident/identity").status_code == 200
    clock.ahead = timedelta(minutes=15, seconds=1)
    refusal(resident.get("/resident/identity"), 401, "session.ended")


def test_a_token_of_our_own_for_a_session_that_never_was_opens_nothing(
    visitor: NewVisitor, parts: Parts
) -> None:
    stranger = visitor()
    token = mint_access_token(CLAIMS, key=parts.keys.session[-1], now=parts.clock.now())
    stranger.tokens = {"access_token": token}
    refusal(stranger.get("/resident/identity"), 401, "session.ended")


def test_a_residents_session_cannot_be_renamed_to_a_clerks_or_anothers(
    visitor: NewVisitor, parts: Parts, db: Session
) -> None:
    resident, clerk = visitor(), visitor()
    resident.sign_in()
    clerk.become_clerk(db, new_shop(db))
    mine = jwt.decode(resident.tokens["access_token"], options={"verify_signature": False})
    session, me = UUID(mine["sid"]), UUID(mine["sub"])
    other_claims = [
        AccessClaims(ActorKind.CLERK, me, session),
        AccessClaims(ActorKind.CLERK, UUID(clerk.tokens["clerk"]["id"]), session),
        AccessClaims(ActorKind.RESIDENT, uuid4(), session),
        AccessClaims(ActorKind.OFFICE, me, session),
    ]
    for claims in other_claims:
        token = mint_access_token(claims, key=parts.keys.session[-1], now=parts.clock.now())
        headers = {"Authorization": f"Bearer {token}"}
        for path in ("/resident/identity", "/merchant/session"):
            refusal(resident.call("GET", path, headers=headers), 401, "session.ended")
