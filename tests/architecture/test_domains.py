"""A domain touches only its own tables. Of another's `models` it may name states and constants, and
the type of what that domain's service or queries gave it; it may not look things up in its tables."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import backend.main  # noqa: F401 - so that every table is known
from backend.core.database import Base

BACKEND = Path(__file__).resolve().parents[2] / "backend"
# The migrations must know every table, to compare them with the database.
NO_DOMAINS = {"core", "web", "migrations"}

# Where a table of another domain is touched all the same, and why.
EXCEPTIONS: dict[tuple[str, str], str] = {}


def modules() -> Iterator[tuple[str, Path]]:
    for path in BACKEND.rglob("*.py"):
        domain = path.relative_to(BACKEND).parts[0]
        if path.parent != BACKEND and domain not in NO_DOMAINS:
            yield domain, path


def foreign_tables(domain: str, tree: ast.Module) -> Iterator[str]:
    """The names in a module that stand for tables of other domains."""
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        source = node.module or "" if isinstance(node, ast.ImportFrom) else ""
        whole = [name for name in names if name.startswith("backend.") and name.endswith(".models")]
        assert not whole, f"{whole}: import names, not the whole module, so that this test can see them"
        if source.startswith("backend.") and "models" in names:
            raise AssertionError(f"{source}: import names, not `models`, so that this test can see them")
        parts = source.split(".")
        if parts[0] == "backend" and parts[-1] == "models" and parts[1] != domain:
            for alias in node.names if isinstance(node, ast.ImportFrom) else []:
                if is_table(getattr(import_module(source), alias.name)):
                    yield alias.asname or alias.name


def is_table(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, Base)


def used_names(tree: ast.Module) -> set[str]:
    """The names used for more than saying of what type something is."""
    said = {id(part) for annotation in annotations(tree) for part in ast.walk(annotation)}
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in said}


def annotations(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            yield node.annotation
        elif isinstance(node, ast.FunctionDef) and node.returns:
            yield node.returns


def touched() -> set[tuple[str, str]]:
    found = set()
    for domain, path in modules():
        tree = ast.parse(path.read_text())
        used = used_names(tree)
        place = str(path.relative_to(BACKEND))
        found |= {(place, table) for table in foreign_tables(domain, tree) if table in used}
    return found


def test_no_domain_looks_things_up_in_anothers_tables() -> None:
    assert touched() == set(EXCEPTIONS)


@pytest.mark.parametrize(
    ("source", "is_touched"),
    [
        ("from backend.identity.models import Clerk\ndef f(c: Clerk) -> list[Clerk]: return [c]", False),
        ("from backend.identity.models import Clerk\nx: Clerk | None = None", False),
        ("from backend.identity.models import Clerk\ndef f(db): return db.get(Clerk, 1)", True),
        ("from backend.identity.models import Clerk as C\nq = select(C.id)", True),
        ("from backend.consents.models import SCORING, Decision\nx = [SCORING, Decision.GIVEN]", False),
        ("from backend.vouchers.models import Voucher\nx = Voucher()", False),
    ],
)
def test_the_search_tells_a_look_up_from_a_type(source: str, is_touched: bool) -> None:
    tree = ast.parse(source)
    assert bool(set(foreign_tables("vouchers", tree)) & used_names(tree)) is is_touched


def test_no_domain_names_anothers_table_in_sql_of_its_own() -> None:
    owners = {
        table.name: mapper.class_.__module__.split(".")[1]
        for mapper in Base.registry.mappers
        for table in mapper.tables
    }
    assert owners["residents"] == "identity"
    for domain, path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "text":
                words = re.findall(r"\w+", " ".join(constants(node)))
                strangers = [word for word in words if owners.get(word, domain) != domain]
                assert not strangers, f"{path}:{node.lineno}: {strangers}"


def constants(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_tables_of_others_are_referred_to_by_their_names() -> None:
    for _domain, path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("ForeignKey", "relationship"):
                for target in node.args:
                    assert isinstance(target, ast.Constant), f"{path}:{node.lineno}"


def test_every_package_says_what_it_is() -> None:
    for package in BACKEND.rglob("__init__.py"):
        assert ast.get_docstring(ast.parse(package.read_text())), package
