"""Nobody can be found where nobody may stand: a whole journey of a person whose every word is known."""

import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.audit import service as audit
from backend.identity import binding
from backend.identity.providers import Face
from backend.main import Parts
from backend.notices import credits, jobs
from backend.notices.models import Message, NoticeKind
from backend.scoring.jobs import rescore
from backend.scoring.models import Score
from backend.vouchers import honouring
from backend.web import logs
from backend.web.application import Application
from scripts.canary_scan import Canary, Found, Search, dump, forms_of
from scripts.wechat_simulator.persons import unionid
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.journey import Visitor
from tests.factories.people import NewPerson, new_person
from tests.factories.records import hold_record
from tests.scripts.wechat_simulator.running import Simulator

PHONE = "13971284659"
NAME = "钟离雪琪"
OTHER_NAME = "澹台望舒"
# Here a score may stand, and only as numbers beside a random id.
SCORE_TABLES = {"public.scores", "public.score_months"}
ERRORS = {400, 404, 405, 409, 413, 415, 422, 423, 500, 503}


@dataclass
class Recorded(Visitor):
    """Keeps every answer."""

    answers: list[TestResponse] = field(default_factory=list)

    def call(self, method: str, path: str, *, key: str | None = None, **options: Any) -> TestResponse:
        answer = super().call(method, path, key=key, **options)
        self.answers.append(answer)
        return answer

    def told(self) -> str:
        return "\n".join(f"{answer.status} {answer.headers} {answer.text}" for answer in self.answers)


@dataclass
class Journey:
    """What was said and written while a person went all the way."""

    person: NewPerson
    resident: Recorded
    clerk: Recorded
    score_milli: int
    canaries: list[Canary]
    log: str = ""
    metrics: str = ""
    tables: dict[str, bytes] = field(default_factory=dict)

    @property
    def error_pages(self) -> str:
        pages = [*self.resident.answers, *self.clerk.answers]
        return "\n".join(answer.text for answer in pages if answer.status_code >= 400)


@pytest.fixture(scope="module")
def written() -> Iterator[io.StringIO]:
    """All that is logged, down to the smallest."""
    root, stream = logging.getLogger(), io.StringIO()
    before = (root.handlers[:], root.level)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stderr", stream)
        logs.configure("DEBUG")
    yield stream
    root.handlers[:], root.level = before


@pytest.fixture(scope="module")
def journey(
    app: Application, parts: Parts, simulator: Simulator, database_url: str, written: io.StringIO
) -> Journey:
    with parts.sessions() as db, pytest.MonkeyPatch.context() as patch:
        providers = app.extensions["identity_providers"]
        patch.setitem(providers, "face", Face(app.extensions["wechat"]))
        walked = walk(db, app, parts, simulator, patch)
        fail_in_every_way(walked, db, patch, simulator)
        subject = UUID(walked.resident.tokens["resident"]["id"])
        assert db.scalar(select(Score.score_milli).where(Score.resident_id == subject))
    walked.log = written.getvalue()
    walked.metrics = walked.clerk.client.get("/metrics").text
    with psycopg.connect(database_url) as connection:
        walked.tables = dict(dump(connection))
    return walked


def walk(
    db: Session, app: Application, parts: Parts, simulator: Simulator, patch: pytest.MonkeyPatch
) -> Journey:
    person, shop = new_person(name=NAME), new_shop(db)
    resident, clerk = (Recorded(app.test_client(), simulator) for _ in range(2))
    account = simulator.person(resident.user, unionid=True)
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    hold_record(db, person.id_number, "volunteer-hours", occurred_on=yesterday, quantity=7)
    resident.become_scored(db, person)
    clerk.become_clerk(db, shop)
    prove_with_face(resident, person, simulator)
    told = resident.post("/resident/phone", {"code": simulator.tap_phone(resident.user, number=PHONE)})
    assert told.status_code == 200, told.text
    agree_to_messages(db, resident, parts, simulator)
    voucher, standing = new_incentive(db, shops=[shop]), new_incentive(db, shops=[shop], form="standing")  # type: ignore[arg-type]
    held = resident.claim(voucher.id, key=token_hex(8)).json["id"]  # type: ignore[index]
    code = resident.show(voucher_id=held)
    assert clerk.post("/merchant/validations", {"code": code}).json["entitled"] is True  # type: ignore[index]
    redeemed = clerk.redeem(code)
    assert redeemed.status_code == 201, redeemed.text
    used = f"/merchant/redemptions/{redeemed.json['id']}/reversal"  # type: ignore[index]
    clerk.post(used, {"reason": "扫错了"}, key=token_hex(8))
    assert clerk.redeem(resident.show(incentive_id=standing.id)).status_code == 201
    for path in ("redemptions", "summary", "session", "revoked-tickets"):
        assert clerk.get(f"/merchant/{path}").status_code == 200
    for path in ("score", "score/history", "identity", "phone", "vouchers", "notices", "access-log"):
        assert resident.get(f"/resident/{path}").status_code == 200
    resident_id = UUID(resident.tokens["resident"]["id"])
    rescore.func(resident_id=str(resident_id))
    messages = db.scalars(select(Message.notice_id).where(Message.resident_id == resident_id)).all()
    assert messages, "so messages to the person's account are among what was done"
    db.rollback()
    jobs.send_messages.func(notice_ids=[str(notice_id) for notice_id in messages])
    score = resident.get("/resident/score").json
    canaries = [
        Canary("name", person.name),
        Canary("ID number", person.id_number),
        Canary("phone", PHONE),
        Canary("openid", account["openid"]),
        Canary("unionid", unionid(resident.user)),
        Canary("the clerk's openid", simulator.openid(clerk.user)),
    ]
    return Journey(person, resident, clerk, score["score_milli"], canaries)  # type: ignore[index]


def prove_with_face(resident: Recorded, person: NewPerson, simulator: Simulator) -> None:
    claim = {"name": person.name, "id_number": person.id_number}
    opened: Any = resident.post("/resident/identity/checks", {**claim, "provider": "face"})
    assert opened.status_code == 201, opened.text
    simulator.finish_face(opened.json["verify_id"])
    proof = {"provider": "face", "ticket": opened.json["id"]}
    assert resident.post("/resident/identity", {**claim, "proof": proof}).status_code == 200


def agree_to_messages(db: Session, resident: Recorded, parts: Parts, simulator: Simulator) -> None:
    template = parts.city.messages[NoticeKind.VOUCHER_CLAIMED]
    simulator.subscribe(resident.user, **{template.id: "accept"})
    resident_id = UUID(resident.tokens["resident"]["id"])
    credits.count_acceptance(db, resident_id, template, now=datetime.now(UTC))
    db.commit()


def fail_in_every_way(journey: Journey, db: Session, patch: pytest.MonkeyPatch, simulator: Simulator) -> None:
    """Refusals of all sorts with the person's own words in the request, and errors of ours."""
    resident, clerk, person = journey.resident, journey.clerk, journey.person
    claim = {"name": person.name, "id_number": person.id_number}
    bind = {**claim, "proof": {"provider": "sandbox"}}
    resident.post("/resident/identity", {**bind, person.id_number: person.name, PHONE: 1})
    resident.post("/resident/identity", {**bind, "name": OTHER_NAME, "id_number": person.id_number[:-1]})
    resident.post("/resident/identity", {**bind, "proof": {"provider": person.name}})
    resident.call(
        "POST", "/resident/identity", data=f'{{"name": "{person.name}', content_type="application/json"
    )
    resident.call(
        "POST", "/resident/identity", data=person.id_number * 60_000, content_type="application/json"
    )
    resident.call("POST", "/resident/identity", data=person.name, content_type="text/plain")
    resident.call("PATCH", f"/resident/identity?name={person.name}")
    resident.get(f"/resident/{person.id_number}/{person.name}")
    resident.get("/resident/vouchers", **{PHONE: person.name})
    resident.delete(f"/resident/consents/{person.name}")
    resident.call("GET", "/resident/score", headers={"X-Request-Id": "x" * 65, "Cookie": person.id_number})
    clerk.redeem(f"HS1:{person.id_number}")
    clerk.post("/merchant/redemptions", {"code": "HS1:X", "scan_id": person.name, "amount_fen": person.name})
    other = Recorded(resident.client, simulator)
    other.sign_in()
    other.answers = resident.answers
    other.bind(person)
    simulator.fault("/cityservice/face/identify/getverifyid", "http500", times=9)
    for provider in ("face", "sandbox"):
        other.post("/resident/identity/checks", {**claim, "provider": provider})
    simulator.no_more_faults()

    def break_down(*_args: Any, **_named: Any) -> None:
        raise RuntimeError("an error of ours")

    def ask_nonsense(db: Session, *_args: Any, **_named: Any) -> None:
        db.execute(text("SELECT CAST(:said AS integer)"), {"said": f"{person.name} {person.id_number}"})

    def violate(db: Session, *_args: Any, **_named: Any) -> None:
        db.execute(text("UPDATE residents SET closed_reason = :said"), {"said": person.name})

    third = NewPerson(person.name, new_person().id_number)
    for failing in (break_down, ask_nonsense, violate):
        with pytest.MonkeyPatch.context() as breaking:
            breaking.setattr(binding, "notify", failing)
            assert other.bind(third).status_code == 500
            breaking.setattr(honouring, "notify", failing)
            breaking.setattr(audit, "record_access", failing)
            assert (
                clerk.post("/merchant/validations", {"code": resident_code(journey, db)}).status_code == 500
            )


def resident_code(journey: Journey, db: Session) -> str:
    shop = journey.clerk.tokens["clerk"]["shop"]["id"]
    found = text(
        "SELECT id FROM incentives JOIN incentive_shops ON incentive_id = id"
        " WHERE shop_id = :shop AND form = 'standing'"
    )
    return journey.resident.show(incentive_id=db.scalars(found, {"shop": shop}).one())


def test_the_journey_met_every_kind_of_error(journey: Journey) -> None:
    statuses = {answer.status_code for answer in [*journey.resident.answers, *journey.clerk.answers]}
    assert ERRORS - {400, 423} <= statuses
    for answer in [*journey.resident.answers, *journey.clerk.answers]:
        if answer.status_code >= 400:
            assert answer.content_type == "application/problem+json"


def found_in(journey: Journey) -> list[Found]:
    search = Search(journey.canaries)
    places = {
        "merchant answers": journey.clerk.told(),
        "log": journey.log,
        "metrics": journey.metrics,
        "error pages": journey.error_pages,
        **journey.tables,
    }
    return [hit for where, content in places.items() for hit in search.look(where, content)]


def test_nothing_of_the_person_stands_in_clear_anywhere(journey: Journey) -> None:
    assert "answered" in journey.log
    assert "unexpected error" in journey.log
    assert journey.tables["public.residents"]
    assert journey.tables["jobs.procrastinate_jobs"] is not None
    assert found_in(journey) == []


def test_score_and_level_stand_only_where_scores_are_kept(journey: Journey) -> None:
    """In clear means: to a shop, in a log, a figure, an error, the audit, a job, a notice, the access log."""
    score = journey.score_milli
    assert score % 1000, "a score that is not round, so that it is not met by chance"
    number = re.compile(
        rf"(?<![0-9A-Za-z.]){score}(?![0-9A-Za-z.])|score_milli|\"level\":|信用(?:良好|优秀|极好)".encode()
    )
    told = {
        "merchant answers": journey.clerk.told(),
        "log": journey.log.replace('"level":"', '"log level":"'),
        "metrics": journey.metrics,
        "errors of the till": "\n".join(
            answer.text for answer in journey.clerk.answers if answer.status_code >= 400
        ),
    }
    hits = {where: number.findall(content.encode()) for where, content in told.items()}
    assert {where for where, found in hits.items() if found} == set()
    exact = re.compile(rf"(?<![0-9A-Za-z.]){score}(?![0-9A-Za-z.])".encode())
    assert {table for table, rows in journey.tables.items() if exact.search(rows)} <= SCORE_TABLES
    assert exact.search(journey.tables["public.scores"]), "the search finds it where it is kept"


@pytest.mark.parametrize("form", sorted(forms_of(NAME)))
def test_the_search_finds_a_canary_in_every_form(form: str) -> None:
    planted = b"before " + forms_of(NAME)[form] + b" after"
    assert [hit.what for hit in Search([Canary("name", NAME)]).look("somewhere", planted)] == ["name"]
    assert list(Search([Canary("name", OTHER_NAME)]).look("somewhere", planted)) == []


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        (
            "public.audit_events",
            "INSERT INTO audit_events (occurred_at, action, actor_kind, subject_kind, subject_id, data)"
            " VALUES (now(), 'x', 'x', 'x', %(said)s, '{}')",
        ),
        ("public.notices", "UPDATE notices SET values = jsonb_build_object('who', %(said)s::text)"),
        (
            "jobs.procrastinate_jobs",
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
            " VALUES ('x', 'x', jsonb_build_object('who', %(said)s::text))",
        ),
        (
            "public.residents",
            "UPDATE residents SET name_cipher = convert_to(%(said)s, 'UTF8') WHERE bound_at IS NOT NULL",
        ),
    ],
)
def test_the_search_finds_a_person_planted_in_a_table(
    journey: Journey, database_url: str, table: str, statement: str
) -> None:
    with psycopg.connect(database_url, options="-c search_path=public,jobs") as connection:
        connection.execute(statement, {"said": NAME})
        planted = dict(dump(connection))
        connection.rollback()
    hits = Search(journey.canaries).look(table, planted[table])
    assert {hit.what for hit in hits} == {"name"}


def test_the_search_finds_a_person_planted_in_a_log(written: io.StringIO, journey: Journey) -> None:
    logging.getLogger("careless").debug("welcome %s", NAME)
    assert {hit.what for hit in Search(journey.canaries).look("log", written.getvalue())} == {"name"}
