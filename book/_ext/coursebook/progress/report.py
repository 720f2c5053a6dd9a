"""The unsigned report as one page of HTML: no script, no other file, one or two sheets of paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from coursebook.plan import Plan, PlannedModule, hours
from coursebook.progress import standing
from coursebook.progress.state import Progress

UNSIGNED = (
    "Unsigned and self-reported: this report was made by the learner's own computer from what it had kept, "
    "and nobody has checked it. A signed record needs an institution that graded the work."
)
PRACTICE = (
    "A practice result counts for no award; it tells you whether you are ready. "
    "Only your institution knows what it has graded."
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = Path(__file__).with_name("report.css")


def page(
    plan: Plan,
    known: Progress,
    awards: Sequence[Mapping[str, Any]],
    endings: Mapping[str, int],
    *,
    now: str,
    learner: str = "",
    note: str = "",
) -> str:
    """Write the report."""
    parts = list(plan.parts())
    left = sum(len(standing.left_of(module, known)) for module in plan.modules)
    who = f"<p>Learner, by their own word: {escape(learner)}</p>" if learner else ""
    extra = f'<p class="note">{escape(note)}</p>' if note else ""
    done = f"{len(parts) - left} of {len(parts)} parts done"
    made = f"{standing.day(now)}. {done}, from the workspace of the course."
    tables = "".join(_module(module, known, endings) for module in plan.modules)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><title>Progress report</title>'
        f"<style>{STYLE.read_text(encoding='utf-8')}</style></head><body><main>"
        "<h1>Progress report</h1><p>Open by Default, Guarded by Design: "
        f'research security for quantum science</p><p class="note">{UNSIGNED}</p>{extra}{who}<p>{made}</p>'
        f"{tables}{_awards(plan, known, awards)}</main></body></html>\n"
    )


def _module(module: PlannedModule, known: Progress, endings: Mapping[str, int]) -> str:
    left = standing.left_of(module, known)
    minutes = sum(part.minutes for part in left)
    caption = f"{module.title}: {len(module.parts) - len(left)} of {len(module.parts)} parts"
    caption += f", about {hours(minutes)} left" if minutes else ""
    rows = []
    for part in module.parts:
        one = standing.of_part(part, known, endings)
        when = standing.day(one.at) if one.level and one.at else ""
        told = one.words or f"not yet, {part.minutes} min"
        rows.append(
            f'<tr class="{one.level}"><th scope="row">{escape(part.title)}</th>'
            f"<td>{escape(told)}</td><td>{when}</td></tr>"
        )
    head = "".join(f'<th scope="col">{word}</th>' for word in ("Part", "What you have", "Date"))
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _awards(plan: Plan, known: Progress, awards: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for award in awards:
        played, graded = standing.left_for(award, plan, known)
        asks = f"still to play: {'; '.join(played)}." if played else "all cases and quizzes are done."
        rows.append(
            f"<li><strong>{escape(award['title'])}</strong>: {escape(asks)} "
            f"To be graded by an institution: {escape('; '.join(graded))}.</li>"
        )
    listed = f"<ul>{''.join(rows)}</ul>"
    return f"<h2>What is left for each award</h2><p>{PRACTICE}</p>{listed}" if rows else ""
