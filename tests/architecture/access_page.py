"""The written list of who may call what, as a page for people: `python -m tests.architecture.access_page`."""

from collections.abc import Iterator
from pathlib import Path

from tests.architecture.access_matrix import ACCESS, ACROSS_ACCOUNTS, OBJECTS, PUBLIC_IDS, Call
from tests.architecture.roles import CONSOLE_ROLES, Role, is_by_cookie, turned_away

PAGE = Path(__file__).resolve().parents[2] / "docs" / "access.md"

HEAD = """# Who may call what

Made from `tests/architecture/access_matrix.py` by `python -m tests.architecture.access_page`; a test
fails when it is stale. Another test calls every address as every role and compares. How the rows
behind it are guarded: [security.md](security.md).

- **✓** is let in; what is then missing (an identity, a consent, points) is said with a code of its
  own, see [api.md](api.md).
- **401** `session.required` without a session, `session.ended` with one that does not hold,
  `session.step_missing` before the second factor; **403** `session.wrong_audience`, `session.csrf`,
  `permission.missing`; **409** `session.step_over` when signing in is done.
- An access token opens nothing in the console, nor the console's cookie anything elsewhere (401); this is
  tried as well.
- **own**: the call names an object of the caller. Somebody else's answers exactly like one that does
  not exist, but for the request id.
- **across**: the call must look beyond the caller's own rows, so the database's row guard is open and
  its filters alone keep people apart.
"""


def page() -> str:
    phones = [role for role in Role if role not in CONSOLE_ROLES]
    tables = [
        *("## Public, residents and shops: by access token", "", *_table(phones, by_cookie=False), ""),
        *("## The console: by cookie", "", *_table([Role.NOBODY, *CONSOLE_ROLES], by_cookie=True), ""),
    ]
    return "\n".join([HEAD, *tables, *_ids(), ""])


def _table(roles: list[Role], *, by_cookie: bool) -> Iterator[str]:
    yield "| call | " + " | ".join(roles) + " | own | across |"
    yield "|---|" + ":-:|" * (len(roles) + 1) + "---|"
    for call, who in ACCESS.items():
        if is_by_cookie(call) is not by_cookie:
            continue
        cells = [_cell(turned_away(role, call, who)) for role in roles]
        own = OBJECTS[call].kind if call in OBJECTS else ""
        yield "| " + " | ".join([_shown(call), *cells, own, ACROSS_ACCOUNTS.get(call, "")]) + " |"


def _ids() -> Iterator[str]:
    yield "## Ids that are nobody's"
    yield ""
    yield "| id | why |"
    yield "|---|---|"
    for name, why in PUBLIC_IDS.items():
        yield f"| `{name}` | {why} |"


def _cell(refused: tuple[int, str] | None) -> str:
    return str(refused[0]) if refused else "✓"


def _shown(call: Call) -> str:
    method, path = call
    plain = path.replace("<uuid:", "{").replace("<path:", "{").replace("<", "{").replace(">", "}")
    return f"{method} `{plain.removeprefix('/api/v1')}`"


if __name__ == "__main__":
    PAGE.write_text(page())
