"""Where a learner stands: of each part whether it is done, of each award what is left.

The pages of the book say the same in the browser (`front/standing.js`); a test compares the two word by word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coursebook.plan import Part, Plan, PlannedModule
from coursebook.progress.state import Progress, moment


@dataclass(frozen=True)
class Standing:
    """How far a part is: `done`, `begun` or neither; in words; and since when."""

    level: str = ""
    words: str = ""
    at: str | None = None


def shortly(points: float) -> str:
    """Write points without needless digits."""
    return f"{round(points, 1):g}"


def day(at: str) -> str:
    """Write the day of a moment, in the zone of this machine."""
    local = moment(at).astimezone()
    return f"{local.day} {local:%B %Y}"


def of_part(part: Part, known: Progress, endings: Mapping[str, int]) -> Standing:
    """Say how far one part is."""
    if part.item and part.kind == "exercise":
        return _exercise(part.item, known)
    if part.item:
        return _play(part, part.item, known, endings)
    if part.kind == "lab" and part.page in known.opened:
        return Standing("done", "opened live", known.opened[part.page])
    mark = known.pages.get(part.page)
    if mark and mark.read:
        return Standing("done", "marked as read" if mark.by == "hand" else "read", mark.at)
    return Standing()


def _exercise(name: str, known: Progress) -> Standing:
    tried, handed = known.practice.get(name), known.handin.get(name)
    score = ""
    if tried:
        score = f"practised: {shortly(tried.score)} of {shortly(tried.max_score)} points"
        score += f", {shortly(tried.pending)} of them still to be marked" if tried.pending else ""
    if handed:
        return Standing("done", "; ".join(filter(None, ["handed in", score])), handed)
    if tried:
        return Standing("done", score, tried.at)
    begun = known.opened.get(f"exercises/{name}")
    return Standing("begun", "opened", begun) if begun else Standing()


def _play(part: Part, item: str, known: Progress, endings: Mapping[str, int]) -> Standing:
    done, play = known.finished.get(item), known.cases.get(item)
    if done and part.kind == "quiz":
        right = f": {done.right} of {done.of} right at the first go" if done.of else ""
        return Standing("done", f"finished{right}", done.at)
    if done:
        seen = len({*((play and play.endings) or []), *([done.ending] if done.ending else [])})
        every = endings.get(item)
        story = f": {min(seen, every)} of {every} endings seen" if seen and every else ""
        return Standing("done", f"played to an end{story}", done.at)
    if play and play.choices:
        return Standing("begun", "begun", play.started)
    return Standing()


def left_of(module: PlannedModule, known: Progress) -> list[Part]:
    """Name the parts of a module that are not done."""
    return [part for part in module.parts if of_part(part, known, {}).level != "done"]


def left_for(award: Mapping[str, Any], plan: Plan, known: Progress) -> tuple[list[str], list[str]]:
    """Say what an award still asks: what is to be played, and what an institution is to grade."""

    def name(item: str) -> str:
        part = plan.showing(item)
        return plan.full_title(part) if part else item

    played = [name(item) for item in award["played"] if item not in known.finished]
    waits = " (handed in; your institution knows the result)"
    graded = [
        f"{name(item)}, {shortly(percent)} %{waits if item in known.handin else ''}"
        for item, percent in award["exercises"].items()
    ]
    return played, graded
