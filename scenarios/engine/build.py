"""From a draft to a case: links lead somewhere, flags are declared, loops are counted once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from coursefacts.errors import InputFault

from scenarios.engine import digest, figures
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
    ItemLogic,
    Logic,
    Scene,
    SceneLogic,
)
from scenarios.engine.names import closest, did_you_mean
from scenarios.engine.parse import Draft, DraftScene, many


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


def _quiz_faults(draft: Draft) -> list[InputFault]:
    found = []
    for scene in draft.scenes:
        right = sum(bool(choice.correct) for choice in scene.choices)
        if not scene.whole:
            continue
        if len(scene.choices) < 2 or right == 0:
            what = f"the question '{scene.title}' has {len(scene.choices)} options, {right} of them right"
            remedy = "give at least two options and mark the right ones with [x]"
            found.append(InputFault(what, path=draft.path, line=scene.line, remedy=remedy))
    return found


def _logic(draft: Draft) -> Logic:
    header = draft.header
    if header.kind == "quiz":
        return Logic(id=header.id, kind="quiz", items=tuple(_item(scene) for scene in draft.scenes))
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


def _item(scene: DraftScene) -> ItemLogic:
    correct = tuple(number for number, choice in enumerate(scene.choices, 1) if choice.correct)
    return ItemLogic(id=scene.id, options=len(scene.choices), correct=correct, multiple=len(correct) > 1)


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
    choices = tuple(
        Choice(
            label=choice.label,
            line=choice.line,
            stance=choice.stance,
            verdict=choice.marks.verdict,
            costs=choice.marks.costs,
            correct=choice.correct,
            feedback=choice.feedback,
        )
        for choice in scene.choices
    )
    words = Scene(
        id=scene.id,
        title=scene.title,
        line=scene.line,
        kind=cast(Any, scene.kind),
        outcomes=scene.outcomes,
        prose=scene.prose,
        debrief=scene.debrief or (),
        choices=choices,
        notes=scene.notes,
    )
    return words.plain()
