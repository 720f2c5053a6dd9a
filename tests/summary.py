"""The last lines of a run: what failed, a line each, with the command that runs it alone.

What the machine lacks (no Chromium, no space, no answer from a registry) is told apart from what the course
does wrong: the first is mended outside the repository.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

import pytest

from tests.machine import lack_of

MACHINE = "machine"
_WIDTH = 160


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Iterator[None]:  # a wrapper yields once, and gives the report on
    """Note on a failed report what the machine lacked; and whether the test is a proof."""
    report = yield
    if report.failed:
        chore = "proof" if item.get_closest_marker("proof") else "test"
        report.user_properties.append(("chore", chore))
        if lack := lack_of(call.excinfo.value if call.excinfo else None):
            report.user_properties.append((MACHINE, lack))
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Write the lines."""
    failed = [*terminalreporter.getreports("failed"), *terminalreporter.getreports("error")]
    lines = sorted({line_of(report) for report in failed})
    for which, title in (
        (MACHINE, "what this machine lacks (the course may be sound)"),
        ("course", "what failed"),
    ):
        mine = [text for kind, text in lines if kind == which]
        if mine:
            terminalreporter.section(title)
            for text in mine:
                terminalreporter.write_line(text)


def line_of(report: Any) -> tuple[str, str]:
    """Tell in one line what a report says, and how to run its test alone."""
    told = dict(getattr(report, "user_properties", []))
    alone = f"python3 start.py {told.get('chore', 'test')} {shlex.quote(report.nodeid)}"
    if MACHINE in told:
        return MACHINE, f"{told[MACHINE]} · {alone}"
    return "course", f"{reason(report)} · {alone}"


def reason(report: Any) -> str:
    """Give the first line of what went wrong, as short as a line allows."""
    crash = getattr(report.longrepr, "reprcrash", None)
    text = crash.message if crash is not None else str(report.longrepr or report.outcome)
    first = next((line.strip() for line in text.splitlines() if line.strip()), report.outcome)
    return first if len(first) <= _WIDTH else f"{first[: _WIDTH - 1]}…"
