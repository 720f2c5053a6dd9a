"""Take hand-ins and LMS downloads into submitted/, and keep the list of what came when."""

from __future__ import annotations

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
from autograder.collecting import attempts
from autograder.collecting.archive import DOWNLOAD, LARGEST_FILE, Refused, check_name, entry_time, open_zip
from autograder.collecting.arrival import Arrivals, note
from autograder.collecting.content import Contents, Inside
from autograder.collecting.counting import Counting, rule_of
from autograder.collecting.decide import Unsure, decide, remark
from autograder.collecting.handins import HandedIn, check_exercise, read_hand_in, read_manifest, whose
from autograder.collecting.listed import is_list, read_list, read_lists
from autograder.collecting.names import Names, Outer
from autograder.collecting.platforms import is_draft, is_notebook
from autograder.collecting.rivals import rivals
from autograder.collecting.unsettled import IGNORED, Doubt, Unsettled, key_of
from autograder.course import Course
from autograder.files import iso, sha256, write_json
from autograder.grading.times import COLLECTED
from autograder.strangers import storable

__all__ = ["Collected", "Order", "collect", "settle"]

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
    unsettled: file and reason, of what only a person can settle; `table` is the CSV for that.
    remarks: file and remark, of what was taken and will be left to a person when it is graded, or does not
        count because of an earlier attempt.
    """

    taken: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    unsettled: list[dict[str, str]] = field(default_factory=list)
    remarks: list[dict[str, str]] = field(default_factory=list)
    table: str | None = None


@dataclass
class _File:
    """A file on disk or in a download.

    origin: how to call it to a person.
    parts: its path below the collected folder.
    stamped: when a platform's own archive says that it was handed in.
    """

    origin: str
    parts: list[str]
    data: bytes
    changed: datetime
    depth: int = 0
    stamped: datetime | None = None


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


def settle(course: Course, table: Path) -> Collected:
    """Take what was kept for a person, as a CSV that the person filled in says."""
    course.must_exist()
    return _Collection(course, Order(course.root)).settle(table)


class _Collection:
    def __init__(self, course: Course, order: Order) -> None:
        self.course = course
        self.order = order
        self.secret = secret.load(course.home)
        path = course.root / roster.FILE
        known = roster.read(path) if path.exists() else []
        exercises = course.exercises()
        if not exercises:
            raise InputFault(
                "the course has no exercise", path=course.root, remedy="run `autograder release`"
            )
        if order.exercise is not None:
            course.notebooks(order.exercise)
        titles = {one: str(course.meta(one).get("title", "")) for one in exercises}
        self.exercises = exercises
        self.names = Names(known, exercises, order.exercise, titles)
        self.contents = Contents(course, self.secret, [one.id for one in known], exercises)
        self.unsettled = Unsettled(course)
        self.kept: Counter[str] = Counter()
        self.list = attempts.read_list(course)
        rule_of(course)  # before anything is taken: a setting that does not exist ends the command
        self.counting: dict[str, Counting] = {}
        self.arrivals = Arrivals(course, exercises, order.received, order.file_times)
        self.before: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for item in self.list["items"]:
            self.before[item["learner"], item["exercise"]].append(item)
        self.noted = time.monotonic()
        self.said = Collected()

    def run(self) -> Collected:
        found: list[HandedIn] = []
        read_lists(self.order.folder, self.names)
        for path in sorted(self.order.folder.rglob("*")):
            relative = path.relative_to(self.order.folder)
            if any(part in _IGNORED or part.startswith(".") for part in relative.parts):
                continue
            if path.is_dir() and not path.is_symlink():
                continue
            with self._or_refuse(relative.as_posix()):
                found += self._look(self._load(path, relative))
        for one, reason in rivals(found, self.before):
            found.remove(one)
            self._keep(one, Unsure(reason, (one.learner,), one.exercise))
        self.arrivals.ask(one for one in found if not self._is_known(one))
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
        self._tell_unsettled()
        return self.said

    def settle(self, table: Path) -> Collected:
        """Take what a person settled; a faulty line is told before anything is taken."""
        learners = set(self.names.people.learners)
        for row in self.unsettled.read_table(table, learners, self.exercises):
            if row.learner == IGNORED:
                self.unsettled.close(row.doubt.key, "ignored")
                self.said.ignored.append(row.doubt.origin)
                continue
            one = HandedIn.kept(self.unsettled.load(row.doubt), row.learner, row.exercise)
            with self._or_refuse(one.origin):
                self.arrivals.received = datetime.fromisoformat(row.doubt.about["received"])
                self._take(one)
        self._note()
        self._tell_unsettled()
        return self.said

    def _keep(self, one: HandedIn, doubt: Unsure) -> None:
        """Keep what cannot be told until a person settles it."""
        received = self.arrivals.of(one)
        about = {"received": iso(received), "changed": iso(one.changed), "created": one.created}
        # The outer archive is the platform's; one within it is somebody's hand-in.
        archive = one.origin.lower().rpartition(".zip/")[0]
        self.kept[archive] += ".zip/" in archive
        if self.kept[archive] > _MOST_EACH:
            raise Refused(f"of this archive {_MOST_EACH} others could not be told either")
        key = key_of(one.sender, one.content)
        files = {"": one.notebook, **one.files}
        self.unsettled.keep(
            Doubt(key, one.origin, str(doubt), doubt.perhaps, doubt.exercise or "", about, files)
        )

    def _tell_unsettled(self) -> None:
        self.said.unsettled = [
            {"file": storable(one.origin), "reason": storable(one.reason)} for one in self.unsettled.open()
        ]
        table = self.unsettled.write_table()
        self.said.table = None if table is None else str(table)

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
            write_json(self.course.root / COLLECTED, self.list)
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
        wanted = path.suffix.lower() == ".zip" or is_notebook(parts[-1])
        data = path.read_bytes() if wanted else b""
        return _File(relative.as_posix(), parts, data, datetime.fromtimestamp(known.st_mtime, UTC))

    def _look(self, file: _File) -> Iterator[HandedIn]:
        """See what a file is: a hand-in, a download that holds more files, a notebook, or nothing of ours."""
        name = file.parts[-1]
        if is_notebook(name) and not is_draft(file.parts):
            inside = self.contents.of(file.data)
            one = HandedIn(file.data, file.origin, file.changed, iso(file.changed))
            note(one, file.parts, file.stamped)
            outer = self.names.outer(file.parts)
            yield from self._decided(one, file.parts, inside, outer)
        elif name.lower().endswith(".zip"):
            yield from self._archive(file)
        elif not is_list(name):
            self.said.ignored.append(file.origin)

    def _decided(self, one: HandedIn, parts: list[str], inside: Inside, outer: Outer) -> Iterator[HandedIn]:
        """Find out whose a notebook is, unless a person has settled it already."""
        one.sender = outer.sender
        if self._is_settled(one):
            return
        try:
            decision = decide(self.names, parts, inside, outer)
        except Unsure as doubt:
            self._keep(one, doubt)
            return
        one.learner, one.exercise, one.by_token = decision.learner, decision.exercise, decision.by_token
        one.remark = decision.remark
        yield one

    def _is_settled(self, one: HandedIn) -> bool:
        settled = self.unsettled.state(key_of(one.sender, one.content)) in {"settled", "ignored"}
        if settled:
            self.said.known.append(one.origin)
        return settled

    def _archive(self, file: _File) -> Iterator[HandedIn]:
        told = read_manifest(file.data)
        if told is not None:
            yield from self._hand_in(file, told)
            return
        if file.depth >= 2:
            raise Refused("archives are packed into archives too deeply")
        platforms = file.depth == 0 and not self.names.outer(file.parts).says_who
        if platforms:
            self.names.listed |= {(*file.parts, *at): who for at, who in read_list(file.data).items()}
        for name, entry, data in open_zip(file.data, DOWNLOAD):
            parts = name.split("/")
            if any(part in _IGNORED or part.startswith(".") for part in parts):
                continue
            # Within somebody's own archive the times are what they like.
            changed = entry_time(entry) if platforms else None
            stamped = changed or file.stamped
            inner = _File(
                f"{file.origin}/{name}", [*file.parts, *parts], data, changed or file.changed, file.depth + 1,
                stamped,
            )  # fmt: skip
            with self._or_refuse(inner.origin):
                yield from self._look(inner)

    def _hand_in(self, file: _File, told: dict[str, Any]) -> Iterator[HandedIn]:
        """Take a zip that `autograder handin` made, if it is what it says."""
        one = read_hand_in(file.data, told, self.names, HandedIn(b"", file.origin, file.changed, ""))
        outer = self.names.outer(file.parts, by_file_name=False)
        one.sender = outer.sender
        note(one, file.parts, file.stamped)
        if self._is_settled(one):
            return
        inside = self.contents.of(one.notebook)
        try:
            one.learner = whose(told, one.exercise, self.names, outer, self.secret)
            check_exercise(one, inside)
        except Unsure as doubt:
            self._keep(one, doubt)
            return
        one.remark = remark(one.learner, one.exercise, inside)
        yield one

    def _take(self, one: HandedIn) -> None:
        """Put one submission in place, then note it; in this order, so that a kill loses nothing.

        The list is written every second and at the end: a class has thousands of lines.
        """
        digest = sha256(one.notebook)
        same = self.before[one.learner, one.exercise]
        content = one.content
        if self._is_known(one):
            self._done(one, self.said.known)
            return
        # A notebook that came before came then, whatever else is handed in with it now.
        before = [datetime.fromisoformat(item["received"]) for item in same if item["sha256"] == digest]
        received = min([self.arrivals.of(one), *before])
        attempts.keep_unlisted(self.course, one.learner, one.exercise)
        files = {self._file_name(one.exercise): one.notebook, **one.files}
        attempts.keep(self.course, one.learner, one.exercise, one.content, files)
        item = {
            "learner": one.learner,
            "exercise": one.exercise,
            "sha256": digest,
            "content": content,
            "received": iso(received),
            "changed": iso(one.changed),
            "created": one.created,
            "origin": one.origin,
            "sender": storable(one.sender),
        }
        self._let_count(one, [*same, item])
        self.list["items"].append(item)
        same.append(item)
        self._done(one, self.said.taken)
        if time.monotonic() - self.noted > _SECONDS:
            self._note()

    def _let_count(self, one: HandedIn, items: list[dict[str, Any]]) -> None:
        """Put the attempt that counts in place; say so where it is not the new one."""
        mine = attempts.attempts_of(self.course, items)
        new = mine[-1]
        if one.exercise not in self.counting:
            self.counting[one.exercise] = Counting(self.course, one.exercise)
        counting = self.counting[one.exercise]
        chosen = counting.of(mine)
        assert chosen is not None, "the new one is kept"
        if chosen is new or attempts.is_another_there(self.course, chosen, mine):
            attempts.put_in_place(self.course, chosen)
        if chosen is not new:
            why = "it came after the due time" if new.is_readable else "it cannot be read"
            why = "a person picked it" if counting.picked_of(mine) is not None else why
            told = (
                f"kept as attempt {new.number} of '{one.learner}'; attempt {chosen.number} counts, for {why}"
            )
            self.said.remarks.append({"file": storable(one.origin), "remark": storable(told)})

    def _is_known(self, one: HandedIn) -> bool:
        """Tell whether this lies there already; an earlier version that is handed in again does not."""
        same = self.before[one.learner, one.exercise]
        again = [item for item in same if item["content"] == one.content]
        there = self.course.submitted(one.learner, one.exercise).is_dir()
        newest = bool(same) and same[-1]["content"] == one.content
        return there and (newest or any(item["created"] >= one.created for item in again))

    def _done(self, one: HandedIn, where: list[str]) -> None:
        """Say that a file is in its place."""
        self.unsettled.close(one.key or key_of(one.sender, one.content), "settled")
        where.append(one.origin)
        if one.remark and self.secret != tokens.PRACTICE:
            self.said.remarks.append({"file": storable(one.origin), "remark": storable(one.remark)})

    def _file_name(self, exercise: str) -> str:
        """Name the notebook as the course does, where that is plain."""
        names = [path.name for path in self.course.notebooks(exercise)]
        return names[0] if len(names) == 1 else f"{exercise}.ipynb"
