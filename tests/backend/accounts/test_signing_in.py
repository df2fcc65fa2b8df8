"""A person of the console signs in: password, second factor, session; and is refused."""

from collections.abc import Callable
from datetime import timedelta

from backend.core.clock import ShiftedClock
from tests.factories.console import Colleague

NewColleague = Callable[..., Colleague]


def test_password_then_code_sign_a_person_of_the_office_in(
    new_colleague: NewColleague, clock: ShiftedClock
) -> None:
    person = new_colleague("reviewer")
    clock.ahead = timedelta(minutes=1)
    half = person.enter_password().json
    assert half is not None
    assert (half["step"], half["methods"], half["account"]) == ("second_factor", ["totp", "recovery"], None)
    answer = person.post("/console/session/totp", {"code": person.code()})
    assert answer.json["step"] == "signed_in"  # type: ignore[index]
    account = person.get("/console/session").json["account"]  # type: ignore[index]
    assert account["email"] == person.email
    assert account["roles"] == ["reviewer"]
    assert account["second_factors"] == {"totp": True, "passkeys": 0, "recovery_codes_left": 10}
