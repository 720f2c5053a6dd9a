"""What a notebook's names stand for once it has run: the learner's, and the solution's on the same variant.

The learner's values come from their room as text, and are only shown.
"""

from __future__ import annotations

import json
import secrets
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from coursefacts.errors import InputFault

from autograder import secret, strangers
from autograder.course import Course
from autograder.gradebook import private_jupyter
from autograder.grading.choose import seconds
from autograder.grading.master import Master, load
from autograder.grading.plan import solved
from autograder.grading.reading import SubmittedCell, Unreadable, read_submission
from autograder.grading.rebuild import rebuild
from autograder.grading.room import GRADERS_TOKEN, Job, RoomFailed, Run
from autograder.grading.variant import granted
from autograder.sheets import Drawer

__all__ = ["Work", "look"]

_LONGEST = 60
# A sentence of a sheet is quoted as a sentence; one letter more is fetched, so that a cut is seen.
_TEXT = 240
_MOST = 200
_WHOLE = 100_000

# Runs last, in the room of what it looks at. Its lines are found by a word that no notebook knows before.
_LOOK = """\
def {word}(name, text):
    import json
    def plain(value, deep=2):
        if isinstance(value, dict) and deep:
            return {{str(k)[:60]: plain(v, deep - 1) for k, v in list(value.items())[:{most}]}}
        if isinstance(value, (bool, int, str, type(None))):
            return str(value)[:{longest}]
        try:
            return format(float(value), ".4g")
        except Exception:
            return str(value)[:{longest}]
    try:
        print("{word}", json.dumps([name, plain(eval(text, globals()))]))
    except Exception:
        pass
"""


class Work:
    """What one learner handed in, and what came of it.

    code: what they wrote, by cell.
    their, right: values by name, each a text or a table of texts; the learner's and the solution's.
    digest: of the hand-in.
    """

    def __init__(self) -> None:
        self.code: dict[str, str] = {}
        self.their: dict[str, Any] = {}
        self.right: dict[str, Any] = {}
        self.digest = ""


def look(course: Course, exercise: str, learner: str, values: dict[str, str]) -> Work:
    """Run the hand-in and the course's own solution in closed rooms, and look at some values of both.

    Raises InputFault where nothing usable was handed in, and NoIsolation without closed rooms.
    """
    from autograder.grading.two_rooms import TwoRooms

    with private_jupyter(), ExitStack() as ends:
        masters = load(course, exercise)
        master, path = _handed(course, exercise, learner, masters)
        try:
            cells = read_submission(path)
        except Unreadable as reason:
            raise InputFault(str(reason), path=path, remedy="ask for it again") from None
        key = secret.load(course.home)
        token, _ = granted(key, exercise, learner, master, cells)
        cell, whole = seconds(course)
        drawer = ends.enter_context(Drawer())
        sheet = None if token is None else drawer.sheet(key, exercise, token)
        rooms = TwoRooms(
            course.source(exercise),
            1,
            timeout=cell,
            whole=whole,
            rehearsal=partial(drawer.rehearsal, exercise),
        )
        ends.callback(rooms.close)
        rooms.prepare([master], for_class=True)
        told = {} if token is None else {GRADERS_TOKEN: token}

        def seen(notebook: Any, origin: list[int | None]) -> dict[str, Any]:
            word = f"look_{secrets.token_hex(8)}"
            added = _with_look(notebook, word, values)
            job = Job(added, course.source(exercise), told, cell, whole, master.name, [*origin, None])
            try:
                run = rooms.run(job.with_sheet(sheet))
            except RoomFailed as reason:
                raise InputFault(f"the notebook could not be run ({reason})", path=path) from None
            return _said(run, word, set(values))

        return _work(master, cells, path, seen, sheet.literal if sheet else {})


def _handed(course: Course, exercise: str, learner: str, masters: list[Master]) -> tuple[Master, Path]:
    from autograder.grading.finding import Desk

    if not course.submitted(learner, exercise).is_dir():
        raise InputFault(
            f"'{learner}' has handed in nothing for '{exercise}'",
            path=course.submitted(learner, exercise),
            remedy="check the id, or collect the hand-in first",
        )
    for one in Desk(course, exercise, masters).find(learner):
        if one.path is not None:
            return one.master, one.path
    raise InputFault("holds no notebook of the exercise", path=course.submitted(learner, exercise))


def _work(master: Master, cells: list[SubmittedCell], path: Path, seen: Any, literal: dict[str, str]) -> Work:
    """Look at both; `literal` is what the solution says on the learner's own sheet."""
    from autograder.files import sha256_file

    work = Work()
    work.digest = sha256_file(path)
    built = rebuild(master, cells)
    for one in built.notebook.cells:
        own = one.metadata.get("nbgrader", {})
        if own.get("solution") and one.cell_type == "code":
            work.code[str(own.get("grade_id"))] = str(one.source)
    work.their = seen(built.notebook, list(built.origin))
    own = solved(master)
    for one in own.cells:
        one.source = literal.get(one.metadata.get("nbgrader", {}).get("grade_id"), one.source)
    work.right = seen(own, list(range(len(own.cells))))
    return work


def _with_look(notebook: Any, word: str, values: dict[str, str]) -> dict[str, Any]:
    from nbformat import from_dict

    text = _LOOK.format(word=word, most=_MOST, longest=_TEXT + 1)
    text += "".join(f"{word}({name!r}, {expression!r})\n" for name, expression in values.items())
    cell: dict[str, Any] = {
        "cell_type": "code", "id": "look", "metadata": {}, "source": text, "outputs": [],
        "execution_count": None,
    }  # fmt: skip
    made = from_dict(dict(notebook))
    made.cells = [*made.cells, from_dict(cell)]
    return dict(made)


def _said(run: Run, word: str, names: set[str]) -> dict[str, Any]:
    """Read what the last cell printed; whatever is not as it should be is left out."""
    found: dict[str, Any] = {}
    printed = "".join(
        str(one.get("text", ""))
        for one in run.notebook.cells[-1].get("outputs", ())
        if one.output_type == "stream"
    )
    for line in printed[:_WHOLE].splitlines():
        head, _, rest = line.partition(" ")
        if head != word:
            continue
        try:
            name, value = strangers.parsed(rest.encode())
        except (ValueError, TypeError, strangers.TooMuch):
            continue
        if isinstance(name, str) and name in names:
            found[name] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key)[:_LONGEST]: _short(one) for key, one in list(value.items())[:_MOST]}
    return _short(value)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return strangers.shown(text, _TEXT)
