"""Refusals are part of the service: each has a code of its own, a sentence, and a status."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.core.errors import DomainError, Kind
from backend.main import Parts
from backend.web.problems import STATUS

PROJECT = Path(__file__).resolve().parents[2]
# Told apart by their data or by where they come from; a program does the same about both.
SHARED_CODES = {"voucher.needs_match", "idempotency.mismatch", "session.ended"}
CONSTRAINTS = text("SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes")


def refusals(parts: Parts) -> Iterator[type[DomainError]]:
    """All of them; `parts` is asked for so that the whole application has been imported."""
    waiting = [DomainError]
    while waiting:
        below = [kind for kind in waiting.pop().__subclasses__() if kind.__module__.startswith("backend.")]
        waiting += below
        # A family of refusals has no code of its own.
        yield from (kind for kind in below if hasattr(kind, "code"))


def test_no_two_refusals_share_a_code_by_mistake(parts: Parts) -> None:
    codes = Counter(refusal.code for refusal in refusals(parts))
    assert len(codes) > 30
    assert {code for code, times in codes.items() if times > 1} == SHARED_CODES


def test_every_refusal_says_in_chinese_what_is_the_matter(parts: Parts) -> None:
    for refusal in refusals(parts):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in refusal.detail), refusal
        assert refusal.detail.endswith("。"), refusal
        assert refusal.__doc__, refusal


def test_every_code_is_explained_in_the_documents(parts: Parts) -> None:
    page = (PROJECT / "docs" / "api.md").read_text()
    assert [refusal.code for refusal in refusals(parts) if f"\n| `{refusal.code}` | " not in page] == []


def test_every_kind_of_refusal_has_a_status() -> None:
    assert set(STATUS) == set(Kind)


def test_every_constraint_that_a_refusal_stands_for_is_in_the_database(parts: Parts, db: Session) -> None:
    named = {refusal.constraint for refusal in refusals(parts) if refusal.constraint}
    assert named
    assert named <= set(db.scalars(CONSTRAINTS))
