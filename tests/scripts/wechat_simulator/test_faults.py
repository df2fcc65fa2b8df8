"""Faults that only show on the wire: answers that break off, drip, come to some, or say anything."""

import socket
from typing import Any

import pytest
import requests

from tests.scripts.wechat_simulator.running import Simulator

PATH = "/wxa/msg_sec_check"


def test_half_an_answer_breaks_off(wechat: Simulator) -> None:
    wechat.fault(PATH, "half")
    with pytest.raises(requests.RequestException):
        wechat.post(PATH, {})


def test_a_dripping_answer_comes_byte_by_byte(wechat: Simulator) -> None:
    wechat.fault(PATH, "drip", delay_ms=5)
    port = int(wechat.base_url.rsplit(":", 1)[1])
    pieces = []
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"GET {PATH} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        while piece := connection.recv(4096):
            pieces.append(piece)
    assert len(pieces) > 20
    assert b"".join(pieces).endswith(b"}")


def test_a_fault_may_hit_a_share_of_the_calls_and_always_the_same(wechat: Simulator) -> None:
    runs = []
    for _ in range(2):
        wechat.reset()
        wechat.fault(PATH, "http500", times=None, share=0.5)
        runs.append([wechat.post(PATH, {}).status_code for _ in range(30)])
    assert runs[0] == runs[1]
    assert 5 <= runs[0].count(500) <= 25


@pytest.mark.parametrize("body", [{"errcode": "0"}, [], "text", 7, None])
def test_an_answer_may_be_anything(wechat: Simulator, body: Any) -> None:
    wechat.fault(PATH, "answer", body=body)
    assert wechat.post(PATH, {}).json() == body


def test_a_share_outside_of_its_bounds_is_refused(wechat: Simulator) -> None:
    for share in (0, 1.5):
        order = {"path": PATH, "mode": "http500", "share": share}
        assert wechat.post("/__sim/faults", order).status_code == 400
