"""Hand in: one zip with the notebook, the case transcripts and what they were made with."""

from __future__ import annotations

import io
import json
import platform
import zipfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault

from autograder import tokens
from autograder.files import is_safe_name, iso, now, sha256, write_bytes
from autograder.grading.reading import SubmittedCell, Unreadable, read_submission
from autograder.typed import typed

__all__ = ["HandIn", "hand_in"]

_PACKAGES = ("open-by-default", "nbgrader", "numpy", "qiskit", "qiskit-aer")
_LARGEST_TRANSCRIPT = 2**20
_UNTOUCHED = ("raise NotImplementedError", "YOUR ANSWER HERE")


@dataclass
class HandIn:
    """A hand-in that was made.

    file: the zip.
    sha256: its digest, for the learner to keep.
    untouched: how many answers stand as they were handed out.
    """

    file: str
    sha256: str
    exercise: str
    learner: str
    token: str | None
    transcripts: int
    untouched: int


def hand_in(
    exercise: str, workspace: Path, out: Path | None, learner: str | None = None, token: str | None = None
) -> HandIn:
    """Make the zip; a notebook that no grader could read is refused now, while the learner can mend it."""
    if not is_safe_name(exercise):
        raise InputFault(f"'{exercise}' is no exercise", remedy="give its id, such as export-controls")
    path = _notebook(workspace, exercise)
    try:
        cells = read_submission(path)
    except Unreadable as reason:
        raise InputFault(str(reason), path=path, remedy="save it again from JupyterLab") from None
    if not cells:
        raise InputFault("the notebook has no cells", path=path, remedy="save it again from JupyterLab")
    learner, token = _who(cells, workspace, exercise, learner, token)
    files = {f"{exercise}.ipynb": path.read_bytes()} | _transcripts(workspace)
    data = _zip(files, exercise, learner, token)
    stamp = now().strftime("%Y%m%dT%H%M%SZ")
    target = (out or workspace / "hand-in") / f"{learner}-{exercise}-{stamp}.zip"
    write_bytes(target, data)
    untouched = sum(any(mark in cell.text for mark in _UNTOUCHED) for cell in cells if cell.grade_id)
    return HandIn(str(target), sha256(data), exercise, learner, token, len(files) - 1, untouched)


def _notebook(workspace: Path, exercise: str) -> Path:
    folder = workspace / "exercises" / exercise
    found = sorted(folder.glob("*.ipynb"))
    for name in ("exercise.ipynb", f"{exercise}.ipynb"):
        if folder / name in found:
            return folder / name
    if len(found) != 1:
        what = "no notebook here" if not found else "several notebooks here"
        remedy = "open the exercise from its page first" if not found else f"call yours {exercise}.ipynb"
        raise InputFault(what, path=folder, remedy=remedy)
    return found[0]


def _who(
    cells: list[SubmittedCell], workspace: Path, exercise: str, learner: str | None, token: str | None
) -> tuple[str, str | None]:
    """Find out who hands in: what the command says, else learner.json, else the notebook."""
    noted = _noted(workspace)
    written = typed(cells)
    learner = learner or noted.get("learner") or written.get("learner")
    token = token or noted.get("tokens", {}).get(exercise) or written.get("token")
    if token and token.lower().startswith("practice"):
        # What a learner without an institution writes in its place; it is no token.
        token = None
    if not learner or not is_safe_name(learner):
        raise InputFault(
            f"'{learner}' is no learner's id" if learner else "it does not say who you are",
            remedy="add --learner and the id that your instructor knows you by",
        )
    return learner, tokens.normal(token) if token else None


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
