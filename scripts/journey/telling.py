"""Telling a story step by step, and noticing when a step does not go as told."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import click

from scripts.columns import aligned

INDENT = " " * 5


class NotAsTold(Exception):
    """A step went otherwise than the story says; the text says what was expected and what came."""


@dataclass(frozen=True)
class Answer:
    """What the interface answered. `body` is empty where there is none."""

    status: int
    body: dict[str, Any]
    headers: Mapping[str, str]

    @property
    def code(self) -> str | None:
        return self.body.get("code")

    @property
    def items(self) -> list[dict[str, Any]]:
        if self.status != 200:
            raise NotAsTold(f"应当得到一份列表，得到的是：{self}")
        items: list[dict[str, Any]] = self.body["items"]
        return items

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.status, self.code, self.body.get("detail")) if part)


class Step:
    """One step while it is told."""

    def says(self, text: str) -> None:
        click.echo(INDENT + text)

    def lists(self, rows: Sequence[Sequence[str]]) -> None:
        for line in aligned(rows):
            click.echo(f"{INDENT}  {line}")

    def given(self, answer: Answer, status: int = 200) -> dict[str, Any]:
        """The body of an answer that must have this status."""
        if answer.status != status:
            raise NotAsTold(f"应当成功（{status}），得到的是：{answer}")
        return answer.body

    def refused(self, answer: Answer, status: int, code: str) -> dict[str, Any]:
        """Tell a refusal that must come; gives its further data."""
        if (answer.status, answer.code) != (status, code):
            raise NotAsTold(f"应当被拒绝（{status} {code}），得到的是：{answer}")
        self.says(f"不能办理：{answer.body['detail']}")
        data: dict[str, Any] = answer.body.get("data", {})
        return data

    def check(self, holds: bool, expectation: str) -> None:
        if not holds:
            raise NotAsTold(f"应当{expectation}，实际不是")


class Story:
    """Numbers the steps and counts those that went as told."""

    def __init__(self) -> None:
        self.number = 0
        self._acts = iter("一二三四五六七八九")

    def act(self, title: str) -> None:
        click.echo("\n" + click.style(f"{next(self._acts)}、{title}", bold=True))

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """A step with what is asked; NotAsTold with number and title when it goes otherwise."""
        self.number += 1
        click.echo(f"\n{self.number:>3}  " + click.style(title, bold=True))
        try:
            yield Step()
        except NotAsTold as error:
            raise NotAsTold(f"第 {self.number} 步“{title}”没有像说的那样：{error}。") from None
        except (LookupError, TypeError, ValueError) as error:
            raise NotAsTold(f"第 {self.number} 步“{title}”的回答读不懂：{error!r}。") from error
