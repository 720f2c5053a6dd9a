"""Where everything lies that the server shows or hands out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

# What authors may call a page; nothing else can reach the file system.
DOCNAME = re.compile(r"(?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_-]+")
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

README = """This folder is yours. The course puts copies here and never writes over what you changed.

labs/         notebooks that you opened from the book
exercises/    exercises that you opened from the book
transcripts/  cases and quizzes that you finished
practice/     what "Am I right?" has found
hand-in/      what "Pack for hand-in" has packed
progress.json what you have read, opened and finished; the book reads and writes it

In a terminal of JupyterLab, in any folder, `practice publication` says what is right in your exercise,
and `handin publication --learner YOU` packs it; write the name of your exercise instead of publication.

To start a notebook afresh, delete or rename it here and open it from the book again.
When the course has a newer version of a notebook that you changed, the newer one lies beside yours,
with -new- in its name.
"""


@dataclass(frozen=True)
class Places:
    """The folders of one course, all below its root."""

    root: Path

    @property
    def html(self) -> Path:
        """The built book."""
        return self.root / "_build" / "html"

    @property
    def live(self) -> Path:
        """Notebooks with their prose resolved, one for each page that can be opened live."""
        return self.root / "_build" / "live"

    @property
    def release(self) -> Path:
        """The reader's version of each exercise, as `make start` released it; no instructor's course."""
        return self.root / "_build" / "practice" / "nbgrader" / "release"

    @property
    def jupyter(self) -> Path:
        """Jupyter's settings, data and runtime files for this course alone."""
        return self.root / "_build" / "jupyter"

    @property
    def workspace(self) -> Path:
        """What the learner writes; no command of the course deletes it."""
        return self.root / "workspace"

    def prepare(self) -> None:
        """Make the workspace and leave a word of explanation in it."""
        for name in ("labs", "exercises", "transcripts", "hand-in"):
            (self.workspace / name).mkdir(parents=True, exist_ok=True)
        note = self.workspace / "README.txt"
        if not note.exists():
            note.write_text(README, encoding="utf-8")

    def lab(self, docname: str) -> Path:
        """Name the learner's copy of a page's notebook, relative to the workspace."""
        return Path("labs", docname.removeprefix("modules/") + ".ipynb")

    def practice(self, name: str) -> Path:
        """Name the file that says how the last practice of an exercise went."""
        return self.workspace / "practice" / f"{name}.json"

    def exercise(self, name: str) -> Path:
        """Name the learner's copy of an exercise, relative to the workspace."""
        return Path("exercises", name)
