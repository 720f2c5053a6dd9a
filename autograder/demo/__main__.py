"""`python -m autograder.demo`, which `make demo` runs."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import click
from coursefacts.errors import InputFault

from autograder.demo.cohort import COHORT
from autograder.demo.story import Story, Teller

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: python -m autograder.demo --out _build/demo",
)
@click.option(
    "--out", type=FOLDER, default=Path("_build/demo"), show_default=True, help="Deleted and made anew."
)
@click.option("--source", type=FOLDER, default=Path("exercises/source"), show_default=True)
@click.option("--exercise", default="export-controls", show_default=True)
@click.option(
    "--awards", type=click.Path(path_type=Path), default=Path("exercises/awards.yml"), show_default=True
)
@click.option("--cases", type=FOLDER, default=Path("scenarios/cases"), show_default=True)
def main(out: Path, source: Path, exercise: str, awards: Path, cases: Path) -> None:
    """Take an invented class of twelve from release to verified record."""
    began = time.monotonic()
    story = Story(exercise, source.resolve(), awards.resolve(), cases.resolve(), out.resolve())
    try:
        Teller(story).tell()
    except InputFault as fault:
        click.echo(str(fault), err=True)
        raise SystemExit(1) from None
    click.echo(_table(story))
    click.echo((story.out / "report.txt").read_text(encoding="utf-8"))
    click.echo(_where(story))
    click.echo(f"{len(COHORT)} invented learners in {time.monotonic() - began:.0f} s")


def _table(story: Story) -> str:
    results = {one["learner"]: one for one in json.loads((story.out / "results.json").read_text())["results"]}
    evidence = {
        one["learner"]: one for one in json.loads((story.out / "evidence.json").read_text())["learners"]
    }
    lines = ["", f"{'learner':8} {'what they did':48} {'program':>8} {'in all':>8}  record"]
    for one in COHORT:
        result, mine = results[one.id], evidence[one.id]
        program = "held" if result["score"] is None else f"{result['score']:g}"
        graded = [piece for piece in mine["evidence"] if piece["kind"] == "exercise"]
        total = f"{graded[0]['score']:g}/{graded[0]['max_score']:g}" if graded else "–"
        record = story.issued.get(one.id) or _reason(mine)
        lines.append(f"{one.id:8} {one.does:48} {program:>8} {total:>8}  {record}")
    return "\n".join([*lines, ""])


def _reason(mine: dict[str, Any]) -> str:
    return f"none: {mine['blocked'][0]['reason']}" if mine["blocked"] else "none: not enough points or pieces"


def _where(story: Story) -> str:
    page = story.course / "feedback" / "eva" / story.exercise
    look = {
        "feedback for a learner": next(iter(sorted(page.glob("*.html"))), page),
        "report on the cohort": story.out / "report.html",
        "each result": story.out / "results.json",
        "evidence": story.out / "evidence.json",
        "records": story.out / "records",
        "certificates": story.out / "certificates",
        "page that checks them": story.out / "site" / "index.html",
        "nbgrader's gradebook": story.course / "gradebook.db",
    }
    return "\n".join(f"{what:24} {path}" for what, path in look.items())


if __name__ == "__main__":
    main()
