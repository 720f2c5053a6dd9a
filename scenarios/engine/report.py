"""The figures of a checked case, as lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scenarios.engine.findings import Report
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
            f"{figures['items']} questions, {figures['options']} options, {minutes['most']} minutes, "
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
    return f"{ending['title']}{best}: {ending['chance']:.2%} at random, {_paths(ending['paths'])}; {axes}"


def _paths(count: int) -> str:
    return "1 path" if count == 1 else f"{count:,} paths"
