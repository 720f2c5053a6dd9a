"""Prove a case: explore all of it, hold it to every rule, and give the figures."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from coursefacts import FactBook
from coursefacts.errors import InputFault, ManyFaults, shorten

from scenarios.engine import (
    load,
    numbers,
    rules_items,
    rules_judgement,
    rules_play,
    rules_space,
    rules_text,
    rules_walks,
    rules_words,
)
from scenarios.engine.explore import LIMIT, TooManyStates, explore
from scenarios.engine.findings import Finding, Report
from scenarios.engine.fitting import Fitting
from scenarios.engine.heat import heat
from scenarios.engine.model import NEWEST, Case
from scenarios.engine.references import References, beside
from scenarios.engine.rules_words import Words
from scenarios.engine.space import Ints, Space


@dataclass(frozen=True)
class Ground:
    """What a case is checked against, and how far."""

    facts: FactBook
    today: datetime.date = field(default_factory=datetime.date.today)
    limit: int = LIMIT
    folder: Path | None = None
    """Where the pictures and the walks lie."""
    references: References = field(default_factory=References)
    all_rules: bool = False
    """Also say, as warnings, what newer rules than its own would ask of a case."""
    told: Callable[[int], None] = lambda _: None
    """Hears now and then how many states have been found."""


def check_file(
    path: Path, facts: FactBook, told: Callable[[int], None] = lambda _: None, *, all_rules: bool = False
) -> Report:
    """Check a case from its file or folder; what cannot be read is a finding as well."""
    file = path / "case.md" if path.is_dir() else path
    shown = shorten(file)
    try:
        case = load(file)
    except InputFault as fault:
        faults = fault.faults if isinstance(fault, ManyFaults) else (fault,)
        findings = [Finding("grammar", each.what, each.line, each.remedy or "correct it") for each in faults]
        return Report(file.parent.name, shown, findings=findings)
    ground = Ground(facts, folder=file.parent, references=beside(file), all_rules=all_rules, told=told)
    report = check_on(case, ground)
    report.path = shown
    if case.id != file.resolve().parent.name:
        message = f"the id '{case.id}' differs from the folder's name '{file.resolve().parent.name}'"
        report.findings.append(Finding("id", message, case.lines.get("id"), "give both the same name"))
    return report


def check(case: Case, facts: FactBook, today: datetime.date | None = None, limit: int = LIMIT) -> Report:
    """Check a case that has been read, by itself."""
    return check_on(case, Ground(facts, today or datetime.date.today(), limit))


def check_on(case: Case, ground: Ground) -> Report:
    """Check a case that has been read, and the folder of its walks and pictures where there is one."""
    words = Words(ground.facts, ground.today)
    report = Report(case.id, case.source, case.kind, case.title, read=case)
    report.findings += rules_words.citations(case, words)
    report.findings += rules_words.grounded(case, words)
    report.findings += rules_text.names(case, ground.references)
    report.findings += rules_text.stars(case)
    report.findings += rules_text.pictures(case, ground.folder)
    report.findings += rules_text.hard_words(case)
    if case.kind == "quiz":
        _check_quiz(case, words, report)
        report.findings += _newer(case, rules_items.rules(case), ground)
    else:
        report.findings += rules_words.answered(case)
        report.findings += rules_space.flags(case)
        space = _check_play(case, words, report, ground)
        if ground.folder is not None:
            walks = ground.folder / "walks"
            report.findings += rules_walks.rules(case, walks)
            report.findings += rules_walks.missing(space, walks) if space else ()
    if report.figures:
        report.figures["level"] = round(rules_text.measured(case).grade, 1)
    report.findings.sort(key=lambda finding: (finding.line or 0, finding.rule))
    return report


def _check_quiz(case: Case, words: Words, report: Report) -> None:
    least, most = rules_words.quiz_time(case, words)
    report.findings += rules_words.time_declared(case, least, most)
    report.figures = {
        "items": len(case.scenes),
        "forms": sum(len(item.forms) for item in case.logic.items),
        "minutes": {"least": round(least, 1), "most": round(most, 1)},
    }


def _check_play(case: Case, words: Words, report: Report, ground: Ground) -> Space | None:
    try:
        space = explore(case, ground.limit, ground.told)
    except TooManyStates as fault:
        remedy = "end some errands, or read fewer axes in conditions"
        report.findings.append(Finding("too-large", str(fault), case.line_of(fault.scene), remedy))
        return None
    report.findings += rules_space.reached(space)
    report.findings += rules_space.stuck(space)
    ordered, cycle = numbers.order(space)
    if cycle:
        # Sums along an endless walk have no bounds, so nothing else can be said.
        report.findings.append(rules_space.endless(space, cycle))
        return None
    report.findings += rules_space.deadlines(space)
    report.findings += rules_space.hidden(space)
    ranges, chances = numbers.ranges(space, ordered), numbers.chances(space, ordered)
    report.findings += rules_play.bounds(space, ranges)
    report.findings += rules_play.luck(space, chances)
    decisions = rules_play.Decisions(space, ordered)
    for rule in (
        rules_play.best,
        rules_play.declared,
        rules_play.dilemmas,
        rules_play.restriction,
        rules_play.single_minded,
    ):
        report.findings += rule(decisions)
    report.fitting = Fitting(space, ordered)
    report.findings += _newer(case, rules_judgement.rules(report.fitting), ground)
    least, most = rules_words.reading_time(case, space, ordered, words)
    report.findings += rules_words.time_declared(case, least, most)
    report.figures = {
        "scenes": len(case.scenes) - len(case.endings),
        "states": len(space),
        "decisions": len(set(space.scene_of[decisions.open].tolist())),
        "minutes": {"least": round(least, 1), "most": round(most, 1)},
        **_endings(space, numbers.paths(space, ordered), chances, ranges),
    }
    report.heat = heat(space, ordered)
    return space


def _newer(case: Case, findings: Iterable[Finding], ground: Ground) -> list[Finding]:
    """Hold a case to the newest rules; one that is held to older ones is only told of them, when asked."""
    if case.rules >= NEWEST:
        return list(findings)
    return [replace(finding, severity="warning") for finding in findings] if ground.all_rules else []


def _endings(
    space: Space,
    paths: numbers.Values,
    chances: tuple[numbers.Values, int],
    ranges: tuple[Ints, Ints],
) -> dict[str, Any]:
    """Sum up the states of each ending."""
    case = space.case
    found: dict[str, Any] = {}
    for ending in case.endings:
        states = space.ending(ending)
        axes = {}
        if states.any():
            lows, highs = ranges[0][states].min(axis=0).tolist(), ranges[1][states].max(axis=0).tolist()
            axes = {axis.name: [lows[at], highs[at]] for at, axis in enumerate(case.axes)}
        found[ending] = {
            "title": case.scene(ending).title,
            "paths": int(sum(paths[states])),
            "chance": float(numbers.chance(chances[0], states, chances[1])),
            "axes": axes,
            "best": ending == case.best,
        }
    return {"paths": sum(each["paths"] for each in found.values()), "endings": found}
