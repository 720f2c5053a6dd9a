"""Which learning outcome is taught, practised and assessed, and where: read from what the items say.

An item names its outcomes in one place only, the place that CONTRIBUTING.md gives for its kind:
the front matter of a page, the head of a case, the first line of a quiz item, a question in an exercise's
meta.yml. The outcomes themselves are defined on the module's opening page.
Only modules that stand in `_toc.yml` are looked at, and of them only the pages that do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from coursefacts import yamltext

from coursebook.plan import SourcePage, by_module, source_page
from scenarios.engine import load

Part = Literal["taught", "practised", "assessed"]
PARTS: tuple[Part, ...] = ("taught", "practised", "assessed")
HOW: dict[Part, str] = {
    "taught": "name it in the front matter of a lesson",
    "practised": "name it in a lab, a case or a quiz item",
    "assessed": "name it in a question of the exercise's meta.yml",
}
_DEFINED = re.compile(r"^([A-Z]\d{1,2})\n: (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """Where an outcome is served: a page, what to call it, and which pieces of it."""

    part: Part
    docname: str
    title: str
    pieces: tuple[str, ...] = ()


@dataclass
class Module:
    """A module's outcomes in order, the places that serve each, and what does not hold together."""

    id: str
    title: str = ""
    outcomes: dict[str, str] = field(default_factory=dict)
    places: dict[str, list[Place]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    docname: str = ""

    def serve(self, page: SourcePage, part: Part, pieces: dict[str, list[str]]) -> None:
        """Note the outcomes that a page serves, each with the pieces that do."""
        for code, named in pieces.items():
            if code not in self.outcomes:
                self.faults.append(f"{page.docname} names {code}, which the opening page does not define")
                continue
            self.places.setdefault(code, []).append(Place(part, page.docname, page.title, tuple(named)))

    def at(self, code: str, part: Part) -> list[Place]:
        """The places where an outcome is taught, practised or assessed."""
        return [place for place in self.places.get(code, []) if place.part == part]

    def gaps(self) -> list[str]:
        """Say what is missing, a line each, with the remedy."""
        return self.faults + [
            f"{self.id}: {code} is not {part}; {HOW[part]}"
            for code in self.outcomes
            for part in PARTS
            if not self.at(code, part)
        ]


def modules(root: Path) -> list[Module]:
    """Read every module that stands in the book's table of contents, in its order."""
    return [_module(root, name, docnames) for name, docnames in by_module(root).items()]


def _module(root: Path, name: str, docnames: list[str]) -> Module:
    module = Module(name)
    pages = [source_page(root, docname) for docname in docnames]
    for page in pages:
        if page.meta.kind == "opening":
            module.title, module.docname = page.title, page.docname
            module.outcomes = {code: meaning.strip() for code, meaning in _DEFINED.findall(page.text)}
            _same(module, page, page.meta.outcomes, list(module.outcomes), "its own definitions")
    if not module.outcomes:
        module.faults.append(
            f"{name}: no opening page that defines outcomes; write 'X1' and ': meaning' below"
        )
    for page in pages:
        _serve(root, module, page)
    return module


def _serve(root: Path, module: Module, page: SourcePage) -> None:
    """Note what a page serves, by its kind."""
    own = page.meta.outcomes
    if page.meta.kind in ("lesson", "lab"):
        module.serve(page, "taught" if page.meta.kind == "lesson" else "practised", {c: [] for c in own})
    for directive, name in page.shows:
        if directive == "case":
            _serve_case(root, module, page, name)
        else:
            _serve_exercise(root, module, page, name)


def _serve_case(root: Path, module: Module, page: SourcePage, name: str) -> None:
    file = root / "scenarios" / "cases" / name / "case.md"
    case = load(file)
    pieces: dict[str, list[str]] = {code: [] for code in case.outcomes}
    if case.kind == "quiz":
        pieces = {}
        for number, item in enumerate(case.scenes, start=1):
            for code in item.outcomes:
                pieces.setdefault(code, []).append(str(number))
        _same(module, page, list(case.outcomes), sorted(pieces), "the quiz's items")
    _same(module, page, page.meta.outcomes, list(case.outcomes), f"the head of {name}/case.md")
    module.serve(page, "practised", pieces)


def _serve_exercise(root: Path, module: Module, page: SourcePage, name: str) -> None:
    file = root / "exercises" / "source" / name / "meta.yml"
    meta = yamltext.read(file).data
    pieces: dict[str, list[str]] = {}
    for question in meta.get("questions", []):
        for code in question["outcomes"]:
            pieces.setdefault(code, []).append(f"{question['id']}, {question['points']} points")
    _same(module, page, meta.get("outcomes", []), sorted(pieces), "the exercise's questions")
    _same(module, page, page.meta.outcomes, meta.get("outcomes", []), f"{name}/meta.yml")
    module.serve(page, "assessed", pieces)


def _same(module: Module, page: SourcePage, one: list[str], other: list[str], what: str) -> None:
    """Note when a page says other outcomes than what it shows."""
    if sorted(one) != sorted(other):
        module.faults.append(
            f"{page.docname}: outcomes {', '.join(sorted(one)) or 'none'}, but {what}: "
            f"{', '.join(sorted(other)) or 'none'}; write the same"
        )
