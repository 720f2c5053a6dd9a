"""The very same file from several learners: free to see, and for a person to look at.

Whoever copies will change a letter sooner or later; this finds those who did not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from autograder.grading.finding import Handed
from autograder.grading.model import Result

__all__ = ["SAME", "Twins"]

SAME = "the very same file was handed in by another learner, too"


class Twins:
    """Who handed in the same bytes, in one exercise.

    handed: what lies there now, of those who are asked for.
    before: the last results of everybody.
    """

    def __init__(self, handed: Iterable[Handed], before: Mapping[tuple[str, str, str], Result]) -> None:
        self._who: dict[str, set[str]] = defaultdict(set)
        self._fresh: set[str] = set()
        here = set()
        for one in handed:
            here.add(one.learner)
            if one.digest is not None:
                self._who[one.digest].add(one.learner)
        graded = {(learner, last.submission_sha256) for (_, learner, _), last in before.items()}
        for learner, digest in graded:
            if digest is not None and learner not in here:
                self._who[digest].add(learner)
        for digest, learners in self._who.items():
            if any((learner, digest) not in graded for learner in learners):
                self._fresh.add(digest)

    def has(self, one: Handed) -> bool:
        """Tell whether somebody else handed in this file."""
        return one.digest is not None and len(self._who[one.digest]) > 1

    def differs(self, one: Handed, last: Result) -> bool:
        """Tell whether a result was made before somebody else handed in the same, or took it back."""
        if self.has(one):
            return SAME not in last.reasons and one.digest in self._fresh
        return SAME in last.reasons

    def told(self, results: Iterable[Result]) -> list[str]:
        """Name those whose results say it, for the instructor alone."""
        odd = {result.submission_sha256 for result in results if SAME in result.reasons}
        groups = sorted(sorted(self._who[digest]) for digest in odd if digest is not None)
        return [f"{' and '.join(names)} handed in the very same file" for names in groups]
