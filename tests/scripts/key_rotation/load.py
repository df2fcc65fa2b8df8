"""People who use the system all the time, and notice every answer that is not what it should be."""

import secrets
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.accounts.sessions import open_session
from backend.accounts.tries import lock_tries
from backend.core.actor import SignInStep
from backend.identity.id_number import mask_name
from backend.incentives.models import Form
from backend.web.console import COOKIE
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.console import new_account
from tests.factories.journey import Visitor
from tests.factories.people import NewPerson, new_person
from tests.scripts.key_rotation.web import RunningWeb

ROUND_WITHIN_S = 30


def check(answer: Any, *statuses: int) -> Any:
    assert answer.status_code in (statuses or (200,)), f"{answer.status_code} {answer.text}"
    return answer.json


@dataclass
class Load:
    """Threads that go through their scenes again and again; `failures` holds what went wrong."""

    web: RunningWeb
    rounds: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    went_round: threading.Condition = field(default_factory=threading.Condition)

    @contextmanager
    def running(self, scenes: dict[str, Callable[[], None]]) -> Iterator[None]:
        threads = [threading.Thread(target=self._repeat, args=each) for each in scenes.items()]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.ended.set()
            for thread in threads:
                thread.join()

    def let_go_round(self, times: int = 2) -> None:
        """Wait until everybody has gone round so often from now on: one round may have begun before."""
        before = Counter(self.rounds)
        with self.went_round:
            done = self.went_round.wait_for(
                lambda: self.failures or all(self.rounds[name] - before[name] >= times for name in before),
                ROUND_WITHIN_S,
            )
        assert done

    def _repeat(self, name: str, scene: Callable[[], None]) -> None:
        while not self.ended.is_set():
            try:
                scene()
            except Exception:
                self.failures.append(f"{name}: {traceback.format_exc(limit=-3)}")
            with self.went_round:
                self.rounds[name] += 1
                self.went_round.notify_all()


def renew(visitor: Visitor, audience: str = "resident") -> None:
    body = {"refresh_token": visitor.tokens["refresh_token"]}
    visitor.tokens = check(visitor.post(f"/{audience}/session/refresh", body))


def newcomer(web: RunningWeb) -> Callable[[], None]:
    """Somebody new joins, and is the same person when they come back."""

    def scene() -> None:
        visitor, person = web.visitor(), new_person()
        joined = check(visitor.sign_in())["resident"]["id"]
        check(visitor.bind(person))
        check(visitor.bind(person))
        back = check(visitor.sign_in())["resident"]
        assert back == {"id": joined, "bound": True, "masked_name": mask_name(person.name)}, back

    return scene


def regular(web: RunningWeb, db: Session) -> Callable[[], None]:
    """Somebody who reads their name, and whose phone repeats what it asked."""
    visitor = web.visitor()
    person: NewPerson = visitor.become_scored(db)
    versions = check(visitor.get("/resident/consents"))["items"]
    version = next(item["version"] for item in versions if item["purpose"] == "scoring")
    kept: list[tuple[str, Any]] = []

    def scene() -> None:
        renew(visitor)
        for _ in range(5):
            shown = check(visitor.get("/resident/identity"))
            assert shown["masked_name"] == mask_name(person.name), shown
        body, key = {"purpose": "scoring", "version": version}, secrets.token_hex(8)
        kept.append((key, check(visitor.post("/resident/consents", body, key=key))))
        for known, first in (kept[0], kept[-1]):
            assert check(visitor.post("/resident/consents", body, key=known)) == first

    return scene


def administrator(web: RunningWeb, db: Session) -> Callable[[], None]:
    """Somebody at the console who looks at a person that typed wrongly too often."""
    now, email = datetime.now(UTC), "typed-wrongly@example.cn"
    me = new_account(db, "administrator@example.cn", "security_admin")
    locked = new_account(db, email, "reviewer")
    tries = lock_tries(db, email, now=now)
    tries.locked_until = now + timedelta(hours=1)
    caller = open_session(db, me, SignInStep.SIGNED_IN, client="测试", now=now)
    db.commit()
    client = web.visitor().client

    def get(path: str) -> Any:
        return check(
            client.open(f"/api/v1{path}", method="GET", headers={"Cookie": f"{COOKIE}={caller.token}"})
        )

    def scene() -> None:
        assert get("/console/session")["account"]["email"] == "administrator@example.cn"
        shown = get(f"/office/staff/{locked.id}")
        assert (shown["email"], shown["state"]) == (email, "locked"), shown

    return scene


def shopper(web: RunningWeb, db: Session) -> Callable[[], None]:
    """Somebody who shows a code that a clerk honours."""
    shop = new_shop(db)
    offer = new_incentive(db, shops=[shop], form=Form.STANDING, limit_times=10_000)
    resident, clerk = web.visitor(), web.visitor()
    resident.become_scored(db)
    clerk.become_clerk(db, shop)

    def scene() -> None:
        renew(resident)
        renew(clerk, "merchant")
        check(clerk.redeem(resident.show(incentive_id=offer.id)), 201)
        check(clerk.get("/merchant/session"))

    return scene
