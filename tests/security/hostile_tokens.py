"""Tokens that somebody might try: a seeded stream of forgeries, each of a named kind.

Many are signed with the right key. Nobody without the key could make those, but each shows one check
alone: nothing but the one thing that is wrong can be why it is refused.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256, sha384, sha512
from hmac import digest
from itertools import cycle
from random import Random
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend.core.actor import ActorKind
from backend.core.keys import KeyRing
from backend.identity.tokens import AccessClaims, mint_access_token

HASHES = {"HS256": sha256, "HS384": sha384, "HS512": sha512}
ODD_VALUES: list[Any] = [None, True, "", "0", -1, 1.5, 10**40, [], {}, ["resident"], "x" * 200, "\u0000"]
KEY_IDS: list[Any] = [
    "../../../../dev/null",
    "/etc/passwd",
    "1' OR '1'='1",
    "1; DROP TABLE sessions",
    "file:///proc/self/environ",
    "http://127.0.0.1/key",
    "0",
    "-1",
    "01",
    " 1",
    "１",
    "9" * 400,
    1,
    1.0,
    None,
    True,
    ["1"],
    {"1": "1"},
    "",
    "\u0000",
]
Object = dict[str, Any]


@dataclass(frozen=True)
class Forger:
    """Somebody with endless patience; `ring` and `now` are there to be wrong in one thing only."""

    random: Random
    ring: KeyRing
    now: datetime

    @property
    def secret(self) -> bytes:
        return self.ring.session[-1].secret

    def claims(self, **changed: Any) -> Object:
        start = int(self.now.timestamp()) - self.random.randrange(60)
        audience = self.random.choice(["resident", "clerk"])
        ids = {"sub": str(self.uuid()), "sid": str(self.uuid())}
        return {"iss": "city-credit", "aud": audience, **ids, "iat": start, "exp": start + 900} | changed

    def header(self, **changed: Any) -> Object:
        return {"alg": "HS256", "typ": "at+jwt", "kid": str(self.ring.session[-1].key_id)} | changed

    def uuid(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def right(self) -> str:
        claims = AccessClaims(ActorKind.RESIDENT, self.uuid(), self.uuid())
        return mint_access_token(claims, key=self.ring.session[-1], now=self.now)

    def signed(
        self,
        header: Object | str,
        claims: Object | str,
        *,
        secret: bytes | None = None,
        hashed: str = "HS256",
    ) -> str:
        """Signed as ours are, with the right secret unless another is given."""
        parts = [part if isinstance(part, str) else json.dumps(part) for part in (header, claims)]
        text = ".".join(encoded(part) for part in parts)
        return f"{text}.{encoded(digest(secret or self.secret, text.encode(), HASHES[hashed]))}"


def encoded(part: bytes | str) -> str:
    raw = part.encode() if isinstance(part, str) else part
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC = [
    key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for key in (RSA_KEY, EC_KEY)
]


def no_algorithm(forger: Forger) -> str:
    name = "".join(forger.random.choice([letter, letter.upper()]) for letter in "none")
    text = f"{encoded(json.dumps(forger.header(alg=name)))}.{encoded(json.dumps(forger.claims()))}"
    return f"{text}.{forger.random.choice(['', 'AA', encoded(bytes(32)), forger.right().rpartition('.')[2]])}"


def another_hash(forger: Forger) -> str:
    name = forger.random.choice(["HS384", "HS512"])
    told = forger.random.choice([name, "HS256", "hs256", "HS256 ", "HMAC"])
    return forger.signed(forger.header(alg=told), forger.claims(), hashed=name)


def another_kind_of_key(forger: Forger) -> str:
    name, key = forger.random.choice([("RS256", RSA_KEY), ("PS256", RSA_KEY), ("ES256", EC_KEY)])
    return jwt.encode(forger.claims(), key, algorithm=name, headers=forger.header(alg=name))


def a_public_key_as_secret(forger: Forger) -> str:
    """Our tickets' public key, and others, used where the secret belongs."""
    known = [*PUBLIC, *(key.public_bytes for key in forger.ring.ticket)]
    return forger.signed(forger.header(), forger.claims(), secret=forger.random.choice(known))


def another_citys_key(forger: Forger) -> str:
    return forger.signed(forger.header(), forger.claims(), secret=forger.random.randbytes(32))


def a_weak_secret(forger: Forger) -> str:
    guess = forger.random.choice(
        [b"secret", b"0" * 32, bytes(32), b"city-credit", b"changeme" * 4, b"\n" * 32]
    )
    return forger.signed(forger.header(), forger.claims(), secret=guess)


def another_ring_key(forger: Forger) -> str:
    """Of the same ring, for another purpose."""
    known = [*(key.secret for key in forger.ring.data), *(key.secret for key in forger.ring.ticket)]
    return forger.signed(forger.header(), forger.claims(), secret=forger.random.choice(known))


def a_key_that_is_not_ours(forger: Forger) -> str:
    return forger.signed(forger.header(kid=forger.random.choice(KEY_IDS)), forger.claims())


def a_key_brought_along(forger: Forger) -> str:
    secret = forger.random.randbytes(32)
    brought = forger.random.choice(
        [
            {"jwk": {"kty": "oct", "k": encoded(secret)}},
            {"jku": "http://127.0.0.1/keys.json"},
            {"x5u": "http://127.0.0.1/x.pem"},
            {"crit": ["exp"]},
            {"zip": "DEF"},
            {"b64": False},
            {"cty": "JWT"},
        ]
    )
    return forger.signed(
        forger.header(**brought), forger.claims(), secret=forger.random.choice([secret, forger.secret])
    )


def another_type(forger: Forger) -> str:
    kind = forger.random.choice(
        ["JWT", "jwt", "at+JWT", "AT+JWT", "rt+jwt", "application/at+jwt", *ODD_VALUES]
    )
    return forger.signed(forger.header(typ=kind), forger.claims())


def another_issuer(forger: Forger) -> str:
    issuer = forger.random.choice(["city-credit ", "City-Credit", "huangshi", ["city-credit"], *ODD_VALUES])
    return forger.signed(forger.header(), forger.claims(iss=issuer))


def another_audience(forger: Forger) -> str:
    audience = forger.random.choice(
        ["Resident", "admin", "*", "public", ["resident", "clerk"], ["clerk"], *ODD_VALUES]
    )
    return forger.signed(forger.header(), forger.claims(aud=audience))


def too_old(forger: Forger) -> str:
    start = int(forger.now.timestamp()) - 900 - forger.random.randrange(10**7)
    return forger.signed(forger.header(), forger.claims(iat=start, exp=start + 900))


def not_yet(forger: Forger) -> str:
    start = int(forger.now.timestamp()) + 120 + forger.random.randrange(10**7)
    return forger.signed(forger.header(), forger.claims(iat=start, exp=start + 900))


def not_before(forger: Forger) -> str:
    return forger.signed(forger.header(), forger.claims(nbf=int(forger.now.timestamp()) + 3600))


def an_odd_claim(forger: Forger) -> str:
    name = forger.random.choice(["iss", "aud", "sub", "sid", "iat", "exp"])
    return forger.signed(forger.header(), forger.claims(**{name: forger.random.choice(ODD_VALUES)}))


def a_claim_missing(forger: Forger) -> str:
    claims = forger.claims()
    del claims[forger.random.choice(list(claims))]
    return forger.signed(forger.header(), claims)


def a_claim_too_many(forger: Forger) -> str:
    extra = forger.random.choice([{"admin": True}, {"shop_id": str(forger.uuid())}, {"scope": "*"}, {"": 1}])
    return forger.signed(forger.header(), forger.claims(**extra))


def a_name_twice(forger: Forger) -> str:
    part, other = json.dumps(forger.claims()), json.dumps(forger.claims(aud="clerk"))
    header = json.dumps(forger.header())
    none = json.dumps(forger.header(alg="none"))
    return forger.random.choice(
        [
            forger.signed(header, part[:-1] + "," + other[1:]),
            forger.signed(header[:-1] + "," + none[1:], part),
            forger.signed(none[:-1] + "," + header[1:], part),
            forger.signed(header[:-1] + ',"kid":"1"}', part),
            forger.signed(header, part[:-1] + ',"sub":"' + str(forger.uuid()) + '"}'),
            forger.signed(header, part[:-1] + ',"\\u0073ub":"' + str(forger.uuid()) + '"}'),
        ]
    )


def nested(forger: Forger) -> str:
    depth = forger.random.choice([50, 200, 100_000])
    deep = '{"a":' * depth + "1" + "}" * depth
    return forger.random.choice(
        [
            forger.signed(deep, forger.claims()),
            forger.signed(forger.header(), deep),
            forger.signed(deep, deep),
        ]
    )


def oversized(forger: Forger) -> str:
    size = forger.random.choice([1_000, 8_000, 200_000])
    return forger.random.choice(
        [
            forger.signed(forger.header(), forger.claims(pad="x" * size)),
            forger.signed(forger.header(pad="x" * size), forger.claims()),
            forger.right() + "A" * size,
            "A" * size,
            "." * size,
        ]
    )


def a_bit_flipped(forger: Forger) -> str:
    parts = forger.right().split(".")
    at = forger.random.choice([0, 1, 2, 2, 2])
    padded = parts[at] + "=" * (-len(parts[at]) % 4)
    raw = bytearray(jwt.utils.base64url_decode(padded))
    raw[forger.random.randrange(len(raw))] ^= 1 << forger.random.randrange(8)
    parts[at] = encoded(bytes(raw))
    return ".".join(parts)


def cut_short(forger: Forger) -> str:
    right = forger.right()
    return right[: forger.random.randrange(len(right))]


def put_together(forger: Forger) -> str:
    """Header, claims and signature of tokens that are each right."""
    one, other = forger.right().split("."), forger.right().split(".")
    return forger.random.choice(
        [
            f"{one[0]}.{one[1]}.{other[2]}",
            f"{one[0]}.{other[1]}.{one[2]}",
            f"{one[1]}.{one[0]}.{one[2]}",
            ".".join([*one, other[2]]),
            ".".join([*one, *other[:2]]),
            f"{one[0]}.{one[1]}",
            f"{one[0]}..{one[2]}",
        ]
    )


def spelt_another_way(forger: Forger) -> str:
    """What a forgiving reader would read as the same token."""
    right = forger.right()
    header, claims, signature = right.split(".")
    last = signature[-1]
    other_last = next(letter for letter in "BCDFGHJKLNOPQRSTUVWXYZabcd" if letter != last)
    return forger.random.choice(
        [
            right + "=",
            right + "\n",
            " " + right,
            right.replace("-", "+").replace("_", "/") + "=",
            f"{header}=.{claims}.{signature}",
            f"{header}.{claims}==.{signature}",
            f"{header}.{claims}.{signature[:-1]}{other_last}",
            f"{header}.{claims}.{signature}.",
            f"Bearer {right}",
            f'"{right}"',
            right.replace(".", "%2E"),
            right + "\u200b",
            forger.signed(json.dumps(forger.header()).encode("utf-16").decode("latin-1"), forger.claims()),
        ]
    )


def no_token_at_all(forger: Forger) -> str:
    return forger.random.choice(
        [
            encoded(forger.random.randbytes(32)),
            str(forger.uuid()),
            "null",
            "undefined",
            "{}",
            "..",
            "...",
            json.dumps({"payload": encoded(json.dumps(forger.claims())), "signature": "AA"}),
            ".".join(encoded(forger.random.randbytes(forger.random.randrange(1, 40))) for _ in range(5)),
            ".".join(encoded(forger.random.randbytes(32)) for _ in range(3)),
            forger.signed("[]", forger.claims()),
            forger.signed(forger.header(), "[]"),
            forger.signed(forger.header(), '"text"'),
            forger.signed("", ""),
            forger.signed(forger.header(), '{"exp": NaN, "iat": -Infinity}'),
        ]
    )


KINDS: tuple[Callable[[Forger], str], ...] = (
    no_algorithm,
    another_hash,
    another_kind_of_key,
    a_public_key_as_secret,
    another_citys_key,
    a_weak_secret,
    another_ring_key,
    a_key_that_is_not_ours,
    a_key_brought_along,
    another_type,
    another_issuer,
    another_audience,
    too_old,
    not_yet,
    not_before,
    an_odd_claim,
    a_claim_missing,
    a_claim_too_many,
    a_name_twice,
    nested,
    oversized,
    a_bit_flipped,
    cut_short,
    put_together,
    spelt_another_way,
    no_token_at_all,
)


def hostile_tokens(ring: KeyRing, *, now: datetime, seed: int) -> Iterator[tuple[str, str]]:
    """Without end, the kinds in turn: (name of the kind, token)."""
    forger = Forger(Random(seed), ring, now)
    for kind in cycle(KINDS):
        yield kind.__name__, kind(forger)
