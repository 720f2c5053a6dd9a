"""The two warm parents of a run, each started by itself: the memory of one tells nothing of the other's."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from autograder.grading import names
from autograder.rooms import packages, selftest
from autograder.rooms.findings import NoIsolation
from autograder.rooms.handle import WarmParent
from autograder.rooms.limits import Limits

__all__ = ["Warm", "modules_of", "start"]

_LEARNER = "autograder.rooms.learner:answer"
_EXAMINER = "autograder.rooms.examiner:answer"


@dataclass
class Warm:
    """Both parents."""

    learner: WarmParent
    examiner: WarmParent

    def prove(self) -> None:
        """Try every wall in rooms of both; raise NoIsolation with the first that does not stand."""
        for one in selftest.prove({"learner": self.learner, "examiner": self.examiner}):
            if one.needed and not one.ok:
                raise NoIsolation(f"{one.wall}: {one.detail}{f'; {one.remedy}' if one.remedy else ''}")

    def load(self, learner: list[str], examiner: list[str], *, above: int) -> None:
        """Let the parents import what the solution's run imported, where it is more than a few modules."""
        with ThreadPoolExecutor(2) as both:
            for parent, found in ((self.learner, learner), (self.examiner, examiner)):
                if len(found) > above:
                    both.submit(parent.load, found)

    def close(self) -> None:
        """End them, and with them every room."""
        self.learner.close()
        self.examiner.close()


def start(source: Path, texts: list[str], *, seconds: int, jobs: int = 0) -> Warm:
    """Start both at once, with what the notebooks of an exercise import.

    texts: their cells.
    seconds: of processor time for one process of a room.
    jobs: how many submissions are graded at a time; 0 where that is not known.
    """
    imports = modules_of(texts, source)
    shown = packages.outside(texts, never=[source])
    limits = Limits(seconds=seconds)

    def one(main: str, modules: list[str]) -> WarmParent:
        return WarmParent(modules, readable=shown, files=source, mains=[main], limits=limits, jobs=jobs)

    def either(main: str) -> WarmParent:
        try:
            return one(main, imports)
        except NoIsolation:
            # Perhaps an import that fails, or starts a thread; it is each room's own then.
            pass
        try:
            parent = one(main, [])
            parent.load(imports)
            return parent
        except NoIsolation as problem:
            raise _remedied(problem) from problem

    with ThreadPoolExecutor(2) as both, ExitStack() as kept:
        coming = [both.submit(either, main) for main in (_LEARNER, _EXAMINER)]
        for parent in coming:
            kept.enter_context(closing(parent.result()))
        kept.pop_all()  # both are there, and stay
        return Warm(*(parent.result() for parent in coming))


def _remedied(problem: NoIsolation) -> NoIsolation:
    return NoIsolation(f"{problem}; {selftest.remedy(user_namespace=os.geteuid() != 0)}")


def modules_of(texts: list[str], source: Path) -> list[str]:
    """The installed modules that notebooks import; what the exercise itself ships is each room's own."""
    shipped = {path.stem for path in source.iterdir()} if source.is_dir() else set()
    found: dict[str, None] = {"numpy": None}
    for text in texts:
        found |= dict.fromkeys(_named(text))
    return [one for one in found if one.split(".")[0] not in shipped and _installed(one.split(".")[0])]


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
