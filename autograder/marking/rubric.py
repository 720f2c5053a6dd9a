"""An exercise's rubric and sample answers, as meta.yml says them and the marking page shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from autograder.course import Course

__all__ = ["Part", "Rubric", "Sample", "read"]

# A key for each number of points: beyond that a part is a box to type into.
_MOST_KEYS = 9


@dataclass(frozen=True)
class Part:
    """One part of a rubric.

    asks: what it looks for, in a sentence.
    anchors: points to what earns them.
    """

    name: str
    points: float
    asks: str = ""
    anchors: dict[int, str] = field(default_factory=dict)

    @property
    def steps(self) -> list[int]:
        """The points that one key gives; none for a part that is typed."""
        whole = float(self.points).is_integer() and self.points <= _MOST_KEYS
        return list(range(int(self.points) + 1)) if whole else []


@dataclass(frozen=True)
class Sample:
    """A sample answer, with the marks of the course's authors, part by part, and their reason."""

    label: str
    text: str
    marks: list[float]
    why: str


@dataclass(frozen=True)
class Rubric:
    """How one cell is marked; without parts of its own it has one, which is the whole."""

    parts: list[Part]
    samples: list[Sample]
    own: bool

    @property
    def points(self) -> float:
        """The most that can be given."""
        return sum(part.points for part in self.parts)


def read(course: Course, exercise: str, cell: str, most: float) -> Rubric:
    """Find the rubric of a cell; where meta.yml has none for it, its points are one part.

    most: the cell's points in the gradebook. A rubric that adds up to something else is not used.
    """
    meta = course.meta(exercise)
    said = meta.get("rubric") or {}
    parts = [_part(one) for one in said.get("parts", [])] if said.get("cell") == cell else []
    if not parts or abs(sum(part.points for part in parts) - most) > 1e-9:
        return Rubric([Part("Points", most)], [], own=False)
    samples = [_sample(one) for one in meta.get("samples", [])]
    return Rubric(parts, [one for one in samples if len(one.marks) == len(parts)], own=True)


def _part(said: dict[str, Any]) -> Part:
    # JSON, as which a released exercise keeps its meta.yml, has no numbers for keys.
    anchors = {int(points): _line(text) for points, text in (said.get("anchors") or {}).items()}
    return Part(str(said["name"]), float(said["points"]), _line(said.get("asks", "")), anchors)


def _sample(said: dict[str, Any]) -> Sample:
    marks = [float(mark) for mark in said.get("marks", [])]
    return Sample(str(said.get("label", "")), str(said.get("text", "")), marks, _line(said.get("why", "")))


def _line(text: object) -> str:
    return " ".join(str(text).split())
