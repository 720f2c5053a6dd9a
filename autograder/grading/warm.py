"""The warm parent of a run: it imports what an exercise uses, and forks both rooms of each submission."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from autograder.grading import names
from autograder.rooms import packages, selftest, shipped
from autograder.rooms.findings import NoIsolation
from autograder.rooms.handle import WarmParent
from autograder.rooms.launched import Launched
from autograder.rooms.limits import Limits
from autograder.rooms.pair import EXAMINER, LEARNER

__all__ = ["modules_of", "prove", "start"]


def start(
    source: Path,
    texts: list[str],
    *,
    seconds: int,
    jobs: int = 0,
    launched: Launched | None = None,
    shown: Iterable[Path] = (),
) -> WarmParent:
    """Start it, with what the notebooks of an exercise import.

    texts: their cells.
    seconds: of processor time for one process of a room.
    jobs: how many submissions are graded at a time; 0 where that is not known.
    launched: its process, where that has been started already.
    shown: folders that rooms may read besides what they import.
    """
    imports = modules_of(texts, source)
    readable = [*packages.outside(texts, never=[source]), *shown]
    limits = Limits(seconds=seconds)

    def one(modules: list[str], ready: Launched | None = None) -> WarmParent:
        return WarmParent(
            modules,
            readable=readable,
            files=source,
            mains=[LEARNER, EXAMINER],
            limits=limits,
            jobs=jobs,
            launched=ready,
        )

    try:
        return one(imports, launched)
    except NoIsolation:
        # Perhaps an import that fails, or starts a thread; it is each room's own then.
        pass
    try:
        parent = one([])
    except NoIsolation as problem:
        raise _remedied(problem) from problem
    try:
        parent.load(imports)
    except NoIsolation as problem:
        parent.close()
        raise _remedied(problem) from problem
    return parent


def prove(parent: WarmParent) -> None:
    """Try every wall in rooms of it; raise NoIsolation with the first that does not stand."""
    for one in selftest.prove(parent):
        if one.needed and not one.ok:
            raise NoIsolation(f"{one.wall}: {one.detail}{f'; {one.remedy}' if one.remedy else ''}")


def _remedied(problem: NoIsolation) -> NoIsolation:
    return NoIsolation(f"{problem}; {selftest.remedy(user_namespace=os.geteuid() != 0)}")


def modules_of(texts: list[str], source: Path) -> list[str]:
    """The installed modules that notebooks import; what the exercise itself ships is each room's own."""
    own = shipped.modules(source)
    found: dict[str, None] = {"numpy": None}
    for text in texts:
        found |= dict.fromkeys(_named(text))
    return [one for one in found if one.split(".")[0] not in own and _installed(one.split(".")[0])]


def _named(text: str) -> Iterator[str]:
    tree = names.parse(text)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def _installed(name: str) -> bool:
    try:
        return find_spec(name) is not None
    # An installed finder is anybody's code.
    except Exception:  # noqa: BLE001
        return False
