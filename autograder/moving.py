"""Move a course of an earlier version to where courses lie now, whole or not at all.

Until version 0.2.0 a course lay in `_build/course`, which `make clean` deletes, and held its secret in the
folder that its Jupyter server serves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from coursefacts.errors import InputFault

from autograder import secret
from autograder.course import DEFAULT, NBGRADER, nbgrader_folder
from autograder.grading.lock import FOLDER, only_run

__all__ = ["EARLIER", "is_live", "move_earlier"]

EARLIER = Path("_build/course")

# What only an instructor's course holds; `make start` of earlier versions released into the same folder.
_LIVE = (secret.FILE, "roster.csv", "submitted", "results.jsonl", "collected.json")


def is_live(folder: Path) -> bool:
    """Tell whether a folder holds a cohort's course, and not only what a reader practises with."""
    return any((folder / name).exists() for name in _LIVE)


def move_earlier(folder: Path) -> str | None:
    """Move what an earlier version left to `folder`; say so in one line, or say nothing.

    A kill at any moment leaves all of it in one place, and the next call goes on from there. A course that
    cannot be moved is left as it is; one in `folder` itself goes on being used there.
    """
    target = folder.absolute()
    staging = target.with_name(f".{target.name}.moving")
    earlier = target.parent / EARLIER
    if (staging / NBGRADER).exists() and not target.exists():
        return _finish(staging, target, target)
    if (target / secret.FILE).exists() and nbgrader_folder(target) == target:
        return _move(target, staging, target)
    if folder == DEFAULT and not target.exists() and is_live(earlier):
        return _move(earlier, staging, target)
    return None


def _move(old: Path, staging: Path, target: Path) -> str:
    """Rename in steps that each happen or do not: a kill between them is mended by the next command."""
    for exercise in _begun(old):
        with only_run(old, exercise):  # a run that is at work keeps its paths
            pass
    try:
        staging.mkdir(mode=0o700, exist_ok=True)
        old.rename(staging / NBGRADER)
    except OSError as error:
        with suppress(OSError):
            staging.rmdir()
        if old != target:
            raise _unmoved(old, target, error) from None
        return (
            f"note: {secret.FILE} lies where a Jupyter server would serve it, and the course cannot be "
            f"moved ({error.strerror or error}); move the course to a folder '{NBGRADER}' with the "
            "secret beside it"
        )
    return _finish(staging, target, old)


def _unmoved(old: Path, target: Path, error: OSError) -> InputFault:
    return InputFault(
        f"this course cannot be moved to {target} ({error.strerror or error})",
        path=old,
        remedy=f"move it there by hand, as {target / NBGRADER}, and its {secret.FILE} beside it",
    )


def _finish(staging: Path, target: Path, old: Path) -> str:
    try:
        for name in (secret.FILE, secret.PERIOD):
            if (staging / NBGRADER / name).exists():
                (staging / NBGRADER / name).rename(staging / name)
        staging.rename(target)
    except OSError as error:
        raise _unmoved(staging, target, error) from None
    return (
        f"moved the course of an earlier version from {old} to {target}: nbgrader's folder is now "
        f"{target / NBGRADER}, and the secret lies beside it"
    )


def _begun(course: Path) -> Iterator[str]:
    for path in (course / FOLDER).glob("*.lock"):
        yield path.stem
