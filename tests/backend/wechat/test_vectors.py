"""The examples that WeChat's pages publish."""

import hmac
from hashlib import sha256

from backend.wechat.faces import cert_hash
from backend.wechat.push_seal import sign


def test_the_signature_of_an_address() -> None:
    assert sign("AAAAA", "1714036504", "1514711492") == "f464b24fc39322e44b38aa78f5edd27bd1441696"


def test_the_signature_of_a_plain_push() -> None:
    assert sign("AAAAA", "1714037059", "486452656") == "899cf89e464efb63f54ddac96b0a0a235f53aa78"


def test_the_fingerprint_of_an_identity() -> None:
    assert cert_hash(name="张三", id_number="310101199801011234") == (
        "3c241f7ff324977aeb91f173bb2a7b06569e6fd784d5573db34a636d8671108b"
    )


def test_the_simulator_computes_the_same_on_its_own() -> None:
    from scripts.wechat_simulator import faces, pushing

    assert faces.cert_hash("IDENTITY_CARD", "张三", "310101199801011234") == cert_hash(
        name="张三", id_number="310101199801011234"
    )
    assert pushing.sign("AAAAA", "1714036504", "1514711492") == sign("AAAAA", "1714036504", "1514711492")


def test_the_login_state_signature_takes_the_key_as_its_text() -> None:
    """We do not keep session keys, so no call of ours uses it; the vector stands for whoever will."""
    key, body = b"o0q0otL8aEzpcZL/FT9WsQ==", b'{"foo":"bar"}'
    assert hmac.new(key, body, sha256).hexdigest() == (
        "654571f79995b2ce1e149e53c0a33dc39c0a74090db514261454e8dbe432aa0b"
    )
