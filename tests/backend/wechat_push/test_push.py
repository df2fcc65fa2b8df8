"""What WeChat pushes: taken once when it is WeChat's, refused otherwise, worked on after the answer."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.config import TRIAL_PUSH_AES_KEY, TRIAL_PUSH_TOKEN
from backend.main import Parts
from backend.web.application import Application
from backend.wechat import pushes
from backend.wechat.models import Push
from scripts.wechat_simulator.pushing import Target, pack, sign
from tests.factories.answers import refusal
from tests.scripts.wechat_simulator.running import APPID

TARGET = Target("", TRIAL_PUSH_TOKEN, TRIAL_PUSH_AES_KEY)
_second = count(1_700_000_000)


def event(**fields: Any) -> dict[str, Any]:
    """An event that nothing here knows, each another one."""
    stamp = str(next(_second))
    known = {"FromUserName": f"oPusher{stamp}", "CreateTime": stamp, "MsgType": "event", "Event": "tests"}
    return known | fields


@pytest.fixture
def phone(app: Application) -> FlaskClient:
    return app.test_client()


def push(
    client: FlaskClient,
    message: dict[str, Any],
    target: Target = TARGET,
    *,
    appid: str = APPID,
    age: timedelta = timedelta(),
    query: dict[str, str] | None = None,
    body: bytes | None = None,
) -> TestResponse:
    stamp = int((datetime.now(UTC) - age).timestamp())
    given_query, given_body = pack(message, target, appid=appid, timestamp=stamp)
    return client.post(
        "/wechat/push",
        query_string=given_query | (query or {}),
        data=given_body if body is None else body,
        content_type="application/json",
    )


def kept(db: Session, message: dict[str, Any]) -> list[Push]:
    db.rollback()
    digest = pushes.digest_of(message)
    return list(db.scalars(select(Push).where(Push.digest == digest)))


def test_wechat_finds_out_that_the_address_is_ours(phone: FlaskClient) -> None:
    stamp, nonce = str(int(datetime.now(UTC).timestamp())), "1514711492"
    query = {"timestamp": stamp, "nonce": nonce, "echostr": "4375120948345356249"}
    right = phone.get("/wechat/push", query_string=query | {"signature": sign(TARGET.token, stamp, nonce)})
    assert (right.status_code, right.text) == (200, "4375120948345356249")
    assert right.content_type.startswith("text/plain")
    wrong = phone.get("/wechat/push", query_string=query | {"signature": sign("other", stamp, nonce)})
    refusal(wrong, 403, "wechat.push_forbidden")
    refusal(phone.get("/wechat/push"), 403, "wechat.push_forbidden")


def test_a_push_is_stored_sealed_and_answered(phone: FlaskClient, db: Session) -> None:
    message = event(Content="金丝雀")
    answer = push(phone, message)
    assert (answer.status_code, answer.text) == (200, "success")
    (stored,) = kept(db, message)
    assert json.loads(stored.body or "") == message
    assert b"oPusher" not in stored.body_cipher
    assert stored.event == "tests"
    assert stored.handled_at is None


def test_three_deliveries_of_one_push_are_one(phone: FlaskClient, db: Session) -> None:
    message = event()
    assert [push(phone, message).text for _ in range(3)] == ["success"] * 3
    assert len(kept(db, message)) == 1


def test_two_events_of_one_person_in_one_second_are_two(phone: FlaskClient, db: Session) -> None:
    first = event(List={"TemplateId": "a"})
    second = first | {"List": {"TemplateId": "b"}}
    for message in (first, second):
        assert push(phone, message).text == "success"
    assert len(kept(db, first)) == len(kept(db, second)) == 1


def test_a_message_is_known_by_its_number(phone: FlaskClient, db: Session) -> None:
    message = event(MsgType="text", MsgId=next(_second) * 10**9, Content="你好")
    push(phone, message)
    push(phone, message | {"CreateTime": "1"})
    assert len(kept(db, message)) == 1


def test_what_wechat_did_not_sign_is_refused(phone: FlaskClient, db: Session) -> None:
    message = event()
    forged = push(phone, message, replace(TARGET, token="another-token"))
    refusal(forged, 403, "wechat.push_forbidden")
    swapped = push(phone, message, query={"msg_signature": "0" * 40})
    refusal(swapped, 403, "wechat.push_forbidden")
    refusal(push(phone, message, query={"msg_signature": "签名"}), 403, "wechat.push_forbidden")
    assert kept(db, message) == []


def test_a_sealed_body_of_another_push_does_not_fit_the_signature(phone: FlaskClient, db: Session) -> None:
    message = event()
    _, other = pack(event(), TARGET, appid=APPID)
    refusal(push(phone, message, body=other), 403, "wechat.push_forbidden")


@pytest.mark.parametrize("minutes", [-5, 5])
def test_clocks_may_be_five_minutes_apart(phone: FlaskClient, minutes: int) -> None:
    assert push(phone, event(), age=timedelta(minutes=minutes)).text == "success"


@pytest.mark.parametrize("minutes", [-15, 15])
def test_an_old_address_is_refused(phone: FlaskClient, db: Session, minutes: int) -> None:
    message = event()
    refusal(push(phone, message, age=timedelta(minutes=minutes)), 403, "wechat.push_forbidden")
    assert kept(db, message) == []


@pytest.mark.parametrize("stamp", ["", "soon", "-1", "9" * 40, "１７１４０３６５０４"])
def test_a_time_that_is_none_is_refused(phone: FlaskClient, stamp: str) -> None:
    nonce = "1"
    query, body = pack(event(), TARGET, appid=APPID)
    sealed = json.loads(body)["Encrypt"]
    query |= {
        "timestamp": stamp,
        "nonce": nonce,
        "msg_signature": sign(TARGET.token, stamp, nonce, sealed),
    }
    refusal(phone.post("/wechat/push", query_string=query, data=body), 403, "wechat.push_forbidden")


def test_a_push_for_another_mini_program_is_refused(phone: FlaskClient) -> None:
    refusal(push(phone, event(), appid="wx0000000000000002"), 403, "wechat.push_forbidden")


def test_a_push_that_our_key_does_not_open_is_refused(phone: FlaskClient) -> None:
    for number in range(20):  # what a wrong key makes of it is different each time
        target = replace(TARGET, aes_key=f"{number:02}" + TRIAL_PUSH_AES_KEY[2:])
        assert push(phone, event(), target).json["code"] in (
            "wechat.push_forbidden",
            "wechat.push_unreadable",
        )


def test_plain_and_xml_are_refused_with_the_way_to_mend_it(phone: FlaskClient) -> None:
    for target in (
        replace(TARGET, sealed=False),
        replace(TARGET, form="xml"),
        replace(TARGET, form="xml", sealed=False),
    ):
        problem = refusal(push(phone, event(), target), 422, "wechat.push_unreadable")
        assert "安全模式" in problem["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b'{"Encrypt": 1}',
        b'{"Encrypt": null}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_a_body_that_is_no_push_is_refused(phone: FlaskClient, body: bytes) -> None:
    refusal(push(phone, event(), body=body), 422, "wechat.push_unreadable")


def test_a_truncated_body_is_refused(phone: FlaskClient) -> None:
    _, body = pack(event(), TARGET, appid=APPID)
    refusal(push(phone, event(), body=body[:-10]), 422, "wechat.push_unreadable")


@pytest.mark.parametrize("sealed", ["", "AAAA", "A" * 64, "A" * 63, "not base64 !!", "锁"])
def test_nonsense_with_a_right_signature_is_refused(phone: FlaskClient, sealed: str) -> None:
    stamp, nonce = str(int(datetime.now(UTC).timestamp())), "1"
    query = {
        "timestamp": stamp,
        "nonce": nonce,
        "msg_signature": sign(TARGET.token, stamp, nonce, sealed),
    }
    answer = phone.post("/wechat/push", query_string=query, json={"Encrypt": sealed})
    assert answer.json["code"] in ("wechat.push_unreadable", "wechat.push_forbidden")


def test_a_body_over_a_megabyte_is_refused_unread(phone: FlaskClient) -> None:
    refusal(push(phone, event(), body=b"x" * (1024 * 1024 + 1)), 413, "request.too_large")


@pytest.mark.parametrize("name", [None, "", 7, "x" * 65, "坏", "a\x00b", ["list"], {"a": 1}])
def test_an_event_of_no_name_is_kept_all_the_same(phone: FlaskClient, db: Session, name: Any) -> None:
    message = event(Event=name, MsgType=name)
    assert push(phone, message).text == "success"
    (stored,) = kept(db, message)
    assert stored.event == "unknown"


@pytest.fixture
def heard(parts: Parts) -> Iterator[list[dict[str, Any]]]:
    """What parts further left are told."""
    told: list[dict[str, Any]] = []

    def listen(_db: Session, *, message: dict[str, Any], now: datetime) -> None:
        told.append(message)
        if message.get("Event") == "trouble":
            raise RuntimeError("this part cannot take it")

    pushes.push_received.connect(listen)
    yield told
    pushes.push_received.disconnect(listen)


def queued(db: Session, push_id: UUID) -> int:
    query = text("SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'push_id' = :id")
    return db.scalar(query, {"id": str(push_id)}) or 0


def test_the_work_is_queued_with_the_push_and_done_once(
    phone: FlaskClient, db: Session, parts: Parts, heard: list[dict[str, Any]]
) -> None:
    message = event()
    push(phone, message)
    (stored,) = kept(db, message)
    assert heard == []
    assert queued(db, stored.id) == 1
    for _ in range(2):
        with parts.sessions.begin() as work:
            pushes.handle_push(work, stored.id, now=datetime.now(UTC))
    assert [told["FromUserName"] for told in heard] == [message["FromUserName"]]
    assert kept(db, message)[0].handled_at


def test_what_a_part_cannot_take_stays_to_be_done(
    phone: FlaskClient, db: Session, parts: Parts, heard: list[dict[str, Any]]
) -> None:
    message = event(Event="trouble")
    push(phone, message)
    (stored,) = kept(db, message)
    with pytest.raises(RuntimeError), parts.sessions.begin() as work:
        pushes.handle_push(work, stored.id, now=datetime.now(UTC))
    assert kept(db, message)[0].handled_at is None


def test_pushes_are_forgotten_after_thirty_days(phone: FlaskClient, db: Session) -> None:
    old, recent = event(), event()
    for message in (old, recent):
        push(phone, message)
    (stored,) = kept(db, old)
    stored.received_at = datetime.now(UTC) - timedelta(days=31)
    db.commit()
    assert pushes.forget_old_pushes(db, now=datetime.now(UTC)) >= 1
    db.commit()
    assert kept(db, old) == []
    assert len(kept(db, recent)) == 1
