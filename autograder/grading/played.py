"""Points for a case that an exercise asks for: its transcript is replayed, and a cell of its own scored.

meta.yml:

    transcripts:
      - {case: visitor-and-chip, cell: the-case}                      # played to any ending
      - {case: visitor-and-chip, cell: the-case, endings: [ending-a-good-week]}
      - {case: export-controls-quiz, cell: the-quiz, correct: 8}      # of the first answers

Whatever a transcript says of itself, only its choices count. It shows that somebody played, never who did.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault

from autograder.course import Course
from autograder.grading.model import CellResult, Result
from autograder.transcripts import LARGEST, MOST, exists, replay_bytes

__all__ = ["Asked", "Played", "Unasked", "asked"]

_KEYS = {"case", "cell", "endings", "correct"}


class Unasked(ValueError):
    """An entry of `transcripts` that cannot be read: its position, and what to write."""

    def __init__(self, at: int | None, what: str, remedy: str) -> None:
        self.at = at
        self.what = what
        self.remedy = remedy
        super().__init__(f"{what}; {remedy}")


@dataclass(frozen=True)
class Asked:
    """One case that an exercise asks for.

    cell: the graded cell whose points it earns.
    endings: those that earn them; empty for any.
    correct: of a quiz, how many first answers have to be right.
    """

    case: str
    cell: str
    endings: tuple[str, ...] = ()
    correct: int = 0


def asked(meta: dict[str, Any]) -> list[Asked]:
    """Read what meta.yml asks for; raise Unasked at the first entry that is wrong."""
    entries = meta.get("transcripts", [])
    if not isinstance(entries, list):
        raise Unasked(None, "'transcripts' is not a list", "write - {case: CASE, cell: GRADE_ID}")
    return [_one(at, entry) for at, entry in enumerate(entries)]


def _one(at: int, entry: Any) -> Asked:
    if not isinstance(entry, dict) or not set(entry) <= _KEYS:
        raise Unasked(at, "an entry of 'transcripts' is no request", "write - {case: CASE, cell: GRADE_ID}")
    for key in ("case", "cell"):
        if not isinstance(entry.get(key), str):
            raise Unasked(at, f"an entry of 'transcripts' lacks '{key}'", f"add {key}:")
    endings, correct = entry.get("endings", []), entry.get("correct", 0)
    if not isinstance(endings, list) or not all(isinstance(one, str) for one in endings):
        raise Unasked(at, "'endings' is not a list", "write endings: [ending-a, ending-b]")
    if type(correct) is not int or correct < 0:
        raise Unasked(at, "'correct' is no number", "write correct: 8")
    return Asked(entry["case"], entry["cell"], tuple(endings), correct)


class Played:
    """Scores the cases of one exercise."""

    def __init__(self, course: Course, exercise: str, cases: Path | None) -> None:
        self._course = course
        self._exercise = exercise
        self._cases = cases
        try:
            self._asked = asked(course.meta(exercise))
        except Unasked as fault:
            raise InputFault(fault.what, path=exercise, remedy=fault.remedy) from None
        for one in self._asked:
            # A case that is not here would cost everybody the points.
            if not exists(one.case, cases):
                raise InputFault(
                    f"the exercise '{exercise}' asks for the case '{one.case}', which is not here",
                    path=cases or course.root,
                    remedy="name the folder of the cases with --cases",
                )

    def is_stale(self, last: Result) -> bool:
        """Tell whether other transcripts lie there now than those that were scored."""
        folder = self._course.submitted(last.learner, self._exercise)
        told = {cell.grade_id: cell.message or "" for cell in last.cells}
        return any(
            one.cell in told and _mark(_found(folder, one.case)) not in told[one.cell] for one in self._asked
        )

    def score(self, folder: Path, cells: list[CellResult]) -> None:
        """Score the cells that stand for cases, in place, by the transcripts in a submission's folder."""
        by_name = {cell.grade_id: cell for cell in cells}
        for one in self._asked:
            cell = by_name.get(one.cell)
            if cell is None:
                continue
            found = _found(folder, one.case)
            earned, said = self._worth(one, found)
            cell.score = cell.max_score if earned else 0.0
            cell.outcome = "passed" if earned else "failed"
            cell.through = "transcript"
            cell.message = f"{said} {_mark(found)}"

    def _worth(self, one: Asked, found: list[bytes]) -> tuple[bool, str]:
        """Tell whether one of some transcripts earns the points, and what to say of the last."""
        earned, said = False, f"no transcript of the case '{one.case}' was handed in: play it to an ending."
        for data in found:
            verdict = replay_bytes(data, self._cases)
            earned, said = _judged(one, verdict)
            if earned:
                break
        return earned, said


def _judged(one: Asked, verdict: dict[str, Any]) -> tuple[bool, str]:
    words = str(verdict.get("message") or "it cannot be replayed")[:300]
    if not verdict.get("valid"):
        return False, f"the transcript of '{one.case}' does not count: {words}."
    if not verdict.get("completed"):
        return False, f"'{one.case}' was not played to its end: {words}."
    if one.endings and verdict.get("ending") not in one.endings:
        return False, f"'{one.case}' {words}; the exercise asks for another ending: play it again."
    # A question that is not graded any more, because its facts may be out of date, costs nobody a point.
    if int(verdict.get("correct") or 0) + int(verdict.get("ungraded") or 0) < one.correct:
        return False, f"'{one.case}': {words}; the exercise asks for {one.correct}."
    return True, f"'{one.case}': {words}."


def _found(folder: Path, case: str) -> list[bytes]:
    """Give the transcripts of a case in a submission."""
    found = []
    for path in sorted((folder / "transcripts").glob("*.json"))[:MOST]:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST:
            continue
        data = path.read_bytes()
        if _case_of(data) == case:
            found.append(data)
    return found


def _case_of(data: bytes) -> Any:
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return said.get("case") if isinstance(said, dict) else None


def _mark(found: list[bytes]) -> str:
    """Name some transcripts, so that others are noticed."""
    if not found:
        return "(transcript none)"
    digest = hashlib.sha256(b"\0".join(hashlib.sha256(data).digest() for data in found))
    return f"(transcript {digest.hexdigest()[:12]})"
