"""A passkey in software: what a phone or a security key does when a browser asks it."""

import json
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from backend.vouchers.ticket.base64url import to_base64url

PRESENT, VERIFIED, NEW_KEY = 0x01, 0x04, 0x40
NOBODY_KNOWS_THE_MODEL = bytes(16)


@dataclass
class Authenticator:
    """`origin` is what the browser would say; `verifies` whether it asks its owner for a PIN."""

    origin: str
    verifies: bool = True
    uses: int = 0
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer of `navigator.credentials.create`."""
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: self._point()[:32], -3: self._point()[32:]})
        made = NOBODY_KNOWS_THE_MODEL + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cose
        data = self._data(options["rp"]["id"], NEW_KEY) + made
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client_data("webauthn.create", options["challenge"])
        return self._answer(clientDataJSON=client, attestationObject=attested)

    def get(self, options: dict[str, Any], *, counts: bool = True) -> dict[str, Any]:
        """The answer of `navigator.credentials.get`; a copy of the key would not have counted."""
        self.uses += counts
        data, client = self._data(options["rpId"]), self._client_data("webauthn.get", options["challenge"])
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _data(self, site: str, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return sha256(site.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4, "big")

    def _client_data(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _point(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        return numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")

    def _answer(self, **response: bytes) -> dict[str, Any]:
        name = to_base64url(self.credential_id)
        parts = {key: to_base64url(value) for key, value in response.items()}
        return {"id": name, "rawId": name, "type": "public-key", "response": parts}
