"""An exercise's questions for the talk, as an author writes them: `viva.yml` beside `exercise.py`.

    schema: viva/1
    values:              # what is asked of the notebook once it has run: a name and a Python expression
      placed: placed
      things: "{one['id']: one['text'] for one in public['artefacts']}"
    questions:
      - id: tier
        each: placed     # one entry of a table is drawn, first of those where learner and solution differ
        code: place      # shows what the learner wrote into this cell
        ask: "You put {their.things[key]} into tier {their.placed[key]}. Who would miss it?"
        expect: "Tier {right.placed[key]}, because …"

`{their.NAME}` is the learner's value, `{right.NAME}` that of the course's own solution on the learner's own
variant, each with `[key]` for an entry. A question whose values are not there is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursefacts import yamltext
from coursefacts.errors import InputFault

__all__ = ["FILE", "PLACE", "Question", "Template", "read"]

FILE = "viva.yml"
PLACE = re.compile(r"\{(their|right)\.([a-z_]+)(\[key\])?\}|\{(key)\}")
_NAME = re.compile(r"[a-z_]+")
_KEYS = {"id", "ask", "expect", "each", "code"}
_LONGEST = 700


@dataclass(frozen=True)
class Question:
    """One that may be asked.

    each: the value of which an entry is drawn, or None.
    code: the cell of the learner's that is shown with it, or None.
    """

    id: str
    ask: str
    expect: str
    each: str | None = None
    code: str | None = None

    @property
    def places(self) -> Iterator[tuple[str, str, bool]]:
        """What it needs: whose, which value, and whether of one entry."""
        for found in PLACE.finditer(f"{self.ask} {self.expect}"):
            if found[4] is None:
                yield found[1], found[2], found[3] is not None


@dataclass(frozen=True)
class Template:
    """A whole file; values: expressions by name."""

    values: dict[str, str]
    questions: tuple[Question, ...]


def read(path: Path) -> Template:
    """Read one; a fault names the line."""
    if not path.is_file():
        remedy = "write one; the author's guide shows how: the talk's questions"
        raise InputFault("has no questions for a talk", path=path, remedy=remedy)
    document = yamltext.read(path)
    data = document.data
    if not isinstance(data, dict) or data.get("schema") != "viva/1":
        raise InputFault("is not of schema viva/1", path=path, line=1, remedy="begin with: schema: viva/1")
    values, questions = data.get("values", {}), data.get("questions")
    if not isinstance(values, dict) or not all(_expression(*one) for one in values.items()):
        raise document.fault("'values' is not a table of names and expressions", ["values"], "placed: placed")
    if not isinstance(questions, list) or len(questions) < 3:
        raise document.fault("has less than three questions", ["questions"], "write at least three")
    made = tuple(_question(document, at, one, set(values)) for at, one in enumerate(questions))
    if len({one.id for one in made}) < len(made):
        raise document.fault("an id stands twice", ["questions"], "give each question an id of its own")
    return Template(dict(values), made)


def _expression(name: Any, text: Any) -> bool:
    if not isinstance(name, str) or not _NAME.fullmatch(name) or not isinstance(text, str):
        return False
    try:
        compile(text, "<viva.yml>", "eval")
    except (SyntaxError, ValueError):
        return False
    return True


def _question(document: yamltext.Document, at: int, one: Any, values: set[str]) -> Question:
    where: list[str | int] = ["questions", at]
    remedy = "write id, ask and expect, and each or code if you like"
    if not isinstance(one, dict) or not {"id", "ask", "expect"} <= set(one) <= _KEYS:
        raise document.fault("a question lacks a key, or has one that is none", where, remedy)
    if not all(isinstance(text, str) and 0 < len(text) <= _LONGEST for text in one.values()):
        raise document.fault(f"a question's parts are texts of at most {_LONGEST} letters", where, remedy)
    made = Question(**one)
    bare = PLACE.sub("", f"{made.ask} {made.expect}")
    if "{" in bare or "}" in bare:
        raise document.fault("a place cannot be read", where, "write {their.NAME}, {right.NAME} or {key}")
    used = {name for _, name, _ in made.places} | ({made.each} if made.each else set())
    if used - values:
        raise document.fault(f"there is no value '{min(used - values)}'", where, "add it to 'values'")
    if made.each is None and ("[key]" in made.ask + made.expect or "{key}" in made.ask + made.expect):
        raise document.fault("asks for an entry, and has no 'each'", where, "add each: NAME")
    return made
