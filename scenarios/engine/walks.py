"""Walks: a list of choices in a text file, one a line, that leads to the ending it is named after.

    # walks/a-clean-week.txt
    3  Ask Prof. Adeyemi to add Mika to the account tonight
    1  Send the link

The words after the number are for the reader; where they stand they must begin the choice's label.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from coursefacts.errors import InputFault

from scenarios.engine.answers import Answer
from scenarios.engine.model import Case
from scenarios.engine.plain_text import plain

_LINE = re.compile(r"(\d+(?:\s*,\s*\d+)*)(?:[.):]?\s+(.*))?")
MAX_STEPS = 2000


@dataclass(frozen=True)
class Step:
    """One line of a walk."""

    answer: Answer
    words: str
    line: int


@dataclass(frozen=True)
class Walk:
    """A file of choices."""

    path: Path
    steps: tuple[Step, ...]

    @property
    def choices(self) -> list[Answer]:
        """The numbers alone."""
        return [step.answer for step in self.steps]


def read(path: Path) -> Walk:
    """Read a walk; raise InputFault at a line that is none."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputFault("no such walk", path=path, remedy="check the name") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputFault(f"cannot be read ({error})", path=path, remedy="save it as UTF-8 text") from None
    steps = []
    for number, line in enumerate(text.splitlines(), 1):
        content = line.partition("#")[0].strip() if line.lstrip().startswith("#") else line.strip()
        if content:
            steps.append(_step(content, path, number))
    if len(steps) > MAX_STEPS:
        raise InputFault(f"more than {MAX_STEPS} steps", path=path, remedy="a walk is a list of choices")
    return Walk(path, tuple(steps))


def _step(content: str, path: Path, line: int) -> Step:
    found = _LINE.fullmatch(content)
    if found is None or len(found.group(1)) > 100:
        remedy = "begin each line with the number of the choice in the file's list"
        raise InputFault(f"'{content[:40]}' is no step", path=path, line=line, remedy=remedy)
    numbers = [int(each) for each in found.group(1).split(",")]
    answer: Answer = numbers[0] if len(numbers) == 1 else tuple(numbers)
    return Step(answer, (found.group(2) or "").strip(), line)


def write(case: Case, choices: list[int], scenes: list[str]) -> str:
    """Write a walk as text, with the label of each choice."""
    lines = []
    for number, scene in zip(choices, scenes, strict=True):
        label = plain(case.scene(scene).choices[number - 1].label)
        lines.append(f"{number}  {label}")
    return "\n".join(lines) + "\n"


def check_words(walk: Walk, step: Step, label: str) -> None:
    """Refuse a step whose words belong to another choice: the list was probably reordered."""
    shown = plain(label)
    if step.words and not shown.lower().startswith(step.words.lower().rstrip(".…")):
        what = f"choice {step.answer} is '{shown}', not '{step.words}'"
        raise InputFault(what, path=walk.path, line=step.line, remedy="correct the number or the words")
