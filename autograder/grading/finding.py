"""Find what lies in submitted/: which file is which notebook, and when it came."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from autograder.course import Course
from autograder.files import sha256_file
from autograder.grading.master import Master
from autograder.grading.reading import LARGEST
from autograder.grading.times import Times
from autograder.strangers import shown, storable

__all__ = ["Desk", "Handed"]

_MOST_FILES = 20
_MOST_BYTES = 4 << 20
_EMPTY = {"timestamp.txt", "manifest.json", "transcripts"}
_ENDINGS = (".ipynb", ".ipynb.json", ".ipynb.txt")


@dataclass
class Handed:
    """One notebook of one submission, found on disk.

    path: the file, or None when none answers to the name.
    digest: its SHA-256.
    reasons: what is odd about it.
    received: when it came, and whether that is proved by the course's own list.
    beside: the learner's own files that go with it, by name and in base64.
    review: whether a person should look, because what counts may be another file.
    folder: where the submission lies, or None where it is a notebook alone.
    """

    learner: str
    master: Master
    path: Path | None
    digest: str | None
    reasons: list[str] = field(default_factory=list)
    received: datetime | None = None
    proved: bool = False
    beside: dict[str, str] = field(default_factory=dict)
    review: bool = False
    folder: Path | None = None


class Desk:
    """Where one exercise's hand-ins are taken in; what they share is looked up once."""

    def __init__(self, course: Course, exercise: str, masters: list[Master]) -> None:
        self._course = course
        self._exercise = exercise
        self._masters = masters
        self._times = Times(course, exercise)
        shipped = {path.name for path in course.source(exercise).rglob("*") if path.is_file()}
        # The last two: a hand-in zip's own, and what `nbgrader submit` lays beside each notebook.
        self._expected = shipped | {"timestamp.txt", "transcripts", "manifest.json", "submission_secret.txt"}

    def find(self, learner: str, folder: Path | None = None) -> list[Handed]:
        """Find a learner's notebooks: by name, else by elimination.

        folder: where they lie; None for the learner's in submitted/.
        """
        folder = folder or self._course.submitted(learner, self._exercise)
        files = _notebooks(folder)
        named = {one.name: files.pop(one.name) for one in self._masters if one.name in files}
        renamed = _likeliest(files, [one for one in self._masters if one.name not in named])
        found: list[Handed] = []
        for master in self._masters:
            path, reasons = named.get(master.name), []
            if path is None and master.name in renamed:
                path = files.pop(renamed[master.name].stem)
                reasons.append(
                    f"the notebook was called '{shown(path.name)}'; it was taken for {master.name}.ipynb"
                )
            one = Handed(learner, master, path, sha256_file(path) if path else None, reasons, folder=folder)
            came = self._times.of(learner, one.digest)
            one.received, one.proved = came.moment, came.proved
            one.reasons += came.reasons
            found.append(one)
        for path in files.values():
            found[0].reasons.append(f"'{shown(path.name)}' was handed in too and not used")
            found[0].review |= any(_rivals(path, one) for one in found)
        if not any(one.path for one in found) and any(one.name not in _EMPTY for one in folder.iterdir()):
            # Nothing answers to a name, and something lies there, which may be the work: never simply 0.
            for one in found:
                one.review = True
        self._take_other_files(folder, found)
        return found

    def _take_other_files(self, folder: Path, found: list[Handed]) -> None:
        """Take along a few small files of the learner's own; what the exercise ships stays as it is."""
        others = [
            path
            for path in sorted(folder.iterdir())
            if path.name not in self._expected
            and not path.name.lower().endswith(_ENDINGS)
            and not path.name.startswith(".")
        ]
        small = [path for path in others if _can_be_taken(path)][:_MOST_FILES]
        if sum(path.stat().st_size for path in small) > _MOST_BYTES:
            small = []
        taken = {path.name: base64.b64encode(path.read_bytes()).decode() for path in small}
        for one in found:
            one.beside = taken
        self._tell(found[0], "files of the learner's own lay beside it", list(taken))
        self._tell(found[0], "files not used", [path.name for path in others if path.name not in taken])

    def _tell(self, one: Handed, what: str, names: list[str]) -> None:
        if names:
            more = " …" if len(names) > 5 else ""
            one.reasons.append(f"{what}: {', '.join(shown(name, 80) for name in names[:5])}{more}"[:300])


def _notebooks(folder: Path) -> dict[str, Path]:
    """Find notebooks by their stems; browsers put endings of their own to them, and people folders."""
    found: dict[str, Path] = {}
    for path in sorted([*folder.glob("*"), *folder.glob("*/*")]):
        name = path.name.lower()
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if name.endswith(_ENDINGS) and not hidden and path.is_file() and not path.is_symlink():
            stem = path.name[: name.rindex(".ipynb")]
            plain = path.parent == folder and path.suffix == ".ipynb"
            if plain or stem not in found:
                found[stem] = path
    return found


def _rivals(path: Path, one: Handed) -> bool:
    """Tell whether a file that is not used may be the better one: it speaks of the cells, in other bytes."""
    named = sum(bool(cell.metadata.get("nbgrader", {}).get("grade_id")) for cell in one.master.graded.cells)
    return 2 * _spoken(path, one.master) >= named > 0 and sha256_file(path) != one.digest


def _can_be_taken(path: Path) -> bool:
    """Tell whether a file is one, under a name that every part of the grader can write down."""
    return path.is_file() and not path.is_symlink() and storable(path.name) == path.name


def _likeliest(files: dict[str, Path], masters: list[Master]) -> dict[str, Path]:
    """Pair files of other names with the notebooks that are missing, the best fit first.

    The fit is how many of the notebook's cells a file speaks of; among equals the last file by name.
    """
    fits = sorted(
        (
            (_spoken(path, master), path.name, master.name, path)
            for master in masters
            for path in files.values()
        ),
        key=lambda fit: fit[:2],
        reverse=True,
    )
    pairs: dict[str, Path] = {}
    for _, _, name, path in fits:
        if name not in pairs and path not in pairs.values():
            pairs[name] = path
    return pairs


def _spoken(path: Path, master: Master) -> int:
    """Count the cells of a notebook that a file speaks of."""
    if path.stat().st_size > LARGEST:
        return -1
    names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in master.graded.cells]
    data = path.read_bytes()
    return sum(f'"{name}"'.encode() in data for name in names if name)
