"""Decide whose variant a hand-in is graded with.

With a course secret the roster decides, never the notebook. Without one there is no roster to go by: the
token that stands in the notebook decides, because the learner worked on that variant, and nothing certifiable
hangs on it. Where no usable token stands there, the id under which it was handed in takes its place.
"""

from __future__ import annotations

from coursefacts.errors import InputFault

from autograder import tokens
from autograder.grading.master import Master
from autograder.grading.reading import SubmittedCell
from autograder.typed import asks_for_token, typed

__all__ = ["OWN", "granted"]

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


def _shown(name: str) -> str:
    """Show a name that a stranger typed, in one short line."""
    return "".join(symbol for symbol in name if symbol.isprintable())[:40]
