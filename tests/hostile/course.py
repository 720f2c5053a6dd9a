"""Build the course under attack: the exercise, the hand-ins, and secrets to be found in every place."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder import secret
from autograder.course import Course
from autograder.gradebook import gradebook, private_jupyter
from tests.hostile import exercise
from tests.hostile.corpus import Attack
from tests.hostile.notebooks import hand_in

__all__ = ["HONEST", "Places", "build", "tree"]

HONEST = ("ada-honest", "m.honest", "zoe-honest")
SECONDS = 5
_CONFIG = f"""\
c = get_config()
c.CourseDirectory.course_id = "hostile"
c.Execute.timeout = {SECONDS}
"""
_SECRETS = ("HIDDEN", "ARGUMENT", "KEY", "OTHER", "GRADEBOOK", "ENVIRONMENT", "HOMETEXT")


@dataclass
class Places:
    """Where everything lies, and what must be found nowhere.

    words: what `@NAME@` stands for in the exercise and in the attacks.
    canaries: texts that no learner may ever see, by the place where they lie.
    """

    root: Path
    words: dict[str, str]
    canaries: dict[str, str]

    @property
    def course(self) -> Path:
        """The course directory."""
        return self.root / "course/nbgrader"

    @property
    def home(self) -> Path:
        """The grader's home folder."""
        return self.root / "home"

    @property
    def open(self) -> Path:
        """A folder in which every user of the machine may write."""
        return self.root / "open"

    @property
    def temporary(self) -> Path:
        """Where the grader's temporary files go."""
        return self.root / "temporary"


def build(root: Path, attacks: Iterable[Attack], addresses: dict[str, str]) -> Places:
    """Build all of it; every file can be read by everybody, so that only walls keep them away."""
    root.chmod(0o755)
    canaries = {name: f"canary-{name.lower()}-{secrets.token_hex(8)}" for name in _SECRETS}
    places = Places(root, {}, canaries)
    places.words = {
        **addresses,
        "HIDDEN": canaries["HIDDEN"],
        "ARGUMENT": canaries["ARGUMENT"],
        "COURSE": str(places.course),
        "HOME": str(places.home),
        "OPEN": str(places.open),
    }
    for folder in (places.home, places.open, places.temporary):
        folder.mkdir()
    places.open.chmod(0o777)
    (places.home / "notes.txt").write_text(canaries["HOMETEXT"])
    _course(places)
    for name in HONEST:
        hand_in(places.course / "submitted" / name / "pset", None, places.words)
    _mark(places.course / "submitted" / HONEST[0] / "pset/pset.ipynb", canaries["OTHER"])
    for attack in attacks:
        hand_in(places.course / "submitted" / attack.learner / "pset", attack, places.words)
    _open_to_all(places.course)
    return places


def _course(places: Places) -> None:
    source = places.course / "source" / "pset"
    source.mkdir(parents=True)
    made = exercise.source(places.words)
    (source / "pset.ipynb").write_text(json.dumps(made))
    (source / "counts.json").write_text('{"00": 4, "11": 3, "01": 1}')
    key = places.course / "source" / "key"
    key.mkdir()
    (key / "key.txt").write_text(places.canaries["KEY"])
    (places.course / "release" / "pset").mkdir(parents=True)
    (places.course / "nbgrader_config.py").write_text(_CONFIG)
    secret.create(places.course.parent)
    with private_jupyter(), gradebook(Course(places.course)) as book:
        book.update_or_create_student(HONEST[0], last_name=places.canaries["GRADEBOOK"])


def _mark(path: Path, canary: str) -> None:
    """Let an honest submission hold a secret: a comment in the written answer, as somebody's own words."""
    made = json.loads(path.read_text())
    why = next(cell for cell in made["cells"] if cell["id"] == "why")
    why["source"] += f" {canary}"
    path.write_text(json.dumps(made))


def _open_to_all(top: Path) -> None:
    for base, folders, names in os.walk(top):
        for one in [*folders, *names]:
            path = Path(base, one)
            if not path.is_symlink() and one != secret.FILE:
                path.chmod(0o755 if path.is_dir() else 0o644)


def tree(top: Path) -> dict[str, str]:
    """Digest every file, folder and link below a folder, with its rights."""
    found: dict[str, str] = {}
    for path in sorted(top.rglob("*")):
        name, mode = str(path.relative_to(top)), oct(path.lstat().st_mode)
        if path.is_symlink():
            found[name] = f"{mode} -> {path.readlink()}"
        elif path.is_file():
            with path.open("rb") as stream:
                found[name] = f"{mode} {hashlib.file_digest(stream, 'sha256').hexdigest()}"
        else:
            found[name] = mode
    return found
