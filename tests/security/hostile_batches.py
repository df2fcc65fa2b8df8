"""Files of records as somebody's broken program, or somebody's enemy, would make them; each by its seed."""

import json
import random

from tests.factories.sources import TITLES

CELLS = (
    '=HYPERLINK("http://x")',
    "+1+1",
    "@SUM(A1)",
    "'; DROP TABLE credit_records; --",
    "{value}",
    "{0.__class__}",
    "\x00",
    "\u202e123",
    "\ud83d",
    "９９９９９９１９８５０５２００１２３",
    "420202850520123",
    "4.20202E+17",
    "11010519491231002x",
    "9" * 3_000,
    "-0",
    "1e308",
    "٣٤٥",
    "2026-02-30",
    "0000-00-00",
    '"',
    "\r",
    "",
)
HEADINGS = (
    TITLES,
    TITLES,
    TITLES,
    TITLES,
    f"{TITLES},姓名",
    ",".join([TITLES] * 1_700),
    "",
    f"\ufeff{TITLES}",
)
SHAPES = ("[" * 5_000, '{"a":' * 3_000, "\n" * 5_000, '"' * 99, "x" * 30_000, "{}\n" * 50)
VALUES = (1, 1.5, True, None, [], {"a": 1}, 10**30, "无偿献血", *CELLS)
ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-32", "big5")


def hostile(seed: int) -> bytes:
    draw = random.Random(seed)
    text = draw.choice((delimited, delimited, delimited, objects, shapeless))(draw)
    content = text.encode(draw.choice(ENCODINGS), "replace")
    return scratched(draw, content) if draw.random() < 0.2 else content


def delimited(draw: random.Random) -> str:
    rows = [[draw.choice(CELLS) for _ in range(draw.randint(0, 9))] for _ in range(draw.randint(1, 6))]
    mark = draw.choice((",", ",", ",", ";", "\t"))
    return "\n".join([draw.choice(HEADINGS), *(mark.join(cells) for cells in rows)])


def objects(draw: random.Random) -> str:
    names = ("id_number", "indicator", "occurred_on", "quantity", "expires_on", "key", "记录编号", "name")
    rows = [
        {draw.choice(names): draw.choice(VALUES) for _ in range(draw.randint(0, 6))}
        for _ in range(draw.randint(1, 6))
    ]
    return "\n".join(json.dumps(row) for row in rows)


def shapeless(draw: random.Random) -> str:
    return draw.choice((TITLES + "\n", "{", "")) + draw.choice(SHAPES)


def scratched(draw: random.Random, content: bytes) -> bytes:
    marked = bytearray(content)
    for _ in range(draw.randint(1, 8)):
        if marked:
            marked[draw.randrange(len(marked))] = draw.randrange(256)
    return bytes(marked[: draw.randint(0, len(marked))])
