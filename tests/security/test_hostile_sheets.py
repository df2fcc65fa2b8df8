"""Sheets that mean no good are refused, and none brings down who looks at it."""

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.core.sheets import opener, reading
from backend.core.sheets.verdicts import Refused, Verdict
from backend.incentives.sheets.columns import MOST_ROWS, SHEET
from backend.incentives.sheets.words import FORMULA
from backend.incentives.sheets.writing import neutral
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.console import Colleague, seat
from tests.factories.files import pdf
from tests.factories.sheets import IMPORTS, checked, exported, hand_in, lines_of, row, xlsx
from tests.security.hostile_sheets import broken, refused

HOSTILE = {name: (content, verdict) for name, content, verdict in refused()}
SOUND_OR_REFUSED = {"rows", "refused", "end"}
# So much may be looked through before it is refused.
LONGEST_S = 20
ASKED: dict[str, Any] = {"sheet_name": SHEET, "most_rows": MOST_ROWS}


@pytest.fixture
def editor(db: Session, app: Application) -> Colleague:
    return seat(db, app, "unit_editor", unit_id=new_shop(db).unit_id)


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_for_what_it_is(name: str) -> None:
    content, verdict = HOSTILE[name]
    began = time.monotonic()
    said = [json.loads(line) for line in opener.tell(content, **ASKED)]
    assert said[-1] == {"refused": verdict}
    assert time.monotonic() - began < LONGEST_S


@pytest.mark.parametrize("seed", range(150))
def test_a_scratched_sheet_is_read_or_refused(seed: int) -> None:
    said = [json.loads(line) for line in opener.tell(broken(seed), **ASKED)]
    ends = [each for each in said if isinstance(each, dict)]
    assert {name for each in ends for name in each} <= SOUND_OR_REFUSED
    assert ends[-1].keys() <= {"end", "refused"}


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for start in (b"", b"PK\x03\x04"):
        assert json.loads(list(opener.tell(start + content, **ASKED))[-1]).keys() <= {"end", "refused"}


def test_who_looks_has_no_secrets_and_is_stopped_by_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the place of the opener a program that tells what it was given, then takes all the memory."""
    curious = "import os, json; print(json.dumps({'rows': len(os.environ)}))"
    monkeypatch.setattr(reading, "OPENER", [reading.OPENER[0], "-c", curious])
    with reading.opened(b"x", **ASKED) as sheet:
        assert sheet.count <= 1, "LC_CTYPE at most, which Python sets itself"
        with pytest.raises(Refused, match=Verdict.TOO_COMPLEX):
            next(sheet.rows)
    greedy = "from backend.core.sheets import opener; opener.keep_within_limits(); b'x' * 2**31"
    monkeypatch.setattr(reading, "OPENER", [reading.OPENER[0], "-c", greedy])
    with pytest.raises(Refused, match=Verdict.TOO_COMPLEX), reading.opened(b"x", **ASKED):
        pass


def test_a_refused_sheet_says_so_on_its_page_and_leaves_room_for_the_next(editor: Colleague) -> None:
    content, verdict = HOSTILE["macros"]
    sheet = checked(editor, content)
    assert (sheet["state"], sheet["verdict"]) == ("failed", verdict)
    assert checked(editor, xlsx(row(1)))["state"] == "checked"


@pytest.mark.parametrize(
    "lines",
    [[[" "]], [["编号", "名称"]], [["编号", "名称"], [" ", "\u3000"]]],
    ids=["blank", "heading", "blanks below"],
)
def test_a_sheet_of_blanks_is_said_to_be_empty(editor: Colleague, lines: list[list[str]]) -> None:
    sheet = checked(editor, xlsx(lines=lines))
    assert (sheet["state"], sheet["verdict"]) == ("failed", Verdict.EMPTY)


def test_a_sheet_of_something_else_is_told_by_its_heading(editor: Colleague) -> None:
    for content in (b"<html><body>no sheet</body></html>", b"name,price\nbook,12\n", pdf()):
        sheet = checked(editor, content)
        assert (sheet["state"], sheet["verdict"]) == ("failed", Verdict.NO_HEADING)


def test_a_sheet_that_is_too_large_is_not_even_kept(editor: Colleague) -> None:
    too_large = b"a" * (20 * 1024 * 1024 + 1)
    assert list(refusal(hand_in(editor, too_large), 422, "sheet.too_large")["errors"]) == ["file"]
    refusal(hand_in(editor, b"a" * (22 * 1024 * 1024)), 413, "request.too_large")
    assert editor.get(IMPORTS).json == {"items": [], "next_cursor": None}


@pytest.mark.parametrize("start", FORMULA)
def test_nothing_that_goes_out_is_a_formula(db: Session, app: Application, start: str) -> None:
    shop = new_shop(db)
    editor = seat(db, app, "unit_editor", unit_id=shop.unit_id)
    bad = f'{start}HYPERLINK("http://x","y")'.strip() if start in "\t\r" else f'{start}cmd|"/c calc"!A1'
    new_incentive(db, shops=[shop], title=bad, contact=bad)
    content = exported(editor)
    title, contact = (lines_of(content)[1][column] for column in (3, -1))
    assert [title, contact] == [neutral(bad)] * 2
    assert checked(editor, content)["unchanged_rows"] == 1
