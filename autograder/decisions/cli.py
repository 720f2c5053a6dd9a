"""The command `autograder excuse`."""

from __future__ import annotations

from pathlib import Path

import click

from autograder import roster
from autograder.course import Course
from autograder.options import (
    course_option,
    db_option,
    decided_by,
    example,
    reason_option,
    who_option,
)

__all__ = ["excuse"]


def _known(course: Course, exercise: str, learners: tuple[str, ...]) -> None:
    """Refuse a learner whom nobody knows, and an exercise that the course has not."""
    from coursefacts.errors import InputFault
    from coursefacts.suggest import nearest

    course.notebooks(exercise)
    names = [one.id for one in roster.of_course(course.root)] or list(course.learners(exercise))
    for learner in learners:
        if learner not in names:
            raise InputFault(
                f"the course has no learner '{learner}'",
                path=course.root,
                remedy=nearest(learner, names, "check the id:"),
            )


@click.command(
    epilog=example(
        "autograder excuse export-controls s0104 --why 'passed it last year'",
        "autograder excuse export-controls s0104 --take-back --why 'handed in after all'",
    )
)
@click.argument("exercise")
@click.argument("learners", nargs=-1, required=True)
@click.option("--take-back", is_flag=True, help="Let them need to hand in after all.")
@reason_option
@who_option
@course_option
@db_option
def excuse(
    exercise: str, learners: tuple[str, ...], take_back: bool, why: str, who: str | None, root: Path,
    db: str | None,
) -> None:  # fmt: skip
    """Note that LEARNERS need not hand in EXERCISE: no zero, and no record that asks for it.

    Who, when and why are kept. What they hand in nevertheless is graded and counts.
    """
    from autograder.decisions.excuse import excuse as run

    course = Course(root, db).must_exist()
    _known(course, exercise, learners)
    run(course, exercise, learners, decided_by(who), why, taken_back=take_back)
    click.echo(f"{', '.join(learners)}: {'not excused any more' if take_back else 'excused'}")
