"""What a learner keeps of practice: `practice/1` as JSON, and the page of feedback beside it."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.feedback import safe
from autograder.feedback.page import page
from autograder.feedback.saved import saved_outputs, saved_token
from autograder.files import iso, write_json, write_text
from autograder.grading.model import CellResult
from autograder.marks import Mark, Submission
from autograder.practice.grade import Practised
from autograder.practice.own import Own
from autograder.tokens import person

__all__ = ["BACK", "SCHEMA", "tell"]

SCHEMA = "practice/1"
BACK = "<!-- back -->"
"""Where the learner's server puts the way back to the exercise's page; a file by itself knows none."""


def tell(course: Course, exercise: str, own: Own, done: Practised, workspace: Path) -> dict[str, Any]:
    """Write both files, and give what stands in the first."""
    folder = workspace / "practice"
    title = str(course.meta(exercise).get("title", exercise))
    told = _told(course, exercise, title, own, done)
    told["tries"], told["best"] = _before(folder / f"{exercise}.json", told)
    text = _page(title, told, own, done)
    write_text(folder / told["feedback"], text)
    write_json(folder / f"{exercise}.json", told)
    return told


def _told(course: Course, exercise: str, title: str, own: Own, done: Practised) -> dict[str, Any]:
    result = done.result
    automatic = [cell for cell in result.cells if not _by_person(cell)]
    written = [cell for cell in result.cells if _by_person(cell)]
    waiting = [cell for cell in written if cell.score is None]
    return {
        "schema": SCHEMA,
        "exercise": exercise,
        "module": course.meta(exercise).get("module"),
        "title": title,
        "name": own.name,
        "when": result.graded_at,
        "saved": iso(own.saved),
        "notebook": own.path.name,
        "notebook_sha256": own.digest,
        "source_sha256": result.source_sha256,
        "isolation": result.isolation,
        "score": result.score,
        "max_score": result.max_score,
        "automatic": _sum(automatic),
        "written": {"max_score": sum(cell.max_score for cell in written), "answered": len(waiting)},
        "pending": sum(cell.max_score for cell in waiting),
        "parts": [
            {
                "part": cell.grade_id,
                "score": cell.score,
                "max_score": cell.max_score,
                "outcome": cell.outcome,
                "message": cell.message,
            }
            for cell in result.cells
        ],
        "reasons": result.reasons,
        "feedback": f"{exercise}.html",
    }


def _by_person(cell: CellResult) -> bool:
    return cell.through == "person" or cell.outcome == "manual"


def _sum(cells: list[CellResult]) -> dict[str, float]:
    return {
        "score": sum(cell.score or 0.0 for cell in cells),
        "max_score": sum(cell.max_score for cell in cells),
    }


def _before(path: Path, now: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Count the tries of this person, and keep the best of them."""
    tries, best = 0, {"score": now["automatic"]["score"], "when": now["when"]}
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        last = json.loads(path.read_text(encoding="utf-8"))
        if last["schema"] == SCHEMA and person(last["name"] or "") == person(now["name"] or ""):
            before = {"score": float(last["best"]["score"]), "when": str(last["best"]["when"])}
            tries, best = int(last["tries"]), before if before["score"] >= best["score"] else best
    return tries + 1, best


def _page(title: str, told: dict[str, Any], own: Own, done: Practised) -> str:
    marks = [
        Mark(done.result.notebook, cell.grade_id, cell.max_score, cell.score, None, 0.0, cell.score is None)
        for cell in done.result.cells
    ]
    who = Submission(done.result.learner, own.name or "You", None, False, 0.0, marks)
    saved = saved_outputs(own.path.parent, own.digest)
    return page(
        title,
        done.result,
        who,
        done.master,
        done.notebook,
        saved,
        saved_token(own.path.parent, own.digest),
        lead=_lead(told),
        waiting=("is yours to mark", "are yours to mark"),
    )


def _lead(told: dict[str, Any]) -> str:
    """Say what this page is, and what is left to do."""
    sentences = [
        f"This is practice, graded on your own machine from {told['notebook']} as you saved it at "
        f"{told['saved'][11:16]} UTC on {told['saved'][:10]}; nobody else has seen it."
    ]
    if told["pending"]:
        sentences.append(
            f"The written part ({told['pending']:g} points) is yours to mark: the exercise's page has the "
            "rubric, a good answer and a poor one."
        )
    if told["automatic"]["score"] < told["automatic"]["max_score"]:
        sentences.append("Mend what is not passed, save, and ask again.")
    return f"<p>{safe.plain(' '.join(sentences))}</p>\n{BACK}\n"
