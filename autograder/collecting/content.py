"""What a notebook says of itself: whose token stands in it, and of which exercise its cells are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from coursefacts.errors import InputFault

from autograder import tokens
from autograder.course import Course
from autograder.grading.reading import SubmittedCell, Unreadable, plain, raw_cells, source_of
from autograder.typed import names_someone, typed

__all__ = ["Contents", "Inside", "Token"]

# A token with more wrong symbols than this is nobody's.
_NEAR = 2
# How `autograder release` calls a cell that has no name of its own.
_COUNTED = re.compile(r"cell-\d{3}")


class Token(Enum):
    """What kind of token stands in a notebook."""

    NONE = "no token"
    PRACTICE = "a token for practice"
    MISTYPED = "a token with a typing error"
    UNKNOWN = "a token of nobody on the roster"
    KNOWN = "a learner's token"


@dataclass(frozen=True)
class Inside:
    """What a notebook says of itself.

    token: of which kind.
    learner, exercise: whom and what the token was made for; None for any other than a known one.
    cells: the exercise whose cells these are, or None.
    perhaps: whom a mistyped token may be of, to be proposed to a person and never believed.
    called: the name after `practice:`, which is no more than that.
    trouble: why the notebook could not be read; empty when it could.
    """

    token: Token = Token.NONE
    learner: str | None = None
    exercise: str | None = None
    cells: str | None = None
    perhaps: tuple[str, ...] = ()
    called: str = ""
    trouble: str = ""


class Contents:
    """All tokens of a course and all cells of its exercises."""

    def __init__(self, course: Course, secret: bytes, learners: Iterable[str], exercises: list[str]) -> None:
        self._secret = secret
        self._people = list(learners)
        self._tokens = {
            tokens.make(secret, exercise, learner): (exercise, learner)
            for exercise in exercises
            for learner in self._people
        }
        self._cells: dict[str, set[str]] = {}
        for exercise in exercises:
            for path in course.notebooks(exercise):
                for name in _named(raw_cells(path.read_bytes())):
                    self._cells.setdefault(name, set()).add(exercise)

    def of(self, notebook: bytes) -> Inside:
        """Read a notebook's words; nothing in it is run."""
        try:
            cells = raw_cells(notebook)
        except Unreadable as reason:
            return Inside(trouble=str(reason))
        text = typed(_naming(cells)).get("token", "")
        exercise = self._exercise(cells)
        if not text:
            return Inside(cells=exercise)
        practice = tokens.is_practice(text)
        if practice and self._secret != tokens.PRACTICE:
            return Inside(Token.PRACTICE, cells=exercise, called=_called(text))
        try:
            # Without a secret the name decides; the exercise may be any of those that have the token's cells.
            found = [tokens.typed(one, text).token for one in self._asked(exercise)] if practice else []
            known = next(
                (self._tokens[one] for one in found or [tokens.normal(text)] if one in self._tokens), None
            )
        except InputFault:
            return Inside(
                Token.PRACTICE if practice else Token.MISTYPED, cells=exercise, perhaps=self._near(text)
            )
        if known is None:
            return Inside(Token.PRACTICE if practice else Token.UNKNOWN, cells=exercise)
        return Inside(Token.KNOWN, known[1], known[0], exercise)

    def _asked(self, exercise: str | None) -> list[str]:
        every = sorted({one for found in self._cells.values() for one in found})
        return [exercise] if exercise else every

    def _exercise(self, cells: list[Any]) -> str | None:
        """Find the exercise that has the most of these cells, and more than any other."""
        count: Counter[str] = Counter()
        for name in set(_named(cells)):
            count.update(self._cells.get(name, ()))
        best = count.most_common(2)
        if not best or (len(best) > 1 and best[0][1] == best[1][1]):
            return None
        return best[0][0]

    def _near(self, text: str) -> tuple[str, ...]:
        """Propose whose token is this one but for a symbol or two."""
        symbols = tokens.symbols_of(text)
        if not 16 <= len(symbols) <= 19:
            return ()
        found = {
            learner
            for token, (_, learner) in self._tokens.items()
            if sum(a != b for a, b in zip(tokens.symbols_of(token), symbols, strict=False)) <= _NEAR
        }
        return tuple(sorted(found))


def _called(text: str) -> str:
    try:
        return tokens.practice_name(text) or ""
    except InputFault:
        return ""


def _naming(cells: list[Any]) -> Iterator[SubmittedCell]:
    """Give the few cells that may say who the learner is, as grading reads them."""
    for item in cells:
        source = source_of(item)
        if source is not None and item["cell_type"] == "code" and names_someone(source):
            yield SubmittedCell("code", plain(source))


def _named(cells: list[Any]) -> Iterator[str]:
    """Give what cells call themselves; a program that drops nbgrader's names may keep the cells' own."""
    for item in cells:
        if not isinstance(item, dict):
            continue
        metadata = item.get("metadata")
        own = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        name = own.get("grade_id") if isinstance(own, dict) else item.get("id")
        if isinstance(name, str) and not _COUNTED.fullmatch(name):
            yield name
