"""Rules about what the text shows and names, and how hard it reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from scenarios.engine import figures, references
from scenarios.engine.findings import Finding
from scenarios.engine.model import Case, Choice, Form, Prose, Scene
from scenarios.engine.names import did_you_mean
from scenarios.engine.plain_text import plain
from scenarios.engine.readability import LEAST_WORDS, Level, level
from scenarios.engine.references import References

HARDEST = 12.0
"""School years: readers are graduate students, many of them in their second or third language."""
_FACT = re.compile(r"\{fact\}`[^`]*`")
_DIRECTIVE = re.compile(r"^\s*(?:`{3,}|:{3,})\{(figure|image)\}|<img\b", re.MULTILINE)
_SAYS_NOTHING = re.compile(
    r"(an? |the )?(image|picture|figure|photo|diagram|plot|graph)( of .{,12})?\.?", re.I
)


# Without the joining of neighbours, a star that the author escaped keeps a kind of its own.
_PROSE = MarkdownIt("commonmark").use(dollarmath_plugin).use(myst_role_plugin).disable("text_join")


def texts(scene: Scene) -> Iterator[Prose]:
    """Give all that a player reads in a scene, or in any form of a question."""
    yield from (*scene.prose, *scene.debrief)
    yield from _choices(scene.choices)
    for form in scene.forms:
        yield from form_texts(form)


def form_texts(form: Form) -> Iterator[Prose]:
    """Give all that a form of a question says."""
    yield from form.prose
    yield from _choices(form.choices)


def _choices(choices: Sequence[Choice]) -> Iterator[Prose]:
    for choice in choices:
        yield Prose(source=choice.label, line=choice.line)
        yield from choice.feedback


def everything(case: Case) -> Iterator[Prose]:
    """Give all text of a case, speaker notes included."""
    yield from (*case.intro, *case.notes)
    for scene in case.scenes:
        yield from texts(scene)
        yield from scene.notes


def pictures(case: Case, folder: Path | None) -> Iterator[Finding]:
    """Find pictures that cannot be shown, and those that tell nothing to who cannot see them."""
    shown = set[str]()
    for line, figure in figures.all_of(everything(case)):
        shown.add(figure.file)
        fault = figures.fault(figure.file, folder)
        if fault is not None:
            remedy = f"put an SVG, PNG, JPEG or WebP of at most {figures.MAX_BYTES // 1000} kB beside case.md"
            yield Finding("figure", fault, line, remedy)
        if len(figure.alt.split()) < 3 or _SAYS_NOTHING.fullmatch(figure.alt):
            what = f"the picture '{figure.file}' has no alternative text"
            remedy = "say in the square brackets what there is to see: ![Plan of the room: …](plan.svg)"
            yield Finding("alt-text", what, line, remedy)
    for prose in everything(case):
        for match in _DIRECTIVE.finditer(prose.source):
            line = prose.line + prose.source.count("\n", 0, match.start() + len(match[0]) - 1)
            remedy = 'write ![what there is to see](plan.svg "caption")'
            yield Finding("figure", "a picture that only the book could show", line, remedy)
    lying = {each.name for each in folder.iterdir() if each.suffix in figures.TYPES} if folder else set()
    for name in sorted(lying - shown):
        yield Finding(
            "figure", f"no text shows the picture '{name}'", None, "show it, or delete it", "warning"
        )


def stars(case: Case) -> Iterator[Finding]:
    """Find stars that a reader would see, because they close or open no emphasis."""
    for prose in everything(case):
        for block in _PROSE.parse(prose.source):
            for token in block.children or ():
                if token.type == "text" and "*" in token.content and block.map:
                    remedy = "give the emphasis the same stars at both ends, or write \\* for a star"
                    message = f"a star that is no emphasis: '{' '.join(token.content.split())[-40:]}'"
                    yield Finding("star", message, prose.line + block.map[0], remedy)


def names(case: Case, known: References) -> Iterator[Finding]:
    """Find entries of the bibliography and of the glossary that do not exist."""
    lists = {"cite": (known.cites, "bibliography"), "term": (known.terms, "glossary")}
    for prose in everything(case):
        for before, role, name in references.named(prose.source):
            entries, where = lists[role]
            if entries is not None and name not in entries:
                remedy = did_you_mean(name, entries) if len(entries) < 20 else _close(name, entries, where)
                message = f"the {where} has no '{name}'"
                yield Finding(f"unknown-{role}", message, prose.line + before, remedy)


def _close(name: str, entries: frozenset[str], where: str) -> str:
    return did_you_mean(name, entries, otherwise=f"add it to the {where}, or correct the name")


def measured(case: Case) -> Level:
    """Measure how hard a case reads; quoted facts are not the author's words."""
    proses = [*case.intro, *(prose for scene in case.scenes for prose in texts(scene))]
    return level(_bare(prose) for prose in proses)


def hard_words(case: Case) -> Iterator[Finding]:
    """Find scenes that read harder than they need to."""
    for scene in case.scenes:
        found = level(_bare(prose) for prose in texts(scene))
        if found.words >= LEAST_WORDS and found.grade > HARDEST:
            message = f"'{scene.title}' reads like a text for school year {found.grade:.0f}"
            remedy = f"shorten its sentences and words (at most {HARDEST:.0f})"
            yield Finding("reading-level", message, scene.line, remedy, "warning")


def _bare(prose: Prose) -> str:
    return plain(_FACT.sub("", prose.source))
