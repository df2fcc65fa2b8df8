"""WeChat's call for a phone number, and the tap on the button that allows it."""

from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict, Field

from scripts.wechat_simulator.phones import CODE_SECONDS
from scripts.wechat_simulator.wire import Refused, answer, json_body, success
from scripts.wechat_simulator.world import World

NO_QUOTA = 1400001


class Tap(BaseModel):
    """Who tapped; `number` and `country` instead of the invented ones, `appid` of another mini-program."""

    model_config = ConfigDict(extra="forbid")
    user: str = Field(min_length=1, max_length=40)
    number: str | None = Field(default=None, pattern=r"^[0-9]{4,15}$")
    country: str = Field(default="86", pattern=r"^[0-9]{1,4}$")
    appid: str | None = None


class PhoneQuota(BaseModel):
    """How many taps are still paid for; null: no end."""

    model_config = ConfigDict(extra="forbid")
    left: int | None = Field(ge=0)


def phone_calls(world: World) -> Blueprint:
    calls = Blueprint("phone", __name__)

    @calls.post("/wxa/business/getuserphonenumber")
    def phone_number() -> Response:
        world.tokens.check(request.args.get("access_token"))
        code = json_body().get("code")
        if not isinstance(code, str) or not code:
            raise Refused(40029)
        found = world.phones.use(code, appid=world.appid)
        watermark = {"timestamp": int(world.clock.now()), "appid": world.appid}
        return success(
            phone_info={
                "phoneNumber": found.number if found.country == "86" else f"+{found.country}{found.number}",
                "purePhoneNumber": found.number,
                "countryCode": world.phones.country_code(found.country),
                "watermark": watermark,
            }
        )

    @calls.post("/__sim/phone")
    def tap() -> Response:
        made = Tap.model_validate(request.get_json())
        code = world.phones.tap(
            made.user, number=made.number, country=made.country, appid=made.appid or world.appid
        )
        if code is None:
            return answer({"errno": NO_QUOTA, "errMsg": "getPhoneNumber:fail no quota"})
        return answer({"code": code, "expires_in": CODE_SECONDS})

    @calls.post("/__sim/phone-quota")
    def quota() -> Response:
        world.phones.quota = PhoneQuota.model_validate(request.get_json()).left
        return answer({"left": world.phones.quota})

    return calls
