"""From a draft to a case: links lead somewhere, flags are declared, loops are counted once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from coursefacts.errors import InputFault

from scenarios.engine import answers, digest, figures
from scenarios.engine.choices import BACK, DraftChoice
from scenarios.engine.citations import facts_cited
from scenarios.engine.conditions import both, negate
from scenarios.engine.graph import on_cycles
from scenarios.engine.header import Clock
from scenarios.engine.model import (
    Case,
    Choice,
    ChoiceLogic,
    ClockLogic,
    Condition,
    DeadlineLogic,
    Flag,
    Form,
    FormLogic,
    ItemLogic,
    Logic,
    Scene,
    SceneLogic,
)
from scenarios.engine.names import closest, did_you_mean
from scenarios.engine.parse import Draft, DraftForm, DraftScene, many


def build(draft: Draft, source: str) -> Case:
    """Make the case of a draft; raise all its faults at once."""
    faults = [*draft.faults, *_Links(draft).faults()]
    if draft.header.kind == "quiz":
        faults += _quiz_faults(draft)
    if faults:
        raise many(faults)
    logic = _logic(draft)
    words = _words(draft)
    return Case.model_validate(
        {
            "source": source,
            "lines": {
                ".".join(map(str, key)): line for key, line in draft.header.document.lines.items() if key
            },
            **words,
            "inline": draft.header.inline,
            "facts": facts_cited(words),
            "logic": logic,
            "digest": digest.of_logic(logic),
            "parts": digest.of_parts(logic),
            "text_digest": digest.of_text(logic, words),
        }
    )


class _Links:
    """Looks for the scene behind every link."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.path: Path | None = draft.path
        self.known = {scene.id: scene for scene in draft.scenes}
        self.lost: dict[str, list[int]] = defaultdict(list)

    def faults(self) -> list[InputFault]:
        """List double titles, lost links, and the headings that they may have meant."""
        found = self._doubles()
        links = [choice for scene in self.draft.scenes for choice in scene.choices]
        lost = [choice for choice in links if choice.to not in ("", BACK) and choice.to not in self.known]
        for choice in lost:
            self.lost[choice.to].append(choice.to_line)
        renamed = self._renamed()
        # Where a heading was renamed, all its links are lost: the heading names them, the first is enough.
        for choice in lost:
            if choice.to not in renamed or choice.to_line == self.lost[choice.to][0]:
                found.append(self._link(choice))
        return [*found, *self._clock(), *self._best(), *renamed.values()]

    def _clock(self) -> Iterator[InputFault]:
        clock = self.draft.header.clock
        for deadline in clock.deadlines if clock else ():
            target = self.known.get(deadline.to or "")
            if deadline.to is not None and target is None:
                remedy = did_you_mean(deadline.to, self.known)
                yield self._fault(f"the clock leads to no scene '{deadline.to}'", deadline.line, remedy)
            elif target is not None and target.kind == "ending":
                remedy = "name a scene, whose choices then lead to the ending"
                yield self._fault(f"the clock leads to the ending '{deadline.to}'", deadline.line, remedy)

    def _fault(self, what: str, line: int | None, remedy: str) -> InputFault:
        return InputFault(what, path=self.path, line=line, remedy=remedy)

    def _doubles(self) -> list[InputFault]:
        found, seen = [], dict[str, int]()
        for scene in self.draft.scenes:
            if scene.id in seen:
                what = f"two scenes with the anchor '{scene.id}' (the other: line {seen[scene.id]})"
                found.append(self._fault(what, scene.line, "give one of them another title"))
            seen.setdefault(scene.id, scene.line)
        return found

    def _link(self, choice: DraftChoice) -> InputFault:
        what = f"no scene has the anchor '#{choice.to}'"
        remedy = did_you_mean(choice.to, self.known, mark="#", otherwise="write the anchor of a heading")
        return self._fault(what, choice.to_line, remedy)

    def _best(self) -> list[InputFault]:
        header = self.draft.header
        endings = [scene.id for scene in self.draft.scenes if scene.kind == "ending"]
        if header.kind == "quiz" or header.best in endings:
            return []
        remedy = did_you_mean(str(header.best), endings)
        return [self._fault(f"'best' names no ending ('{header.best}')", header.best_line, remedy)]

    def _renamed(self) -> dict[str, InputFault]:
        """Point at a heading that lost links may have meant: it was probably renamed."""
        linked = {choice.to for scene in self.draft.scenes for choice in scene.choices}
        unlinked = [scene.id for scene in self.draft.scenes[1:] if scene.id not in linked]
        found = {}
        for wanted, lines in self.lost.items():
            guess = closest(wanted, unlinked)
            if guess is not None:
                where = ", ".join(str(line) for line in lines)
                what = f"nothing leads to '#{guess}', but lines {where} look for '#{wanted}'"
                remedy = "if this heading was renamed, correct the links"
                found[wanted] = self._fault(what, self.known[guess].line, remedy)
        return found


def _quiz_faults(draft: Draft) -> Iterator[InputFault]:
    for scene in draft.scenes:
        for form in scene.forms if scene.whole else ():
            told = _form_fault(form) if form.whole else None
            if told is not None:
                what, remedy = told
                what = f"the question '{scene.title}' has {what}"
                yield InputFault(what, path=draft.path, line=form.line, remedy=remedy)


def _form_fault(form: DraftForm) -> tuple[str, str] | None:
    """Say what is wrong with a form as a whole, and what to do; None when nothing is."""
    right = sum(bool(choice.correct) for choice in form.choices)
    typed = {choice.typed for choice in form.choices}
    if typed == {False}:
        if len(form.choices) >= 2 and right:
            return None
        remedy = "give at least two options and mark the right ones with [x]"
        return f"{len(form.choices)} options, {right} of them right", remedy
    if len(typed) > 1:
        return "options to choose and answers to type", "make two forms of it"
    read = [answers.written(choice.label) or ("", "", ()) for choice in form.choices]
    if len({each[:2] for each in read}) > 1:
        return "answers of several kinds or units", "ask for one number in one unit, or for words"
    if right != 1:
        return (
            f"{right} right answers to type",
            "mark one with [x=]; its words stand in it, one after the other",
        )
    for at, (asks, _, one) in enumerate(read):
        for later, (_, _, other) in enumerate(read[at + 1 :], at + 1):
            if answers.overlap(asks, one, other):
                labels = f"'{form.choices[at].label}' and '{form.choices[later].label}'"
                return f"answers that are the same: {labels}", "keep them apart, or make them one"
    return None


def _logic(draft: Draft) -> Logic:
    header = draft.header
    if header.kind == "quiz":
        items = tuple(ItemLogic(id=scene.id, forms=tuple(map(_form, scene.forms))) for scene in draft.scenes)
        return Logic(id=header.id, kind="quiz", items=items)
    clock = _clock(header.clock) if header.clock else None
    sent = [each.to for each in clock.deadlines if each.to is not None] if clock else []
    edges = {
        # The way back leads where play was going anyway: it closes no loop.
        scene.id: [choice.to for choice in scene.choices if choice.to != BACK]
        # Only a choice that takes time can be the one that passes a deadline.
        + (sent if any(choice.marks.takes for choice in scene.choices) else [])
        for scene in draft.scenes
    }
    cyclic = on_cycles(edges)
    return Logic(
        id=header.id,
        start=draft.scenes[0].id,
        axes=header.words.axes,
        flags=header.words.flags,
        clock=clock,
        scenes=tuple(_scene(scene, scene.id in cyclic, header.words.truths) for scene in draft.scenes),
    )


def _clock(clock: Clock) -> ClockLogic:
    return ClockLogic(
        unit=clock.unit,
        deadlines=tuple(
            DeadlineLogic(name=each.name, at=each.at, to=each.to, unless=each.unless)
            for each in sorted(clock.deadlines, key=lambda each: each.at)
        ),
    )


def _form(form: DraftForm) -> FormLogic:
    correct = tuple(number for number, choice in enumerate(form.choices, 1) if choice.correct)
    if not form.choices[0].typed:
        return FormLogic(options=len(form.choices), correct=correct, multiple=len(correct) > 1)
    read = [found for choice in form.choices if (found := answers.written(choice.label)) is not None]
    return FormLogic(
        asks=cast(Any, read[0][0]),
        options=len(form.choices),
        correct=correct,
        unit=read[0][1],
        typed=tuple(each[2] for each in read),
    )


def _scene(scene: DraftScene, cyclic: bool, truths: Collection[str]) -> SceneLogic:
    choices = []
    earlier: Condition | None = None
    for choice in scene.choices:
        when = choice.marks.when
        if choice.marks.otherwise:
            when = both(earlier, when)
        choices.append(_choice(choice, when, cyclic))
        if when is not None:
            earlier = both(earlier, negate(when, truths))
    return SceneLogic(id=scene.id, ending=scene.kind == "ending", choices=tuple(choices))


def _choice(choice: DraftChoice, when: Condition | None, cyclic: bool) -> ChoiceLogic:
    marks = choice.marks
    return ChoiceLogic(
        to=None if choice.to == BACK else choice.to,
        when=when,
        effects=dict(sorted(marks.effects.items())),
        takes=marks.takes,
        set=tuple(marks.set),
        clear=tuple(marks.clear),
        # Once-only on a loop keeps the state space finite, as in Ink.
        once=cyclic and not marks.again,
    )


def _words(draft: Draft) -> dict[str, Any]:
    header = draft.header
    return {
        "schema": "scenario/1",
        "id": header.id,
        "kind": header.kind,
        "title": header.title,
        "module": header.module,
        "minutes": header.minutes.plain(),
        "outcomes": list(header.outcomes),
        "roles": [role.plain() for role in header.roles],
        "axes": [axis.plain() for axis in header.axes],
        "flags": [flag.plain() for flag in header.flags],
        "deadlines": [Flag(name=each.name, label=each.label).plain() for each in header.deadlines],
        "figures": [figure.plain() for figure in figures.shown(draft)],
        "best": header.best,
        "rules": header.rules,
        "scores": header.scores,
        "intro": [prose.plain() for prose in draft.intro],
        "notes": [prose.plain() for prose in draft.notes],
        "scenes": [_scene_words(scene) for scene in draft.scenes],
    }


def _scene_words(scene: DraftScene) -> Mapping[str, Any]:
    words = Scene(
        id=scene.id,
        title=scene.title,
        line=scene.line,
        kind=cast(Any, scene.kind),
        outcomes=scene.outcomes,
        prose=scene.prose,
        debrief=scene.debrief or (),
        choices=_choices(scene.choices),
        forms=tuple(
            Form(line=form.line, prose=form.prose, choices=_choices(form.choices)) for form in scene.forms
        ),
        notes=scene.notes,
    )
    return words.plain()


def _choices(drafts: Sequence[DraftChoice]) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            label=choice.label,
            line=choice.line,
            stance=choice.stance,
            verdict=choice.marks.verdict,
            costs=choice.marks.costs,
            correct=choice.correct,
            feedback=choice.feedback,
        )
        for choice in drafts
    )
