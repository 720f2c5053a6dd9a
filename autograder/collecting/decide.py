"""Decide whose a notebook is and of which exercise, from the names around it and the words in it.

Names say who handed it in, the token says for whom it was made, the cells say what it is. Where they agree,
or one speaks alone, that decides. Where a token is another's than the name's, the name decides and the
difference is told: grading leaves it to a person. What contradicts itself otherwise, and what says nothing,
is left to a person here.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograder.collecting.content import Inside, Token
from autograder.collecting.names import Names, Outer
from autograder.strangers import shown

__all__ = ["Decision", "Unsure", "decide", "remark"]


class Unsure(Exception):
    """What cannot be told; its text is the reason.

    perhaps: whom a person may want to take.
    exercise: the exercise, where that much is known.
    """

    def __init__(self, reason: str, perhaps: tuple[str, ...] = (), exercise: str | None = None) -> None:
        super().__init__(reason)
        self.perhaps = perhaps
        self.exercise = exercise


@dataclass(frozen=True)
class Decision:
    """Whose and what it is.

    by_token: whether the token alone tells whose it is.
    remark: what a person should know; empty for nothing.
    """

    learner: str
    exercise: str
    sender: str
    by_token: bool = False
    remark: str = ""


def decide(names: Names, parts: list[str], inside: Inside, outer: Outer) -> Decision:
    """Decide about one notebook; raise Unsure where only a person can."""
    try:
        learner, by_token = _learner(names, inside, outer)
    except Unsure as doubt:
        try:
            doubt.exercise = _exercise(names, parts, inside)
        except Unsure as other:
            doubt.exercise = other.exercise
        raise
    try:
        exercise = _exercise(names, parts, inside)
    except Unsure as doubt:
        doubt.perhaps = (learner,)
        raise
    return Decision(learner, exercise, outer.sender, by_token, remark(learner, exercise, inside))


def _learner(names: Names, inside: Inside, outer: Outer) -> tuple[str, bool]:
    if outer.learner is not None:
        return names.admitted(outer.learner), False
    theirs = inside.learner
    if outer.several:
        many = f"several learners are called so ({', '.join(sorted(outer.several))})"
        if theirs in outer.several:
            return str(theirs), False
        perhaps = tuple(sorted(outer.claimed & outer.several)) or tuple(sorted(outer.several))
        if theirs is not None:
            raise Unsure(f"{many}, and its token is that of '{theirs}'", (*perhaps, theirs))
        raise Unsure(f"{many}, and it has {inside.token.value}", perhaps)
    if theirs is None:
        called = names.people.by_id(inside.called) or names.people.by_name(inside.called)
        raise Unsure(_unknown(inside, outer), inside.perhaps or tuple(sorted(called or outer.claimed)))
    if outer.called and not names.people.related(outer.called, theirs):
        raise Unsure(
            f"it was handed in by '{shown(outer.called, 60)}', whom the roster does not know, "
            f"with the token of '{theirs}'",
            (theirs,),
        )
    if outer.claimed - {theirs}:
        claimed = min(outer.claimed - {theirs})
        raise Unsure(f"it says that it is '{claimed}'s, with the token of '{theirs}'", (theirs, claimed))
    return theirs, True


def _unknown(inside: Inside, outer: Outer) -> str:
    said = inside.trouble or f"it has {inside.token.value}"
    if outer.called:
        return f"the roster has nobody called '{shown(outer.called, 60)}', and {said}"
    return f"no name tells whose it is, and {said}"


def _exercise(names: Names, parts: list[str], inside: Inside) -> str:
    """Find the exercise: by the cells, else by names, else by the token; raise Unsure where they differ."""
    named = names.exercise(parts)
    if inside.cells is not None:
        if named is not None and named != inside.cells:
            raise Unsure(
                f"it is the notebook of '{inside.cells}' and was handed in as '{named}'",
                exercise=inside.cells,
            )
        return inside.cells
    found = named or inside.exercise or names.only_exercise
    if found is None:
        raise Unsure("neither its cells nor a name tell which exercise it is")
    return found


def remark(learner: str, exercise: str, inside: Inside) -> str:
    """Say what a person should know; a grader leaves all but practice to a person, too."""
    if inside.learner is not None and inside.learner != learner:
        return f"handed in by '{learner}', and the token in the notebook is that of '{inside.learner}'"
    if inside.exercise is not None and inside.exercise != exercise:
        return f"the token in the notebook is that of '{learner}' for '{inside.exercise}'"
    if inside.token in {Token.UNKNOWN, Token.PRACTICE}:
        return f"handed in by '{learner}', and it has {inside.token.value}"
    return ""
