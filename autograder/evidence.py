"""What each learner has, as `evidence/1`: gradebook, results and transcripts must tell one story.

A score in the gradebook that no result stands for blocks the award: the gradebook is a file that many hands
can reach, and without isolation learner code can, too.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault

from autograder import roster, secret
from autograder.course import Course
from autograder.decisions.accept import accepted
from autograder.decisions.store import Decision, in_force, of_course
from autograder.files import iso, now, sha256_file
from autograder.gradebook import private_jupyter
from autograder.grading.ledger import Ledger
from autograder.grading.master import source_digest
from autograder.grading.model import Result
from autograder.grading.room import SHORTFALLS
from autograder.marks import Mark, Submission, read_marks
from autograder.transcripts import replayed
from autograder.viva import outcome

__all__ = ["make_evidence", "outdated", "wrong"]

COURSE = {
    "id": "open-by-default",
    "title": "Open by Default, Guarded by Design: research security for quantum science",
}
CHANGED = "the exercise has changed since this was graded"
_NEAR = 1e-6
# What the learner or a marker has still to do is no fault of anything.
_WAITING = re.compile(
    r"it is handed in and not graded yet|it was not played to its end|it does not count yet: .*"
    r"|.* not marked yet"
    r"|excused: .*|.* the mark waits to be confirmed or settled: .*"
    r"|.* needs a person's score|the talk about it was not passed: .*"
)


@dataclass
class Blocked(Exception):
    """Why an exercise is no evidence yet."""

    reason: str


def make_evidence(course: Course, facts_digest: str, cases: Path | None = None) -> dict[str, Any]:
    """Gather the evidence of everybody on the roster, or of everybody who handed something in."""
    course.must_exist()
    with private_jupyter():
        people = _people(course)
        exercises = course.exercises()
        marks = {name: {one.learner: one for one in read_marks(course, name)} for name in exercises}
        results: dict[tuple[str, str], list[Result]] = {}
        for (exercise, learner, _), result in Ledger(course.root).latest().items():
            results.setdefault((exercise, learner), []).append(result)
        decided = {name: of_course(course, name) for name in exercises}
        sources = {name: source_digest(course, name) for name in exercises}
        learners = [_surely(course, cases, who, exercises, marks, results, decided) for who in people]
    for one in learners:
        for piece in one["evidence"]:
            if piece["kind"] == "exercise" and piece["source_sha256"] != sources[piece["id"]]:
                piece["reasons"].append(CHANGED)
    return {
        "schema": "evidence/1",
        "course": {**COURSE, "version": version("open-by-default"), "facts_digest": facts_digest},
        "generated": iso(now()),
        "learners": learners,
    }


def outdated(made: dict[str, Any]) -> Iterator[str]:
    """Tell of each exercise that has changed since some were graded, and of how many."""
    many = Counter(
        piece["id"]
        for learner in made["learners"]
        for piece in learner["evidence"]
        if CHANGED in piece.get("reasons", ())
    )
    for exercise, number in sorted(many.items()):
        yield (
            f"'{exercise}' has changed since the scores of {number} were made; "
            f"to bring them up to date: autograder grade {exercise}"
        )


def wrong(course: Course, made: dict[str, Any]) -> Iterator[str]:
    """Tell of each piece that is blocked by a fault: folder, learner, piece and reason."""
    for learner in made["learners"]:
        for block in learner["blocked"]:
            if not _WAITING.fullmatch(block["reason"]):
                name = learner["learner"]
                folder = course.submitted(name, block["id"])
                place = folder if block["kind"] == "exercise" else folder.parent
                yield f"{place}: {name}: {block['kind']} {block['id']}: {block['reason']}"


def _people(course: Course) -> list[roster.Learner]:
    path = course.root / roster.FILE
    if path.exists():
        return roster.read(path)
    found: dict[str, roster.Learner] = {}
    for exercise in course.exercises():
        for one in read_marks(course, exercise):
            found[one.learner] = roster.Learner(one.learner, one.name, one.email)
        for learner in course.learners(exercise):
            found.setdefault(learner, roster.Learner(learner, learner))
    if not found:
        raise InputFault(
            "the course knows no learner", path=course.root, remedy="release with --roster, or grade"
        )
    return [found[ident] for ident in sorted(found)]


def _surely(
    course: Course,
    cases: Path | None,
    who: roster.Learner,
    exercises: list[str],
    marks: dict[str, dict[str, Submission]],
    results: dict[tuple[str, str], list[Result]],
    decided: dict[str, list[Decision]],
) -> dict[str, Any]:
    """Give one learner's evidence; where that fails all of theirs is blocked, and the others go on."""
    try:
        return _learner(course, cases, who, exercises, marks, results, decided)
    except InputFault:
        raise
    except Exception as error:  # noqa: BLE001 - one strange hand-in must not stop the class
        said = f"the evidence of this hand-in could not be made ({type(error).__name__}); please report it"
        blocked = [
            {"kind": "exercise", "id": exercise, "reason": said}
            for exercise in exercises
            if course.submitted(who.id, exercise).is_dir() or results.get((exercise, who.id))
        ]
        return {**_named(who), "evidence": [], "blocked": blocked}


def _named(who: roster.Learner) -> dict[str, Any]:
    told = {"learner": who.id, "name": who.name, "email": who.email}
    more = {"sortable": who.sortable, "section": who.section}
    return {**told, **{name: value for name, value in more.items() if value}}


def _learner(
    course: Course,
    cases: Path | None,
    who: roster.Learner,
    exercises: list[str],
    marks: dict[str, dict[str, Submission]],
    results: dict[tuple[str, str], list[Result]],
    decided: dict[str, list[Decision]],
) -> dict[str, Any]:
    evidence: list[dict[str, Any]] = []
    blocked: list[dict[str, str]] = []
    for exercise in exercises:
        mine, graded = marks[exercise].get(who.id), results.get((exercise, who.id), [])
        handed = course.submitted(who.id, exercise).is_dir()
        if not (handed or graded or (mine and mine.has_score)):
            excused = [one for one in in_force(decided[exercise], "excuse") if one.learner == who.id]
            blocked += [
                {"kind": "exercise", "id": exercise, "reason": f"excused: {one.words}"} for one in excused
            ]
            continue
        try:
            evidence.append(_exercise(course, exercise, mine, graded, decided[exercise]))
        except Blocked as block:
            blocked.append({"kind": "exercise", "id": exercise, "reason": block.reason})
        shown, refused = replayed(course.submitted(who.id, exercise) / "transcripts", cases)
        known = {(one["kind"], one["id"]) for one in evidence}
        evidence += [one for one in shown if (one["kind"], one["id"]) not in known]
        blocked += refused
    return {**_named(who), "evidence": evidence, "blocked": blocked}


def _exercise(
    course: Course, exercise: str, mine: Submission | None, graded: list[Result], decided: list[Decision]
) -> dict[str, Any]:
    """Make one exercise's evidence; raise Blocked with the first thing that does not fit."""
    if not graded:
        if mine and mine.has_score:
            raise Blocked("the gradebook holds a score that no result stands for")
        raise Blocked("it is handed in and not graded yet")
    for result in graded:
        if result.status == "held":
            raise Blocked(f"the hand-in is held: {result.reasons[0]}")
        if result.submission_sha256 is None:
            raise Blocked("no notebook was handed in")
        _unchanged(course, result)
    if mine is None or not mine.has_score:
        raise Blocked("the result is not in the gradebook; grade again with --force")
    _reconcile(mine, graded)
    if not (math.isfinite(mine.penalty) and mine.penalty >= 0):
        raise Blocked("the gradebook holds a penalty below zero, which adds points; mend it there")
    _settled(exercise, mine)
    talk = outcome.of(mine.learner, graded, decided)
    if talk is not None and talk[0] != "passed":
        raise Blocked(f"the talk about it was not passed: {talk[1]}")
    entry = _entry(course, exercise, mine, graded, decided)
    if talk is not None and not entry["practice"]:
        entry["assurance"] = "supervised"
        entry["reasons"].append(f"a talk about it was passed: {talk[1]}")
    return entry


def _settled(exercise: str, mine: Submission) -> None:
    """Refuse while a person has something to do, and say what."""
    unmarked = sum(mark.pending and mark.manual is None for mark in mine.marks)
    if unmarked:
        raise Blocked(
            "one written part is not marked yet" if unmarked == 1 else f"{unmarked} parts are not marked yet"
        )
    pending = [mark.cell for mark in mine.marks if mark.pending]
    if pending:
        raise Blocked(
            f"'{pending[0]}' is marked, and the mark waits to be confirmed or settled: "
            f"autograder marks waiting {exercise}"
        )


def _unchanged(course: Course, result: Result) -> None:
    """Refuse a result of another notebook than the one that lies there now."""
    folder = course.submitted(result.learner, result.exercise)
    digests = {
        sha256_file(path) for path in folder.glob("*.ipynb") if path.is_file() and not path.is_symlink()
    }
    if result.submission_sha256 not in digests:
        raise Blocked("the hand-in has changed since it was graded; grade it again")


def _reconcile(mine: Submission, graded: list[Result]) -> None:
    """Hold each automatic score of the gradebook against the result that was written down for it."""
    stands = {(result.notebook, cell.grade_id): cell for result in graded for cell in result.cells}
    for mark in mine.marks:
        cell = stands.pop((mark.notebook, mark.cell), None)
        if cell is None:
            raise Blocked(f"the gradebook holds a score for '{mark.cell}' that no result stands for")
        if (mark.auto is None) != (cell.score is None) or abs((mark.auto or 0) - (cell.score or 0)) > _NEAR:
            raise Blocked(
                f"gradebook and results differ on '{mark.cell}': {_say(mark.auto)} and {_say(cell.score)}"
            )
        top = mark.max_score + max(0.0, mark.extra)
        if not math.isfinite(mark.score) or mark.score < 0 or mark.score > top + _NEAR:
            raise Blocked(f"the score of '{mark.cell}' is outside its points")
        if cell.outcome == "refused" and mark.manual is None:
            raise Blocked(f"the check '{mark.cell}' needs a person's score")
    if stands:
        raise Blocked(f"the gradebook has no score for '{next(iter(stands))[1]}'; grade again with --force")


def _say(score: float | None) -> str:
    return "no score" if score is None else f"{score:g}"


def _entry(
    course: Course, exercise: str, mine: Submission, graded: list[Result], decided: list[Decision]
) -> dict[str, Any]:
    meta = course.meta(exercise)
    most = sum(mark.max_score for mark in mine.marks)
    by_person = [mark for mark in mine.marks if mark.manual is not None or mark.extra]
    by_program = [mark for mark in mine.marks if mark.manual is None and not mark.extra]
    practice = any(result.practice for result in graded)
    # The program gives none, and no result stands for it.
    by_hand = [f"extra credit was given to '{mark.cell}' by hand" for mark in mine.marks if mark.extra]
    assurance = "self-reported" if practice else _assurance(mine, graded)
    settled = [one for result in graded if (one := accepted(result, decided)) is not None]
    by_people = [f"settled by a person: {one.words}" for one in settled]
    handed = {result.submission_sha256 for result in graded}
    by_people += [
        f"attempt {told['attempt']} was picked by a person: {one.words}"
        for one in in_force(decided, "attempt")
        if one.learner == mine.learner and (told := one.details or {}).get("submission_sha256") in handed
    ]
    by_people += [f"everybody was given '{mark.cell}': {mark.given}" for mark in mine.marks if mark.given]
    return {
        "kind": "exercise",
        "id": exercise,
        "title": str(meta.get("title", exercise)),
        # Extra credit makes up for lost points and never goes beyond all of them.
        "score": round(max(0.0, min(most, sum(mark.score for mark in mine.marks) - mine.penalty)), 6),
        "max_score": most,
        "auto": _part(by_program),
        "manual": {**_part(by_person), "pending": False},
        "assurance": assurance,
        "certifiable": all(_certifiable(result, decided) for result in graded)
        and not practice
        and not by_hand,
        "reasons": list(
            dict.fromkeys([*(reason for result in graded for reason in result.reasons), *by_hand, *by_people])
        ),
        "practice": practice,
        "late": mine.late,
        "submission_sha256": graded[0].submission_sha256,
        "source_sha256": graded[0].source_sha256,
        "variant": None if practice else secret.variant(course.home, exercise, mine.learner),
        "facts": [str(fact) for fact in meta.get("facts") or []],
        "date": graded[0].collected_at or graded[0].graded_at,
    }


def _certifiable(result: Result, decided: list[Decision]) -> bool:
    """Tell whether a record may rest on a result; a person can settle a doubt, and nothing else."""
    if result.certifiable:
        return True
    apart = result.isolation != "none" and not SHORTFALLS & set(result.reasons)
    honest = all(cell.through != "fallback" for cell in result.cells)
    doubted = result.status == "needs-review" and not result.practice
    return apart and honest and doubted and accepted(result, decided) is not None


def _assurance(mine: Submission, graded: list[Result]) -> str:
    """Whether a person marked what is left to persons; overwriting an automatic score is no such thing."""
    written = {
        (result.notebook, cell.grade_id)
        for result in graded
        for cell in result.cells
        if cell.outcome == "manual"
    }
    marked = any(mark.manual is not None and (mark.notebook, mark.cell) in written for mark in mine.marks)
    return "marked by a person" if marked else "auto-graded own variant"


def _part(marks: list[Mark]) -> dict[str, float]:
    return {"score": sum(mark.score for mark in marks), "max_score": sum(mark.max_score for mark in marks)}
