"""Who wants which messages: WeChat's word counts, the phone's is a hint until then."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from backend.config import TRIAL_PUSH_AES_KEY, TRIAL_PUSH_TOKEN
from backend.core.clock import ShiftedClock
from backend.main import Parts
from backend.notices import events, messages
from backend.notices.models import MessageState
from backend.web.application import Application
from backend.wechat import jobs as wechat_jobs
from backend.wechat.messages import SendOutcome, Sent
from tests.backend.notices.conftest import CLAIMED, ENDS_SOON, REDEEMED, Correspondent, send
from tests.factories.answers import refusal
from tests.factories.trail import audit_actions
from tests.scripts.wechat_simulator.running import Simulator

NOW = datetime.now(UTC)


@pytest.fixture
def someone(resident_with_phone: Correspondent) -> Correspondent:
    return resident_with_phone


def push(someone: Correspondent, name: str, *entries: dict[str, Any], now: datetime | None = None) -> None:
    """WeChat tells something about this resident; one entry comes without its list."""
    message = {
        "FromUserName": someone.openid,
        "Event": name,
        "List": entries[0] if len(entries) == 1 else list(entries),
    }
    events.take_push(someone.db, message=message, now=now or datetime.now(UTC))
    someone.db.commit()


def answered(someone: Correspondent, kind: Any, status: str) -> dict[str, str]:
    return {
        "TemplateId": someone.template(kind).id,
        "SubscribeStatusString": status,
        "PopupScene": "0",
    }


def hint(someone: Correspondent, **results: str) -> Any:
    return someone.visitor.post("/resident/message-consents", {"results": results})


def test_the_phone_learns_for_which_templates_to_ask(someone: Correspondent) -> None:
    someone.agree(ENDS_SOON)
    items = someone.visitor.get("/resident/message-templates").json["items"]
    assert {item["notice_kind"]: (item["kind"], item["agreed"]) for item in items} == {
        "voucher_claimed": ("one_time", False),
        "voucher_redeemed": ("one_time", False),
        "voucher_reversed": ("one_time", False),
        "voucher_ends_soon": ("long_term", True),
    }
    assert {item["template_id"] for item in items} == {
        template.id for template in someone.parts.city.messages.values()
    }


def test_wechats_word_is_counted(someone: Correspondent) -> None:
    push(someone, events.POPUP, answered(someone, CLAIMED, "accept"))
    push(someone, events.POPUP, answered(someone, CLAIMED, "accept"), answered(someone, ENDS_SOON, "accept"))
    push(someone, events.POPUP, answered(someone, ENDS_SOON, "accept"))
    assert someone.credit(CLAIMED) == (2, False)
    assert someone.credit(ENDS_SOON) == (1, False)  # long-term: agreed is agreed
    assert audit_actions(someone.db, "resident", someone.id)[-4:] == ["messages.agreed"] * 4


@pytest.mark.parametrize("name", [events.POPUP, events.CHANGE])
def test_a_refusal_ends_all_agreements_to_that_template(someone: Correspondent, name: str) -> None:
    someone.agree(CLAIMED, times=3)
    someone.agree(REDEEMED)
    push(someone, name, answered(someone, CLAIMED, "reject"))
    assert someone.credit(CLAIMED) == (0, False)
    assert someone.credit(REDEEMED) == (1, False)


def test_the_phones_word_serves_until_wechats_arrives(someone: Correspondent) -> None:
    answer = hint(someone, **{someone.template(CLAIMED).id: "acceptWithAudio"})
    assert answer.status_code == 200
    agreed = {item["notice_kind"]: item["agreed"] for item in answer.json["items"]}
    assert agreed["voucher_claimed"]
    assert someone.credit(CLAIMED) == (0, True)
    push(someone, events.POPUP, answered(someone, CLAIMED, "accept"))
    assert someone.credit(CLAIMED) == (1, False)


def test_the_phones_word_after_wechats_counts_nothing_twice(someone: Correspondent) -> None:
    push(someone, events.POPUP, answered(someone, CLAIMED, "accept"))
    hint(someone, **{someone.template(CLAIMED).id: "accept"})
    assert someone.credit(CLAIMED) == (1, False)


def test_another_dialog_later_is_another_hint(someone: Correspondent, clock: ShiftedClock) -> None:
    push(someone, events.POPUP, answered(someone, CLAIMED, "accept"))
    clock.ahead = timedelta(minutes=6)
    hint(someone, **{someone.template(CLAIMED).id: "accept"})
    assert someone.credit(CLAIMED) == (1, True)


def test_a_hint_is_good_for_one_message(someone: Correspondent) -> None:
    template = someone.template(CLAIMED).id
    someone.visitor.simulator.subscribe(someone.visitor.user, **{template: "accept"})
    hint(someone, **{template: "accept"})
    first, second = someone.tell(), someone.tell()
    send(first, second)
    assert [someone.state(first), someone.state(second)] == [MessageState.SENT, MessageState.REFUSED]


@pytest.mark.parametrize("result", ["reject", "ban", "filter"])
def test_a_no_on_the_phone_is_believed_at_once(someone: Correspondent, result: str) -> None:
    someone.agree(CLAIMED, times=2)
    hint(someone, **{someone.template(CLAIMED).id: result})
    assert someone.credit(CLAIMED) == (0, False)
    assert audit_actions(someone.db, "resident", someone.id)[-1] == "messages.answered"


def test_a_template_of_another_version_is_passed_over(someone: Correspondent) -> None:
    assert hint(someone, OldTemplate="accept").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"results": {}},
        {"results": {"a": "yes"}},
        {"results": {"": "accept"}},
        {"results": {"a" * 65: "accept"}},
        {"results": {str(number): "accept" for number in range(6)}},
        {"results": ["accept"]},
        {"results": {"a": "accept"}, "more": 1},
    ],
)
def test_an_answer_of_another_shape_is_refused(someone: Correspondent, body: Any) -> None:
    refusal(someone.visitor.post("/resident/message-consents", body), 422, "request.invalid")


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"Event": events.POPUP},
        {"Event": events.POPUP, "FromUserName": ["o"]},
        {"Event": events.POPUP, "FromUserName": "oStranger"},
        {"Event": "another_event", "FromUserName": "oStranger"},
        {"Event": None, "FromUserName": "oStranger", "List": 7},
    ],
)
def test_what_says_nothing_of_ours_is_passed_over(db: Session, parts: Parts, message: dict[str, Any]) -> None:
    events.take_push(db, message=message, now=NOW)
    assert not db.dirty


@pytest.mark.parametrize("entries", [[], [7, None, "x"], [{}], [{"TemplateId": "x"}], [{"TemplateId": None}]])
def test_entries_that_say_nothing_are_passed_over(someone: Correspondent, entries: list[Any]) -> None:
    for name in (events.POPUP, events.CHANGE, events.SENT):
        push(someone, name, *entries)
    assert someone.credit(CLAIMED) == (0, False)


def test_agreements_go_with_the_account(someone: Correspondent) -> None:
    someone.agree(CLAIMED)
    someone.db.execute(text("DELETE FROM sessions WHERE resident_id = :id"), {"id": someone.id})
    someone.db.execute(text("DELETE FROM residents WHERE id = :id"), {"id": someone.id})
    someone.db.commit()
    assert someone.credit(CLAIMED) == (0, False)


# What became of a message, by what WeChat tells in the end.


def sent(someone: Correspondent, msgid: str | None, error: str = "0") -> dict[str, Any]:
    return {"TemplateId": someone.template(CLAIMED).id, "MsgID": msgid, "ErrorCode": error}


def leave(someone: Correspondent, outcome: Sent) -> Any:
    """A message that was sent with this outcome."""
    someone.agree(CLAIMED)
    notice = someone.tell()
    now = datetime.now(UTC)
    messages.begin_sending(someone.db, notice, now=now)
    someone.db.commit()
    messages.end_sending(someone.db, notice, outcome, now=now)
    someone.db.commit()
    return notice


def test_an_unknown_message_is_confirmed_later(someone: Correspondent) -> None:
    notice = leave(someone, Sent(SendOutcome.UNKNOWN))
    push(someone, events.SENT, sent(someone, "2000000123"))
    message = someone.message(notice)
    assert message is not None
    assert (message.state, message.msgid) == (MessageState.CONFIRMED, "2000000123")


def test_a_message_that_failed_at_wechat_is_settled_so(someone: Correspondent) -> None:
    notice = leave(someone, Sent(SendOutcome.SENT, "42"))
    push(someone, events.SENT, sent(someone, "42", error="-1"))
    assert someone.state(notice) == MessageState.FAILED


def test_of_several_the_one_of_that_number_is_meant(someone: Correspondent) -> None:
    notices = [leave(someone, Sent(SendOutcome.SENT, number)) for number in ("41", "42", "43")]
    push(someone, events.SENT, sent(someone, "42"))
    states = [someone.state(notice) for notice in notices]
    assert states == [MessageState.SENT, MessageState.CONFIRMED, MessageState.SENT]


def test_the_word_about_another_message_confirms_none(someone: Correspondent) -> None:
    notice = leave(someone, Sent(SendOutcome.SENT, "42"))
    push(someone, events.SENT, sent(someone, "77"))
    assert someone.state(notice) == MessageState.SENT


def test_a_word_without_a_message_changes_nothing(someone: Correspondent) -> None:
    push(someone, events.SENT, sent(someone, "42"))


# All of it together, over real HTTP in both directions.


@pytest.fixture
def address(app: Application, simulator: Simulator) -> Iterator[str]:
    """Where the simulator can push to."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{server.port}/wechat/push"
    yield url
    simulator.control("push-target", url=None, token="", aes_key=TRIAL_PUSH_AES_KEY)
    server.shutdown()
    thread.join(10)
    server.server_close()


def test_from_the_dialog_to_the_confirmation(
    correspondent: Callable[[], Correspondent], simulator: Simulator, address: str
) -> None:
    someone = correspondent()
    simulator.control("push-target", url=address, token=TRIAL_PUSH_TOKEN, aes_key=TRIAL_PUSH_AES_KEY)
    before = len(simulator.look("pushes"))
    simulator.subscribe(someone.visitor.user, **{someone.template(CLAIMED).id: "accept"})
    work_on_pushes(someone, simulator, before + 1)
    assert someone.credit(CLAIMED) == (1, False)
    notice = someone.tell()
    send(notice)
    assert someone.state(notice) == MessageState.SENT
    work_on_pushes(someone, simulator, before + 2)
    assert someone.state(notice) == MessageState.CONFIRMED
    assert [attempt["answer"] for attempt in simulator.look("pushes")[before:]] == ["success"] * 2


def work_on_pushes(someone: Correspondent, simulator: Simulator, expected: int) -> None:
    """Wait until the simulator has had its answer, then do the queued work, in its order."""
    deadline = datetime.now(UTC) + timedelta(seconds=15)
    while len(simulator.look("pushes")) < expected:
        assert datetime.now(UTC) < deadline
    waiting = text("SELECT id FROM wechat_pushes WHERE handled_at IS NULL ORDER BY received_at")
    for push_id in someone.db.scalars(waiting).all():
        wechat_jobs.handle_push(push_id=str(push_id))
