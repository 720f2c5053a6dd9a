"""Given cells that call the learner's functions and that no test needs: the examiner's room leaves them out.

A given simulation may call a learner's function a hundred thousand times. In the learner's room that is as
quick as in stock; in the examiner's each call crosses the hatch. What such a cell makes is needed there only
if a test, or another cell that one needs, may look at it. The rehearsal tries the plan, and where a test then
does not pass, everything is run after all.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from autograder.grading import names
from autograder.grading.names import Names

__all__ = ["unneeded"]

_DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Global)
# What is changed by these is not seen by its name: seeds, settings, files.
_CHANGES = {
    *(
        "seed",
        "set_state",
        "setstate",
        "seterr",
        "set_printoptions",
        "rcParams",
        "rcdefaults",
        "use",
        "style",
    ),
    *("simplefilter", "filterwarnings", "setrecursionlimit", "setattr", "delattr", "patch", "register"),
    *("open", "write", "writelines", "write_text", "write_bytes", "mkdir", "makedirs", "touch", "dump"),
    *("remove", "unlink", "rename", "replace_file", "chdir", "environ", "putenv", "connect", "execute"),
    *("sys", "os", "builtins", "warnings", "display"),
}
_WRITERS = ("save", "to_", "write")
# Modules whose functions leave nothing behind in them, but for what stands above.
_STATELESS = {
    "np",
    "numpy",
    "math",
    "cmath",
    "pd",
    "pandas",
    "sp",
    "scipy",
    "time",
    "itertools",
    "statistics",
}


def unneeded(
    roles: Sequence[str], read: Sequence[Names], sources: Sequence[str], learners: set[str]
) -> set[int]:
    """Find them by position.

    roles, read, sources: of all cells, with solutions in place. learners: names that come from the learner.
    """
    tests = [one for one, role in zip(read, roles, strict=True) if role == "test"]
    if any(one.open for one in tests):
        return set()
    given = [at for at, role in enumerate(roles) if role == "given"]
    imported = set().union(*(one.imported for one in read)) - _STATELESS
    data = set().union(*(read[at].bound for at in given))
    watched = set().union(*(one.words for one in tests)) & imported
    needed: set[str] = set()
    spare: set[int] = set()
    for at in reversed(range(len(roles))):
        if roles[at] not in {"given", "test"}:
            continue
        one = read[at]
        touched = one.bound | (one.uses & data) | (one.uses & watched)
        if roles[at] == "given" and _is_idle(sources[at], one) and not touched & (needed | watched):
            spare.add(at)
        else:
            needed |= one.words
    return _dear(sorted(spare), read, learners)


def _is_idle(source: str, one: Names) -> bool:
    """Tell whether a cell changes nothing but what it names."""
    tree = names.parse(source)
    if (
        tree is None
        or one.open
        or one.words & _CHANGES
        or any(word.startswith(_WRITERS) for word in one.words)
    ):
        return False
    return not any(isinstance(node, _DEFINES) for node in ast.walk(tree))


def _dear(spare: Sequence[int], read: Sequence[Names], learners: set[str]) -> set[int]:
    """Of cells that can be spared those that ask the learner's room, and those that need what they make."""
    left: set[int] = set()
    lacking = set(learners)
    for at in spare:
        if read[at].words & lacking:
            left.add(at)
            lacking |= read[at].bound
    return left
