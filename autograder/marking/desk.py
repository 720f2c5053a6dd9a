"""What one marker has before them: which letters are theirs, which comes next, which comments were used."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from autograder import roster, secret
from autograder.course import Course
from autograder.marking import order, rubric
from autograder.marking.letters import Letter, Letters
from autograder.marking.rubric import Rubric
from autograder.marking.store import Key, Mark

__all__ = ["Desk", "Settings", "View"]

# Keys for comments: those that mean something else are left out (next, overview, previous, skip, write).
KEYS = "abcdefghijklmqrtuvxyz"


@dataclass(frozen=True)
class Settings:
    """How one marker marks.

    among: everybody who shares the letters; the marker is one of them.
    apart: how far two marks of a letter may lie apart before somebody has to settle them.
    seed: draws the order; None for the course's own secret.
    """

    exercise: str
    marker: str
    among: tuple[str, ...]
    apart: float = 2.0
    seed: str | None = None
    names: bool = False


@dataclass(frozen=True)
class View:
    """The class at one moment, in the order in which it is marked."""

    letters: dict[Key, Letter]
    ordered: list[Key]
    marks: list[Mark]


class Desk:
    """One marker's work on one exercise."""

    def __init__(self, course: Course, settings: Settings) -> None:
        self.course, self.settings = course, settings
        self.letters = Letters(course, settings.exercise, settings.apart)
        own = settings.seed.encode() if settings.seed is not None else secret.load(course.home)
        self._seed = hashlib.sha256(own + settings.exercise.encode()).digest()
        path = course.root / roster.FILE
        self._people = {one.id: one.name for one in roster.read(path)} if path.exists() else {}

    def look(self) -> View:
        """Read the class as it is now."""
        found = self.letters.all()
        return View(found, order.in_order(self._seed, found), self.letters.marks())

    def ident(self, key: Key) -> str:
        """The letter's name in an address."""
        return order.ident(self._seed, key)

    def find(self, view: View, ident: str) -> Letter | None:
        """Find a letter by its name in an address."""
        return next((view.letters[key] for key in view.ordered if self.ident(key) == ident), None)

    def rubric(self, letter: Letter) -> Rubric:
        """How this letter is marked."""
        return rubric.read(self.course, self.settings.exercise, letter.key[2], letter.most)

    def title(self) -> str:
        """The exercise's title."""
        return str(self.course.meta(self.settings.exercise).get("title", self.settings.exercise))

    def who(self, key: Key) -> str:
        """Whose letter it is, for a marker who asked for names; else nothing."""
        return f"{self._people.get(key[0], key[0])} ({key[0]})" if self.settings.names else ""

    def mine(self, view: View, turn: int = 0) -> list[Key]:
        """The letters that are this marker's share."""
        return order.share(view.ordered, self.settings.among, self.settings.marker, turn)

    def queue(self, view: View, role: str) -> list[Key]:
        """What this marker has still to do in a role, in order."""
        letters, marker = view.letters, self.settings.marker
        if role == "settle":
            return [key for key in view.ordered if letters[key].state == "differs"]
        if role == "second":
            among = self.mine(view, 1) if len(self.settings.among) > 1 else view.ordered
            return [key for key in among if _may_second(letters[key], marker)]
        return [key for key in self.mine(view) if letters[key].state in {"open", "changed"}]

    def samples(self, view: View) -> tuple[Key, Rubric] | None:
        """The cell that has sample answers, with its rubric; None for an exercise without."""
        for key in view.ordered:
            found = self.rubric(view.letters[key])
            if found.samples:
                return ("", "", key[2]), found
        return None

    def next_sample(self, view: View) -> int | None:
        """The number (from 1) of the first sample that this marker has not marked."""
        found = self.samples(view)
        if found is None:
            return None
        mine = [one for one in view.marks if one.marker == self.settings.marker]
        marked = {one.notebook for one in mine if one.role == "sample"}
        return next((n for n in range(1, len(found[1].samples) + 1) if str(n) not in marked), None)

    def comments(self, view: View, cell: str) -> list[tuple[str, str]]:
        """The comments used before on a cell, oldest first, each with its key or none."""
        texts = [piece for one in view.marks if one.cell == cell for piece in pieces(one.comment)]
        texts += [
            piece
            for key, letter in sorted(view.letters.items())
            if key[2] == cell
            for piece in pieces(letter.comment)
        ]
        used = Counter(texts)
        return [(KEYS[n] if n < len(KEYS) else "", text) for n, text in enumerate(used)][:60]


def pieces(comment: str) -> Iterable[str]:
    """Take a comment apart: one that is used again is a paragraph of it."""
    return [one.strip() for one in re.split(r"\n\s*\n", comment) if one.strip()]


def _may_second(letter: Letter, marker: str) -> bool:
    """Tell whether this marker may mark a letter a second time: marked, by somebody else, and once only."""
    by = letter.first.marker if letter.first else marker
    return letter.state == "marked" and by != marker and letter.second is None
