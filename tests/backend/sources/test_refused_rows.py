"""No bad row is lost, and each is named with its cell and reason."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from backend.core.clock import SystemClock, day_in_china
from tests.factories.people import NewPerson, new_person
from tests.factories.sources import (
    NDJSON,
    TITLES,
    Program,
    codes,
    counts,
    line,
    lines,
    new_batch,
    refused_rows,
)

Make = Callable[[NewPerson], str]
TODAY = day_in_china(SystemClock().now())


def changed_check_digit(number: str) -> str:
    return number[:-1] + ("1" if number[-1] != "1" else "2")


# The row, and what is wrong with it in which column.
KINDS: list[tuple[str, Make]] = [
    ("id_number.missing", lambda who: line("", "k1")),
    ("id_number.old", lambda who: line("420202850520123", "k2")),
    ("id_number.mangled", lambda who: line("4.20202198505201E+17", "k3")),
    ("id_number.length", lambda who: line(who.id_number[:-1], "k4")),
    ("id_number.form", lambda who: line("O" + who.id_number[1:], "k5")),
    ("id_number.check_digit", lambda who: line(changed_check_digit(who.id_number), "k6")),
    ("id_number.born_on", lambda who: line("420202198502301235", "k7")),
    ("id_number.born_on", lambda who: line("420202178505201235", "k8")),
    ("id_number.under_age", lambda who: line(new_person(born_on=date(2016, 1, 5)).id_number, "k9")),
    ("indicator.missing", lambda who: line(who.id_number, "k10", indicator="")),
    ("indicator.unknown", lambda who: line(who.id_number, "k11", indicator="步行上班")),
    ("indicator.of_another", lambda who: line(who.id_number, "k12", indicator="penalty")),
    ("occurred_on.missing", lambda who: line(who.id_number, "k13", occurred_on="")),
    ("occurred_on.form", lambda who: line(who.id_number, "k14", occurred_on="去年夏天")),
    ("occurred_on.form", lambda who: line(who.id_number, "k15", occurred_on="2026-02-30")),
    ("occurred_on.form", lambda who: line(who.id_number, "k16", occurred_on="46173")),
    ("occurred_on.future", lambda who: line(who.id_number, "k17", occurred_on=str(TODAY + timedelta(1)))),
    ("occurred_on.before_birth", lambda who: line(who.id_number, "k18", occurred_on="1985-05-19")),
    ("occurred_on.over", lambda who: line(who.id_number, "k19", occurred_on="2001-01-01")),
    ("quantity.form", lambda who: line(who.id_number, "k20", quantity="两")),
    ("quantity.form", lambda who: line(who.id_number, "k21", quantity="1.5")),
    ("quantity.least", lambda who: line(who.id_number, "k22", quantity="0")),
    ("quantity.least", lambda who: line(who.id_number, "k23", quantity="-3")),
    ("quantity.most", lambda who: line(who.id_number, "k24", quantity="1000001")),
    ("expires_on.form", lambda who: line(who.id_number, "k25", expires_on="长期")),
    ("expires_on.order", lambda who: line(who.id_number, "k26", expires_on="2026-06-01")),
    ("expires_on.over", lambda who: line(who.id_number, "k27", expires_on=str(TODAY))),
    ("key.missing", lambda who: line(who.id_number, "")),
    ("key.too_long", lambda who: line(who.id_number, "k" * 65)),
    ("key.personal", lambda who: line(who.id_number, who.id_number)),
    ("key.personal", lambda who: line(who.id_number, "13812345678-1")),
    ("cell.too_long", lambda who: line(who.id_number, "k31", indicator="长" * 201)),
    ("cell.unprintable", lambda who: line(who.id_number, "k32\x07")),
    ("row.too_long", lambda who: line(who.id_number, "k33") + ",多一格"),
]


def test_one_bad_row_in_a_hundred_of_every_kind_is_named_and_none_is_lost(program: Program) -> None:
    rows, expected = [], {}
    for code, make in KINDS:
        rows += [line(new_person().id_number, f"good-{len(rows)}-{number}") for number in range(99)]
        rows.append(make(new_person()))
        expected[len(rows) + 1] = [code]
    batch = new_batch(program, lines(*rows))
    found = refused_rows(program, batch)
    assert codes(found) == expected
    taken = batch["new_rows"] + batch["unchanged_rows"] + batch["corrected_rows"]
    assert (taken, batch["refused_rows"]) == (99 * len(KINDS), len(KINDS))
    assert batch["rows_read"] == batch["rows_total"] == 100 * len(KINDS)
    for row in found:
        for fault in row["faults"]:
            assert fault["sentence"].endswith("。")
            assert fault["place"].endswith(str(row["row"])) or f" {row['row']} " in fault["place"]


def test_everything_wrong_with_a_row_is_named_at_once(program: Program) -> None:
    batch = new_batch(program, lines(line("", "", indicator="步行上班", occurred_on="", quantity="x")))
    [row] = refused_rows(program, batch)
    assert {(fault["place"], fault["code"]) for fault in row["faults"]} == {
        ("A2", "id_number.missing"),
        ("B2", "indicator.unknown"),
        ("C2", "occurred_on.missing"),
        ("D2", "quantity.form"),
        ("F2", "key.missing"),
    }
    assert "“步行上班”不在现行的指标目录里。" in [fault["sentence"] for fault in row["faults"]]
    assert row["values"]["indicator"] == "步行上班"


@pytest.mark.parametrize(
    "written",
    [
        lambda number: number.lower(),
        lambda number: "".join(chr(ord(sign) + 0xFEE0) for sign in number),
        lambda number: f"  {number[:6]} {number[6:]} ",
    ],
    ids=["small x", "full-width", "spaced"],
)
def test_what_is_only_written_otherwise_is_understood(
    program: Program, written: Callable[[str], str]
) -> None:
    person = next(each for each in iter(new_person, None) if each.id_number.endswith("X"))
    row = line(
        written(person.id_number), f"w-{person.id_number[8:12]}-{id(written)}", occurred_on="２０２６／６／１"
    )
    assert counts(new_batch(program, lines(row))) == {"new": 1}


@pytest.mark.parametrize(
    "day", ["2026-6-1", "2026/06/01", "2026.6.1", "2026年6月1日", "20260601", "2026-06-01 08:30"]
)
def test_days_are_read_as_people_write_them(program: Program, day: str) -> None:
    person = new_person()
    assert counts(
        new_batch(program, lines(line(person.id_number, f"d-{id(person)}-{day}", occurred_on=day)))
    ) == {"new": 1}


def test_a_number_twice_in_a_file_is_refused_unless_the_rows_are_alike(program: Program) -> None:
    person = new_person()
    first, again = (
        line(person.id_number, f"twice {id(person)}"),
        line(person.id_number, f"twice {id(person)}", quantity="2"),
    )
    batch = new_batch(program, lines(first, first, again))
    assert codes(refused_rows(program, batch)) == {4: ["key.repeated"]}
    assert counts(batch) == {"new": 1, "unchanged": 1, "refused": 1}


def test_a_number_twice_is_found_over_any_distance(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.sources.taking.ROWS_AT_A_TIME", 2)
    rows = [line(new_person().id_number, f"far-{number}") for number in range(5)]
    again = line(new_person().id_number, "far-0", quantity="3")
    assert codes(refused_rows(program, new_batch(program, lines(*rows, again)))) == {7: ["key.repeated"]}


def test_lines_that_are_no_objects_of_ours_are_named(program: Program) -> None:
    bad = [
        "[]",
        "{",
        '{"name": "张伟"}',
        '{"key": "a", "key": "b"}',
        '{"key": {"a": 1}}',
        '{"key": 1.5}',
        "null",
    ]
    batch = new_batch(program, "\n".join(['{"key": null}', *bad, "null"]), NDJSON)
    found = {row["row"]: {fault["code"] for fault in row["faults"]} for row in refused_rows(program, batch)}
    assert "row.not_object" in found[2] & found[3] & found[8]
    assert "row.unknown_field" in found[4]
    assert "row.repeated_field" in found[5]
    assert "row.wrong_value" in found[6] & found[7]


@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        (TITLES, "empty"),
        (TITLES + "\n,,\n", "empty"),
        ("姓名,电话\n张伟,1\n", "no_heading"),
        (f"{TITLES},姓名\n", "wrong_heading"),
        (f"{TITLES},指标\n", "wrong_heading"),
        ("身份证号,指标\n", "wrong_heading"),
        (f'{TITLES}\n"open', "unreadable"),
        (f"{TITLES}\n{'9' * 30_000}\n", "too_wide"),
        (f"{TITLES}\n".encode("utf-16"), "encoding"),
        (f"{TITLES}\n".encode() + b"\xff\xfe\xff\n", "encoding"),
        (b"\x00" * 100, "wrong_type"),
        (b"PK\x03\x04 broken", "unreadable"),
        (b"\xd0\xcf\x11\xe0 old", "old_or_locked"),
    ],
    ids=str,
)
def test_a_file_that_cannot_be_taken_says_why(program: Program, content: str | bytes, verdict: str) -> None:
    batch = new_batch(program, content)
    assert (batch["state"], batch["verdict"], batch["rows_read"]) == ("failed", verdict, 0)
