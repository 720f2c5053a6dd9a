"""Questions whose right answer may change by itself: until when they are graded, and which day counts.

A question that quotes a proposal, a stay or a copy that may be overtaken is graded up to the day by which
that fact must be read again. After it the question is still asked, and said not to be graded.
The facts decide, and never the case: reading a fact again changes no digest, so transcripts stay good.

While somebody answers, the day is today; once the quiz is finished, it is the day that the transcript gives
for that, in UTC. So a replay says what the player said, whenever it is run.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from coursefacts import Fact
from coursefacts.values import day

from scenarios.engine.citations import facts_cited
from scenarios.engine.model import Case


def graded_until(case: Case, facts: Mapping[str, Fact]) -> dict[str, str]:
    """Return the last day of grading of each question that has one, by the question's id."""
    found = {}
    for scene in case.scenes if case.kind == "quiz" else ():
        cited = (facts[name] for name in facts_cited(scene.plain()) if name in facts)
        days = [fact.review_by for fact in cited if fact.unsettled]
        if days:
            found[scene.id] = min(days)
    return found


def graded(until: str | None, on: str) -> bool:
    """Tell whether a question is graded on a day; the last day itself counts."""
    return until is None or on <= until


def day_of(moment: str) -> str:
    """Return the UTC day of a time with a zone."""
    return datetime.datetime.fromisoformat(moment).astimezone(datetime.UTC).date().isoformat()


def today() -> str:
    """Return the UTC day."""
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def why_not(until: str) -> str:
    """Say why a question is not graded."""
    return (
        "Not graded: what it asks about may have changed. "
        f"Somebody should have read its facts again by {day(until)}."
    )
