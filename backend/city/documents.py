"""YAML files and Markdown with YAML front matter, read with the line of every value.

The text is composed into ruamel's nodes once, and values and lines are both taken from the nodes:
the round-trip loader, which also keeps lines, stops at the first repeated key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from backend.city.problems import Problem, Where, field_name


@dataclass(frozen=True)
class Document:
    """A file's value. `body` is the Markdown after the front matter, empty for a YAML file."""

    path: Path
    value: Any
    lines: Mapping[Where, int]
    body: str = ""

    def line(self, where: Where) -> int:
        """The line of that place or, when it is missing, of what should hold it."""
        while where not in self.lines:
            where = where[:-1]
        return self.lines[where]

    def items(self, key: str) -> list[tuple[Where, dict[str, Any]]]:
        """The mappings of the list under `key`, with their places; anything else is passed over."""
        values = self.value.get(key) if isinstance(self.value, dict) else None
        if not isinstance(values, list):
            return []
        return [((key, index), item) for index, item in enumerate(values) if isinstance(item, dict)]


class Reader:
    """Reads the files of a city folder and collects what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def report(self, path: Path, message: str, *, line: int = 1, field: str = "") -> None:
        """Note a problem. The path is shown from the working directory where possible."""
        shown, here = path.absolute(), Path.cwd()
        shown = shown.relative_to(here) if shown.is_relative_to(here) else shown
        self.problems.append(Problem(str(shown), line, field, message))

    def report_at(self, document: Document, where: Where, message: str) -> None:
        """Note a problem with one value of a document."""
        self.report(document.path, message, line=document.line(where), field=field_name(where))

    def list_files(self, folder: Path, suffix: str) -> list[Path]:
        """The files of a required folder; anything with another suffix is a problem."""
        if not folder.is_dir():
            self.report(folder, "缺少这个文件夹")
            return []
        entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
        wanted = [entry for entry in entries if entry.is_file() and entry.suffix == suffix]
        for entry in entries:
            if entry not in wanted:
                self.report(entry, f"这里只放 {suffix} 文件")
        if not wanted:
            self.report(folder, f"至少要有一个 {suffix} 文件")
        return wanted

    def list_folders(self, folder: Path) -> list[Path]:
        """The folders of a required folder; a file among them is a problem."""
        if not folder.is_dir():
            self.report(folder, "缺少这个文件夹")
            return []
        entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
        for entry in entries:
            if not entry.is_dir():
                self.report(entry, "这里只放文件夹")
        folders = [entry for entry in entries if entry.is_dir()]
        if not folders:
            self.report(folder, "至少要有一个文件夹")
        return folders

    def read_folder(self, folder: Path) -> list[Document]:
        """Every YAML file of a required folder."""
        documents = [self.read_yaml(path) for path in self.list_files(folder, ".yaml")]
        return [document for document in documents if document is not None]

    def read_yaml(self, path: Path) -> Document | None:
        """A YAML file; None, with the problem noted, when it cannot be read at all."""
        text = self._read_text(path)
        return None if text is None else self.parse_yaml(path, text)

    def read_markdown(self, path: Path) -> Document | None:
        """Markdown that begins with front matter between two lines of three dashes."""
        text = self._read_text(path)
        if text is None:
            return None
        head, separator, body = text.removeprefix("---\n").partition("\n---\n")
        if not text.startswith("---\n") or not separator:
            self.report(path, "文件要以 --- 包住的说明（title 等）开头")
            return None
        return self.parse_yaml(path, f"\n{head}\n", body=body.strip("\n"))

    def _read_text(self, path: Path) -> str | None:
        try:
            # Editors on Windows put a byte order mark before the text.
            return path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            self.report(path, "缺少这个文件")
        except UnicodeDecodeError as error:
            line = path.read_bytes()[: error.start].count(b"\n") + 1
            self.report(path, "不是 UTF-8 编码", line=line)
        return None

    def parse_yaml(self, path: Path, text: str, *, body: str = "") -> Document | None:
        """The text of a file as a document; None, with the problem noted, when it is no YAML."""
        yaml = YAML(typ="safe", pure=True)
        try:
            node = yaml.compose(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            self.report(path, f"YAML 语法错误：{error.problem or error.context}", line=line)
            return None
        except YAMLError as error:
            self.report(path, f"YAML 语法错误：{error}")
            return None
        if node is None:
            self.report(path, "文件是空的")
            return None
        builder = _Builder(yaml)
        value = builder.build(node, ())
        document = Document(path, value, builder.lines, body)
        for where, line, message in builder.mistakes:
            self.report(path, message, line=line, field=field_name(where))
        return document


class _Builder:
    """Turns composed nodes into plain values, remembering where each one stands."""

    def __init__(self, yaml: YAML) -> None:
        self.construct = yaml.constructor.construct_object
        self.lines: dict[Where, int] = {(): 1}
        self.mistakes: list[tuple[Where, int, str]] = []

    def build(self, node: Node, where: Where) -> Any:
        if isinstance(node, MappingNode):
            return self._mapping(node, where)
        if isinstance(node, SequenceNode):
            return [self._item(child, (*where, index)) for index, child in enumerate(node.value)]
        return self._scalar(node, where)

    def _scalar(self, node: Node, where: Where) -> Any:
        try:
            return self.construct(node)
        except ValueError:
            # It looks like a date and is none (2026-02-30): as a text it fails where a date is due.
            return node.value
        except YAMLError:
            self.mistakes.append((where, node.start_mark.line + 1, f"不认识的标记 {node.tag}"))
            return node.value

    def _item(self, node: Node, where: Where) -> Any:
        self.lines[where] = node.start_mark.line + 1
        return self.build(node, where)

    def _mapping(self, node: MappingNode, where: Where) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            place = (*where, key)
            if key in mapping:
                self.mistakes.append((place, line, f"重复的键（第一次在第 {self.lines[place]} 行）"))
                continue
            self.lines[place] = line
            mapping[key] = self.build(value_node, place)
        return mapping
