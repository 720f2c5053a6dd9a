"""Choose and fill an exercise's questions with a learner's own work: three to five, the same each time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from coursefacts.errors import InputFault

from autograder.viva.template import PLACE, Question, Template
from autograder.viva.values import Work

__all__ = ["FEWEST", "MOST", "Asked", "choose"]

FEWEST, MOST = 3, 5
_LINES, _WIDE = 14, 92


@dataclass(frozen=True)
class Asked:
    """One question to one learner; all of it is text that is only shown.

    code: the learner's lines that are shown with it; empty for none.
    """

    id: str
    ask: str
    expect: str
    code: str = ""


def choose(template: Template, work: Work, learner: str, many: int) -> list[Asked]:
    """Choose questions, those first where the learner's work differs from the solution's.

    learner: makes the draw another for each.
    Raises InputFault where the hand-in holds too little to ask three about.
    """
    drawn = sorted(template.questions, key=lambda one: _draw(learner, work.digest, one.id))
    filled = [(question, _filled(question, work, learner)) for question in drawn]
    able = [(question, asked) for question, asked in filled if asked is not None]
    if len(able) < FEWEST:
        raise InputFault(
            f"the hand-in of '{learner}' holds too little to ask {FEWEST} questions about",
            remedy="ask about the exercise itself, or let it be handed in again",
        )
    able.sort(key=lambda pair: not _differs(pair[0], work))
    chosen = {asked.id for _, asked in able[:many] if asked is not None}
    # In the order of the exercise, which is that of the template.
    order = {one.id: at for at, one in enumerate(template.questions)}
    return sorted(
        (one for _, one in able if one is not None and one.id in chosen), key=lambda one: order[one.id]
    )


def _draw(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode("utf-8", "replace")).hexdigest()


def _filled(question: Question, work: Work, learner: str) -> Asked | None:
    key = None
    if question.each is not None:
        key = _entry(question, work, learner)
        if key is None:
            return None
    code = ""
    if question.code is not None:
        code = _lines(work.code.get(question.code, ""))
        if not code:
            return None
    sides = {"their": work.their, "right": work.right}
    if any(
        _value(sides[side], name, key if of_one else None) is None for side, name, of_one in question.places
    ):
        return None

    def fill(text: str) -> str:
        def put(found: Any) -> str:
            if found[4]:
                return str(key)
            return str(_value(sides[found[1]], found[2], key if found[3] else None))

        return PLACE.sub(put, text)

    return Asked(question.id, fill(question.ask), fill(question.expect), code)


def _value(side: dict[str, Any], name: str, key: str | None) -> str | None:
    value = side.get(name)
    if key is not None:
        value = value.get(key) if isinstance(value, dict) else None
    if isinstance(value, dict):
        return ", ".join(f"{one}: {what}" for one, what in value.items())[:300] or None
    # Of a single name None is no answer yet; of an entry it may be one.
    return value if isinstance(value, str) and (key is not None or value != "None") else None


def _entry(question: Question, work: Work, learner: str) -> str | None:
    """Draw an entry: first of those where the learner's differs, of those that all places have."""
    assert question.each is not None
    theirs, right = work.their.get(question.each), work.right.get(question.each)
    if not isinstance(theirs, dict):
        return None
    sides = {"their": work.their, "right": work.right}
    fit = [
        key
        for key in theirs
        if all(_value(sides[side], name, key) is not None for side, name, of_one in question.places if of_one)
    ]
    own = right if isinstance(right, dict) else {}
    fit.sort(key=lambda key: (own.get(key) == theirs[key], _draw(learner, work.digest, question.id, key)))
    return fit[0] if fit else None


def _differs(question: Question, work: Work) -> bool:
    names = {name for _, name, _ in question.places} | ({question.each} if question.each else set())
    return any(work.their.get(name) != work.right.get(name) for name in names)


def _lines(code: str) -> str:
    """The lines that the learner wrote, cut so that all fit on one sheet."""
    lines = [line[:_WIDE] for line in code.strip().splitlines() if line.strip()]
    if not lines or any("raise NotImplementedError" in line for line in lines):
        return ""
    return "\n".join(lines[:_LINES] + (["…"] if len(lines) > _LINES else []))
