"""A stand-in for the platform of the national network identity, in the form that is published.

The phone calls `wx.ncidas` with `orgID, businessID, bizSeq, type`, which opens the national app; then
the server asks the platform, not WeChat, how it ended. It hears yes or no, and an identifier of the
person that holds for this organisation only. The names of the server's call are ours: the platform
gives its own to those it admits.
"""

from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict, Field

from scripts.wechat_simulator.ncidas import Asked
from scripts.wechat_simulator.wire import answer
from scripts.wechat_simulator.world import World


class Verify(BaseModel):
    """Which check, and who the person says to be."""

    model_config = ConfigDict(extra="forbid")
    orgID: str = Field(min_length=1)
    businessID: str = Field(min_length=1)
    bizSeq: str = Field(min_length=1)
    name: str = Field(min_length=1)
    idNumber: str = Field(min_length=1)

    def asked(self) -> Asked:
        return Asked(self.orgID, self.businessID, self.bizSeq)


class Show(Verify):
    """Somebody uses the national app; `code` is the verdict to come: 0 passed, from 10 on not."""

    type: str = Field(default="1", pattern="^[0-3]$")
    code: int = 0


def ncidas_calls(world: World) -> Blueprint:
    calls = Blueprint("ncidas", __name__)

    @calls.post("/__sim/ncidas")
    def show() -> Response:
        made = Show.model_validate(request.get_json())
        world.network_identities.show(made.asked(), name=made.name, id_number=made.idNumber, code=made.code)
        return answer({"errMsg": "ncidas:ok"})

    @calls.post("/ncidas/verify")
    def verify() -> Response:
        """`resultCode` 0 passed, with `personID`; 1 not done yet; any other: not passed."""
        asked = Verify.model_validate(request.get_json())
        code, person = world.network_identities.verify(
            asked.asked(), name=asked.name, id_number=asked.idNumber
        )
        return answer({"resultCode": code, **({"personID": person} if person else {})})

    return calls
