"""What a phone asks before and while it proves somebody: in which ways, and how far the check is."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from backend.core.clock import ShiftedClock
from backend.identity.errors import WindowMismatch
from backend.identity.window import confirm_at_window
from backend.main import Parts
from tests.backend.identity.conftest import begin, finish, proven
from tests.factories.answers import refusal
from tests.factories.journey import Visitor
from tests.factories.people import NewPerson, new_person

pytestmark = pytest.mark.usefixtures("all_providers")


def state_shown(resident: Visitor, check_id: str) -> str:
    answer = resident.get(f"/resident/identity/checks/{check_id}")
    assert answer.status_code == 200
    return str(answer.json["state"])


def confirm(parts: Parts, code: str, card: NewPerson) -> None:
    """As the office's command does: a refusal that is a change is kept."""
    with parts.sessions() as desk:
        try:
            confirm_at_window(
                desk,
                code=code,
                name=card.name,
                id_number=card.id_number,
                clerk="A017",
                now=parts.clock.now(),
            )
        finally:
            desk.commit()


def test_a_resident_learns_in_which_ways_they_can_prove_who_they_are(resident: Visitor) -> None:
    assert resident.get("/resident/identity/providers").json == {
        "items": ["face", "ncidas", "sandbox", "window"]
    }


def test_a_phone_at_the_window_sees_that_the_clerk_has_confirmed(
    resident: Visitor, visitor: Callable[[], Visitor], parts: Parts
) -> None:
    person, stranger = new_person(), visitor()
    stranger.sign_in()
    check = begin(resident, person, "window").json
    assert state_shown(resident, check["id"]) == "open"
    confirm(parts, check["code"], person)
    assert state_shown(resident, check["id"]) == "confirmed"
    refusal(stranger.get(f"/resident/identity/checks/{check['id']}"), 404, "not_found")
    assert finish(resident, person, "window", check["id"]).status_code == 200
    assert state_shown(resident, check["id"]) == "used"


def test_a_phone_sees_that_its_check_has_ended(resident: Visitor, parts: Parts, clock: ShiftedClock) -> None:
    person, other = new_person(), new_person(name="李那")
    earlier, check = begin(resident, person, "face").json, begin(resident, person, "window").json
    assert state_shown(resident, earlier["id"]) == "expired"
    for _ in range(4):
        with pytest.raises(WindowMismatch):
            confirm(parts, check["code"], other)
    assert state_shown(resident, check["id"]) == "failed"
    waiting = proven(resident, person)
    clock.ahead = timedelta(hours=1, seconds=1)
    resident.sign_in()
    assert state_shown(resident, waiting) == "expired"
