"""Who is in the course: learners are added and brought up to date; nobody leaves unless somebody says so."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from typing import Any

from coursefacts.errors import InputFault

from autograder import roster, secret, tokens
from autograder.course import Course
from autograder.files import new_folder, write_json
from autograder.gradebook import gradebook, private_jupyter
from autograder.names import orders
from autograder.roster import Learner
from autograder.sheets import Drawer

__all__ = ["Enrolled", "enrol", "merge", "remove", "write_variants"]

_SYSTEMS = ("lms_id", "login", "sis_id")


@dataclass
class Enrolled:
    """What becomes of the roster.

    learners: everybody who is on it now.
    added, changed: the ids of those who are new, and of whom something else is known now.
    absent: the ids of those whom the file did not name; they stay.
    alike: pairs of ids, a new one and one that stays, whose names are the same.
    removed: the ids of those who were taken out.
    """

    learners: list[Learner]
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    alike: list[tuple[str, str]] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Say it to a person."""
        counts = [f"{len(self.learners)} on the roster"]
        for many, what in ((self.added, "added"), (self.changed, "changed"), (self.removed, "removed")):
            counts += (
                [f"{len(many)} {what} ({', '.join(many[:5])}{', …' if len(many) > 5 else ''})"]
                if many
                else []
            )
        found = [", ".join(counts)]
        if self.absent and not self.removed:
            found.append(
                f"{len(self.absent)} whom the file does not name stay; to take somebody out: "
                "autograder roster --remove ID"
            )
        for new, old in self.alike:
            found.append(
                f"'{new}' was added and has the name of '{old}', who stays; if they are one person: "
                f"autograder roster --remove {new}, and name the right column with --id-column"
            )
        return found

    def counted(self) -> dict[str, Any]:
        """Say it to a program."""
        return {name: value for name, value in vars(self).items() if name != "learners"}


def merge(course: Course, told: list[Learner]) -> Enrolled:
    """Bring the course's roster and a list of all or some learners together, and write nothing yet."""
    return _merged(roster.of_course(course.root), told)


def enrol(course: Course, said: Enrolled, released: Iterable[str] = ()) -> list[str]:
    """Write a roster down: for the course, for nbgrader's own pages, and each learner's tokens.

    released: exercises whose sheets are drawn anew, even those of learners who were there before. Gives the
    exercises of which somebody's sheet is another now.
    """
    roster.write(course.root, said.learners)
    gone = set(said.absent)
    with private_jupyter():
        _note(course, [one for one in said.learners if one.id not in gone])
    key = secret.load(course.home)
    fresh = set(released)
    return [
        exercise
        for exercise in course.exercises()
        if write_variants(course, exercise, said.learners, key, fresh=exercise in fresh)
    ]


def remove(course: Course, ids: Iterable[str]) -> Enrolled:
    """Leave learners out of the roster, and write nothing yet; their hand-ins and results stay."""
    before = roster.of_course(course.root)
    gone = set(ids)
    unknown = sorted(gone - {one.id for one in before})
    if unknown:
        raise InputFault(
            f"the roster has no learner '{unknown[0]}'",
            path=course.root / roster.FILE,
            remedy="`autograder roster` lists who is on it",
        )
    kept = [one for one in before if one.id not in gone]
    if not kept:
        raise InputFault(
            "that would be everybody", path=course.root / roster.FILE, remedy="delete the file for that"
        )
    return Enrolled(kept, absent=[one.id for one in kept], removed=sorted(gone))


def _note(course: Course, learners: list[Learner]) -> None:
    """Let nbgrader's own pages know their names."""
    with gradebook(course) as book:
        for one in learners:
            first, last = one.parts
            book.update_or_create_student(
                one.id, first_name=first or None, last_name=last or None, email=one.email
            )


def write_variants(
    course: Course, exercise: str, learners: list[Learner], key: bytes, *, fresh: bool = False
) -> int:
    """Write each learner's token, for the learner and as one table for a mail merge.

    fresh: draw each sheet anew, to note its digest. Gives how many sheets are others than before.
    """
    rows: list[tuple[str, ...]] = []
    before = _noted(course, exercise)
    changed = 0
    with Drawer() as drawer, new_folder(course.root / "variants" / exercise) as folder:
        for one in learners:
            token = tokens.make(key, exercise, one.id)
            data: dict[str, Any] = {
                "schema": "variant/1",
                "exercise": exercise,
                "learner": one.id,
                "token": token,
            }
            last = before.get((one.id, token))
            if last is not None and not fresh:
                data["sheet"] = last
            elif (sheet := drawer.sheet(key, exercise, token)) is not None:
                data["sheet"] = sheet.digest
                changed += last is not None and last != sheet.digest
            write_json(folder / f"{one.id}.json", data, 0o600)
            rows.append((one.id, one.name, one.email or "", token))
        roster.write_table(folder / "tokens.csv", ("learner", "name", "email", "token"), rows, 0o600)
    return changed


def _noted(course: Course, exercise: str) -> dict[tuple[str, str], str]:
    """Read the digests of sheets that were noted before, by learner and token."""
    found: dict[tuple[str, str], str] = {}
    for path in (course.root / "variants" / exercise).glob("*.json"):
        with suppress(OSError, ValueError, KeyError, TypeError):
            said = json.loads(path.read_text(encoding="utf-8"))
            found[said["learner"], said["token"]] = said["sheet"]
    return found


def _merged(before: list[Learner], told: list[Learner]) -> Enrolled:
    known = {one.id: one for one in before}
    index = _index(before)
    seen: set[str] = set()
    said = Enrolled([])
    for new in told:
        same = _same(new, known, index)
        ident = new.id if same is None else same.id
        if ident in seen:
            raise InputFault(
                f"the list names '{ident}' twice, once as '{new.id}'", remedy="keep one line for each learner"
            )
        seen.add(ident)
        if same is None:
            said.added.append(ident)
            known[ident] = new
            continue
        known[ident] = _updated(same, new)
        if known[ident] != same:
            said.changed.append(ident)
    said.learners = list(known.values())
    said.absent = [one.id for one in before if one.id not in seen]
    said.alike = _alike(known, said)
    return said


def _index(learners: list[Learner]) -> dict[tuple[str, str], set[str]]:
    """Find learners by whatever a system knows them by."""
    index: dict[tuple[str, str], set[str]] = {}
    for one in learners:
        for kind, value in _keys(one):
            index.setdefault((kind, value), set()).add(one.id)
    return index


def _keys(one: Learner) -> Iterable[tuple[str, str]]:
    for kind in (*_SYSTEMS, "email"):
        value = getattr(one, kind) or ""
        if value:
            yield kind, value.casefold()
    yield "id", one.id.casefold()


def _same(new: Learner, known: dict[str, Learner], index: dict[tuple[str, str], set[str]]) -> Learner | None:
    """Find whom a line speaks of, by the ids that both have; by an address where no id says it."""
    found: set[str] = set()
    for kind, value in _keys(new):
        kinds = (*_SYSTEMS, "email", "id") if kind == "id" else (kind, "id")
        if kind != "email":
            found |= {who for other in kinds for who in index.get((other, value), set())}
    if not found and new.email:
        theirs = index.get(("email", new.email.casefold()), set())
        found = {who for who in theirs if not _contradict(new, known[who])}
    if len(found) > 1:
        raise InputFault(
            f"'{new.id}' has ids of several learners on the roster ({', '.join(sorted(found))})",
            remedy="mend the list, or take another column with --id-column",
        )
    return known[found.pop()] if found else None


def _contradict(new: Learner, old: Learner) -> bool:
    pairs = ((getattr(new, kind), getattr(old, kind)) for kind in _SYSTEMS)
    return any(one and other and one.casefold() != other.casefold() for one, other in pairs)


def _updated(old: Learner, new: Learner) -> Learner:
    """Take what is said anew; what is not said stays."""
    said = {one.name: getattr(new, one.name) for one in fields(Learner) if getattr(new, one.name)}
    if new.name == new.id:
        said.pop("name", None)
    return replace(old, **(said | {"id": old.id}))


def _alike(known: dict[str, Learner], said: Enrolled) -> list[tuple[str, str]]:
    """Find those who were added beside somebody of the same name whom the list does not name."""
    names: dict[str, str] = {}
    for ident in said.absent:
        names |= dict.fromkeys(orders(known[ident].name), ident)
    pairs = (
        (ident, next((names[one] for one in orders(known[ident].name) if one in names), None))
        for ident in said.added
    )
    return [(ident, other) for ident, other in pairs if other is not None]
