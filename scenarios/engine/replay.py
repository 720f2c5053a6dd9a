"""What a transcript is worth: everything is played again from its choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scenarios.engine import answers, dated
from scenarios.engine.answers import Answer
from scenarios.engine.digest import FRAME
from scenarios.engine.html import NEVER
from scenarios.engine.model import Case, FormLogic
from scenarios.engine.state import Machine, State
from scenarios.engine.transcript import Transcript
from scenarios.engine.worth import why_not_case, why_not_quiz


class ImpossibleChoice(ValueError):
    """A step that this case does not allow: its position (from 1) and why."""

    def __init__(self, step: int, why: str) -> None:
        self.step = step
        self.why = why
        super().__init__(f"step {step}: {why}")


@dataclass
class Played:
    """The states that a list of choices went through, the start included."""

    machine: Machine
    states: list[State] = field(default_factory=list)

    @property
    def last(self) -> State:
        """Where the play stands."""
        return self.states[-1]


def play(case: Case, choices: Iterable[Answer]) -> Played:
    """Play a list of choices; raise ImpossibleChoice at the first that is not open."""
    machine = Machine(case.logic)
    played = Played(machine, [machine.start])
    for step, answer in enumerate(choices, 1):
        state = played.last
        if machine.ended(state):
            raise ImpossibleChoice(step, f"play had ended in '{machine.scene(state)}'")
        if not isinstance(answer, int):
            raise ImpossibleChoice(step, "several answers where one choice is asked for")
        if answer not in machine.offered(state):
            scene = machine.scene(state)
            count = len(machine.exits[state.scene])
            why = "is not open at this point" if 1 <= answer <= count else f"is none of its {count} choices"
            raise ImpossibleChoice(step, f"choice {answer} in '{scene}' {why}")
        played.states.append(machine.take(state, answer))
    return played


def mark(case: Case, given: Sequence[Answer], seed: str | None = None) -> list[bool]:
    """Mark the answers to a quiz, each to the form that the seed drew.

    Raise ImpossibleChoice at one that is no answer to its form.
    """
    items = case.logic.items
    if len(given) > len(items):
        raise ImpossibleChoice(len(items) + 1, f"the quiz has only {len(items)} questions")
    marked = []
    for step, (item, answer) in enumerate(zip(items, given, strict=False), 1):
        form = item.forms[answers.drawn(item, seed) - 1]
        why = _impossible(item.id, form, answer)
        if why is not None:
            raise ImpossibleChoice(step, why)
        marked.append(answers.right(form, answer))
    return marked


def _impossible(name: str, form: FormLogic, answer: Answer) -> str | None:
    """Say why something is no answer to a form; None when it is one."""
    if isinstance(answer, str) or form.asks != "choice":
        typed = isinstance(answer, str) and form.asks != "choice"
        asked = "an option" if form.asks == "choice" else f"a {form.asks}"
        return None if typed else f"'{name}' asks for {asked}"
    chosen = (answer,) if isinstance(answer, int) else answer
    if not form.multiple and len(chosen) > 1:
        return f"several answers to '{name}', which takes one"
    if len(set(chosen)) < len(chosen) or not all(1 <= each <= form.options for each in chosen):
        return f"'{name}' has the options 1 to {form.options}, each once"
    return None


def replay(transcript: Transcript, case: Case | None, until: Mapping[str, str] = NEVER) -> dict[str, Any]:
    """Say what a transcript is worth against the case as it is now, as data for JSON.

    until: the last day of grading of questions that have one; the day on which the quiz was finished counts.
    """
    verdict: dict[str, Any] = {
        "valid": False,
        "case": transcript.case,
        "case_digest": case.digest if case else None,
        "kind": case.kind if case else None,
        "completed": False,
        "counts": False,
        "why_not": None,
        "ending": None,
        "axes": None,
        "clock": None,
        "late": None,
        "missed": None,
        "steps": len(transcript.choices),
        "revised": transcript.revised,
        "message": "",
    }
    if case is None:
        verdict["message"] = f"no case '{transcript.case}' here"
        return verdict
    if transcript.digest != case.digest:
        verdict["message"] = _other_version(transcript, case)
        return verdict
    try:
        verdict.update(_quiz(transcript, case, until) if case.kind == "quiz" else _case(transcript, case))
    except ImpossibleChoice as fault:
        verdict["message"] = f"impossible: {fault}"
        return verdict
    verdict["valid"] = True
    verdict["counts"] = verdict["completed"] and verdict["why_not"] is None
    return verdict


def _case(transcript: Transcript, case: Case) -> dict[str, Any]:
    played = play(case, transcript.choices)
    values = played.machine.values(played.last)
    ended = played.machine.ended(played.last)
    ending = played.machine.scene(played.last) if ended else None
    clock = case.logic.clock
    missed = [name for name in clock.names if values[name]] if clock else None
    visited = [played.machine.scene(state) for state in played.states]
    return {
        "completed": ended,
        "why_not": why_not_case(transcript, case, visited) if ended else None,
        "ending": ending,
        "axes": {axis: values[axis] for axis in case.logic.axes},
        "clock": values["clock"] if clock else None,
        "late": None if missed is None else bool(missed),
        "missed": missed,
        "message": f"ends in '{case.scene(ending).title}'" if ending else "stops before an ending",
    }


def _quiz(transcript: Transcript, case: Case, until: Mapping[str, str]) -> dict[str, Any]:
    marked = mark(case, transcript.choices, transcript.seed)
    on = dated.day_of(transcript.finished or transcript.started)
    skipped = {item.id for item in case.logic.items if not dated.graded(until.get(item.id), on)}
    items = [
        {"id": item.id, "correct": right and item.id not in skipped, "graded": item.id not in skipped}
        for item, right in zip(case.logic.items, marked, strict=False)
    ]
    right = sum(item["correct"] is True for item in items)
    rest = f", {len(skipped)} not graded: facts past their review on {on}" if skipped else ""
    whole = len(marked) == len(case.logic.items)
    titles = [scene.title for scene in case.scenes]
    settled = [right or item.id in skipped for item, right in zip(case.logic.items, marked, strict=False)]
    return {
        "completed": whole,
        "why_not": why_not_quiz(transcript, titles, settled) if whole else None,
        "correct": right,
        "ungraded": len(skipped),
        "items": items,
        "message": f"{right} of {len(case.logic.items) - len(skipped)} right, {len(marked)} answered{rest}",
    }


def _other_version(transcript: Transcript, case: Case) -> str:
    """Say that the rules of the case have changed, and whether the choices would still fit."""
    text = (
        f"played on another version of the case (logic {transcript.digest[:12]}…, here {case.digest[:12]}…): "
        + changed(transcript.parts, case)
    )
    try:
        if case.kind == "quiz":
            mark(case, transcript.choices, transcript.seed)
        else:
            play(case, transcript.choices)
    except ImpossibleChoice as fault:
        return f"{text}; the first that no longer fits is {fault}; play it again"
    return f"{text}; its choices would still be possible, but may mean something else; play it again"


def changed(parts: Mapping[str, str], case: Case) -> str:
    """Say which parts of a case differ from those of a version that was played."""
    if not parts:
        return "choices, effects or conditions were changed since"
    titles = {scene.id: scene.title for scene in case.scenes}
    both = [part for part in titles if part in parts and part in case.parts]
    altered = [titles[part] for part in both if parts[part] != case.parts[part]]
    new = [titles[part] for part in titles if part not in parts]
    gone = [part for part in parts if part not in titles and part != FRAME]
    said = [
        f"{words} {_some(names)}"
        for words, names in (("changed since:", altered), ("new:", new), ("gone:", gone))
        if names
    ]
    if parts.get(FRAME) != case.parts[FRAME]:
        said.append("changed since: the clock, the axes, the flags or the first scene")
    return "; ".join(said) or "its parts are the same, so the file was changed by hand"


def _some(names: Sequence[str]) -> str:
    """Name a few, and count the rest."""
    shown = ", ".join(f"'{name}'" for name in names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown
