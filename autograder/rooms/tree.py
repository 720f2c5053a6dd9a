"""Walk a value or a tree, counting: depth, nodes and blocks stay within their bounds on both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from autograder.rooms.bounds import Bounds, Refused, Unknown

__all__ = ["Describe", "Reader", "Take", "Writer"]

Describe = Callable[[Any], Any]
Take = Callable[..., Any]


class _Counted:
    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.depth = 0
        self.nodes = 0

    def enter(self) -> None:
        """Count a node on the way down; a value that contains itself ends here too."""
        self.depth += 1
        self.nodes += 1
        if self.depth > self.bounds.depth:
            raise Refused(f"nested more than {self.bounds.depth} deep, or containing itself")
        if self.nodes > self.bounds.nodes:
            raise Refused(f"more than {self.bounds.nodes} parts")

    def plain(self, description: Any) -> None:
        """Count a description, and refuse one that is not plain JSON."""
        self.enter()
        if type(description) is dict:
            if not all(type(key) is str for key in description):
                raise Refused("a description with odd keys")
            description = list(description.values())
        if type(description) is list:
            for one in description:
                self.plain(one)
        elif description is not None and type(description) not in (str, int, bool):
            raise Refused("a description that is not plain")
        self.depth -= 1


class Writer(_Counted):
    """Write values; `known` turns one into a tree, and `strange` describes what that does not know."""

    def __init__(
        self,
        blocks: list[bytes],
        bounds: Bounds,
        known: Callable[[Writer, Any], Any],
        strange: Describe | None = None,
    ) -> None:
        super().__init__(bounds)
        self._blocks = blocks
        self._known = known
        self._strange = strange

    def write(self, value: Any) -> Any:
        """Write one value."""
        kind = type(value)  # exact, so that no subclass passes as it is
        if value is None or kind is bool or kind is float or (kind is int and value.bit_length() < 64):
            return value
        if isinstance(value, str):
            return str.__str__(value)
        self.enter()
        held = len(self._blocks)
        try:
            return self._known(self, value)
        except Unknown:
            if self._strange is None:
                raise
            del self._blocks[held:]
            return self._described(self._strange(value))
        finally:
            self.depth -= 1

    def _described(self, told: Any) -> Any:
        description, values = told if type(told) is tuple else (told, None)
        self.plain(description)
        return ["h", description] if values is None else ["h", description, self.each(values)]

    def each(self, values: Iterable[Any]) -> list[Any]:
        """Write several."""
        return [self.write(one) for one in values]

    def block(self, content: bytes) -> int:
        """Put bytes aside; what stands for them is their number."""
        if len(content) > self.bounds.block or len(self._blocks) >= self.bounds.blocks:
            raise Refused(f"{len(content)} bytes at once, or too many blocks")
        self._blocks.append(content)
        return len(self._blocks) - 1


class Reader(_Counted):
    """Read trees with a fixed set of readers."""

    def __init__(
        self,
        blocks: list[memoryview],
        bounds: Bounds,
        readers: dict[str, Callable[..., Any]],
        handle: Take | None = None,
    ) -> None:
        super().__init__(bounds)
        self.handle = handle
        self._blocks: dict[int, memoryview] = dict(enumerate(blocks))
        self._readers = readers

    def read(self, tree: Any) -> Any:
        """Read one tree."""
        if not isinstance(tree, list):
            if isinstance(tree, dict):
                raise Refused("not a tree")
            self.nodes += 1
            return tree
        self.enter()
        try:
            tag, *parts = tree
            reader = self._readers.get(tag) if isinstance(tag, str) else None
            if reader is None:
                raise Refused("an unknown tag")
            return reader(self, *parts)
        finally:
            self.depth -= 1

    def each(self, trees: Any) -> list[Any]:
        """Read several."""
        if not isinstance(trees, list):
            raise Refused("not a list")
        if self.nodes + len(trees) > self.bounds.nodes:
            raise Refused(f"more than {self.bounds.nodes} parts")
        return [self.read(one) for one in trees]

    def block(self, number: Any) -> memoryview:
        """Take a block; only once, so that a short message cannot become a large value."""
        if type(number) is not int or number not in self._blocks:
            raise Refused("a block that is not there, or used twice")
        return self._blocks.pop(number)

    def finish(self) -> None:
        """Refuse what nothing refers to."""
        if self._blocks:
            raise Refused("blocks that nothing refers to")
