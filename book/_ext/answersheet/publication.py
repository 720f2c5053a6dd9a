"""The exercise on publication: a claim with its raw readings, a disclosure, a plan, and things to decide.

How it is drawn, so that each learner has exactly one right answer:
- the days of the disclosure come out differently under each usual mistake;
- the plan for a migration keeps a year and a half away from the ends of the range;
- what is to be decided has two drawn facts that decide together (`scenes`), under ids of the learner's own.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from pprint import pformat
from typing import Any

import numpy as np
from courselab import disclosure
from courselab.devices import generator
from courselab.disclosure import Course
from courselab.migration import Plan

from answersheet import claims, scenes
from answersheet.claims import Claim
from answersheet.scenes import Item, Pool
from answersheet.sealing import Drawn

EXERCISE = "publication"
# Content is found by path; the course keeps its exercises beside the book.
POOLS = Path(__file__).resolve().parents[3] / "exercises" / "source" / "publication" / "pool"
YEARS_APART = 1.5
# How many items of each group a learner decides on, what an id begins with, and the learner's variables.
GROUPS = {"results": 6, "clocks": 4, "pieces": 6, "offers": 4}
PREFIX = {"results": "result", "clocks": "clock", "pieces": "piece", "offers": "offer"}
NAMES = {
    "results": ("kinds", "turns_kind"),
    "clocks": ("binds", "turns_clock"),
    "pieces": ("places", "turns_piece"),
    "offers": ("lost", "turns_offer"),
}
CELLS = {"results": "sort", "clocks": "clocks", "pieces": "places", "offers": "offers"}
Day = datetime.date


@dataclass(frozen=True)
class Story:
    """A disclosure: when the vendor was written to, when it answered, and what followed."""

    first_mail: Day
    answer: Day
    coordinator: Day
    patch: Day | None
    exploited: bool
    conference: Day

    @property
    def course(self) -> Course:
        """The same for the instruments: the first mail counts, and not the answer."""
        return Course(self.first_mail, self.patch, self.exploited, self.coordinator)

    def days(self) -> dict[str, Day]:
        """Give the three days that are asked for."""
        return {
            "coordinator_publishes": disclosure.coordinator_publishes(self.coordinator),
            "details_follow": disclosure.details_follow(self.course),
            "tell_by": disclosure.tell_by(self.conference),
        }

    def plain(self) -> dict[str, Any]:
        """Give it as plain data."""
        named = {name: getattr(self, name) for name in ("first_mail", "answer", "coordinator", "conference")}
        return {name: day.isoformat() for name, day in named.items()} | {
            "patch": self.patch.isoformat() if self.patch else None,
            "exploited": self.exploited,
        }


@dataclass(frozen=True)
class Part:
    """The items of a group by id, the one of which four changes are shown, and the change that turns it."""

    items: dict[str, Item]
    asked: str
    changes: dict[str, str]
    turns: str

    @property
    def answers(self) -> dict[str, scenes.Key]:
        """Give the right answer of each item."""
        return {name: item.answer for name, item in self.items.items()}


def pool(group: str) -> Pool:
    """Read the pool of a group."""
    return scenes.load(POOLS / f"{group}.yml")


def draw(seed: bytes) -> Drawn:
    """Draw one variant."""
    claim = claims.draw(seed)
    plan, arrival = plan_of(seed)
    story = story_of(seed)
    parts = {group: part_of(group, seed) for group in GROUPS}
    in_time = plan.verdict(*arrival)
    files = claim.files(generator(seed, "files"))
    data: dict[str, Any] = {
        "claim": _claim_data(claim, seed),
        "years": {
            "shelf_life": plan.shelf_life,
            "migration": plan.migration,
            "earliest": arrival[0],
            "latest": arrival[1],
        },
        "story": story.plain(),
        "turns": {group: _turn_data(part) for group, part in parts.items()},
    }
    for group, part in parts.items():
        data[group] = [_item_data(name, item, group) for name, item in part.items.items()]
    answers = _claim_answers(claim) | {
        "trials": claims.trials(seed),
        "in_time": in_time,
        "turns": {group: part.turns for group, part in parts.items()},
        "asked": {group: part.asked for group, part in parts.items()},
    }
    answers |= {name: day.isoformat() for name, day in story.days().items()}
    answers |= {group: part.answers for group, part in parts.items()}
    literal = {CELLS[group]: _decided(group, part) for group, part in parts.items()}
    literal |= _computed(claim, in_time, story)
    return Drawn(data, answers, {"readings": np.concatenate(files)}, literal)


def part_of(group: str, seed: bytes) -> Part:
    """Draw the items of a group, under ids that nobody else has for them, and the question on a change."""
    rng = generator(seed, group)
    items = scenes.draw(pool(group), GROUPS[group], rng)
    names = _ids(PREFIX[group], len(items), rng)
    at, texts, right = scenes.choice_of_changes(items, rng)
    changes = _ids("change", len(texts), rng)
    return Part(
        dict(zip(names, items, strict=True)),
        names[at],
        dict(zip(changes, texts, strict=True)),
        changes[right],
    )


def _ids(prefix: str, number: int, rng: np.random.Generator) -> list[str]:
    return [f"{prefix}-{one}" for one in sorted((100 + rng.permutation(900)[:number]).tolist())]


def plan_of(seed: bytes) -> tuple[Plan, tuple[int, int]]:
    """Draw a plan away from the ends of its range.

    The shelf life alone gives another verdict, unless all is in time.
    """
    rng = generator(seed, "plan")
    wanted = ("late", "depends", "in time")[int(rng.integers(3))]
    while True:
        plan = Plan(float(rng.integers(2, 21)), float(rng.integers(2, 9)))
        earliest = int(rng.integers(5, 13))
        arrival = (earliest, earliest + int(rng.integers(5, 13)))
        near = min(abs(plan.needed - end) for end in arrival)
        alone = Plan(plan.shelf_life, 0).verdict(*arrival)
        if (
            plan.verdict(*arrival) == wanted
            and near >= YEARS_APART
            and (wanted == "in time" or alone != wanted)
        ):
            return plan, arrival


def story_of(seed: bytes) -> Story:
    """Draw a disclosure of one of five kinds; the patch comes in time, late, or never."""
    rng = generator(seed, "story")

    def after(day: Day, low: int, high: int) -> Day:
        return day + datetime.timedelta(days=int(rng.integers(low, high + 1)))

    first_mail = after(Day(2027, 1, 4), 0, 330)
    kind = int(rng.integers(5))
    exploited = kind >= 3
    days = {0: (20, 80), 1: (106, 140), 3: (2, 6), 4: (12, 30)}.get(kind)
    patch = after(first_mail, *days) if days else None
    answer = after(first_mail, 2, 9)
    coordinator = after(answer, 5, 25)
    return Story(first_mail, answer, coordinator, patch, exploited, after(first_mail, 60, 200))


def _claim_data(claim: Claim, seed: bytes) -> dict[str, Any]:
    names = _ids("job", len(claim.jobs), generator(seed, "jobs"))
    jobs = [
        {
            "id": name,
            "base": job.base,
            "first_bit": "lowest" if job.lowest_first else "highest",
            "shots": int(job.counts.sum()),
        }
        for name, job in zip(names, claim.jobs, strict=True)
    ]
    return {"number": claim.number, "base": claim.base, "bits": claim.bits, "jobs": jobs}


def _item_data(name: str, item: Item, group: str) -> dict[str, str]:
    # Of a clock the rule is the question; of an offer it would be half of the answer.
    rule = {"rule": item.scene.rule} if group == "clocks" and item.scene.rule else {}
    return {"id": name, "text": item.text} | rule


def _turn_data(part: Part) -> dict[str, Any]:
    return {
        "item": part.asked,
        "changes": [{"id": name, "text": text} for name, text in part.changes.items()],
    }


def _claim_answers(claim: Claim) -> dict[str, Any]:
    signal = claim.signal
    return {
        "chance_level": claim.chance,
        "success_share": claim.success,
        "signal_share": signal.share,
        "interval": [signal.low, signal.high],
        "truth": claim.share,
        "tolerance": claim.tolerance,
        "verdict": "signal" if signal.seen else "chance",
    }


def _computed(claim: Claim, in_time: str, story: Story) -> dict[str, str]:
    """Write down what a right analysis gives, with more digits than are asked for."""
    signal = claim.signal
    verdict = "signal" if signal.seen else "chance"
    days = "".join(
        f"{name} = datetime.date({day.year}, {day.month}, {day.day})\n" for name, day in story.days().items()
    )
    return {
        "chance": f"chance_level = {claim.chance:.5f}\nsuccess_share = {claim.success:.5f}\n",
        "signal": f"signal_share = {signal.share:.5f}\ninterval = ({signal.low:.5f}, {signal.high:.5f})\n"
        f'verdict = "{verdict}"\n',
        "years": f'in_time = "{in_time}"\n',
        "calendar": days,
    }


def _decided(group: str, part: Part) -> str:
    decisions, turn = NAMES[group]
    answers = pformat(part.answers, width=90)
    return f'{decisions} = {answers}\n{turn} = "{part.turns}"\n'
