"""YAML that remembers its lines, so that a fault can name one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from coursefacts.errors import InputFault

Key = str | int


@dataclass
class Document:
    """Plain data and the line (from 1) on which each key path begins."""

    data: Any
    path: Path | None
    lines: dict[tuple[Key, ...], int] = field(default_factory=dict)

    def line(self, where: Iterable[Key]) -> int | None:
        """Find the line of a key path, or of its nearest known parent."""
        at = tuple(where)
        while at not in self.lines and at:
            at = at[:-1]
        return self.lines.get(at)

    def fault(self, what: str, where: Iterable[Key] = (), remedy: str | None = None) -> InputFault:
        """Make a fault that points at a key path."""
        return InputFault(what, path=self.path, line=self.line(where), remedy=remedy)


# libyaml reads some eight times as fast as pure Python; its wheels hold it, a build from source may not.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]  # one of two classes, known only when it runs
    """Safe YAML in which dates, times and country codes stay text and a key stands once."""


# YAML 1.1 turns 2026-11-22 into a date, `NO` (Norway) into false, 20:43 into 1243 and 010 into 8. Here they
# stay what was written; `true`, `false`, numbers and null are what YAML 1.2 (section 10.3) takes them for.
_PLAIN = {
    "tag:yaml.org,2002:timestamp": None,
    "tag:yaml.org,2002:bool": re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"),
    "tag:yaml.org,2002:int": re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z"),
    "tag:yaml.org,2002:float": re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+][0-9]+)?\Z"),
}
_Loader.yaml_implicit_resolvers = {
    first: [(tag, kept) for tag, rule in rules if (kept := _PLAIN.get(tag, rule)) is not None]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(path: Path) -> Document:
    """Read a YAML file; raise InputFault with its line when it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputFault("no such file", path=path, remedy="check the name") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputFault(f"cannot be read ({error})", path=path, remedy="save it as UTF-8 text") from None
    return parse(text, path)


def parse(text: str, path: Path | None = None, first_line: int = 1) -> Document:
    """Parse YAML text whose first line has the number `first_line` in the file."""
    offset = first_line - 1
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            document = Document(None, path)
            if node is not None:
                _walk(node, (), document, offset)
                document.data = loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 + offset if mark else None
        raise InputFault(
            f"not valid YAML ({error.problem or error.context})",
            path=path,
            line=line,
            remedy="check indentation, colons and quotes on this line and the one above",
        ) from None
    except yaml.YAMLError as error:
        raise InputFault(
            f"not valid YAML ({error})", path=path, remedy="save it as plain UTF-8 text"
        ) from None
    return document


def _walk(node: yaml.Node, at: tuple[Key, ...], document: Document, offset: int) -> None:
    """Note the line of every key and item, and refuse a key that stands twice."""
    document.lines.setdefault(at, node.start_mark.line + 1 + offset)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            line = key.start_mark.line + 1 + offset
            if name in seen:
                raise InputFault(
                    f"the key '{name}' stands twice", path=document.path, line=line, remedy="keep one of them"
                )
            seen.add(name)
            document.lines[(*at, name)] = line
            _walk(value, (*at, name), document, offset)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            document.lines[(*at, index)] = item.start_mark.line + 1 + offset
            _walk(item, (*at, index), document, offset)
