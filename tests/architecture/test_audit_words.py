"""Whatever is written to the audit trail reads in Chinese there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from backend.audit.words import ACTIONS, SUBJECTS
from backend.config import PROJECT

CODE = re.compile(r"[a-z_]+\.[a-z_]+")
FEWEST = 100


def calls() -> Iterator[tuple[Path, ast.Call]]:
    for path in (PROJECT / "backend").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and re.fullmatch(r"_?(record|note)\w*", name_of(node)):
                yield path, node


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def texts(nodes: list[ast.expr]) -> Iterator[str]:
    yield from (
        node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def test_every_action_has_words() -> None:
    written = {text: path.name for path, call in calls() for text in texts(call.args) if CODE.fullmatch(text)}
    assert len(written) > FEWEST
    assert {action: name for action, name in written.items() if action not in ACTIONS} == {}


def test_every_subject_has_words() -> None:
    tuples = [
        (path, keyword.value)
        for path, call in calls()
        for keyword in call.keywords
        if keyword.arg == "subject" and isinstance(keyword.value, ast.Tuple)
    ]
    written = {text: path.name for path, pair in tuples for text in texts(pair.elts[:1])}
    assert {subject: name for subject, name in written.items() if subject not in SUBJECTS} == {}
