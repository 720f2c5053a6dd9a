"""What `autograder late` does and says."""

from __future__ import annotations

import click

from autograder.collecting.counting import rule_of
from autograder.course import Course
from autograder.decisions.late import Policy, policy, set_policy
from autograder.decisions.store import in_force, of_course
from autograder.strangers import clean_json, shown

__all__ = ["late"]


def late(
    course: Course,
    exercise: str,
    terms: tuple[float, str, float, float | None] | None,
    who: str,
    why: str,
    *,
    changes: bool,
    as_json: bool,
) -> None:
    """Set the policy where it changes, and tell which is in force.

    terms: points, unit, grace and most; None for no policy.
    """
    course.must_exist()
    course.notebooks(exercise)
    changed = set_policy(course, exercise, Policy(*terms) if terms else None, who, why) if changes else 0
    decisions = of_course(course, exercise)
    held, by = policy(decisions), in_force(decisions, "late")
    if as_json:
        told = None if held is None else {**vars(held), "decided": by[0].words}
        click.echo(clean_json({"schema": "late/1", "exercise": exercise, "policy": told, "changed": changed}))
        return
    words = "nothing" if held is None else f"{held.words}; {shown(by[0].words, 300)}"
    click.echo(f"{exercise}: lateness costs {words}")
    if changes:
        click.echo(f"{changed} graded submissions have another score by that")
        if rule_of(course) == "best":
            click.echo(f"another attempt may be the best now: autograder grade {exercise}")
