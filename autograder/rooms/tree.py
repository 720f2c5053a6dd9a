"""Walk a value or a tree, counting: depth, nodes and blocks stay within their bounds on both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from autograder.rooms.bounds import Bounds, Refused, Unknown

__all__ = ["Block", "Describe", "Reader", "Take", "Writer", "name_of"]

Block = bytes | bytearray | memoryview
Describe = Callable[[Any], Any]
Take = Callable[..., Any]

_LONG_TEXT = 2048  # a longer text travels as a block, where its commas are not taken for structure
# What a value costs to make besides its parts, in parts; a part is about a millionth of a second. Every tag
# stands here, so that nobody adds a kind of value without asking what a message full of it would cost.
COSTS = {
    # Their parts, or the blocks that they take, are counted one by one; making them costs no more than that.
    **dict.fromkeys(("l", "t", "d", "s", "f", "c", "i", "b", "B", "u", "e", "ni", "r", "sl", "mv", "D"), 0),
    **dict.fromkeys(
        ("dc", "dd", "di", "dk", "do", "dq", "dr", "dv", "L", "a", "ao", "ar", "n", "g", "h", "us"), 0
    ),
    **dict.fromkeys(("dt", "tc", "td", "ts", "tt", "tz", "uu", "pna", "qn", "N"), 0),
    **dict.fromkeys(("pd", "ps", "pi", "pm", "pr", "pv"), 30),
    **dict.fromkeys(("rp", "rg", "rs", "rb", "rq"), 40),
    # To make an expression or a symbol SymPy looks through its assumptions.
    **dict.fromkeys(("y", "ya", "yc", "yi", "yf", "ys", "yu", "ym", "yq"), 60),
    **dict.fromkeys(("qc", "qg", "qx", "qd", "qs", "qL", "qC", "qS"), 40),
    **dict.fromkeys(("qp", "pt", "px", "qr", "qb", "qv", "T", "mp", "sn", "pp", "as", "q", "ref"), 4),
}
_AT_ONCE = (str, int, float, bool, type(None))
_KIND_NAME = type.__dict__["__name__"]


def name_of(kind: type) -> str:
    """Name a class without asking it; a metaclass may answer with code."""
    return str(_KIND_NAME.__get__(kind))


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

    def count(self, more: int) -> None:
        """Count several nodes at once."""
        self.nodes += more
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
    """Write values: by exact type where that is known, else by `known`, else by what `strange` describes.

    given: classes whose instances travel, under the names that the other side knows them by.
    canonical: write only to compare: sets in order, circuits without what differs from run to run.
    """

    def __init__(
        self,
        bounds: Bounds,
        exact: Mapping[type, Callable[[Writer, Any], Any]],
        known: Callable[[Writer, Any], Any],
        *,
        strange: Describe | None = None,
        given: Mapping[str, type] | None = None,
        canonical: bool = False,
    ) -> None:
        super().__init__(bounds)
        self.blocks: list[Block] = []
        self.given = {id(kind): name for name, kind in (given or {}).items()}
        self.canonical = canonical
        self._exact, self._known, self._strange = exact, known, strange

    def write(self, value: Any) -> Any:
        """Write one value."""
        kind = type(value)  # exact, so that no subclass passes as it is
        if kind is float or value is None or kind is bool or (kind is int and value.bit_length() < 64):
            return value
        if issubclass(kind, str):
            return self._text(value)
        self.enter()
        held = len(self.blocks)
        try:
            exact = self._exact.get(kind)
            return self._known(self, value) if exact is None else exact(self, value)
        except Unknown:
            if self._strange is None:
                raise
            del self.blocks[held:]
            return self._described(self._strange(value))
        finally:
            self.depth -= 1

    def _text(self, value: str) -> Any:
        if id(type(value)) in self.given:
            return self._known(self, value)
        text = str.__str__(value)
        if len(text) <= _LONG_TEXT:
            return text
        return ["u", self.block(text.encode("utf-8", "surrogatepass"))]

    def _described(self, told: Any) -> Any:
        description, values = told if type(told) is tuple else (told, None)
        self.plain(description)
        return ["h", description] if values is None else ["h", description, self.each(values)]

    def each(self, values: Iterable[Any]) -> list[Any]:
        """Write several."""
        held = list(values)
        self.count(len(held))
        write = self.write
        return [one if type(one) is float else write(one) for one in held]

    def block(self, content: Block) -> int:
        """Put bytes aside; what stands for them is their number."""
        if len(content) > self.bounds.block or len(self.blocks) >= self.bounds.blocks:
            raise Refused(f"{len(content)} bytes at once, or too many blocks")
        self.blocks.append(content)
        return len(self.blocks) - 1


class Reader(_Counted):
    """Read trees with a fixed set of readers.

    handle: what makes a stand-in of a description; without it, descriptions are refused.
    given: classes of ours whose instances may be built.
    noted: called with every stand-in and every function that the value holds; not with parts of descriptions.
    """

    def __init__(
        self,
        blocks: list[memoryview],
        bounds: Bounds,
        readers: Mapping[str, Callable[..., Any]],
        *,
        handle: Take | None = None,
        given: Mapping[str, type] | None = None,
        noted: Callable[[Any], None] | None = None,
    ) -> None:
        super().__init__(bounds)
        self.handle = handle
        self.describing = 0
        self._noted = noted
        self.given = given or {}
        self.kinds: dict[Any, Any] = {}
        self._blocks: dict[int, memoryview] = dict(enumerate(blocks))
        self._readers = readers

    def read(self, tree: Any) -> Any:
        """Read one tree."""
        if type(tree) is not list:
            if type(tree) is dict:
                raise Refused("not a tree")
            self.nodes += 1
            return tree
        self.enter()
        tag, *parts = tree
        reader = self._readers.get(tag) if type(tag) is str else None
        if reader is None:
            raise Refused("an unknown tag")
        self.nodes += COSTS[tag]
        value = reader(self, *parts)
        self.depth -= 1
        return value

    def each(self, trees: Any) -> list[Any]:
        """Read several."""
        if type(trees) is not list:
            raise Refused("not a list")
        self.count(len(trees))
        read = self.read
        return [one if type(one) in _AT_ONCE else read(one) for one in trees]

    def block(self, number: Any) -> memoryview:
        """Take a block; only once, so that a short message cannot become a large value."""
        if type(number) is not int or number not in self._blocks:
            raise Refused("a block that is not there, or used twice")
        return self._blocks.pop(number)

    def note(self, value: Any) -> Any:
        """Tell of something that is no plain data."""
        if self._noted is not None and not self.describing:
            self._noted(value)
        return value

    def finish(self) -> None:
        """Refuse what nothing refers to."""
        if self._blocks:
            raise Refused("blocks that nothing refers to")
