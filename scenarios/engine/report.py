"""The figures of a checked case, and its graph, as lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scenarios.engine.drawing import percent, ranks
from scenarios.engine.findings import Report
from scenarios.engine.heat import Heat, Pair
from scenarios.engine.model import Case, Scene
from scenarios.engine.plain_text import plain
from scenarios.engine.terminal import signed


def summary(report: Report) -> str:
    """Sum up one case: passed or not, and its figures."""
    faults, warnings = len(report.faults), len(report.findings) - len(report.faults)
    verdict = "passes" if report.passed else f"fails: {faults} fault{'s' if faults > 1 else ''}"
    if warnings:
        verdict += f", {warnings} warning{'s' if warnings > 1 else ''}"
    return "\n".join([f"{report.case}: {verdict}", *(f"  {line}" for line in _figures(report))])


def _figures(report: Report) -> Iterator[str]:
    figures = report.figures
    if not figures:
        return
    minutes = figures["minutes"]
    if report.kind == "quiz":
        yield (
            f"{figures['items']} questions in {figures['forms']} forms, {minutes['most']} minutes, "
            f"reading level {figures['level']}"
        )
        return
    yield (
        f"{figures['scenes']} scenes, {figures['decisions']} decisions, {figures['states']:,} states, "
        f"{_paths(figures['paths'])}, {minutes['least']} to {minutes['most']} minutes, "
        f"reading level {figures['level']}"
    )
    for ending in figures["endings"].values():
        yield _ending(ending)


def _ending(ending: dict[str, Any]) -> str:
    axes = ", ".join(
        f"{name} {signed(low)} to {signed(high)}" for name, (low, high) in ending["axes"].items()
    )
    best = " (best)" if ending["best"] else ""
    return (
        f"{ending['title']}{best}: {percent(ending['chance'])} at random, {_paths(ending['paths'])}; {axes}"
    )


def _paths(count: int) -> str:
    return "1 path" if count == 1 else f"{count:,} paths"


def graph(case: Case, heat: Heat) -> str:
    """Write the graph of a case: each scene with its choices, where they lead, and how much play they see."""
    rank = ranks(case, heat)
    scenes = sorted((scene for scene in case.scenes if scene.id in rank), key=lambda scene: rank[scene.id])
    lines = ["Bars and percentages: a player at random, then one who gets to the best ending."]
    for scene in scenes:
        lines += ["", *_scene(case, scene, heat)]
    return "\n".join(lines)


def _scene(case: Case, scene: Scene, heat: Heat) -> Iterator[str]:
    ending = "Ending: " if scene.kind == "ending" else ""
    best = " (best)" if scene.id == case.best else ""
    yield f"{_bars(heat.scenes[scene.id])}  {ending}{plain(scene.title)}{best}"
    if len(scene.choices) > 1:
        for number, choice in enumerate(scene.choices, 1):
            stance = choice.stance or ""
            pair = heat.choices[scene.id, number]
            yield f"{_bars(pair)}    {number}. {stance:<8}  {plain(choice.label)}"
    for (source, target), pair in heat.ways.items():
        if source == scene.id:
            sent = " (deadline)" if (source, target) in heat.sent else ""
            yield f"{_bars(pair)}    → {plain(case.scene(target).title)}{sent}"


def _bars(pair: Pair) -> str:
    return "  ".join(f"{_bar(share)} {percent(share):>7}" for share in (pair.random, pair.best))


def _bar(share: float) -> str:
    full = min(round(share * 8), 8)
    return ("█" * full or ("▏" if share else "")).ljust(8)
