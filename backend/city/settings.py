"""What the office may set while the system runs: what each setting can be, and the city's own value."""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import ValidationError

from backend.city.city_file import PermanentResidents
from backend.city.model import City
from backend.city.serving import current_city


class NotFitting(ValueError):
    """The value is not one the setting can have; the message tells people why, `part` which part of it."""

    def __init__(self, message: str, part: str | None = None) -> None:
        super().__init__(message)
        self.part = part


@dataclass(frozen=True)
class Setting(ABC):
    """One setting. `default` is its value as long as nobody has set it."""

    kind: ClassVar[str]
    name: str
    title: str
    help: str
    default: Callable[[City], Any]

    @property
    def bounds(self) -> dict[str, int]:
        return {}

    @abstractmethod
    def check(self, value: Any) -> Any:
        """The value as it is kept; NotFitting when it is none."""


@dataclass(frozen=True)
class WholeNumber(Setting):
    kind = "number"
    least: int
    most: int

    @property
    def bounds(self) -> dict[str, int]:
        return {"least": self.least, "most": self.most}

    def check(self, value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not self.least <= value <= self.most:
            raise NotFitting(f"请填 {self.least} 到 {self.most} 的整数。")
        return value


@dataclass(frozen=True)
class Line(Setting):
    """A line of text, or none."""

    kind = "text"
    longest: int
    pattern: str = r"[^\x00-\x1f\x7f\ud800-\udfff]+"
    wrong: str = "不能含有换行和控制字符。"

    @property
    def bounds(self) -> dict[str, int]:
        return {"most": self.longest}

    def check(self, value: Any) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str) or not 1 <= len(value) <= self.longest:
            raise NotFitting(f"长度应为 1 至 {self.longest} 个字符。")
        if not re.fullmatch(self.pattern, value):
            raise NotFitting(self.wrong)
        return value


@dataclass(frozen=True)
class Residents(Setting):
    """How many people live where, with the source of the numbers; or not known."""

    kind = "residents"

    def check(self, value: Any) -> dict[str, Any] | None:
        if value is None:
            return None
        try:
            # As JSON: a date is a text there.
            known = PermanentResidents.model_validate_json(json.dumps(value))
        except ValidationError as error:
            raise NotFitting("请填写每个区县的人数、数据来源和截止日期。", _place(error)) from None
        if set(known.by_district) != {district.key for district in current_city().districts}:
            raise NotFitting("每个区县都要填。", "by_district")
        return known.model_dump(mode="json")


def _place(error: ValidationError) -> str | None:
    place = error.errors()[0]["loc"]
    return str(place[0]) if place and place[0] in PermanentResidents.model_fields else None


DECIDED_WITHIN = WholeNumber(
    "decided_within_working_days",
    "审核时限（工作日）",
    "单位申请和激励项目提交后，超过这么多个工作日还没有审核，看板上算作超时。",
    lambda city: city.decided_within_working_days,
    least=1,
    most=20,
)
CONTACT_PHONE = Line(
    "contact_phone",
    "咨询电话",
    "写在手机端“联系我们”里。不填就不显示。",
    lambda city: city.contact.phone,
    longest=20,
    pattern=r"\+?\d[\d -]{2,18}\d",
    wrong="请填写电话号码，例如 0714-1234567 或 12345。",
)
CONTACT_EMAIL = Line(
    "contact_email",
    "联系邮箱",
    "写在手机端“联系我们”里。不填就不显示。",
    lambda city: city.contact.email,
    longest=80,
    pattern=r"[\w.+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+",
    wrong="不是有效的邮箱。",
)
CONTACT_ADDRESS = Line(
    "contact_address",
    "办公地址",
    "写在手机端“联系我们”里。不填就不显示。",
    lambda city: city.contact.address,
    longest=80,
)
COVERAGE_TARGET = WholeNumber(
    "coverage_target_percent",
    "覆盖目标（%）",
    "有信用分的市民要占常住人口的多少。看板按它显示进度。",
    lambda city: city.coverage_target_percent,
    least=1,
    most=100,
)
PERMANENT_RESIDENTS = Residents(
    "permanent_residents",
    "常住人口",
    "按区县填写，用来算覆盖面。请照统计部门公布的数字填，并写明来源和截止日期。",
    lambda city: known.model_dump(mode="json") if (known := city.permanent_residents) else None,
)
SETTINGS: dict[str, Setting] = {
    setting.name: setting
    for setting in (
        DECIDED_WITHIN,
        CONTACT_PHONE,
        CONTACT_EMAIL,
        CONTACT_ADDRESS,
        COVERAGE_TARGET,
        PERMANENT_RESIDENTS,
    )
}
