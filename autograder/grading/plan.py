"""How a notebook is shared out between the two rooms; found from the instructor's text alone.

    plan = make_plan(master)
    plan.names                    # what comes from the learner: {"half", "area"}
    plan.cells[4].bring           # what the examiner fetches before it runs the cell at position 4

A plan is plain data: `Plan.read(plan.plain())` is the same plan in another process.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from autograder.grading import names
from autograder.grading.master import Master
from autograder.grading.names import Names
from autograder.grading.unneeded import unneeded

__all__ = ["CellPlan", "Found", "Plan", "Role", "Way", "language", "make_plan", "role_of", "solved"]

Role = Literal["given", "solution", "test", "text"]
Way = Literal["rooms", "fallback", "manual"]


@dataclass
class Found:
    """What only a run of the instructor's solution can tell.

    changed: given names that the solution changes, and which therefore come from the learner too.
    own: places where the solution itself has an instance of one of its own classes.
    fallback: tests that pass in the learner's room only.
    manual: tests that the solution does not pass, so that a person has to.
    whole: whether the examiner's room needs every given cell.
    recorded: given cells, by position, that ask the learner's room so often that it answers all at once.
    singly: whether that does not do for this notebook.
    """

    changed: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    fallback: list[str] = field(default_factory=list)
    manual: list[str] = field(default_factory=list)
    whole: bool = False
    recorded: list[int] = field(default_factory=list)
    singly: bool = False


@dataclass
class CellPlan:
    """One cell of the source.

    way: where a test runs.
    bring: the learner's names that may be met while it runs.
    also: its text, as far as later cells of the learner's room need it.
    offers: names that it alone binds; where a learner's own cell mentions one, `text` runs there too.
    text: a test as the learner got it.
    echo: whether a test that falls back binds names that later tests need.
    lent: modules that only the solution imports; the learner has to have them too.
    left_out: whether a given cell is run in the learner's room only, because no test needs it.
    recorded: whether a given cell runs in the learner's room first, and its answers are told together.
    """

    role: Role
    name: str | None = None
    way: Way = "rooms"
    bring: list[str] = field(default_factory=list)
    also: str = ""
    offers: list[str] = field(default_factory=list)
    text: str = ""
    echo: bool = False
    lent: list[str] = field(default_factory=list)
    left_out: bool = False
    recorded: bool = False


@dataclass
class Plan:
    """One notebook.

    names: what comes from the learner.
    classes, given_classes: what the solution defines, and what the given cells define.
    given: what given cells bind and tests may meet; the instructor's, unless the solution changes it.
    imports: the imports of solution cells, for the examiner.
    """

    notebook: str
    names: list[str]
    given: list[str]
    classes: list[str]
    given_classes: list[str]
    imports: str
    found: Found
    cells: list[CellPlan]

    @property
    def leaves_out(self) -> bool:
        """Whether the examiner's room is spared a given cell."""
        return any(cell.left_out for cell in self.cells)

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    @classmethod
    def read(cls, plain: dict[str, Any]) -> Plan:
        """From plain data."""
        cells = [CellPlan(**one) for one in plain["cells"]]
        return cls(**{**plain, "found": Found(**plain["found"]), "cells": cells})


def language(notebook: Any) -> str:
    """The language of a notebook; Python where it says nothing."""
    metadata = notebook.get("metadata", {})
    told = (metadata.get("kernelspec") or {}).get("language")
    told = told or (metadata.get("language_info") or {}).get("name")
    text = str(told or "python").lower()
    return "python" if text in {"python", "python3", "ipython"} else text


def solved(master: Master) -> Any:
    """The graded notebook with the instructor's solutions in their places."""
    import copy

    texts = {
        _own(cell).get("grade_id"): cell.source
        for cell in master.solution.cells
        if _own(cell).get("solution")
    }
    made = copy.deepcopy(master.graded)
    for cell in made.cells:
        name = _own(cell).get("grade_id")
        if _own(cell).get("solution") and name in texts:
            cell.source = texts[name]
    return made


def make_plan(master: Master, found: Found | None = None) -> Plan:
    """Make the plan of one notebook, with what is found out so far."""
    return _Maker(master, found or Found()).make()


def _own(cell: Any) -> dict[str, Any]:
    return dict(cell.metadata.get("nbgrader", {}))


def role_of(cell: Any) -> Role:
    """What a cell is for."""
    own = _own(cell)
    if cell.cell_type != "code":
        return "text"
    if own.get("solution"):
        return "solution"
    return "test" if own.get("grade") else "given"


class _Maker:
    """Reads every cell once, then settles each."""

    def __init__(self, master: Master, found: Found) -> None:
        self.master = master
        self.found = found
        full = solved(master).cells
        self.roles = [role_of(cell) for cell in full]
        self.grade_ids = [_own(cell).get("grade_id") for cell in full]
        self.read = [
            names.read(cell.source) if role != "text" else Names()
            for cell, role in zip(full, self.roles, strict=True)
        ]
        self.released = [str(cell.source) for cell in master.released.cells]
        self.learners = self._all("solution", "bound") | set(found.changed)
        sources = [str(cell.source) for cell in full]
        self.left_out = set() if found.whole else unneeded(self.roles, self.read, sources, self.learners)

    def _all(self, role: Role, what: str, cells: Iterable[int] | None = None) -> set[str]:
        """Everything that cells of a role say."""
        chosen = range(len(self.read)) if cells is None else cells
        found: set[str] = set()
        return found.union(*(getattr(self.read[at], what) for at in chosen if self.roles[at] == role))

    def make(self) -> Plan:
        solution = [one for one, role in zip(self.read, self.roles, strict=True) if role == "solution"]
        return Plan(
            notebook=self.master.name,
            names=sorted(self.learners),
            given=sorted((self._all("given", "bound") - self.learners) & self._all("test", "words")),
            classes=sorted(self._all("solution", "classes")),
            given_classes=sorted(self._all("given", "classes") - self.learners),
            imports="\n".join(one.imports for one in solution if one.imports),
            found=self.found,
            cells=[self._cell(at) for at in range(len(self.read))],
        )

    def _cell(self, at: int) -> CellPlan:
        role, name = self.roles[at], self.grade_ids[at]
        made = CellPlan(role, name)
        made.left_out = at in self.left_out
        made.recorded = at in self.found.recorded and not made.left_out
        if role in {"given", "test"}:
            made.bring = self._bring(at)
            made.lent = self._lent(at)
        if role == "test":
            made.way = self._way(name)
            made.text = self.released[at]
            made.offers = sorted(self._offers(at))
            made.also = self._also(at)
            # Names of a test that did not run in the examiner's room are missing there.
            made.echo = made.way == "fallback" and bool(self._offers(at) & self._needed("test", at))
        return made

    def _way(self, name: str | None) -> Way:
        if name in self.found.manual:
            return "manual"
        return "fallback" if name in self.found.fallback else "rooms"

    def _bring(self, at: int) -> list[str]:
        """The learner's names that this cell mentions, or a function of another cell that it may call."""
        if self.read[at].open:
            return sorted(self.learners)
        others = [one for one, role in zip(self.read, self.roles, strict=True) if role in {"given", "test"}]
        met = self.read[at].words.union(*(one.later for one in others))
        return sorted(self.learners & met)

    def _lent(self, at: int) -> list[str]:
        """Modules and functions that a test uses and that nobody imports but the solution before it."""
        before = self._all("solution", "imported", range(at))
        theirs = {"given", "test"}
        known = [one for one, role in zip(self.read, self.roles, strict=True) if role in theirs]
        own = set().union(*(one.imported | one.bound for one in known)) if known else set()
        return sorted((before - own - self.learners) & self.read[at].uses)

    def _offers(self, at: int) -> set[str]:
        """Names that this test binds and no given or solution cell does."""
        others = {"given", "solution"}
        known = [one for one, role in zip(self.read, self.roles, strict=True) if role in others]
        own = set().union(*(one.imported | one.bound for one in known)) if known else set()
        return (self.read[at].bound | self.read[at].imported) - own

    def _needed(self, role: Role, after: int) -> set[str]:
        """Names that later cells of a role read."""
        return self._all(role, "uses", range(after + 1, len(self.read)))

    def _also(self, at: int) -> str:
        """What of this test the learner's room has to run, too."""
        later = self._needed("solution", at) | self._needed("given", at)
        fallback = [
            one for one in range(at + 1, len(self.read)) if self.grade_ids[one] in self.found.fallback
        ]
        if self._offers(at) & self._all("test", "uses", fallback):
            return str(self.master.graded.cells[at].source)
        visible = names.read(self.released[at])
        if visible.bound & self._offers(at) & later:
            return self.released[at]
        rest = any(role == "solution" for role in self.roles[at + 1 :])
        return visible.imports if rest or visible.imported & later else ""
