"""Nothing personal and nothing secret reaches the log, whoever writes it."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from backend.core.scopes import act_as_owner
from backend.web import logs
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.journey import Visitor
from tests.factories.people import new_person

NewVisitor = Callable[[], Visitor]

NUMBER = "42020219850520123X"
PHONE = "13812345678"
TICKET = "HS1:NCFOXN%TS3DH3ZSUZK+.V0ETD%65NL-AH$6IIO*2/:"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
NAMED = ["name", "real_name", "id_number", "phone", "openid", "unionid", "access_token", "Authorization"]
NAMED += ["refresh_token", "wechat_secret", "password", "Cookie", "session_key", "email"]
TEXTS = [NUMBER, NUMBER.lower(), PHONE, f"+86{PHONE}", TICKET, TOKEN, "li.na+1@mail.example.gov.cn"]


class Person:
    """Something that shows what it should not when it is printed."""

    def __repr__(self) -> str:
        return f"<Person {NUMBER} {PHONE}>"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What reaches standard error when everything down to DEBUG is logged."""
    root, stream = logging.getLogger(), io.StringIO()
    before = (root.handlers[:], root.level)
    monkeypatch.setattr("sys.stderr", stream)
    logs.configure("DEBUG")
    yield stream
    root.handlers[:], root.level = before


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.mark.parametrize("name", NAMED)
def test_values_under_telling_names_are_hidden(written: io.StringIO, name: str) -> None:
    structlog.get_logger().info("happened", **{name: "Wang Xiaoming", "shop": {"deep": [{name: "Li Na"}]}})
    assert lines(written)[0][name] == logs.HIDDEN
    assert "Wang" not in written.getvalue()
    assert "Li Na" not in written.getvalue()


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    "wrap",
    [
        lambda text: text,
        lambda text: f"code {text} was scanned",
        lambda text: f"号码{text}不对",
        lambda text: f"a_{text}_b",
        lambda text: [{"deep": (1, [text])}],
        lambda text: {text: 1},
        lambda text: {1, text},
        lambda text: text.encode(),
        lambda text: ValueError(text),
    ],
    ids=[
        "bare",
        "in a sentence",
        "in chinese",
        "in a word",
        "deep",
        "as a key",
        "in a set",
        "bytes",
        "an error",
    ],
)
def test_telling_texts_are_hidden_wherever_they_stand(
    written: io.StringIO, text: str, wrap: Callable[[str], Any]
) -> None:
    structlog.get_logger().info("happened", what=wrap(text))
    assert text not in written.getvalue()
    assert logs.HIDDEN in written.getvalue()
    assert lines(written)[0]["event"] == "happened"


def test_what_an_object_shows_of_itself_is_hidden(written: io.StringIO) -> None:
    structlog.get_logger().info("happened", who=Person(), others=[Person()])
    assert NUMBER not in written.getvalue()
    assert "Person" in written.getvalue()


def test_secrets_in_addresses_are_hidden(written: io.StringIO) -> None:
    address = (
        "https://api.weixin.qq.com/sns/jscode2session?appid=wx1&secret=s3cr3t&js_code=c0d3&access_token=t0k3n"
    )
    structlog.get_logger().info(f"GET {address}", url=address, urls=[address])
    for secret in ("s3cr3t", "c0d3", "t0k3n"):
        assert secret not in written.getvalue()
    assert lines(written)[0]["url"].startswith("https://api.weixin.qq.com/")


@pytest.mark.parametrize("text", TEXTS)
def test_libraries_logs_pass_the_same_redaction(written: io.StringIO, text: str) -> None:
    library = logging.getLogger("some.library")
    library.warning("bad value %s", text)
    library.warning("bad values", extra={"values": {"deep": text}})
    library.debug(f"plain {text}")
    assert text not in written.getvalue()
    assert [line["event"] for line in lines(written)] == [
        f"bad value {logs.HIDDEN}",
        "bad values",
        f"plain {logs.HIDDEN}",
    ]


@pytest.mark.parametrize("text", TEXTS)
def test_exceptions_are_logged_with_their_trace_and_without_the_text(written: io.StringIO, text: str) -> None:
    def fail() -> None:
        raise ValueError(f"cannot read {text}")

    for log in (structlog.get_logger(), logging.getLogger("some.library")):
        try:
            fail()
        except ValueError:
            log.exception("it failed")
    assert text not in written.getvalue()
    for line in lines(written):
        assert "cannot read" in line["exception"]
        assert "in fail" in line["exception"]


def test_the_row_that_the_database_refused_is_hidden(written: io.StringIO, db: Session) -> None:
    act_as_owner(db)  # of a guarded table the database tells nobody else the values
    with pytest.raises(IntegrityError) as refused:
        db.execute(
            text("INSERT INTO clerk_invites (id, created_at) VALUES (gen_random_uuid(), :moment)"),
            {"moment": "1985-05-20"},
        )
    assert "1985-05-20" in str(refused.value)
    structlog.get_logger().error("it failed", exc_info=refused.value)
    assert "1985-05-20" not in lines(written)[0]["exception"]
    assert "clerk_invites" in lines(written)[0]["exception"]


@pytest.mark.parametrize(
    "statement",
    ["SELECT CAST(:value AS integer)", "SELECT CAST(:value AS uuid)", "SELECT CAST(:value AS date)"],
)
@pytest.mark.parametrize("value", ["欧阳晓燕", '欧阳"晓"燕', "欧阳\n晓燕"])
def test_the_value_that_the_database_could_not_read_is_hidden(
    written: io.StringIO, db: Session, statement: str, value: str
) -> None:
    with pytest.raises(DBAPIError) as refused:
        db.execute(text(statement), {"value": value})
    assert value in str(refused.value.orig)
    structlog.get_logger().error("it failed", exc_info=refused.value)
    told = lines(written)[0]["exception"]
    assert "欧阳" not in told
    assert "晓燕" not in told
    assert "invalid input syntax for type" in told
    assert statement.split()[0] in told, "the statement stays, to look for the fault"


def test_what_is_harmless_stays_readable(written: io.StringIO) -> None:
    harmless = {
        "code": "voucher.sold_out",
        "status": 409,
        "ms": 1.5,
        "count": 12,
        "route": "/vouchers",
        "ok": None,
    }
    structlog.get_logger().info("refused", **harmless)
    assert harmless.items() <= lines(written)[0].items()


def test_every_line_is_one_json_object(written: io.StringIO) -> None:
    structlog.get_logger().info("two\nlines", text='a "quoted" text\n secret=x" b')
    assert len(lines(written)) == 1


def test_a_whole_journey_leaves_no_person_in_the_log(
    visitor: NewVisitor, db: Session, written: io.StringIO
) -> None:
    shop = new_shop(db)
    incentive = new_incentive(db, shops=[shop])
    resident, clerk, person = visitor(), visitor(), new_person(name="欧阳晓燕")
    resident.become_scored(db, person)
    clerk.become_clerk(db, shop)
    code = resident.show(voucher_id=resident.claim(incentive.id, key="claim-1").json["id"])
    clerk.post("/merchant/validations", {"code": code})
    assert clerk.redeem(code).status_code == 201
    refusal(clerk.redeem(code), 409, "voucher.already_redeemed")
    refusal(resident.bind(new_person()), 409, "identity.already_bound")
    other = visitor()
    other.sign_in()
    refusal(other.bind(person), 409, "identity.bound_elsewhere")
    resident.get("/resident/score")
    resident.delete("/resident/consents/scoring")
    resident.delete("/resident/session")

    text = written.getvalue()
    openids = [resident.simulator.person(visitor.user)["openid"] for visitor in (resident, clerk, other)]
    secrets = [person.name, "欧**燕", person.id_number, code, *openids]
    secrets += [
        visitor.tokens[kind] for visitor in (resident, clerk) for kind in ("access_token", "refresh_token")
    ]
    assert [secret for secret in secrets if secret in text] == []
    refused = [line["code"] for line in lines(written) if line["event"] == "refused"]
    assert refused == ["voucher.already_redeemed", "identity.already_bound", "identity.bound_elsewhere"]
    assert all(line["request_id"] for line in lines(written) if line["event"] == "answered")


def test_logs_say_when_in_utc(written: io.StringIO) -> None:
    structlog.get_logger().info("happened")
    told = datetime.fromisoformat(lines(written)[0]["timestamp"])
    assert abs((datetime.now(UTC) - told).total_seconds()) < 60
