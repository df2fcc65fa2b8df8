"""What is sent with COPY arrives as it was, whatever stands in it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import LargeBinary, create_engine, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from backend.core.database import Base as Models
from scripts.demonstration.copying import RowGatherer, send


class Base(DeclarativeBase):
    type_annotation_map = {**Models.type_annotation_map, dict[str, Any]: JSONB(), bytes: LargeBinary()}


class Anything(Base):
    __tablename__ = "anything"

    number: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str | None]
    cell: Mapped[bytes | None]
    document: Mapped[dict[str, Any] | None]
    day: Mapped[date | None]
    moment: Mapped[datetime | None]
    flag: Mapped[bool | None]


ROWS = [
    {"words": words, "cell": cell, "document": document, "day": day, "moment": moment, "flag": flag}
    for words, cell, document, day, moment, flag in (
        ("", b"", {}, date(2026, 2, 28), datetime(2026, 2, 28, 23, 59, 59, 7, UTC), True),
        ("\\N", b"\\N", {"a": None}, None, None, False),
        (
            "两行\n制表\t回车\r反斜\\\\",
            bytes(range(256)),
            {"词": '引"号\\\n\t', "n": [1, 2]},
            None,
            None,
            None,
        ),
        (None, None, None, None, None, None),
        ("\\.", b"\\x41", {"code": "\\u0041"}, None, None, None),
    )
]


@pytest.fixture
def empty(postgres_url: str) -> Any:
    engine = create_engine(postgres_url.replace("postgresql://", "postgresql+psycopg://", 1))
    with Session(engine) as db:
        db.execute(
            text(
                "CREATE TEMPORARY TABLE anything (number bigint, words text, cell bytea,"
                " document jsonb, day date, moment timestamptz, flag bool)"
            )
        )
        yield db
    engine.dispose()


def test_every_value_arrives_as_it_was(empty: Session) -> None:
    rows = RowGatherer([Anything])  # type: ignore[list-item]
    for number, row in enumerate(ROWS):
        rows.add(Anything, number=number, **row)  # type: ignore[arg-type]
    send(empty, rows.take())
    arrived = [
        {name: getattr(row, name) for name in ROWS[0]}
        for row in empty.query(Anything).order_by(Anything.number)
    ]
    assert arrived == ROWS
    assert rows.take() == []
