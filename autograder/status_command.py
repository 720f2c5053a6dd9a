"""What `autograder status` prints and writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from autograder.collecting.unsettled import TABLE, Unsettled
from autograder.course import Course
from autograder.spreadsheet import write_table
from autograder.status import STATES, Exercise, Standing, State, make_status
from autograder.strangers import clean_json, shown

__all__ = ["status"]

_HEAD = (
    *("exercise", "learner", "name", "section", "state", "late", "received"),
    *("score", "max_score", "open_points", "penalty", "reason", "attempts", "attempt", "picked"),
    *("extended", "changed"),
)
_NEXT: dict[State, str] = {
    "to look at": "autograder marks review {}",
    "to grade": "autograder grade {}",
    "to mark": "autograder mark {}",
}


def status(
    course: Course, exercises: tuple[str, ...], *, section: str | None, as_json: bool, table: Path | None
) -> None:
    """Tell where everybody stands."""
    found = make_status(course, exercises, section)
    if table is not None:
        rows = [[_cell(_plain(one)[name]) for name in _HEAD] for each in found for one in each.standings]
        write_table(table, _HEAD, rows, 0o600)
    if as_json:
        told = [
            {
                "exercise": each.exercise,
                "due": each.due,
                "counts": {state: len(each.of(state)) for state in STATES},
                "learners": [_plain(one) for one in each.standings],
            }
            for each in found
        ]
        waiting = [one.origin for one in Unsettled(course).open()]
        click.echo(clean_json({"schema": "status/1", "exercises": told, "unsettled": waiting}))
        return
    click.echo("\n\n".join("\n".join(_lines(each)) for each in found) or "the course has no exercise yet")
    if many := len(Unsettled(course).open()):
        click.echo(f"\n{many} collected files are nobody's yet; say whose they are in {course.root / TABLE}")


def _plain(one: Standing) -> dict[str, Any]:
    who = one.learner
    return {
        "exercise": one.exercise,
        "learner": who.id,
        "name": who.name,
        "section": who.section,
        "state": one.state,
        "late": one.late,
        "received": one.received,
        "score": one.score,
        "max_score": one.max_score,
        "open_points": one.open_points,
        "penalty": one.penalty,
        "reason": one.reason,
        "on_roster": one.on_roster,
        "attempts": one.attempts,
        "attempt": one.attempt,
        "picked": one.picked,
        "extended": one.extended,
        "changed": one.changed,
    }


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    return f"{value:g}" if isinstance(value, float) else shown(str(value))


def _lines(each: Exercise) -> list[str]:
    """Say how many are where, then who needs something done."""
    handed = [one for one in each.standings if one.state not in ("missing", "excused")]
    late = sum(one.late for one in handed)
    due = f", due {each.due[:16].replace('T', ' ')} UTC" if each.due else ""
    lines = [
        f"{each.exercise}{due}: {len(handed)} of {len(each.standings)} handed in"
        + (f", {late} late" if late else "")
    ]
    again = sum(one.attempts > 1 for one in handed)
    if again:
        lines.append(f"  {again} handed in more than once: autograder attempts {each.exercise}")
    changed = sum(one.changed for one in each.standings)
    if changed:
        lines.append(
            f"  {each.exercise} has changed since the scores of {changed} were made; "
            f"to bring them up to date: autograder grade {each.exercise}"
        )
    counts = [f"{len(each.of(state))} {state}" for state in STATES[1:] if each.of(state)]
    lines += [f"  {', '.join(counts)}"] if counts else []
    told: tuple[State, ...] = ("missing", "held", "to look at", "excused")
    lines += [_line(state, one) for state in told for one in each.of(state)]
    lines += [_line("late", one) for one in handed if one.late]
    lines += [_line("more time", one) for one in each.standings if one.extended]
    lines += [_line("picked", one) for one in each.standings if one.picked]
    lines += [_line("not on the roster", one) for one in handed if not one.on_roster]
    lines += [f"  next: {what.format(each.exercise)}" for state, what in _NEXT.items() if each.of(state)]
    return lines


def _line(what: str, one: Standing) -> str:
    who = one.learner
    section = f" ({who.section})" if who.section else ""
    told = one.reason
    if what == "late":
        taken = f", {one.penalty:g} points taken off" if one.penalty else ""
        told = f"came {(one.received or '')[:16].replace('T', ' ')} UTC{taken}"
    elif what in {"more time", "picked"}:
        told = one.extended if what == "more time" else one.picked
    reason = f": {told}" if told else ""
    name = who.name if who.name != who.id else ""
    return shown(f"  {what:10} {who.id:12} {name}{section}{reason}")
