"""Which attempt of a learner counts: by the course's rule, or as a person has picked.

A pick is a decision like others, with who, when and why. It holds through regrading and whatever is handed in
later, until another attempt is picked or the rule is let decide again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Literal, get_args

from coursefacts.errors import InputFault

from autograder.collecting.attempts import Attempt, is_another_there, put_in_place, read_attempts
from autograder.collecting.due import read_due
from autograder.course import Course
from autograder.decisions.late import policy
from autograder.decisions.store import Decision, in_force, of_course

__all__ = ["Counting", "Rule", "by_rule", "lateness", "picks", "put_where_it_counts", "rule_of"]

Rule = Literal["newest-in-time", "newest", "best"]
_RULES: tuple[Rule, ...] = get_args(Rule)


def rule_of(course: Course) -> Rule:
    """Read the course's setting; raise InputFault for one that does not exist."""
    found = course.config.get("Autograder", {}).get("attempts", _RULES[0])
    for rule in _RULES:
        if found == rule:
            return rule
    raise InputFault(
        f"c.Autograder.attempts is {found!r}",
        path=course.root / "nbgrader_config.py",
        remedy=f"write one of: {', '.join(_RULES)}",
    )


def picks(decisions: Iterable[Decision]) -> dict[str, Decision]:
    """Find which attempts people have picked, by learner; `details` say which one each is."""
    return {one.learner: one for one in in_force(decisions, "attempt")}


class Counting:
    """Which attempt counts, of everybody, at one exercise."""

    def __init__(self, course: Course, exercise: str) -> None:
        decisions = of_course(course, exercise)
        self.rule = rule_of(course)
        self.picked = picks(decisions)
        self.lateness = lateness(course, exercise)
        terms = policy(decisions)
        self._grace = timedelta() if terms is None else timedelta(minutes=terms.grace)

    def is_in_time(self, one: Attempt) -> bool:
        """Tell whether it came in time: by due time, extension and the late policy's grace."""
        return self.lateness(one) <= self._grace

    def picked_of(self, attempts: Iterable[Attempt]) -> Attempt | None:
        """Find the one that a person has picked among a learner's; None where nobody has, or it is lost."""
        for one in attempts:
            pick = self.picked.get(one.learner)
            if one.is_kept and pick is not None and (pick.details or {}).get("content") == one.content:
                return one
        return None

    def of(self, attempts: Iterable[Attempt]) -> Attempt | None:
        """Choose which of one learner's attempts counts, newest last; None where none is kept."""
        mine = list(attempts)
        return self.picked_of(mine) or by_rule(mine, self.rule, self.is_in_time)


def by_rule(attempts: Iterable[Attempt], rule: Rule, is_in_time: Callable[[Attempt], bool]) -> Attempt | None:
    """Choose which of one learner's attempts counts, newest last; None where none is kept.

    What cannot be read never takes the place of what can. Of the best nothing is known before all are graded,
    so until then it is the newest in time. Where none is in time, the newest counts.
    """
    kept = [one for one in attempts if one.is_kept]
    if len(kept) > 1:
        kept = [one for one in kept if one.is_readable] or kept
    if len(kept) > 1 and rule != "newest":
        kept = [one for one in kept if is_in_time(one)] or kept
    return kept[-1] if kept else None


def lateness(course: Course, exercise: str) -> Callable[[Attempt], timedelta]:
    """Give what tells how late an attempt came; zero for one in time."""
    due = read_due(course, [exercise]).get(exercise)

    def late(one: Attempt) -> timedelta:
        return timedelta() if due is None else max(timedelta(), one.received - due.of(one.learner))

    return late


def put_where_it_counts(course: Course, exercise: str, learners: Iterable[str] = ()) -> list[Attempt]:
    """Put the attempt that counts in place wherever another one lies; give those that were put.

    learners: only these; empty for all. What somebody laid or mended there by hand is no attempt and stays.
    Which one is the best is not known here, so by that rule only what a person picked is put.
    """
    counting, wanted, put = Counting(course, exercise), set(learners), []
    for learner, mine in read_attempts(course, exercise).items():
        if len(mine) < 2 or (wanted and learner not in wanted):
            continue
        chosen = counting.picked_of(mine) if counting.rule == "best" else counting.of(mine)
        if chosen is not None and is_another_there(course, chosen, mine):
            put_in_place(course, chosen)
            put.append(chosen)
    return put
