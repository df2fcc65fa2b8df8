"""Subscribe messages: templates, who agreed to how many, and what was sent."""

import re
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from scripts.wechat_simulator.clock import Clock
from scripts.wechat_simulator.wire import Refused

# What the fields of a template take, by the type that their names begin with.
FIELD_RULES = {
    "thing": r".{1,20}",
    "phrase": r"[\u4e00-\u9fff]{1,5}",
    "name": r"[\u4e00-\u9fff·]{1,10}|[^\u4e00-\u9fff]{1,20}",
    "number": r"\d{1,32}|\d{1,30}\.\d{1,30}",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "character_string": r"[!-~ ]{1,32}",
    "date": r"\d{4}(?:年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2})(?: \d{1,2}:\d{2})?(?:~.+)?",
    "time": r"(?:\d{4}(?:年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2}) ?)?\d{1,2}:\d{2}(?:~.+)?",
    "amount": r"[¥￥$€]?\d{1,10}(?:\.\d{1,2})?元?",
    "phone_number": r"[0-9+\-]{1,17}",
    "car_number": r".{1,8}",
}
_TYPE = re.compile(r"([a-z_]+?)\d+")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Template:
    id: str
    kind: str
    title: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Sent:
    """A message as it arrived on a phone."""

    msgid: int
    at: float
    user: str
    template_id: str
    page: str | None
    data: dict[str, str] = field(default_factory=dict)


class Subscriptions:
    """Everything about messages of one mini-program. `pages` are those of its released version."""

    def __init__(self, clock: Clock, templates: Iterable[Template], pages: Iterable[str]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._first = {template.id: template for template in templates}
        self._first_pages = frozenset(pages)
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self.templates = dict(self._first)
            self.pages = set(self._first_pages)
            self._credits: Counter[tuple[str, str]] = Counter()
            self._inbox: list[Sent] = []
            self._msgids = count(2_000_000_001)

    def answer_dialog(self, user: str, results: Mapping[str, str]) -> None:
        """What the person answered to wx.requestSubscribeMessage."""
        with self._lock:
            for template_id, result in results.items():
                if result.startswith("accept"):
                    self._credits[user, template_id] += 1
                else:
                    self._credits[user, template_id] = 0

    def switch_off(self, user: str, template_id: str) -> None:
        """In the list of messages, outside of any dialog."""
        with self._lock:
            self._credits[user, template_id] = 0

    def credits(self, user: str, template_id: str) -> int:
        return self._credits[user, template_id]

    def send(self, user: str, body: Mapping[str, Any]) -> Sent:
        """Take a message, or raise `Refused` as WeChat would."""
        template = self.templates.get(str(body.get("template_id")))
        if template is None:
            raise Refused(40037)
        page = body.get("page")
        if page and str(page).partition("?")[0] not in self.pages:
            raise Refused(41030)
        data = _checked(template, body.get("data"))
        with self._lock:
            if self._credits[user, template.id] < 1:
                raise Refused(43101)
            if template.kind == "one_time":
                self._credits[user, template.id] -= 1
            sent = Sent(next(self._msgids), self._clock.now(), user, template.id, page, data)
            self._inbox.append(sent)
            return sent

    def inbox(self) -> list[Sent]:
        with self._lock:
            return list(self._inbox)


def _checked(template: Template, data: object) -> dict[str, str]:
    given = data if isinstance(data, dict) else {}
    for name in (*template.fields, *(set(given) - set(template.fields))):
        entry = given.get(name)
        value = entry.get("value") if isinstance(entry, dict) else None
        kind = _TYPE.fullmatch(name)
        rule = FIELD_RULES.get(kind[1]) if kind and name in template.fields else None
        fits = isinstance(value, str) and rule and re.fullmatch(rule, value) and not _CONTROLS.search(value)
        if not fits:
            raise Refused(47003, f"argument invalid! data.{name}.value invalid")
    return {name: given[name]["value"] for name in template.fields}
