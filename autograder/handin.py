"""Hand in: one zip with the notebook, the case transcripts and what they were made with."""

from __future__ import annotations

import io
import json
import platform
import zipfile
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault

from autograder import tokens
from autograder.course import Course
from autograder.files import is_safe_name, iso, now, sha256, write_bytes
from autograder.grading.reading import SubmittedCell, Unreadable, read_submission
from autograder.practice.own import read_cells
from autograder.typed import typed
from autograder.workspace import choose

__all__ = ["HandIn", "Order", "hand_in"]

_PACKAGES = ("open-by-default", "nbgrader", "numpy", "qiskit", "qiskit-aer")
_LARGEST_TRANSCRIPT = 2**20
# Where nothing tells how an exercise was handed out, nbgrader's own words do.
_UNTOUCHED = ("raise NotImplementedError", "YOUR ANSWER HERE")


@dataclass(frozen=True)
class Order:
    """What to pack.

    workspace: the learner's.
    course: where the exercise was released, to see what is missing; it may not be there.
    notebook: which one, where several lie beside each other; None for the one that was handed out.
    learner, token: what the command says of them.
    out: where the zip goes; None for hand-in/ in the workspace.
    """

    exercise: str
    workspace: Path
    course: Path
    notebook: str | None = None
    learner: str | None = None
    token: str | None = None
    out: Path | None = None


@dataclass
class HandIn:
    """A hand-in that was made.

    file: the zip.
    sha256: its digest, for the learner to keep.
    untouched: how many answers stand as they were handed out.
    notebook: the name of the one that was packed.
    others: the names of those that lie beside it.
    unanswered: the cells that stand as they were handed out.
    gone: answer cells that were handed out and are not there any more.
    practice: whether the notebook names a learner without a course.
    """

    file: str
    sha256: str
    exercise: str
    learner: str
    token: str | None
    transcripts: int
    untouched: int
    notebook: str
    others: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    practice: bool = False

    def lines(self) -> list[str]:
        """Tell the learner what was packed, what is odd about it, and what to do with it."""
        found = [f"packed {self.notebook}"]
        if self.others:
            names = ", ".join(f"'{name}'" for name in self.others)
            found[0] += f" and not {names}; to pack another one, write its name behind the exercise"
        for name in self.gone:
            found.append(
                f"the cell '{name}' is gone, so its answer counts as blank; to get it back, rename your "
                "notebook, open the exercise from its page again, and move your answers into that copy"
            )
        if self.unanswered:
            many = (
                "1 answer still stands as it was"
                if len(self.unanswered) == 1
                else (f"{len(self.unanswered)} answers still stand as they were")
            )
            found.append(f"{many} handed out: {', '.join(self.unanswered)}")
        if self.practice:
            return [
                *found,
                f"a practice zip: {self.file}",
                f"SHA-256: {self.sha256}",
                "it carries no token of a course: nobody has to get it, and it earns no record",
                f"whether your answers are right: autograder practice {self.exercise}",
                "in a course: write your instructor's token into the notebook, run it, save it, pack again",
            ]
        last = (
            "upload it where your instructor says, and keep the SHA-256: it shows later which file that was"
            if self.token
            else "it carries no token; if your instructor gave you one, write it into the notebook, run it, "
            "save it, and pack again"
        )
        return [*found, f"hand in this file: {self.file}", f"SHA-256: {self.sha256}", last]


def hand_in(order: Order) -> HandIn:
    """Make the zip; a notebook that no grader could read is refused now, while the learner can mend it."""
    chosen = choose(order.workspace, order.exercise, order.notebook)
    cells = read_cells(chosen.path)
    learner, token, practice = _who(cells, order)
    files = {f"{order.exercise}.ipynb": chosen.path.read_bytes()} | _transcripts(order.workspace)
    data = _zip(files, order.exercise, learner, token)
    stamp = now().strftime("%Y%m%dT%H%M%SZ")
    target = (order.out or order.workspace / "hand-in") / f"{learner}-{order.exercise}-{stamp}.zip"
    write_bytes(target, data)
    made = HandIn(
        str(target), sha256(data), order.exercise, learner, token, len(files) - 1, 0, chosen.path.name
    )
    made.others, made.practice = chosen.others, practice
    made.unanswered, made.gone = _lacking(cells, _handed_out(order, chosen.path))
    made.untouched = len(made.unanswered)
    return made


def _handed_out(order: Order, path: Path) -> dict[str, str] | None:
    """Give the answer cells as they were handed out, by name; None where that cannot be told."""
    found = sorted(Course(order.course).release(order.exercise).glob("*.ipynb"))
    same = [one for one in found if one.name == path.name] or (found if len(found) == 1 else [])
    try:
        cells = read_submission(same[0]) if same else []
    except Unreadable:
        return None
    return {cell.grade_id: cell.text.strip() for cell in cells if cell.grade_id and cell.answer} or None


def _lacking(cells: list[SubmittedCell], released: dict[str, str] | None) -> tuple[list[str], list[str]]:
    """Tell which answers stand as they were handed out, and which cells are gone."""
    own = {cell.grade_id: cell.text for cell in cells if cell.grade_id}
    if released is None:
        return [name for name, text in own.items() if any(mark in text for mark in _UNTOUCHED)], []
    same = [name for name, text in released.items() if name in own and own[name].strip() == text]
    return same, [name for name in released if name not in own]


def _who(cells: list[SubmittedCell], order: Order) -> tuple[str, str | None, bool]:
    """Find out who hands in: what the command says, else learner.json, else the notebook."""
    noted = _noted(order.workspace)
    written = typed(cells)
    learner = order.learner or noted.get("learner") or written.get("learner")
    token = order.token or noted.get("tokens", {}).get(order.exercise) or written.get("token")
    practice = False
    if token and tokens.is_practice(token):
        # What a learner without an institution writes in its place; it is no token.
        learner, token, practice = learner or _as_id(token), None, True
    if not learner or not is_safe_name(learner):
        raise InputFault(
            f"'{learner}' is no learner's id" if learner else "it does not say who you are",
            remedy="add --learner and the id that your instructor knows you by",
        )
    return learner, tokens.normal(token) if token else None, practice


def _as_id(practice: str) -> str | None:
    """Make an id of a practice name, where it is plain enough for one: practice needs no other."""
    try:
        name = tokens.person(tokens.practice_name(practice) or "").replace(" ", "-")
    except InputFault:
        return None
    return name if is_safe_name(name) else None


def _noted(workspace: Path) -> dict[str, Any]:
    path = workspace / "learner.json"
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise InputFault(
            "is not JSON", path=path, remedy='write {"learner": "your-id"}, or delete it'
        ) from None
    if not isinstance(found, dict) or not _has_words(found):
        raise InputFault("is not as expected", path=path, remedy='write {"learner": "your-id"}, or delete it')
    return found


def _has_words(noted: dict[str, Any]) -> bool:
    """Whether learner and tokens are text: a file written by hand may hold numbers."""
    tokens_noted = noted.get("tokens", {})
    if not isinstance(tokens_noted, dict):
        return False
    return all(isinstance(word, str) for word in (noted.get("learner", ""), *tokens_noted.values()))


def _transcripts(workspace: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in sorted((workspace / "transcripts").glob("*.json")):
        if not is_safe_name(path.name) or not path.is_file():
            continue
        if path.stat().st_size > _LARGEST_TRANSCRIPT:
            raise InputFault(
                "is too large for a transcript", path=path, remedy="export it again from the case"
            )
        data = path.read_bytes()
        try:
            json.loads(data)
        except (ValueError, RecursionError):
            raise InputFault("is not JSON", path=path, remedy="export it again from the case") from None
        found[f"transcripts/{path.name}"] = data
    return found


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _zip(files: dict[str, bytes], exercise: str, learner: str, token: str | None) -> bytes:
    listed = [{"name": name, "sha256": sha256(data), "bytes": len(data)} for name, data in files.items()]
    manifest = {
        "schema": "handin/1",
        "exercise": exercise,
        "learner": learner,
        "token": token,
        "created": iso(now()),
        "versions": _versions(),
        "files": listed,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(manifest, indent=1) + "\n")
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()
