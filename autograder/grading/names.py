"""What the text of a cell says about names: which it binds, imports, defines and mentions.

Only an instructor's text is read here. Cells are IPython's language, not quite Python's: magics are turned
into calls first, and what still cannot be parsed is searched for words, so that an odd cell ends no run.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Names", "parse", "read"]

_WORD = re.compile(r"[^\W\d]\w*")
_BINDS = re.compile(
    r"^(?:def|class|async def)\s+(\w+)|^([^\W\d]\w*)\s*(?::[^=\n]+)?[-+*/]?=(?!=)", re.MULTILINE
)
# Who uses one of these may mean any name.
_OPEN = {"globals", "locals", "vars", "dir", "eval", "exec", "get_ipython", "__main__", "modules"}
_MAKERS = {"namedtuple", "NamedTuple", "Enum", "IntEnum", "Flag", "make_dataclass", "TypedDict", "type"}
_RUNS_ITS_BODY = {"time", "capture", "prun"}
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass
class Names:
    """What one cell says.

    bound: names that it assigns, defines or deletes at top level; no imports.
    imported: names that its imports bind.
    imports: those imports, as text.
    classes: classes that it defines.
    words: every name that it mentions, as a name or as a text.
    later: the part of `words` that lies in functions, and so may be met when another cell runs.
    uses: names that it reads.
    open: whether it may read any name at all.
    """

    bound: set[str] = field(default_factory=set)
    imported: set[str] = field(default_factory=set)
    imports: str = ""
    classes: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    later: set[str] = field(default_factory=set)
    uses: set[str] = field(default_factory=set)
    open: bool = False


def read(source: str) -> Names:
    """Read one cell."""
    tree = parse(source)
    if tree is None:
        return _guess(source)
    body = [*tree.body, *_bodies(tree)]
    found = Names()
    for statement in body:
        _bind(statement, found)
    found.imports = "\n".join(ast.unparse(one) for one in _imports(body))
    found.words = _words(body)
    later = (*_SCOPES, ast.GeneratorExp)
    found.later = _words(one for whole in body for one in ast.walk(whole) if isinstance(one, later))
    found.uses = {
        one.id
        for whole in body
        for one in ast.walk(whole)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)
    }
    found.open = bool(found.words & _OPEN)
    return found


def parse(source: str) -> ast.Module | None:
    """Parse a cell, magics and all; None where that cannot be done."""
    try:
        return _tree(source) or _tree(_plain(source))
    # A text may be so odd that turning its magics fails, too.
    except Exception:  # noqa: BLE001
        return None


def _tree(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _plain(source: str) -> str:
    """Turn magics into calls, as IPython does before it runs a cell."""
    from IPython.core.inputtransformer2 import TransformerManager

    manager: Any = TransformerManager  # IPython ships types that are not followed
    return str(manager().transform_cell(source))


def _guess(source: str) -> Names:
    words = set(_WORD.findall(source))
    bound = {one or other for one, other in _BINDS.findall(source)}
    return Names(bound=bound, words=words, later=words, uses=words, open=True)


def _bodies(tree: ast.Module) -> Iterator[ast.stmt]:
    """Give the statements that stand inside magics which run them here."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        texts = [
            one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
        if node.func.attr == "run_line_magic" and texts[:1] == ["time"]:
            inner = parse(texts[-1])
        elif node.func.attr == "run_cell_magic" and texts and texts[0] in _RUNS_ITS_BODY:
            inner = parse(texts[-1])
            if texts[0] == "capture" and len(texts) == 3:
                yield from ast.parse("\n".join(f"{name} = None" for name in _WORD.findall(texts[1])[:1])).body
        else:
            continue
        yield from inner.body if inner else ()


def _bind(node: ast.AST, found: Names) -> None:
    """Note what a node binds in the cell's own scope."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        found.imported |= {(one.asname or one.name).split(".")[0] for one in node.names} - {"*"}
        return
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        found.bound |= {node.name} | _declared_global(node)
        if isinstance(node, ast.ClassDef):
            found.classes.add(node.name)
        return
    if isinstance(node, (*_COMPREHENSIONS, ast.Lambda)):
        if not isinstance(node, ast.Lambda):
            found.bound |= {one.target.id for one in ast.walk(node) if isinstance(one, ast.NamedExpr)}
        return
    found.bound |= _own(node)
    if isinstance(node, ast.Assign) and _makes_class(node.value):
        found.classes |= {one.id for one in node.targets if isinstance(one, ast.Name)}
    for child in ast.iter_child_nodes(node):
        _bind(child, found)


def _own(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        return {node.id}
    name = getattr(node, "name", None) or getattr(node, "rest", None)
    if isinstance(node, (ast.MatchAs, ast.MatchStar, ast.MatchMapping)) and name:
        return {name}
    return set()


def _declared_global(node: ast.AST) -> set[str]:
    return {name for one in ast.walk(node) if isinstance(one, ast.Global) for name in one.names}


def _makes_class(value: ast.expr) -> bool:
    if not isinstance(value, ast.Call):
        return False
    name = getattr(value.func, "id", None) or getattr(value.func, "attr", None)
    return name in _MAKERS


def _imports(body: Iterable[ast.AST]) -> Iterator[ast.stmt]:
    """Give the imports that run with the cell, and not those inside functions."""
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node
        elif not isinstance(node, _SCOPES):
            yield from _imports(ast.iter_child_nodes(node))


def _words(nodes: Iterable[ast.AST]) -> set[str]:
    found: set[str] = set()
    for whole in nodes:
        for node in ast.walk(whole):
            if isinstance(node, ast.Name):
                found.add(node.id)
            elif isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 100:
                found |= set(_WORD.findall(node.value)) if node.value.isidentifier() else set()
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                found |= {part for one in node.names for part in one.name.split(".")}
    return found
