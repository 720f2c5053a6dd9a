"""Tests that would pass wrong work if they ran beside it: found from the instructor's text alone.

Two rooms hold copies. What a test puts in the place of a library's function is not what the learner's code
meets, and what a test writes into one copy is not seen in the other. Such a test passes a wrong solution
and the right one alike, so its way is the learner's room, as in stock, before anything is run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from autograder.grading import names
from autograder.grading.plan import role_of
from autograder.rooms.outside import MIRRORED

__all__ = ["for_one_room", "needs_one_room"]

_STREAMS = {("sys", "stdout"), ("sys", "stderr"), ("sys", "stdin"), ("builtins", "input")}
_SEEN = {".".join(one) for one in {*MIRRORED, *_STREAMS}}
_PATCHERS = {"patch", "object", "setattr", "multiple", "delattr"}
_OF_THE_PROCESS = {
    *("setrecursionlimit", "settrace", "setprofile", "seterr", "errstate"),
    *("process_time", "thread_time", "getrusage", "get_traced_memory", "getrefcount", "get_objects"),
}
# A stand-in has the learner's signature and source; its code is its own.
_OF_THE_CODE = {
    *("co_names", "co_consts", "co_code", "co_freevars", "co_cellvars", "co_nlocals"),
    *("__closure__", "__globals__", "get_instructions", "Bytecode", "getclosurevars"),
}
_NAMESPACES = {"globals", "locals", "dir", "vars"}
# What the kernel keeps of cells that have run; only the learner's room has the learner's.
_HISTORY = {"In", "Out", "_ih", "_oh", "_i", "_ii", "_iii"}
_SAME = {"shares_memory", "may_share_memory", "id"}
_CHANGERS = {
    *("append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "update", "setdefault"),
    *("popitem", "add", "discard", "fill", "resize", "appendleft", "popleft"),
}


def for_one_room(notebook: Any) -> list[str]:
    """Name the tests of a notebook, with its solutions in place, that need one room for both."""
    cells = [
        (role_of(cell), cell, names.read(cell.source)) for cell in notebook.cells if cell.cell_type == "code"
    ]
    modules = {name for _, _, read in cells for name in read.imported}
    learners = {name for role, _, read in cells for name in read.bound if role == "solution"}
    return sorted(
        cell.metadata["nbgrader"]["grade_id"]
        for role, cell, _ in cells
        if role == "test" and needs_one_room(cell.source, modules, learners)
    )


def needs_one_room(source: str, modules: set[str], learners: set[str]) -> bool:
    """Tell whether a test asks what only one room for both can answer.

    modules: names that imports bind anywhere in the notebook.
    learners: names that solution cells bind.
    """
    tree = names.parse(source)
    if tree is None:
        return False
    history = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} & _HISTORY
    if history - learners:
        return True
    looks = (_patches(tree, modules), _asks_for_sameness(tree), _looks_for_nothing(tree), _reads_code(tree))
    return any(looks) or _Sharing(learners).found(tree)


def _dotted(node: ast.AST) -> str:
    """Write `a.b.c`; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    inner = _dotted(node.value) if isinstance(node, ast.Attribute) else ""
    return f"{inner}.{node.attr}" if inner and isinstance(node, ast.Attribute) else ""


def _root(node: ast.AST) -> str:
    """The name at which an expression of attributes, items and calls begins."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call, ast.Starred, ast.Await)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _patches(tree: ast.Module, modules: set[str]) -> bool:
    """Tell whether a test replaces something of a module that its stand-ins do not mirror."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            if _root(node) in modules and _dotted(node) not in _SEEN:
                return True
        elif isinstance(node, ast.Call):
            called = _dotted(node.func).rpartition(".")[2]
            if called in _OF_THE_PROCESS or (called in _PATCHERS and _is_unseen(node, modules)):
                return True
    return False


def _is_unseen(call: ast.Call, modules: set[str]) -> bool:
    """Tell whether a patching call reaches for something of a module, and something that is not mirrored."""
    first, second = ([*call.args, None, None])[:2]
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        return "." in first.value and not first.value.startswith("__main__.") and first.value not in _SEEN
    if first is None or _root(first) not in modules:
        return False
    name = second.value if isinstance(second, ast.Constant) else None
    return not isinstance(name, str) or f"{_dotted(first)}.{name}" not in _SEEN


def _asks_for_sameness(tree: ast.Module) -> bool:
    """Tell whether a test wants two things not to be the same; copies never are."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _dotted(node.func).rpartition(".")[2] in _SAME:
            return True
        if isinstance(node, ast.Compare) and any(isinstance(one, ast.IsNot) for one in node.ops):
            sides = [node.left, *node.comparators]
            if not any(isinstance(one, ast.Constant) or _root(one) in {"type"} for one in sides):
                return True
    return False


def _looks_for_nothing(tree: ast.Module) -> bool:
    """Tell whether a test wants a name or module not to be there; most of the learner's never are."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(isinstance(one, ast.NotIn) for one in node.ops):
            for side in node.comparators:
                called = side.func if isinstance(side, ast.Call) and not side.args else side
                if _dotted(called) in {*_NAMESPACES, "sys.modules"}:
                    return True
    return False


def _reads_code(tree: ast.Module) -> bool:
    """Tell whether a test looks into compiled code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (node.attr in _OF_THE_CODE or _dotted(node) == "dis.dis"):
            return True
    return False


class _Sharing:
    """Follows a test's statements: what has been in both rooms, is written to here, and is looked at again.

    A result that is written to, where what it came from is read later, and the other way round; an argument
    that is written to after an object of the learner's has had it.
    """

    def __init__(self, learners: set[str]) -> None:
        self.learners = set(learners)
        self.partners: dict[str, set[str]] = {}
        self.suspects: set[str] = set()

    def found(self, tree: ast.Module) -> bool:
        """Go through the cell in order."""
        return any(self._step(one) for one in _simple(tree.body))

    def _step(self, statement: ast.AST) -> bool:
        if self.suspects & _reads(statement):
            return True
        for call in (one for one in ast.walk(statement) if isinstance(one, ast.Call)):
            self._crosses(call, statement)
        return any(self._write(place) for place in _written(statement))

    def _crosses(self, call: ast.Call, statement: ast.AST) -> None:
        """Note what a call of the learner's things brings together."""
        if _root(call.func) not in self.learners:
            return
        given = {
            one.id for one in [*call.args, *(key.value for key in call.keywords)] if isinstance(one, ast.Name)
        }
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        results = {one.id for one in targets if isinstance(one, ast.Name)}
        if isinstance(call.func, ast.Attribute):
            results |= {_root(call.func)} - {""}
        for one in results:
            self.partners.setdefault(one, set()).update(given - {one})
        for one in given:
            self.partners.setdefault(one, set()).update(results - {one})
        # What comes from the learner is the learner's: methods of it are calls of theirs.
        self.learners |= results

    def _write(self, place: ast.AST) -> bool:
        """Note a change; one that goes through a call or an attribute of the learner's is enough."""
        name = _root(place)
        self.suspects |= self.partners.get(name, set())
        return not isinstance(place, ast.Name) and name in self.learners


def _simple(body: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    """Give statements in order, those inside blocks too; of a block's head what it evaluates."""
    for statement in body:
        inner = [block for _, block in ast.iter_fields(statement) if _is_block(block)]
        if not inner:
            yield statement
            continue
        for _, part in ast.iter_fields(statement):
            yield from _simple(part) if _is_block(part) else _heads(part)


def _is_block(part: Any) -> bool:
    return isinstance(part, list) and bool(part) and isinstance(part[0], (ast.stmt, ast.ExceptHandler))


def _heads(part: Any) -> Iterator[ast.AST]:
    parts = part if isinstance(part, list) else [part]
    yield from (one for one in parts if isinstance(one, ast.AST))


def _reads(statement: ast.AST) -> set[str]:
    return {
        one.id for one in ast.walk(statement) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)
    }


def _written(statement: ast.AST) -> Iterator[ast.AST]:
    """Give what a statement changes in place: `x` of `x[0] = 1`, of `x.append(1)`, of `x += y`."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            yield node.value
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, (ast.Name, ast.Attribute)):
            yield node.target
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in _CHANGERS
        ):
            yield node.func.value
