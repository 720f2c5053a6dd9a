"""What grading says: one result for each notebook of each submission, `autograder.results/1`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from autograder.strangers import shown, storable

__all__ = ["CellResult", "Outcome", "Result", "Status", "Through", "as_document"]

Text = Annotated[str, BeforeValidator(lambda found: storable(found) if isinstance(found, str) else found)]
"""Text of ours that may quote a stranger's."""
Sentence = Annotated[
    str, BeforeValidator(lambda found: shown(found, 1000) if isinstance(found, str) else found)
]
"""A sentence of ours that may name something of a stranger's."""
Outcome = Literal["passed", "failed", "error", "timeout", "refused", "manual"]
Status = Literal["graded", "needs-review", "held"]
Through = Literal["hatch", "handles", "fallback", "kernel", "person", "transcript"]


class CellResult(BaseModel):
    """How one graded cell did.

    score: None while a person has still to give it.
    message: what the learner may be told.
    values: the learner's plain values that a failed check mentions, as short texts by name; for the
        instructor alone, since which of them a hidden part looks at is not said to learners.
    through: how the score came about: from values that the examiner fetched (hatch), or from stand-ins for
        what does not travel by value (handles); in the learner's own room, where learner code could have
        changed it (fallback); from a case that was played (transcript); in a kernel without isolation; or
        from a person, now or later.
    """

    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    grade_id: str
    score: float | None
    max_score: float
    outcome: Outcome
    message: Text | None = None
    values: dict[Text, Text] = Field(default_factory=dict)
    through: Through = "kernel"


class Result(BaseModel):
    """How one notebook of one submission did.

    score: what the program gave; None when held. Marks given by people stand in the gradebook alone.
    reasons: whatever a person should know, in sentences of ours; the learner reads them, too.
    log: what helps the instructor to find out more; it may quote learner code, so no learner sees it.
    certifiable: whether a record may rest on it.
    practice: whether the variant was one that anybody can make.
    graded_by: program, version and way of running.
    """

    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    exercise: str
    learner: str
    notebook: str
    score: float | None
    max_score: float
    status: Status
    reasons: list[Sentence] = Field(default_factory=list)
    log: list[Text] = Field(default_factory=list)
    certifiable: bool = False
    practice: bool = True
    isolation: str = "none"
    submission_sha256: str | None
    source_sha256: str
    collected_at: str | None = None
    graded_at: str
    graded_by: str
    seconds: float
    cells: list[CellResult] = Field(default_factory=list)

    def same_as(self, other: Result) -> bool:
        """Tell whether two results differ in nothing but when, how long, and the log."""
        moving = {"graded_at", "seconds", "log"}
        return self.model_dump(exclude=moving) == other.model_dump(exclude=moving)


def as_document(exercise: str, results: list[Result]) -> dict[str, Any]:
    """Write the document of `autograder grade --json`."""
    return {
        "schema": "autograder.results/1",
        "exercise": exercise,
        "results": [result.model_dump() for result in results],
    }
