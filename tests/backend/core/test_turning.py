"""The steps of replacing a key: read before written with, written with before the old one goes."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.core.encryption import UnknownKey, Vault, place_of
from backend.core.ids import new_id
from backend.core.keys import KeyRing, new_key_ring
from backend.core.keys.turning import (
    Role,
    Step,
    activate,
    keys_of,
    retire,
    retire_ticket_keys,
    stage,
    stage_ticket_key,
    step_of,
    withdraw_ticket_key,
)

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
PLACE = place_of("residents", "name_cipher", new_id())
COLUMN = "residents.id_number"
NUMBER = "420202198505201234"


def rings(role: Role) -> tuple[KeyRing, KeyRing, KeyRing, KeyRing]:
    """The ring before, and after each of the three steps."""
    before = new_key_ring(NOW)
    staged = stage(before, role)
    active = activate(staged, role, LATER)
    return before, staged, active, retire(active, role)


@pytest.mark.parametrize("role", Role)
def test_the_last_key_is_the_one_in_use_at_every_step(role: Role) -> None:
    steps = [([key.key_id for key in keys_of(ring, role)], step_of(ring, role)) for ring in rings(role)]
    assert steps == [
        ([1], Step.AT_REST),
        ([2, 1], Step.STAGED),
        ([1, 2], Step.ACTIVE),
        ([2], Step.AT_REST),
    ]


@pytest.mark.parametrize("role", Role)
def test_a_step_changes_one_list_only_and_says_since_when(role: Role) -> None:
    before, *_, after = rings(role)
    assert keys_of(after, role)[-1].in_use_since == LATER
    assert after.model_dump(exclude={role.value}) == before.model_dump(exclude={role.value})
    assert len({ring.fingerprint for ring in rings(role)}) == 4


@pytest.mark.parametrize("role", Role)
def test_no_step_is_taken_twice_or_out_of_order(role: Role) -> None:
    before, staged, active, after = rings(role)
    for ring in (staged, active):
        with pytest.raises(ValueError, match="already"):
            stage(ring, role)
    for ring in (before, active, after):
        with pytest.raises(ValueError, match="staged"):
            activate(ring, role, NOW)
    for ring in (before, staged, after):
        with pytest.raises(ValueError, match="earlier"):
            retire(ring, role)


def test_a_cell_opens_from_one_step_to_the_next_and_not_over_two() -> None:
    before, staged, active, after = map(Vault, rings(Role.DATA))
    neighbours = [(before, staged), (staged, active), (active, staged), (active, after), (after, active)]
    for writes, reads in neighbours:
        assert reads.open(writes.seal("张伟", PLACE), PLACE) == "张伟"
    with pytest.raises(UnknownKey):
        before.open(active.seal("张伟", PLACE), PLACE)
    with pytest.raises(UnknownKey):
        after.open(staged.seal("张伟", PLACE), PLACE)


def test_who_looks_finds_what_the_step_before_and_the_step_after_write() -> None:
    before, staged, active, after = map(Vault, rings(Role.INDEX))
    for writes, looks in [(before, staged), (staged, active), (active, staged), (active, after)]:
        assert writes.index(COLUMN, NUMBER) in looks.indexes(COLUMN, NUMBER)
    assert active.index(COLUMN, NUMBER) not in before.indexes(COLUMN, NUMBER)
    assert [len(each.indexes(COLUMN, NUMBER)) for each in (before, staged, active, after)] == [1, 2, 2, 1]


def test_an_index_whose_text_nobody_keeps_is_renewed_from_the_index_alone() -> None:
    before, _, active, after = map(Vault, rings(Role.INDEX))
    old = before.index(COLUMN, NUMBER)
    assert active.rewrap(COLUMN, old) == after.index(COLUMN, NUMBER) != old
    with pytest.raises(UnknownKey):
        after.rewrap(COLUMN, old)
    with pytest.raises(UnknownKey):
        active.rewrap(COLUMN, active.index(COLUMN, NUMBER))


def test_after_ten_changes_the_index_is_still_that_of_the_text() -> None:
    ring, column = new_key_ring(NOW), "clerks.openid"
    index = Vault(ring).index(column, "somebody")
    for _ in range(10):
        active = activate(stage(ring, Role.INDEX), Role.INDEX, NOW)
        index = Vault(active).rewrap(column, index)
        ring = retire(active, Role.INDEX)
    assert index == Vault(ring).index(column, "somebody")
    assert [len(ring.index), len(ring.index[0].inner)] == [1, 10]


def test_the_old_index_key_alone_computes_nothing_that_is_stored_after_the_change() -> None:
    before, *_, after = rings(Role.INDEX)
    known = Vault(before).index(COLUMN, NUMBER)
    assert Vault(after).index(COLUMN, NUMBER)[4:] != known[4:]


def test_a_ticket_key_is_announced_begins_and_lets_the_old_one_go() -> None:
    announced = stage_ticket_key(new_key_ring(NOW), LATER)
    assert [key.key_id for key in announced.ticket] == [1, 2]
    assert [announced.ticket_key(moment).key_id for moment in (NOW, LATER)] == [1, 2]
    assert [key.key_id for key in retire_ticket_keys(announced, LATER).ticket] == [2]
    assert retire_ticket_keys(announced, NOW) == announced
    assert withdraw_ticket_key(announced, LATER).ticket == announced.ticket[:1]


def test_the_id_of_a_ticket_key_comes_back_as_late_as_possible() -> None:
    ring, seen = new_key_ring(NOW), [1]
    for turn in range(1, 256):
        moment = NOW + timedelta(days=turn)
        ring = retire_ticket_keys(stage_ticket_key(ring, moment), moment)
        seen.append(ring.ticket[0].key_id)
    assert sorted(seen[:255]) == list(range(1, 256))
    assert seen[255] == 1
