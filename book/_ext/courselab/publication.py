"""The learner's view of the sheet of the exercise on publication: raw readings, days, and things to decide.

Nothing here knows an answer. Whether the claim's machine did anything follows from the readings alone.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from courselab.sheets import Sheet

EXERCISE = "publication"
GROUPS = ("results", "clocks", "pieces", "offers")
Day = datetime.date


@dataclass(frozen=True)
class Job:
    """One job of the claim, as its log and its file have it.

    first_bit: "highest" or "lowest", the end of the reading that is written first. readings: one number for
    each shot.
    """

    id: str
    base: int
    first_bit: str
    readings: NDArray[np.int64] = field(repr=False)


@dataclass(frozen=True)
class Claim:
    """A claim of factoring: number, base and width of the reading, and the jobs that were sent with it."""

    number: int
    base: int
    bits: int
    jobs: tuple[Job, ...] = field(repr=False)


@dataclass(frozen=True)
class Story:
    """A disclosure: when the vendor was written to, when it answered, and what followed."""

    first_mail: Day
    answer: Day
    coordinator: Day
    patch: Day | None
    exploited: bool
    conference: Day


@dataclass(frozen=True)
class View:
    """What one learner may see.

    years: the spans of a plan, with the range for a machine's arrival. groups: for results, clocks, pieces
    and offers the things to decide on, each with id and text (clocks with the rule that is asked about).
    turns: for each group one of its items, and four changes of that item's text, each with id and text.
    """

    token: str
    practice: bool
    claim: Claim
    years: dict[str, float]
    story: Story
    groups: dict[str, list[dict[str, str]]] = field(repr=False)
    turns: dict[str, dict[str, Any]] = field(repr=False)

    def public(self) -> dict[str, Any]:
        """The same as plain data, without the readings."""
        claim, story = self.claim, self.story
        return {
            "exercise": EXERCISE,
            "token": self.token,
            "practice": self.practice,
            "claim": {"number": claim.number, "base": claim.base, "bits": claim.bits},
            "jobs": [
                {"id": job.id, "base": job.base, "first_bit": job.first_bit, "shots": len(job.readings)}
                for job in claim.jobs
            ],
            "years": dict(self.years),
            "story": {
                "first_mail": story.first_mail.isoformat(),
                "answer": story.answer.isoformat(),
                "coordinator": story.coordinator.isoformat(),
                "patch": story.patch.isoformat() if story.patch else None,
                "exploited": story.exploited,
                "conference": story.conference.isoformat(),
            },
            **{group: [dict(item) for item in self.groups[group]] for group in GROUPS},
            "turns": {group: dict(self.turns[group]) for group in GROUPS},
        }


def view(sheet: Sheet) -> View:
    """Read a sheet of this exercise."""
    data = sheet.data
    return View(
        sheet.token,
        sheet.practice,
        _claim(data["claim"], sheet.numbers["readings"]),
        dict(data["years"]),
        _story(data["story"]),
        {group: list(data[group]) for group in GROUPS},
        dict(data["turns"]),
    )


def _claim(data: dict[str, Any], readings: NDArray[Any]) -> Claim:
    ends = np.cumsum([job["shots"] for job in data["jobs"]])
    files = np.split(readings.astype(np.int64), ends[:-1])
    jobs = tuple(
        Job(job["id"], job["base"], job["first_bit"], file)
        for job, file in zip(data["jobs"], files, strict=True)
    )
    return Claim(data["number"], data["base"], data["bits"], jobs)


def _story(data: dict[str, Any]) -> Story:
    days = {
        name: Day.fromisoformat(data[name]) for name in ("first_mail", "answer", "coordinator", "conference")
    }
    patch = Day.fromisoformat(data["patch"]) if data["patch"] else None
    return Story(patch=patch, exploited=data["exploited"], **days)
