"""Rules about walks: each file in walks/ leads to the ending it is named after, and each ending has one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from coursefacts.errors import InputFault, shorten

from scenarios.engine import walks
from scenarios.engine.findings import Finding
from scenarios.engine.model import Case
from scenarios.engine.replay import ImpossibleChoice, play
from scenarios.engine.space import Space


def name_of(ending: str) -> str:
    """Name the walk of an ending."""
    return ending.removeprefix("ending-")


def run(case: Case, path: Path) -> str:
    """Replay a walk and give the scene it ends in; raise InputFault at a step that does not fit."""
    walk = walks.read(path)
    try:
        played = play(case, walk.choices)
    except ImpossibleChoice as fault:
        line = walk.steps[fault.step - 1].line
        remedy = "correct the walk, or take the case back"
        raise InputFault(fault.why, path=path, line=line, remedy=remedy) from None
    for step, state in zip(walk.steps, played.states, strict=False):
        label = case.scenes[state.scene].choices[int(str(step.answer)) - 1].label
        walks.check_words(walk, step, label)
    return played.machine.scene(played.last)


def rules(case: Case, folder: Path) -> Iterator[Finding]:
    """Replay every walk beside a case."""
    for path in sorted(folder.glob("*.txt")):
        try:
            reached = run(case, path)
        except InputFault as fault:
            yield Finding("walk", f"{fault.where}: {fault.what}", None, fault.remedy or "correct the walk")
            continue
        if name_of(reached) != path.stem:
            message = f"{shorten(path)} ends in '{reached}'"
            yield Finding("walk", message, None, f"call it {name_of(reached)}.txt, or correct its steps")


def missing(space: Space, folder: Path) -> Iterator[Finding]:
    """Find endings without a walk, and give one."""
    case = space.case
    for ending in case.endings:
        met = space.by_scene[ending]
        if len(met) and not (folder / f"{name_of(ending)}.txt").is_file():
            steps = ", ".join(map(str, space.walk(int(met[0]))))
            remedy = f"write walks/{name_of(ending)}.txt; the choices {steps}, one a line, lead there"
            message = f"no walk shows the way to '{case.scene(ending).title}'"
            yield Finding("walk", message, case.line_of(ending), remedy, "warning")
