"""The calls under `/__sim/` that WeChat does not have: persons, codes, time, faults, the journal."""

from dataclasses import asdict
from typing import Annotated

from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from scripts.wechat_simulator.faults import Fault
from scripts.wechat_simulator.persons import CODE_SECONDS, Person
from scripts.wechat_simulator.wire import answer
from scripts.wechat_simulator.world import World

EntryName = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,20}$")]
Entry = Annotated[str, StringConstraints(max_length=64)]
UserName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


class Login(BaseModel):
    """Who presses "sign in"."""

    model_config = ConfigDict(extra="forbid")
    user: UserName


class PersonChange(Login):
    """What to change about a test person; what is left out stays.

    `entries` is what the person would type into a form: whoever plays them need not look it up.
    """

    label: str = Field(default="", max_length=60)
    unionid: bool = False
    high_risk: bool = False
    entries: dict[EntryName, Entry] | None = None


class ClockMove(BaseModel):
    """How far to move the simulator's time."""

    model_config = ConfigDict(extra="forbid")
    advance_seconds: int = Field(ge=0, le=10 * 366 * 86400)


def control_calls(world: World) -> Blueprint:
    calls = Blueprint("control", __name__, url_prefix="/__sim")

    @calls.post("/login")
    def login() -> Response:
        user = Login.model_validate(request.get_json()).user
        return answer({"code": world.persons.issue_code(user), "expires_in": CODE_SECONDS})

    @calls.get("/users")
    def users() -> Response:
        return answer({"items": shown_with_entries(world)})

    @calls.post("/users")
    def set_up_user() -> Response:
        change = PersonChange.model_validate(request.get_json())
        fields = change.model_dump(exclude_unset=True, exclude={"user", "entries"})
        if change.entries is not None:
            world.persons.keep_entries(change.user, change.entries)
        return answer(shown(world, world.persons.set_up(change.user, fields)))

    @calls.post("/clock")
    def clock() -> Response:
        world.clock.advance(ClockMove.model_validate(request.get_json()).advance_seconds)
        return answer({"now": world.clock.now()})

    @calls.post("/faults")
    def order_fault() -> Response:
        fault = Fault.model_validate(request.get_json())
        world.faults.order(fault)
        return answer(fault.model_dump())

    @calls.delete("/faults")
    def withdraw_faults() -> Response:
        world.faults.reset()
        return answer({})

    @calls.get("/journal")
    def journal() -> Response:
        return answer({"items": [asdict(entry) for entry in world.journal.list_all()]})

    @calls.post("/reset")
    def reset() -> Response:
        world.reset()
        return answer({})

    return calls


def shown(world: World, person: Person) -> dict[str, object]:
    return {**asdict(person), "openid": world.persons.openid(person.user)}


def shown_with_entries(world: World) -> list[dict[str, object]]:
    typed = world.persons.list_entries()
    return [
        shown(world, person) | {"entries": typed.get(person.user, {})} for person in world.persons.list_all()
    ]
