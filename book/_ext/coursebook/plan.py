"""The course as a learner goes through it: modules, their parts in the order of reading, and minutes.

`_toc.yml` is the only place that knows the order, a page's front matter the only one that knows its minutes.
Openings, sidebar, *Next*, tables, the front page, the progress report and the browser read both from here.

    plan = read(Path("."))
    plan.modules[0].minutes
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursefacts import InputFault, yamltext
from pydantic import ValidationError

from coursebook.meta import Kind, PageMeta

_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_SHOWS = re.compile(r"^`{3,}\{(case|exercise-card)\} (\S+)", re.MULTILINE)
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
NAMES: dict[Kind, tuple[str, str]] = {
    "lesson": ("lesson", "lessons"),
    "lab": ("lab", "labs"),
    "case": ("case", "cases"),
    "quiz": ("quiz", "quizzes"),
    "exercise": ("exercise", "exercises"),
    "checklist": ("checklist", "checklists"),
}


@dataclass(frozen=True)
class SourcePage:
    """A page as its author wrote it."""

    docname: str
    title: str
    meta: PageMeta
    text: str
    shows: tuple[tuple[str, str], ...]
    """The cases and exercises on it: (directive, id)."""


@dataclass(frozen=True)
class Part:
    """One page of a module: what it is called, what it is, how long it takes, which item it shows."""

    page: str
    title: str
    kind: Kind
    minutes: int
    item: str | None = None
    """The id of its case, quiz or exercise."""


@dataclass(frozen=True)
class PlannedModule:
    """A module's parts in the order of reading; the first is its opening."""

    id: str
    parts: tuple[Part, ...]

    @property
    def title(self) -> str:
        """The title of the opening."""
        return self.parts[0].title

    @property
    def minutes(self) -> int:
        """The sum over all parts."""
        return sum(part.minutes for part in self.parts)

    def count(self, kind: Kind) -> int:
        """How many parts are of a kind."""
        return sum(part.kind == kind for part in self.parts)

    def in_words(self) -> str:
        """Count the parts in words: `Five lessons, two labs, two cases, one quiz, …`."""
        counted = [(self.count(kind), names) for kind, names in NAMES.items()]
        words = [f"{number(count)} {names[count != 1]}" for count, names in counted if count]
        return ", ".join(words).capitalize()


@dataclass(frozen=True)
class Plan:
    """All modules of the table of contents, in its order."""

    modules: tuple[PlannedModule, ...]

    def parts(self) -> Iterator[Part]:
        """Every part, in the order of reading."""
        for module in self.modules:
            yield from module.parts

    def part(self, page: str) -> Part | None:
        """Find a part by its page."""
        return next((part for part in self.parts() if part.page == page), None)

    def showing(self, item: str) -> Part | None:
        """Find the part that shows a case, a quiz or an exercise."""
        return next((part for part in self.parts() if part.item == item), None)

    def module_of(self, page: str) -> PlannedModule | None:
        """Find the module that a page belongs to."""
        return next((one for one in self.modules if any(part.page == page for part in one.parts)), None)

    def full_title(self, part: Part) -> str:
        """Name a part so that it can stand outside its module: every module has a quiz and a checklist."""
        module = self.module_of(part.page)
        return (
            f"{module.title}: {part.title}" if module and part.kind in ("quiz", "checklist") else part.title
        )

    def plain(self) -> list[dict[str, Any]]:
        """Give it as data for JSON."""
        return [
            {
                "id": module.id,
                "title": module.title,
                "parts": [
                    {"page": part.page, "title": part.title, "kind": part.kind, "minutes": part.minutes}
                    | ({"item": part.item} if part.item else {})
                    for part in module.parts
                ],
            }
            for module in self.modules
        ]


def number(count: int) -> str:
    """Write a small number as a word."""
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def files(entry: Any) -> Iterator[str]:
    """Name every file of a table of contents, in order."""
    if isinstance(entry, list):
        for item in entry:
            yield from files(item)
    elif isinstance(entry, dict):
        if isinstance(entry.get("file"), str):
            yield entry["file"]
        for key in ("parts", "chapters", "sections"):
            yield from files(entry.get(key))


def by_module(root: Path) -> dict[str, list[str]]:
    """Name the pages of each module that stands in the table of contents, in its order."""
    found: dict[str, list[str]] = {}
    for name in files(yamltext.read(root / "book" / "_toc.yml").data):
        if name.startswith("modules/"):
            found.setdefault(name.split("/")[1], []).append(name)
    return found


def source_page(root: Path, docname: str) -> SourcePage:
    """Read one page."""
    path = root / "book" / f"{docname}.md"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        raise InputFault(f"no page '{docname}'", path=root / "book" / "_toc.yml") from None
    head = yamltext.parse(text.split("---", 2)[1], path).data if text.startswith("---") else {}
    try:
        meta = PageMeta.model_validate((head or {}).get("course") or {})
    except ValidationError as error:
        raise InputFault(f"front matter: {error.errors()[0]['msg']}", path=path) from None
    title = _TITLE.search(text)
    return SourcePage(docname, title[1] if title else docname, meta, text, tuple(_SHOWS.findall(text)))


def read(root: Path) -> Plan:
    """Read the plan from the table of contents and the front matter of its pages."""
    modules = []
    for name, docnames in by_module(root).items():
        pages = [source_page(root, docname) for docname in docnames]
        modules.append(PlannedModule(name, tuple(_part(page) for page in pages)))
    return Plan(tuple(modules))


def _part(page: SourcePage) -> Part:
    shows = page.shows if page.meta.kind in ("case", "quiz", "exercise") else ()
    item = shows[0][1] if shows else None
    return Part(page.docname, page.title, page.meta.kind, page.meta.minutes or 0, item)


def sources(root: Path) -> list[Path]:
    """Name the files that the plan is read from, so that what shows it can be made anew when they change."""
    toc = root / "book" / "_toc.yml"
    pages = [name for names in by_module(root).values() for name in names]
    return [toc, *(root / "book" / f"{name}.md" for name in pages)]


def hours(minutes: int) -> str:
    """Write a time as people plan it: in half hours, below one hour in minutes."""
    if minutes < 60:
        return f"{minutes} minutes"
    whole, half = divmod(int(minutes / 30 + 0.5), 2)
    return f"{whole}{'½' if half else ''} hour{'' if whole == 1 and not half else 's'}"
