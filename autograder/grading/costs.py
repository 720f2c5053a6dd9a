"""What lateness would cost a hand-in that does not stand in the gradebook yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import chdir
from datetime import timedelta
from typing import Any

from autograder.course import Course
from autograder.decisions.late import policy
from autograder.decisions.store import Decision

__all__ = ["Costs"]


class Costs:
    """By the course's policy; by the plugin in nbgrader_config.py where no policy was ever set."""

    def __init__(self, course: Course, decisions: Iterable[Decision]) -> None:
        told = [one for one in decisions if one.kind == "late"]
        self._course, self._policy, self._plugin = course, policy(told), None if told else _plugin(course)

    def of(self, learner: str, points: Sequence[float], late: timedelta) -> float:
        """Tell how many points so much lateness costs; `points` are those of each notebook."""
        if self._policy is not None:
            return self._policy.cost(late)
        if self._plugin is None or not late:
            return 0.0
        with chdir(self._course.root):  # as stock: a plugin's own files lie there
            asked = [
                self._plugin.late_submission_penalty(learner, one, late.total_seconds()) or 0.0
                for one in points
            ]
        # As nbgrader does: lateness gives no points, and takes no more than there are.
        return float(sum(max(0.0, min(one, of)) for one, of in zip(asked, points, strict=True)))


def _plugin(course: Course) -> Any:
    if not {"AssignLatePenalties", "LateSubmissionPlugin"} & set(course.config):
        return None
    from nbgrader.preprocessors import AssignLatePenalties

    with chdir(course.root):
        step = AssignLatePenalties(config=course.config)
        step.init_plugin()
    return step.plugin_inst
