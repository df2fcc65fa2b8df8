"""The shape of `sentences.yaml`: how a record of the score is told in one plain sentence."""

from collections.abc import Collection
from pathlib import Path
from string import Formatter
from typing import Annotated

from pydantic import AfterValidator

from backend.city.documents import Reader
from backend.city.fields import CityData, IndicatorRef, Text
from backend.city.validation import validate

# What stands in the middle of every sentence; a city says for each indicator how.
WHAT = frozenset({"name", "amount", "quantity", "unit", "source"})


def _telling(known: Collection[str], needed: Collection[str] = ()) -> AfterValidator:
    """A text in which `{name}` and the like stand for what is known of a record."""
    known, needed = frozenset(known), frozenset(needed)

    def check(text: str) -> str:
        used = _placeholders(text)
        if unknown := sorted(used - known):
            raise ValueError(f"{{{unknown[0]}}} 不存在（可用：{', '.join(sorted(known))}）")
        if missing := sorted(needed - used):
            raise ValueError(f"要有 {{{missing[0]}}}")
        return text

    return AfterValidator(check)


def _placeholders(text: str) -> set[str]:
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise ValueError("花括号不成对") from None
    if any(form or conversion for _, _, form, conversion in parts):
        raise ValueError("花括号里只写名称")
    return {name for _, name, _, _ in parts if name is not None}


Effect = Annotated[Text, _telling({"points"}, {"points"})]
What = Annotated[Text, _telling(WHAT)]
Anything = Annotated[Text, _telling(WHAT, {"name"})]
_DAYS = {"month", "day"}
_END = {"last_day", "last_month", "end_day"}
Lasting = Annotated[Text, _telling(_DAYS | {"what", "effect"}, {"what", "effect"})]
Ending = Annotated[Text, _telling(_DAYS | _END | {"what", "effect"}, {"what", "effect"})]
NotCounted = Annotated[Text, _telling(_DAYS | {"what", "why"}, {"what", "why"})]
Several = Annotated[Text, _telling({"months", "count", "what", "effect"}, {"what", "effect"})]


class Sentences(CityData):
    """`sentences.yaml`.

    `gain` and `loss` say what a record brings, which is `{effect}` in the others. `lasting`, `ending` and
    `fading` tell one record that counts, `several` those of one indicator together, `capped` when its bound
    cut them. `what` says what happened for each indicator; `anything` for those it does not name.
    """

    gain: Effect
    loss: Effect
    lasting: Lasting
    ending: Ending
    fading: Ending
    not_counted: NotCounted
    several: Several
    capped: Several
    anything: Anything
    what: dict[IndicatorRef, What]

    def what_of(self, indicator: str) -> str:
        return self.what.get(indicator, self.anything)


def load_sentences(reader: Reader, path: Path, known: dict[str, Collection[str]]) -> Sentences | None:
    document = reader.read_yaml(path)
    return validate(Sentences, document, reader, known) if document else None
