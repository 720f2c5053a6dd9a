"""What each platform's file and folder names say: the patterns of LMS downloads, part by part of a path."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

__all__ = ["Said", "is_draft", "is_late", "is_notebook", "moment_of", "read_part", "stem"]

# Moodle: "Ada Example_12345_assignsubmission_file" as a folder, or followed by "_name.ipynb" as a file; where
# marking is blind, "Participant_4_…", in the language of the site.
_MOODLE = re.compile(
    r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<rest>.*)", re.DOTALL
)
_BLIND = re.compile(
    r"(?:participant|teilnehmer|teilnehmer.?in|participante|deelnemer|partecipante|deltager|deltagare)"
    r"[ ]?\d*",
    re.IGNORECASE,
)
# Canvas: "exampleada_LATE_12345_67890_name-1.ipynb", user and file; the number after a dash counts hand-ins.
_CANVAS = re.compile(r"(?P<name>\w+?)_(?:LATE_)?(?P<user>\d+)_\d+_(?P<rest>.+)", re.DOTALL)
_CANVAS_ANON = re.compile(r"(?:LATE_)?anon_(?:LATE_)?(?P<code>\w{5})_\d+_(?P<rest>.+)", re.DOTALL)
# Brightspace: "397063-2557369 - Mary-Ann Smith - Sep 24, 2024 926 PM".
_BRIGHTSPACE = re.compile(r"(?P<number>\d+-\d+) - (?P<name>.+) - [^-]*\d{4}[^-]*", re.DOTALL)
# Blackboard: "Homework 1_ada_attempt_2024-09-24-21-26-33_name.ipynb"; the user's name may have underscores.
_BLACKBOARD = re.compile(
    r"(?P<before>.+)_attempt_(?P<when>\d{4}(?:-\d\d){5})(?:_(?P<rest>.+)|\.\w+)?", re.DOTALL
)
_CANVAS_LATE = re.compile(r"(?:LATE_)?\w+?_LATE_|LATE_")
# "Sep 24, 2024 926 PM": Brightspace leaves the colon out, which no file may have in its name.
_CLOCK = re.compile(r"(\d{4}) (\d{1,2}):?(\d\d) ([AP]M)$")
_GRADESCOPE = re.compile(r"submission_(?P<number>\d+)")
_AGAIN = re.compile(r"(?:-\d+| ?\(\d+\))$")
_ENDINGS = (".ipynb", ".ipynb.json", ".ipynb.txt", ".zip")


@dataclass(frozen=True)
class Said:
    """What one part of a path says.

    name: a person's, as the platform writes it; empty where it hides it.
    ids: what may be the person's user name or number, the likeliest first.
    sender: what tells one sender from another where no name does.
    rest: the name that the learner gave the file; empty for a folder.
    title: what the platform calls the exercise, if it says so.
    """

    name: str = ""
    ids: tuple[str, ...] = ()
    sender: str = ""
    rest: str = ""
    title: str = ""


def read_part(part: str) -> Said | None:
    """Read a folder's or file's name by the platforms' patterns; None when it follows none of them."""
    if found := _MOODLE.fullmatch(part):
        blind = _BLIND.fullmatch(found["name"]) is not None
        name = "" if blind else found["name"]
        return Said(name, sender=f"moodle {found['number']}", rest=found["rest"])
    if found := _CANVAS_ANON.fullmatch(part):
        return Said(sender=f"anon {found['code']}", rest=found["rest"])
    if found := _CANVAS.fullmatch(part):
        return Said(found["name"], (found["user"],), f"canvas {found['user']}", found["rest"])
    if found := _BRIGHTSPACE.fullmatch(part):
        return Said(found["name"], sender=found["number"])
    if found := _BLACKBOARD.fullmatch(part):
        words = found["before"].split("_")
        ids = tuple("_".join(words[at:]) for at in range(1, len(words)))
        return Said("", ids, f"blackboard {words[-1]}", found["rest"] or "", found["before"])
    if found := _GRADESCOPE.fullmatch(part):
        return Said(sender=f"gradescope {found['number']}")
    return None


def is_late(part: str) -> bool | None:
    """Tell whether Canvas calls a file late; None where the name is none of Canvas's."""
    if _CANVAS.fullmatch(part) or _CANVAS_ANON.fullmatch(part):
        return _CANVAS_LATE.match(part) is not None
    return None


def moment_of(part: str) -> datetime | None:
    """Read when something was handed in, out of a name that Blackboard or Brightspace gave, in local time."""
    try:
        if found := _BLACKBOARD.fullmatch(part):
            return datetime.strptime(found["when"], "%Y-%m-%d-%H-%M-%S").astimezone(UTC)
        if _BRIGHTSPACE.fullmatch(part):
            said = _CLOCK.sub(r"\1 \2:\3 \4", part.rpartition(" - ")[2])
            return datetime.strptime(said, "%b %d, %Y %I:%M %p").astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def stem(name: str) -> str:
    """Take a notebook's or archive's ending off, and the number that a browser or an LMS put to it."""
    low = name.lower()
    ending = next((one for one in sorted(_ENDINGS, key=len, reverse=True) if low.endswith(one)), "")
    return _AGAIN.sub("", name[: len(name) - len(ending)] if ending else name)


def is_notebook(name: str) -> bool:
    """Tell whether a file is a notebook by its name; browsers and LMSs put an ending of their own to it."""
    return name.lower().endswith(_ENDINGS[:3])


def is_draft(parts: list[str]) -> bool:
    """Tell whether a file was not handed in: Teams gives working copies beside what was."""
    return any(part.casefold() == "working files" for part in parts[:-1])
