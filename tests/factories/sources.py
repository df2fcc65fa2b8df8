"""Departments' programs, and the batches they deliver over the interface."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.core.actor import Actor, ActorKind
from backend.sources import jobs
from backend.sources.clients import end_client, make_client
from backend.web.application import Application
from tests.factories.console import API, new_account
from tests.factories.people import new_person

CSV, NDJSON = "text/csv", "application/x-ndjson"
TITLES = "身份证号,指标,发生日期,数量,截止日期,记录编号"
KEEPER = "keeper-of-sources"
BLOOD_BANK, BLOOD = "blood-bank", "blood-donation"


@dataclass
class Program:
    """A department's program with its access token."""

    app: Application
    source: str
    client_id: UUID
    secret: str
    token: str = ""

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def ask_for_token(self, **form: str) -> TestResponse:
        known = {"grant_type": "client_credentials", "client_id": str(self.client_id)}
        sent = {**known, "client_secret": self.secret, **form}
        answer = self.app.test_client().post(f"{API}/source/token", data=sent)
        self.token = (answer.get_json(silent=True) or {}).get("access_token", self.token)
        return answer

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {**self.headers, **options.pop("headers", {})}
        return self.app.test_client().open(API + path, method=method, headers=headers, **options)

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.call("GET", path, query_string=query)

    def post(self, path: str, body: Any = None) -> TestResponse:
        return self.call("POST", path, json={} if body is None else body)

    def deliver(self, content: bytes | str, kind: str = CSV) -> TestResponse:
        data = content if isinstance(content, bytes) else content.encode()
        return self.call("POST", "/source/batches", data=data, content_type=kind)

    def end(self, db: Session) -> None:
        actor = keeper(db)
        end_client(db, self.client_id, actor=actor, now=datetime.now(UTC))
        db.commit()


def new_program(db: Session, app: Application, *, source: str = BLOOD_BANK) -> Program:
    """One that has got its token. Commits."""
    client, secret = make_client(db, source=source, actor=keeper(db), now=datetime.now(UTC))
    db.commit()
    program = Program(app, source, client.id, secret)
    answer = program.ask_for_token()
    assert answer.status_code == 200, answer.text
    return program


def keeper(db: Session) -> Actor:
    """Somebody of the office who looks after sources."""
    account = new_account(db, f"{KEEPER}-{new_person().id_number}@example.gov.cn", "score_keeper")
    return Actor(ActorKind.OFFICE, account.id)


def line(
    id_number: str,
    key: str,
    *,
    indicator: str = BLOOD,
    occurred_on: str = "2026-06-01",
    quantity: str = "1",
    expires_on: str = "",
) -> str:
    return ",".join([id_number, indicator, occurred_on, quantity, expires_on, key])


def lines(*rows: str) -> str:
    """A file with its heading."""
    return "\n".join([TITLES, *rows]) + "\n"


def new_batch(program: Program, content: bytes | str, kind: str = CSV) -> dict[str, Any]:
    """A batch that has been gone through."""
    answer = program.deliver(content, kind)
    assert answer.status_code == 202, answer.text
    batch_id: str = answer.json["id"]  # type: ignore[index]
    jobs.take_batch(batch_id=batch_id)
    return shown(program, batch_id)


def shown(program: Program, batch_id: str) -> dict[str, Any]:
    found: dict[str, Any] = program.get(f"/source/batches/{batch_id}").json  # type: ignore[assignment]
    return found


def refused_rows(program: Program, batch: dict[str, Any]) -> list[dict[str, Any]]:
    """All of them, page by page."""
    found: list[dict[str, Any]] = []
    query: dict[str, Any] = {"limit": 200}
    while True:
        page: Any = program.get(f"/source/batches/{batch['id']}/refused-rows", **query).json
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        query["cursor"] = page["next_cursor"]


def counts(batch: dict[str, Any]) -> dict[str, int]:
    """The counts that are not zero, without those of the whole."""
    names = ("new", "corrected", "unchanged", "refused")
    return {name: batch[f"{name}_rows"] for name in names if batch[f"{name}_rows"]}


def codes(rows: Sequence[dict[str, Any]]) -> dict[int, list[str]]:
    """What is wrong, by row."""
    return {row["row"]: sorted(each["code"] for each in row["faults"]) for row in rows}
