"""The shape of `membership/requirements.yaml` and `membership/commitment/<version>.md`: what a unit hands
in and promises to become a member and to stay one."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from backend.city.dated_texts import DatedHead, DatedText, in_force, read_dated_texts
from backend.city.documents import Reader
from backend.city.fields import CityData, Code, Count, Many, Text
from backend.city.validation import check_unique, validate

Due = Literal["application", "approval", "yearly"]
# 0 is the day itself.
DaysBefore = Annotated[int, Field(ge=0)]
# What a unit's yearly re-check is called beside the requirements.
RECHECK = "recheck"


class Requirement(CityData):
    """Something the city asks of a unit. `days` counts from the approval, for what is due after it."""

    code: Code
    name: Text
    help: Text
    kind: Literal["text", "document"]
    due: Due
    days: Count | None = None
    optional: bool = False

    @model_validator(mode="after")
    def _has_days_when_due_later(self) -> Self:
        if (self.due == "approval") != (self.days is not None):
            raise ValueError("due 为 approval 时要写 days，其他时候不写")
        if self.due == "approval" and (self.kind != "document" or self.optional):
            raise ValueError("due 为 approval 的只能是必须提供的材料（kind: document，不写 optional）")
        if self.code == RECHECK:
            raise ValueError(f"code 不能用 {RECHECK}")
        return self


class RequirementsFile(CityData):
    """`requirements.yaml`. A unit is reminded so many days before something is due, and re-checked so many
    days after its last confirmation. Applications that nobody touches are kept for so many days."""

    remind_days_before: Many[DaysBefore]
    recheck_every_days: Count
    untouched_kept_days: Count
    requirements: Many[Requirement]


class Membership(RequirementsFile):
    """Also the versions of the commitment, oldest first."""

    commitments: tuple[DatedText, ...]

    def commitment(self, on: date) -> DatedText | None:
        """The text that is signed that day."""
        return in_force(self.commitments, on)

    def requirement(self, code: str) -> Requirement | None:
        return next((each for each in self.requirements if each.code == code), None)

    def asked_at(self, due: Due) -> tuple[Requirement, ...]:
        return tuple(each for each in self.requirements if each.due == due)


def load_membership(reader: Reader, folder: Path) -> Membership | None:
    document = reader.read_yaml(folder / "requirements.yaml")
    texts = read_dated_texts(reader, folder / "commitment", DatedHead, of_one="承诺书")
    commitments = tuple(DatedText.assemble(head, **rest) for head, rest in texts)
    if document is None:
        return None
    check_unique(reader, [document], "requirements", "code")
    file = validate(RequirementsFile, document, reader, {})
    return Membership.assemble(file, commitments=commitments) if file else None
