"""Decide whose variant a hand-in is graded with.

With a course secret the roster decides, never the notebook. Without one there is no roster to go by: the
token that stands in the notebook decides, because the learner worked on that variant, and nothing certifiable
hangs on it. Where no usable token stands there, the id under which it was handed in takes its place.
"""

from __future__ import annotations

from collections.abc import Callable

from coursefacts.errors import InputFault

from autograder import tokens
from autograder.grading.master import Master
from autograder.grading.reading import SubmittedCell
from autograder.typed import asks_for_token, typed

__all__ = ["OWN", "foreign", "granted"]

OWN = "the course's own solution"
"""Whose variant an instructor's solution is tried with."""


def granted(
    secret: bytes, exercise: str, learner: str, master: Master, cells: list[SubmittedCell]
) -> tuple[str | None, list[str]]:
    """Give the token for the rooms, and what the learner should know of it."""
    theirs = tokens.make(secret, exercise, learner)
    if secret != tokens.PRACTICE:
        return theirs, []
    if not asks_for_token(cell.source for cell in master.released.cells if cell.cell_type == "code"):
        return None, []
    try:
        found = tokens.typed(exercise, typed(cells).get("token", ""))
    except InputFault as fault:
        return theirs, [f"{fault.what}, so the practice variant of '{learner}' was used"]
    if found.token == theirs:
        return theirs, []
    whose = f"of '{_shown(found.name)}'" if found.name else "of another learner"
    return found.token, [
        f"handed in as '{learner}', with the practice token {whose}: the token in the notebook decides"
    ]


def foreign(
    secret: bytes, exercise: str, learner: str, cells: list[SubmittedCell], people: Callable[[], list[str]]
) -> str | None:
    """Say so where a notebook holds a token of the course that is not its owner's; a person should look.

    It is graded on its owner's variant all the same, so a neighbour's numbers earn nothing; a neighbour's
    code would.
    people: tells who may be meant.
    """
    said = typed(cells).get("token", "")
    if secret == tokens.PRACTICE or not said or tokens.is_practice(said):
        return None
    try:
        found = tokens.normal(said)
    except InputFault:
        return None
    if found == tokens.make(secret, exercise, learner):
        return None
    whose = next((one for one in people() if tokens.make(secret, exercise, one) == found), None)
    if whose is not None:
        return f"the token in the notebook is that of '{whose}'"
    return f"the token in the notebook is not that of '{learner}' for this exercise"


def _shown(name: str) -> str:
    """Show a name that a stranger typed, in one short line."""
    return "".join(symbol for symbol in name if symbol.isprintable())[:40]
