import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.vouchers.ticket.base64url import from_base64url, to_base64url
from backend.vouchers.ticket.malformed import MalformedTicket


@given(st.binary(max_size=110))
def test_bytes_travel_unpadded_and_come_back(raw):
    travelling = to_base64url(raw)
    assert "=" not in travelling
    assert from_base64url(travelling, length=len(raw)) == raw


@pytest.mark.parametrize(
    ("travelling", "reason"),
    [
        ("A" * 21, "wrong_length"),
        ("A" * 22 + "==", "wrong_length"),
        ("A" * 21 + "=", "wrong_alphabet"),
        ("A" * 21 + "+", "wrong_alphabet"),
        ("A" * 21 + "\n", "wrong_alphabet"),
        ("A" * 21 + "é", "wrong_alphabet"),
        ("A" * 21 + "B", "not_canonical"),
    ],
)
def test_an_anchor_written_in_any_other_way_is_refused(travelling, reason):
    with pytest.raises(MalformedTicket) as refusal:
        from_base64url(travelling, length=16)
    assert refusal.value.reason == reason
