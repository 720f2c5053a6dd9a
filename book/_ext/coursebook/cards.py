"""The `{exercise-card} ID` directive: what an exercise asks, what it is worth, and how to begin."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from coursefacts import InputFault, yamltext
from coursefacts.suggest import nearest
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from coursebook.warn import warn, warn_fault


def rows_of(meta: dict[str, Any]) -> list[tuple[str, str]]:
    """Pick what a learner wants to know before beginning."""
    rows = []
    if "points" in meta:
        rows.append(("Points", points(meta["points"])))
    if "minutes" in meta:
        rows.append(("Time", f"about {meta['minutes']} minutes"))
    if meta.get("outcomes"):
        rows.append(("Outcomes", ", ".join(map(str, meta["outcomes"]))))
    return rows


def points(value: Any) -> str:
    """Write points: a number, or how many are checked automatically and how many by a person."""
    if not isinstance(value, dict):
        return str(value)
    parts = [f"{number} {name.replace('_', ' ')}" for name, number in value.items() if name != "total"]
    total = value.get("total", sum(number for name, number in value.items() if name != "total"))
    return f"{total} ({', '.join(parts)})"


class ExerciseCard(SphinxDirective):
    """Show an exercise's card; words in the directive's body stand above the table."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Read meta.yml and write the card."""
        name = self.arguments[0].strip()
        home = Path(self.env.srcdir).parent / "exercises" / "source"
        file = home / name / "meta.yml"
        if not file.is_file():
            known = [path.parent.name for path in home.glob("*/meta.yml")]
            warn(f"no exercise '{name}'", self.get_location(), nearest(name, known, "the exercises are"))
            return []
        self.env.note_dependency(str(file))
        try:
            document = yamltext.read(file)
            if not isinstance(document.data, dict) or not document.data.get("title"):
                raise document.fault("an exercise needs a title", remedy="add 'title: …'")
        except InputFault as fault:
            warn_fault(fault, self.get_location())
            return []
        return [self._card(name, document.data)]

    def _card(self, name: str, meta: dict[str, Any]) -> nodes.container:
        card = nodes.container(classes=["card"])
        card += nodes.paragraph("", "", nodes.strong("", str(meta["title"])))
        if self.content:
            self.state.nested_parse(self.content, self.content_offset, card)
        listing = nodes.definition_list()
        for label, told in rows_of(meta):
            meaning = nodes.definition("", nodes.paragraph("", told))
            listing += nodes.definition_list_item("", nodes.term("", label), meaning)
        card += listing
        place = f'data-live="course/open/exercises/{name}" data-label="Open this exercise live"'
        card += nodes.raw("", f'<p class="live" {place} hidden></p>', format="html")
        how = nodes.paragraph("", classes=["not-live"])
        how += nodes.Text("To work on it, start the course on your own machine with ")
        how += nodes.literal("", "make start")
        how += nodes.Text(" and open this page there.")
        card += how
        return nodes.container("", card, *_steps(name), classes=["exercise"])


def _steps(name: str) -> list[nodes.Node]:
    """Say what to do with an exercise, from its token to the zip, with the commands of this one."""
    steps = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".", classes=["exercise-steps"])
    steps += _step(
        "Name yourself.",
        "In the first code cell write the token that your instructor gave you. On your own, write ",
        "`practice: `",
        " and your name: it makes data that nobody else has, and earns no record.",
    )
    steps += _step("Work", " from top to bottom, run the check below each answer, and save with Ctrl-S.")
    ask = _step(
        "Am I right?",
        " For practice: grades your saved notebook on your own machine and shows, part by part, what is "
        "right and what to think about. Nobody else sees it. In a terminal: ",
        f"`make practice EXERCISE={name}`",
        ", or in one of JupyterLab's: ",
        f"`practice {name}`",
        ".",
        ids=["am-i-right"],
    )
    ask += nodes.raw("", f'<div class="ask" data-practice="{name}" hidden></div>', format="html")
    pack = _step(
        "Hand in,",
        " in a course: packs your saved notebook and your transcripts into one zip, which you upload where "
        "your instructor says. In a terminal: ",
        f"`make handin EXERCISE={name} LEARNER=you`",
        ", or in one of JupyterLab's: ",
        f"`handin {name} --learner you`",
        "; for ",
        "`you`",
        " write the id by which your instructor knows you.",
        ids=["hand-in"],
    )
    pack += nodes.raw("", f'<div class="ask" data-hand-in="{name}" hidden></div>', format="html")
    steps += [ask, pack]
    return [steps]


def _step(first: str, *rest: str, ids: list[str] | None = None) -> nodes.list_item:
    """Write one step: its first words strong, what stands between backticks as code."""
    line = nodes.paragraph("", "", nodes.strong("", first))
    for part in (" ", *rest) if not rest[0].startswith(" ") else rest:
        code = part.startswith("`")
        line += nodes.literal("", part.strip("`")) if code else nodes.Text(part)
    return nodes.list_item("", line, ids=ids or [])


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("exercise-card", ExerciseCard)
