"""Take hand-ins and LMS downloads into submitted/, and keep the list of what came when."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault

from autograder import roster, secret, tokens
from autograder.collecting.archive import (
    DOWNLOAD,
    HANDIN,
    LARGEST_FILE,
    Refused,
    check_name,
    manifest,
    open_zip,
)
from autograder.collecting.names import Names
from autograder.course import Course
from autograder.files import iso, new_folder, now, sha256, write_bytes, write_json, write_text
from autograder.strangers import moment, storable

__all__ = ["Collected", "Order", "collect"]

LIST = "collected.json"
_IGNORED = {"__MACOSX", "Thumbs.db", "desktop.ini"}
# Of one learner and exercise in one collection; who hands in more often does something else.
_MOST_EACH = 50
_SECONDS = 1.0


@dataclass
class Collected:
    """What a collection did, each file by name.

    taken: went into submitted/.
    known: had been taken before.
    refused: file and reason.
    ignored: neither notebooks nor archives.
    """

    taken: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


@dataclass
class _File:
    """A file on disk or in a download.

    origin: how to call it to a person.
    parts: its path below the collected folder.
    """

    origin: str
    parts: list[str]
    data: bytes
    changed: datetime
    depth: int = 0


@dataclass
class _HandedIn:
    """A submission that may be taken."""

    learner: str
    exercise: str
    notebook: bytes
    origin: str
    changed: datetime
    created: str
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass
class Order:
    """What to collect.

    received: the time to write down for every file; None for now.
    file_times: write down each file's own time of change instead.
    """

    folder: Path
    exercise: str | None = None
    received: datetime | None = None
    file_times: bool = False


def collect(course: Course, order: Order) -> Collected:
    """Collect a folder; one bad file never keeps another from being taken."""
    course.must_exist()
    if not order.folder.is_dir():
        raise InputFault(
            "no such folder", path=order.folder, remedy="name the folder that holds the hand-ins"
        )
    return _Collection(course, order).run()


class _Collection:
    def __init__(self, course: Course, order: Order) -> None:
        self.course = course
        self.order = order
        self.secret = secret.load(course.root)
        path = course.root / roster.FILE
        known = roster.read(path) if path.exists() else []
        exercises = course.exercises()
        if not exercises:
            raise InputFault(
                "the course has no exercise", path=course.root, remedy="run `autograder release`"
            )
        if order.exercise is not None:
            course.notebooks(order.exercise)
        self.names = Names(known, exercises, order.exercise)
        self.list = _read_list(course.root / LIST)
        self.before: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for item in self.list["items"]:
            self.before[item["learner"], item["exercise"]].append(item)
        self.noted = time.monotonic()
        self.said = Collected()

    def run(self) -> Collected:
        found: list[_HandedIn] = []
        for path in sorted(self.order.folder.rglob("*")):
            relative = path.relative_to(self.order.folder)
            if any(part in _IGNORED or part.startswith(".") for part in relative.parts):
                continue
            if path.is_dir() and not path.is_symlink():
                continue
            with self._or_refuse(relative.as_posix()):
                found += self._look(self._load(path, relative))
        left = Counter((one.learner, one.exercise) for one in found)
        try:
            for one in sorted(found, key=lambda one: (one.created, one.changed, one.origin)):
                left[one.learner, one.exercise] -= 1
                with self._or_refuse(one.origin):
                    if left[one.learner, one.exercise] >= _MOST_EACH:
                        raise Refused(f"'{one.learner}' handed in {_MOST_EACH} newer ones")
                    self._take(one)
        finally:
            self._note()
        return self.said

    @contextmanager
    def _or_refuse(self, origin: str) -> Iterator[None]:
        """Let one file fail alone, whatever is wrong with it; a full disk is nobody's file."""
        try:
            yield
        except Refused as reason:
            self._refuse(origin, str(reason))
        except (InputFault, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - one strange file must not stop the others
            self._refuse(origin, f"the program failed on it ({type(error).__name__}); please report it")

    def _refuse(self, origin: str, reason: str) -> None:
        self.said.refused.append({"file": storable(origin), "reason": storable(reason)})

    def _note(self) -> None:
        """Write down what was taken."""
        if self.said.taken:
            write_json(self.course.root / LIST, self.list)
        self.noted = time.monotonic()

    def _load(self, path: Path, relative: Path) -> _File:
        if path.is_symlink():
            raise Refused("it is a link")
        if not path.is_file():
            raise Refused("it is not a file")
        parts = check_name(relative.as_posix())
        known = path.stat()
        if known.st_size > (DOWNLOAD.total if path.suffix.lower() == ".zip" else LARGEST_FILE):
            raise Refused(f"it has {known.st_size / 2**20:.0f} MB, the limit is {LARGEST_FILE // 2**20} MB")
        wanted = path.suffix.lower() in {".zip", ".ipynb"}
        data = path.read_bytes() if wanted else b""
        return _File(relative.as_posix(), parts, data, datetime.fromtimestamp(known.st_mtime, UTC))

    def _look(self, file: _File) -> Iterator[_HandedIn]:
        """See what a file is: a hand-in, a download that holds more files, a notebook, or nothing of ours."""
        ending = file.parts[-1].lower().rpartition(".")[2]
        if ending == "ipynb":
            owner = self.names.owner(file.parts)
            if owner is None:
                raise Refused("it cannot be told whose it is; put it into a folder named for the learner")
            exercise = self.names.known_exercise(self.names.exercise(file.parts))
            yield _HandedIn(
                self.names.admitted(owner), exercise, file.data, file.origin, file.changed, iso(file.changed)
            )
        elif ending == "zip":
            yield from self._archive(file)
        else:
            self.said.ignored.append(file.origin)

    def _archive(self, file: _File) -> Iterator[_HandedIn]:
        told = _manifest(file.data)
        if told is not None:
            yield self._hand_in(file, told)
            return
        if file.depth >= 2:
            raise Refused("archives are packed into archives too deeply")
        for name, entry, data in open_zip(file.data, DOWNLOAD):
            parts = name.split("/")
            if any(part in _IGNORED or part.startswith(".") for part in parts):
                continue
            try:
                changed = datetime(*entry.date_time, tzinfo=UTC)
            except ValueError:
                changed = file.changed
            inner = _File(f"{file.origin}/{name}", [*file.parts, *parts], data, changed, file.depth + 1)
            with self._or_refuse(inner.origin):
                yield from self._look(inner)

    def _hand_in(self, file: _File, told: dict[str, Any]) -> _HandedIn:
        """Check a hand-in against its manifest, and that against the folder and the course."""
        files = {name: data for name, _, data in open_zip(file.data, HANDIN)}
        listed = {item["name"]: item["sha256"] for item in told["files"]}
        if {name: sha256(data) for name, data in files.items() if name != "manifest.json"} != listed:
            raise Refused("the files are not those that the manifest lists")
        exercise = self.names.known_exercise(told["exercise"])
        notebook = files.get(f"{exercise}.ipynb")
        if notebook is None:
            raise Refused(f"it holds no {exercise}.ipynb")
        learner = self._proved(file, told, exercise)
        kept = {
            name: data
            for name, data in files.items()
            if name.startswith("transcripts/") and name.endswith(".json") and name.count("/") == 1
        }
        # Its maker's word, which only puts their own hand-ins into order; none was made in the future.
        created = iso(min(moment(told["created"]) or file.changed, now()))
        return _HandedIn(learner, exercise, notebook, file.origin, file.changed, created, kept)

    def _proved(self, file: _File, told: dict[str, Any], exercise: str) -> str:
        """Decide whose hand-in it is: the folder or LMS says so, else the token does, else nobody knows."""
        named = self.names.admitted(told["learner"])
        outer = self.names.owner(file.parts, by_file_name=False)
        if outer is not None:
            if self.names.admitted(outer) != named:
                raise Refused(f"it was handed in by '{outer}' and says that it is '{named}'s")
            return named
        if self.secret == tokens.PRACTICE:
            return named
        try:
            token = tokens.normal(told["token"] or "")
        except InputFault:
            raise Refused(
                f"it has no token; put it into a folder named '{named}' if you know it is theirs"
            ) from None
        if token != tokens.make(self.secret, exercise, named):
            raise Refused(f"its token is not that of '{named}'")
        return named

    def _take(self, one: _HandedIn) -> None:
        """Put one submission in place, then note it; in this order, so that a kill loses nothing.

        The list is written every second and at the end: a class has thousands of lines.
        """
        digest = sha256(one.notebook)
        target = self.course.submitted(one.learner, one.exercise)
        same = self.before[one.learner, one.exercise]
        content = sha256("".join(sorted(map(sha256, [one.notebook, *one.files.values()]))).encode())
        if any(item["content"] == content for item in same) and target.is_dir():
            self.said.known.append(one.origin)
            return
        # A notebook that came before came then, whatever else is handed in with it now.
        before = [datetime.fromisoformat(item["received"]) for item in same if item["sha256"] == digest]
        received = one.changed if self.order.file_times else (self.order.received or now())
        received = min([received, *before])
        with new_folder(target) as folder:
            write_bytes(folder / self._file_name(one.exercise), one.notebook)
            for name, data in one.files.items():
                write_bytes(folder / name, data)
            write_text(folder / "timestamp.txt", received.strftime("%Y-%m-%d %H:%M:%S.%f") + " UTC\n")
        item = {
            "learner": one.learner,
            "exercise": one.exercise,
            "sha256": digest,
            "content": content,
            "received": iso(received),
            "changed": iso(one.changed),
            "created": one.created,
            "origin": one.origin,
        }
        self.list["items"].append(item)
        same.append(item)
        self.said.taken.append(one.origin)
        if time.monotonic() - self.noted > _SECONDS:
            self._note()

    def _file_name(self, exercise: str) -> str:
        """Name the notebook as the course does, where that is plain."""
        names = [path.name for path in self.course.notebooks(exercise)]
        return names[0] if len(names) == 1 else f"{exercise}.ipynb"


def _manifest(data: bytes) -> dict[str, Any] | None:
    """Read manifest.json of a hand-in; None when the archive has none at its root."""
    found = manifest(data)
    if found is None:
        return None
    files = found.get("files") if isinstance(found, dict) else None
    texts = isinstance(found, dict) and all(
        isinstance(found.get(key), str) for key in ("exercise", "learner", "created")
    )
    token = found.get("token") if isinstance(found, dict) else None
    listed = isinstance(files, list) and all(
        isinstance(item, dict) and isinstance(item.get("name"), str) and isinstance(item.get("sha256"), str)
        for item in files
    )
    if not (
        texts and listed and found.get("schema") == "handin/1" and (token is None or isinstance(token, str))
    ):
        raise Refused("its manifest is not handin/1")
    return dict(found)


def _read_list(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {"schema": "collected/1", "items": []}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        assert found["schema"] == "collected/1" and isinstance(found["items"], list)
    except (OSError, ValueError, KeyError, TypeError, AssertionError):
        raise InputFault(
            "is not a list of collected files", path=path, remedy="restore it from your copy"
        ) from None
    return dict(found)
