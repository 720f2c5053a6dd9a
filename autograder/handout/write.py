"""Write the hand-outs: a folder or a zip for each learner, and the table for a mail merge."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from coursefacts.errors import InputFault

from autograder import roster, secret, tokens
from autograder.course import Course
from autograder.files import write_bytes
from autograder.handout.personal import Exercise
from autograder.roster import Learner
from autograder.sheets import Drawer, Sealed, released_sheet

__all__ = ["HandedOut", "Order", "hand_out", "packed"]

MERGE = "mail-merge.csv"


@dataclass(frozen=True)
class Order:
    """What to hand out.

    exercises: which; none for all that the course has.
    learners, section: to whom; none for everybody.
    folders: write folders and not zips.
    """

    out: Path
    exercises: tuple[str, ...] = ()
    learners: tuple[str, ...] = ()
    section: str | None = None
    folders: bool = False


@dataclass
class HandedOut:
    """What was written.

    files: each learner's zip or folder, by id.
    merge: the table for a mail merge.
    without: exercises whose notebooks have no place for a token.
    """

    files: dict[str, str] = field(default_factory=dict)
    merge: str = ""
    without: list[str] = field(default_factory=list)


def hand_out(course: Course, order: Order) -> tuple[HandedOut, dict[str, dict[str, bytes]]]:
    """Write everybody's hand-out; also give the files by learner, for a platform's upload."""
    key = secret.load(course.must_exist().home)
    if key == tokens.PRACTICE:
        raise InputFault(
            "the course has no secret, so its tokens are for practice",
            path=course.root,
            remedy="run: autograder release --init-secret --roster FILE",
        )
    people = _people(course, order)
    exercises = [Exercise(course, name) for name in order.exercises or course.exercises()]
    said = HandedOut(without=[one.name for one in exercises if not one.asks_for_token])
    made: dict[str, dict[str, bytes]] = {}
    rows = []
    with Drawer() as drawer:
        for one in people:
            own = {exercise.name: tokens.make(key, exercise.name, one.id) for exercise in exercises}
            sheets = {name: drawer.sheet(key, name, token) for name, token in own.items()}
            _hold_to_release(course, one, sheets)
            made[one.id] = _files(one, exercises, own, sheets)
            said.files[one.id] = str(_write(order, one, made[one.id]))
            first, last = one.parts
            name = Path(said.files[one.id]).name
            rows.append((one.id, one.name, first, last, one.email or "", one.section, name, *own.values()))
    head = ("learner", "name", "first", "last", "email", "section", "file")
    table = order.out / MERGE
    roster.write_table(table, (*head, *(f"token {one.name}" for one in exercises)), rows, 0o600)
    said.merge = str(table)
    return said, made


def _people(course: Course, order: Order) -> list[Learner]:
    known = roster.of_course(course.root)
    if not known:
        raise InputFault("the course has no roster", path=course.root, remedy="run: autograder roster FILE")
    unknown = sorted(set(order.learners) - {one.id for one in known})
    if unknown:
        raise InputFault(
            f"the roster has no learner '{unknown[0]}'",
            path=course.root,
            remedy="`autograder roster` lists them",
        )
    found = [one for one in known if not order.learners or one.id in order.learners]
    if order.section is None:
        return found
    sections = sorted({one.section for one in known if one.section})
    if order.section not in sections:
        raise InputFault(
            f"the roster has no section '{order.section}' (it has: {', '.join(sections) or 'none'})",
            path=course.root,
            remedy="check the name",
        )
    return [one for one in found if one.section == order.section]


def _hold_to_release(course: Course, one: Learner, sheets: dict[str, Sealed | None]) -> None:
    """Hand out no sheet that the grader would not take for the learner's own."""
    for name, sheet in sheets.items():
        reason = None if sheet is None else released_sheet(course, name, one.id, sheet)
        if reason is not None:
            raise InputFault(f"'{one.id}' cannot have '{name}': {reason}", path=course.root)


def _files(
    one: Learner,
    exercises: Iterable[Exercise],
    own: dict[str, str],
    sheets: dict[str, Sealed | None],
) -> dict[str, bytes]:
    """Give one learner's files as they lie in a workspace, so that the course's commands find all of it."""
    noted = {"learner": one.id, "tokens": own}
    files = {"learner.json": (json.dumps(noted, indent=1) + "\n").encode()}
    for exercise in exercises:
        for name, data in exercise.personal(one.id, own[exercise.name], sheets[exercise.name]).items():
            files[f"exercises/{exercise.name}/{name}"] = data
    return files


def _write(order: Order, one: Learner, files: dict[str, bytes]) -> Path:
    order.out.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not order.folders:
        target = order.out / f"{one.id}.zip"
        write_bytes(target, packed(files), 0o600)
        return target
    for name, data in files.items():
        write_bytes(order.out / one.id / name, data, 0o600)
    return order.out / one.id


def packed(files: dict[str, bytes]) -> bytes:
    """Pack files; the same files are the same bytes on any day."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
