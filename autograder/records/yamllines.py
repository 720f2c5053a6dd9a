"""YAML that people write, read with the line of every entry; no tags, no aliases, no key used twice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from autograder.records.errors import Fault

Place = tuple[int | str, ...]
MAX_BYTES = 500_000


class _Loader(yaml.SafeLoader):
    """Dates stay text, `yes` and `no` stay words, and aliases, which can inflate, are refused."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse an alias before it is followed."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="an alias is not allowed here", problem_mark=self.get_mark())
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), ["t", "f"])


def read(path: Path) -> tuple[Any, dict[Place, int]]:
    """Values and, for each place in them, the line it begins on (counted from 1)."""
    try:
        data = path.read_bytes()[: MAX_BYTES + 1]
    except OSError as error:
        raise Fault(f"cannot be read ({error.strerror})", path=path) from None
    if len(data) > MAX_BYTES:
        raise Fault(f"is larger than {MAX_BYTES} bytes", path=path)
    try:
        loader = _Loader(data.decode("utf-8"))
        node = loader.get_single_node()
        lines: dict[Place, int] = {}
        return _value(node, (), lines, loader, path), lines
    except UnicodeDecodeError:
        raise Fault("is not UTF-8 text", path=path) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise Fault(f"is not YAML ({error.problem})", path=path, line=line) from None
    except (yaml.YAMLError, RecursionError):
        raise Fault("is not YAML that can be read", path=path) from None


def line_of(place: Place, lines: dict[Place, int]) -> int | None:
    """The line of a place, or of the nearest one around it that was written."""
    while place not in lines:
        if not place:
            return None
        place = place[:-1]
    return lines[place]


def _value(node: Any, place: Place, lines: dict[Place, int], loader: _Loader, path: Path) -> Any:
    if node is None:
        raise Fault("is empty", path=path)
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*place, index), lines, loader, path) for index, item in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return loader.construct_object(node)
    found: dict[str, Any] = {}
    for key_node, item in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in found:
            raise Fault(f"the key {key} stands twice", path=path, line=line, remedy="remove one")
        lines[(*place, key)] = line
        found[key] = _value(item, (*place, key), lines, loader, path)
    return found
