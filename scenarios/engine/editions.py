"""Which edition of the rules a case is held to, and which cases of the course may still be held to the first.

A case declares it in its head, `rules: 2`. Beside the cases, `rules-1.txt` lists those that were written
before the second edition; a folder with such a list takes no other case without `rules: 2`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from scenarios.engine.findings import Finding, Report
from scenarios.engine.model import NEWEST

LIST = "rules-1.txt"


def listed(folder: Path) -> frozenset[str] | None:
    """Read the list of older cases; None where the folder has none."""
    file = folder / LIST
    if not file.is_file():
        return None
    lines = (line.partition("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    return frozenset(line for line in lines if line)


def undeclared(report: Report, folder: Path) -> Iterator[Finding]:
    """Find a case that is neither held to the newest rules nor on the list, and one that is both."""
    older = listed(folder)
    if older is None or report.read is None:
        return
    line = report.read.lines.get("rules", 1)
    if report.rules < NEWEST and report.case not in older:
        message = "a new case is held to the newest rules"
        yield Finding("rules", message, line, f"write rules: {NEWEST} in its head, and mend what is found")
    elif report.rules >= NEWEST and report.case in older:
        remedy = f"strike it off {LIST} beside the cases"
        yield Finding("rules", f"'{report.case}' is still listed as held to older rules", line, remedy)


def summary(reports: Sequence[Report]) -> str | None:
    """Say in a line how many cases are still held to older rules."""
    read = [report for report in reports if report.read is not None]
    older = [report for report in read if report.rules < NEWEST]
    if not older:
        return None
    return (
        f"{len(older)} of {len(read)} are still held to the rules of edition 1; "
        "scenarios check --all-rules lists what the newest ones ask of them"
    )
