"""One zip that an LMS hands out: everybody's hand-out under the name that the platform knows them by.

Moodle: assignment, *Upload multiple feedback files in a zip*; it reads the number in a folder's name. That
number stands in the assignment's marking sheet (Identifier) and in the names of its download.
Canvas: assignment, *Upload submissions*; it reads the user's and the file's number, which stand in the names
of a download, so each learner must have handed in something there, an empty text for example.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from coursefacts.errors import InputFault

from autograder import roster
from autograder.collecting.archive import Refused
from autograder.collecting.names import Names
from autograder.collecting.platforms import read_part
from autograder.course import Course
from autograder.files import write_bytes
from autograder.handout.write import packed
from autograder.spreadsheet import read_table

__all__ = ["PLATFORMS", "Upload", "upload"]

PLATFORMS = ("moodle", "canvas")
_IDENTIFIER = re.compile(r".*?(\d+)")


@dataclass
class Upload:
    """What a platform's zip holds: how many hand-outs, and who has none in it."""

    file: str
    packed: int = 0
    left: list[str] = field(default_factory=list)


def upload(
    course: Course, files: dict[str, dict[str, bytes]], like: Path, platform: str, out: Path
) -> Upload:
    """Pack everybody's files for a platform.

    files: of each learner, by path.
    like: what the platform exported of this assignment: a download, or the marking sheet of Moodle.
    """
    names = dict(_names(course, like, platform))
    said = Upload(str(out / f"{platform}-upload.zip"), left=[one for one in files if one not in names])
    entries: dict[str, bytes] = {}
    for learner, own in files.items():
        if learner in names:
            entries[_entry(names[learner], platform)] = packed(own)
    if not entries:
        raise InputFault(
            "names nobody of the roster", path=like, remedy=f"take a download of {platform.capitalize()}"
        )
    said.packed = len(entries)
    write_bytes(Path(said.file), packed(entries), 0o600)
    return said


def _entry(name: str, platform: str) -> str:
    return f"{name}/hand-out.zip" if platform == "moodle" else f"{name}_hand-out.zip"


def _names(course: Course, like: Path, platform: str) -> Iterator[tuple[str, str]]:
    """Give each learner's name on the platform, as its zips carry it."""
    known = Names(roster.of_course(course.root), course.exercises(), None, {})
    if like.suffix.lower() == ".csv":
        yield from _of_sheet(known, like)
        return
    for part in _parts(like):
        said = read_part(part)
        if said is None or not said.sender.startswith(platform):
            continue
        owner = _owner(known, [part])
        if owner is not None:
            cut = (
                part[: part.rindex("_assignsubmission_")]
                if platform == "moodle"
                else part[: -len(said.rest) - 1]
            )
            yield owner, f"{cut}_assignsubmission_file" if platform == "moodle" else cut


def _of_sheet(known: Names, path: Path) -> Iterator[tuple[str, str]]:
    """Read Moodle's marking sheet: number, name and address of each."""
    table = read_table(path)
    heads = {one.casefold(): one for one in table.columns}
    if "identifier" not in heads:
        raise InputFault(
            "is no marking sheet of Moodle's: it has no column 'Identifier'",
            path=path,
            line=1,
            remedy="in the assignment, take: Download grading worksheet",
        )
    for _, row in table.rows:
        number = _IDENTIFIER.fullmatch(row[heads["identifier"]])
        name = row.get(heads.get("full name", ""), "")
        email = row.get(heads.get("email address", ""), "")
        found = (known.people.by_id(email) if email else set()) or known.people.by_name(name)
        if number and len(found) == 1:
            clean = re.sub(r"[\\/:*?\"<>|]", "", name) or "Participant"
            yield found.pop(), f"{clean}_{number[1]}_assignsubmission_file"


def _parts(like: Path) -> Iterable[str]:
    """Give the outermost names of a download."""
    if like.is_dir():
        return sorted(path.name for path in like.iterdir())
    try:
        with zipfile.ZipFile(like) as archive:
            return sorted({name.replace("\\", "/").partition("/")[0] for name in archive.namelist()})
    except FileNotFoundError:
        raise InputFault("no such file", path=like, remedy="check the name") from None
    except (zipfile.BadZipFile, OSError):
        raise InputFault(
            "is neither a zip, a folder nor a CSV",
            path=like,
            remedy="take the platform's download as it came",
        ) from None


def _owner(known: Names, parts: list[str]) -> str | None:
    try:
        return known.owner(parts)
    except Refused:
        return None
