"""Rules about the text: facts that exist, debriefs that cite one, feedback, and the time it takes."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from coursefacts import FactBook
from coursefacts.errors import InputFault

from scenarios.engine.citations import cited
from scenarios.engine.findings import Finding
from scenarios.engine.model import Case, Prose
from scenarios.engine.numbers import Order, longest
from scenarios.engine.plain_text import plain
from scenarios.engine.rules_space import feedback_shown
from scenarios.engine.rules_text import everything, form_texts
from scenarios.engine.space import Space

# Careful reading of English prose by people for whom it may be a second language, and a pause to decide.
WORDS_A_MINUTE = 180
SECONDS_A_DECISION = 15


@dataclass(frozen=True)
class Words:
    """What the rules need to know about the world: the facts, and the day."""

    facts: FactBook
    today: datetime.date

    def count(self, source: str) -> int:
        """Count the words that a reader sees, quoted facts included."""
        return len(re.findall(r"\w+", plain(source, self.facts)))


def citations(case: Case, words: Words) -> Iterator[Finding]:
    """Find facts that do not exist, values that they do not have, and facts past their review date."""
    stale = set[str]()
    for prose in everything(case):
        for before, fact, value in cited(prose.source):
            line = prose.line + before
            try:
                found = words.facts.quote(f"{fact}:{value}" if value else fact)
            except InputFault as fault:
                remedy = fault.remedy or "correct the id"
                yield Finding("unknown-fact", fault.what, line, remedy)
                continue
            if found.fact.stale(words.today) and fact not in stale:
                stale.add(fact)
                message = f"the fact '{fact}' was due for review on {found.fact.review_by}"
                yield Finding("stale-fact", message, line, "read its source again", "warning")


def grounded(case: Case, words: Words) -> Iterator[Finding]:
    """Ask for a fact in every debrief, and in every form of a quiz item."""
    for scene in case.scenes:
        if scene.kind == "ending":
            yield from _grounded(f"the debrief of '{scene.title}'", scene.line, scene.debrief, words)
        for form in scene.forms:
            yield from _grounded(f"'{scene.title}'", form.line, tuple(form_texts(form)), words)


def _grounded(what: str, line: int, asked: tuple[Prose, ...], words: Words) -> Iterator[Finding]:
    # A fact that only some walks are shown does not count.
    ids = [fact for prose in asked if prose.when is None for _, fact, _ in cited(prose.source)]
    if not any(fact in words.facts for fact in ids):
        remedy = "quote one with {fact}`its.id`, outside any `if …`"
        yield Finding("no-fact", f"{what} cites no fact", line, remedy)


def answered(case: Case) -> Iterator[Finding]:
    """Ask for feedback wherever there is something to choose."""
    for scene in case.scenes:
        for choice in scene.choices:
            if len(scene.choices) > 1 and not choice.feedback and choice.stance is not None:
                remedy = "leave a blank line and say, indented by two spaces, what happens then"
                yield Finding("feedback", f"'{choice.label}' has no feedback", choice.line, remedy)


def reading_time(case: Case, space: Space, ordered: Order, words: Words) -> tuple[float, float]:
    """Give the minutes that the shortest and the longest walk take."""
    states = np.zeros(len(space), dtype=np.int64)
    edges = np.zeros(len(space.source), dtype=np.int64)
    labels = [len(choice.label.split()) for scene in case.scenes for choice in scene.choices]
    for scene in case.scenes:
        here = space.by_scene[scene.id]
        for prose in (*scene.prose, *scene.debrief):
            shown = space.holding(space.machine.compile(prose.when), here) if prose.when else 1
            states[here] += words.count(prose.source) * shown
        for number, choice in enumerate(scene.choices, 1):
            one = space.choices.index((space.machine.index[scene.id], number))
            for prose in choice.feedback:
                count = words.count(prose.source)
                if prose.when is None:
                    edges[space.exit == one] += count
                else:
                    for edge, shown in feedback_shown(space, scene.id, number, prose):
                        edges[edge] += count * shown
    offered = np.bincount(space.source, np.array(labels or [0])[space.exit], minlength=len(space))
    states = (states + offered.astype(np.int64)) * 60
    states[space.degree > 1] += SECONDS_A_DECISION * WORDS_A_MINUTE
    least, most = longest(space, ordered, states, edges * 60)
    intro = 60 * sum(words.count(prose.source) for prose in case.intro)
    unit = 60 * WORDS_A_MINUTE
    return (least + intro) / unit, (most + intro) / unit


def quiz_time(case: Case, words: Words) -> tuple[float, float]:
    """Give the minutes for a quiz with all its feedback: in its shortest forms, and in its longest."""
    spent = [
        [sum(words.count(prose.source) for prose in form_texts(form)) for form in scene.forms]
        for scene in case.scenes
    ]
    intro = sum(words.count(prose.source) for prose in case.intro)
    intro += sum(words.count(scene.title) for scene in case.scenes)
    pauses = len(case.scenes) * SECONDS_A_DECISION / 60
    least, most = (intro + sum(map(which, spent)) for which in (min, max))
    return least / WORDS_A_MINUTE + pauses, most / WORDS_A_MINUTE + pauses


def time_declared(case: Case, least: float, most: float) -> Iterator[Finding]:
    """Hold the longest reading against the stated minutes."""
    line = case.lines.get("minutes")
    said = f"[{case.minutes.low}, {case.minutes.high}]"
    if most > case.minutes.high or most < case.minutes.low:
        message = f"the longest walk takes {most:.1f} minutes to read and decide, stated are {said}"
        remedy = "correct 'minutes', or the length of the text"
        yield Finding("reading-time", message, line, remedy)
