"""A course directory: nbgrader's folders, gradebook and configuration, without importing nbgrader."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import chdir
from functools import cached_property
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault

from autograder.files import write_text
from autograder.strangers import shown, storable

__all__ = ["ATTEMPTS", "DEFAULT", "NBGRADER", "Course", "nbgrader_folder"]

DEFAULT = Path("course")

NBGRADER = "nbgrader"
"""nbgrader's own folder of a course: what a Jupyter server may serve. The secret lies beside it."""

ATTEMPTS = "attempts"
"""Where every hand-in that was collected is kept, in nbgrader's folder of a course."""

# What shows that a folder is itself a course directory of nbgrader's.
_MARKS = ("nbgrader_config.py", "gradebook.db", "source", "submitted")

_FILE = "sqlite:///"
# Seconds. Formgrader and nbgrader's commands hold the file for moments; a longer hold is for a person to see.
_PATIENCE = 20

_CONFIG = """\
# Written by `autograder release`, so that nbgrader's own commands work in this folder.
from pathlib import Path

c = get_config()  # noqa: F821
c.CourseDirectory.root = str(Path(__file__).resolve().parent)
c.CourseDirectory.course_id = "open-by-default"
"""


def nbgrader_folder(folder: Path) -> Path:
    """Find nbgrader's folder of a course: the folder itself in a plain course, else the one inside.

    >>> nbgrader_folder(Path("/nowhere/course"))
    PosixPath('/nowhere/course/nbgrader')
    >>> nbgrader_folder(Path("/nowhere/course/nbgrader"))
    PosixPath('/nowhere/course/nbgrader')
    """
    inside = folder / NBGRADER
    if folder.name == NBGRADER:
        return folder
    plain = any((folder / name).exists() for name in _MARKS)
    return folder if plain and not any((inside / name).exists() for name in _MARKS) else inside


class Course:
    """Where the parts of one nbgrader course lie.

    folder: the course directory, or nbgrader's folder in it, or a plain course directory of nbgrader's.
    db: another gradebook than the configured one (an SQLAlchemy address), or None.
    patience: how many seconds to wait for an SQLite gradebook that somebody else is writing.

    `root` is the folder for nbgrader, with all that it and the grader write. `home` holds it and the secret;
    a plain course, which was never made by `autograder release`, is both.
    """

    def __init__(self, folder: Path, db: str | None = None, patience: int = _PATIENCE) -> None:
        self.root = nbgrader_folder(folder.resolve())
        self.home = self.root.parent if self.root.name == NBGRADER else self.root
        self.db = db
        self.patience = patience

    def must_exist(self) -> Course:
        """Refuse a course directory that is not there."""
        if not self.root.is_dir():
            raise InputFault(
                "no such course directory",
                path=self.home,
                remedy="run `autograder release`, or name it with --course",
            )
        return self

    @cached_property
    def config(self) -> Any:
        """The course's nbgrader_config.py, as traitlets reads it; empty without one."""
        from traitlets.config.loader import Config, PyFileConfigLoader

        path = self.root / "nbgrader_config.py"
        if not path.exists():
            return Config()
        try:
            with chdir(self.root):  # nbgrader's commands are run there, and the file may name others
                return PyFileConfigLoader(path.name, path=str(self.root)).load_config()
        except Exception as error:  # noqa: BLE001 - the file is Python and may raise anything
            line = getattr(error, "lineno", None)
            raise InputFault(
                f"cannot be read ({type(error).__name__}: {error})",
                path=path,
                line=line,
                remedy="mend the configuration",
            ) from None

    def _named(self, option: str, usual: str) -> str:
        found = self.config.get("CourseDirectory", {}).get(option, usual)
        return found if isinstance(found, str) else usual

    @property
    def course_id(self) -> str:
        """The course's id in the gradebook; nbgrader's own default is the empty text."""
        return self._named("course_id", "")

    @property
    def db_url(self) -> str:
        """The gradebook's address; whoever opens an SQLite file waits a while for others to let go of it."""
        found = self.db or self._configured_db() or f"sqlite:///{self.root / 'gradebook.db'}"
        return (
            f"{found}?timeout={self.patience}"
            if found.startswith("sqlite:///") and "?" not in found
            else found
        )

    def _configured_db(self) -> str:
        """The configured address; a file's path in it begins at the course, whoever reads it."""
        found = self._named("db_url", "")
        kind, name = found[: len(_FILE)], found[len(_FILE) :]
        if kind != _FILE or not name or name.startswith(("/", ":")):
            return found
        return f"{_FILE}{self.root / name}"

    def beside_source(self) -> list[Path]:
        """Files of the course outside an exercise's folder that become part of its notebooks."""
        named = [
            self.config.get(step, {}).get(option, usual)
            for step, option, usual in (
                ("InstantiateTests", "autotest_filename", "autotests.yml"),
                ("IncludeHeaderFooter", "header", ""),
                ("IncludeHeaderFooter", "footer", ""),
            )
        ]
        found = [self.root / one for one in named if isinstance(one, str) and one]
        return [one for one in found if one.is_file()]

    def place(self, step: str, student: str, exercise: str) -> Path:
        """Find the folder of a step (source, release, submitted, autograded, feedback)."""
        structure = self._named("directory_structure", "{nbgrader_step}/{student_id}/{assignment_id}")
        name = self._named(f"{step}_directory", step)
        relative = structure.format(nbgrader_step=name, student_id=student, assignment_id=exercise)
        return self.root / Path(relative)

    def source(self, exercise: str) -> Path:
        """The instructor's version."""
        return self.place("source", ".", exercise)

    def release(self, exercise: str) -> Path:
        """The learners' version."""
        return self.place("release", ".", exercise)

    def submitted(self, learner: str, exercise: str) -> Path:
        """What a learner handed in."""
        return self.place("submitted", learner, exercise)

    def autograded(self, learner: str, exercise: str) -> Path:
        """What was run and scored."""
        return self.place("autograded", learner, exercise)

    def feedback(self, learner: str, exercise: str) -> Path:
        """What the learner gets back."""
        return self.place("feedback", learner, exercise)

    def meta(self, exercise: str) -> dict[str, Any]:
        """What meta.yml said of an exercise when it was released; empty for a course that has none."""
        path = self.root / "exercises" / f"{exercise}.json"
        if not path.exists():
            return {}
        found = json.loads(path.read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}

    def exercises(self) -> list[str]:
        """Every exercise that has a source."""
        parent = self.source("x").parent
        if not parent.is_dir():
            return []
        return sorted(
            folder.name
            for folder in parent.iterdir()
            if not folder.name.startswith(".") and any(folder.glob("*.ipynb"))
        )

    def notebooks(self, exercise: str) -> list[Path]:
        """The source notebooks of an exercise; a fault when there is none."""
        found = sorted(self.source(exercise).glob("*.ipynb"))
        if not found:
            known = ", ".join(self.exercises()) or "none"
            raise InputFault(
                f"the course has no exercise '{exercise}' (it has: {known})",
                path=self.root,
                remedy="check the name, or run `autograder release`",
            )
        return found

    def learners(self, exercise: str) -> Iterator[str]:
        """Everyone who has a folder for this exercise among the submissions."""
        return (name for name in self._folders(exercise) if storable(name) == name)

    def _folders(self, exercise: str) -> Iterator[str]:
        pattern = self.place("submitted", "*", exercise).relative_to(self.root)
        position = len(self.place("submitted", "*", exercise).relative_to(self.root).parts)
        at = next((i for i, part in enumerate(pattern.parts) if part == "*"), None)
        if at is None:
            return
        for folder in sorted(self.root.glob(str(pattern))):
            parts = folder.relative_to(self.root).parts
            if folder.is_dir() and len(parts) == position and not parts[at].startswith("."):
                yield parts[at]

    def unnamed(self, exercise: str) -> list[str]:
        """Folders among the submissions whose names cannot be written down."""
        return [shown(name) for name in self._folders(exercise) if storable(name) != name]

    def write_config(self) -> None:
        """Give the course a configuration where it has none."""
        path = self.root / "nbgrader_config.py"
        if not path.exists():
            from autograder.marking.settings import LINES

            write_text(path, _CONFIG + LINES)
