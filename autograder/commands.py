"""What the commands print; the work itself is elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
from coursefacts.errors import InputFault
from tqdm import tqdm

from autograder.course import Course
from autograder.files import write_json

__all__ = ["doctor", "evidence", "feedback", "grade"]


@contextmanager
def _bar(what: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """Show progress on standard error, where that is a terminal."""
    with tqdm(total=0, unit=unit, disable=None, desc=what) as bar:

        def progress(done: int, all_: int) -> None:
            bar.total = all_
            bar.update(done - bar.n)

        yield progress


def grade(
    course: Course, exercise: str, learners: tuple[str, ...], jobs: int, force: bool, json_file: Path | None
) -> None:
    """Grade with a progress bar, then say how it went."""
    from autograder.grading.model import Result, as_document
    from autograder.grading.run import Order
    from autograder.grading.run import grade as run

    try:
        with _bar(exercise, "notebook") as progress:
            results: list[Result] = run(course, Order(exercise, learners, jobs, force, progress))
    except KeyboardInterrupt:
        click.echo("stopped; what is graded stays graded, the same command goes on from here", err=True)
        raise click.exceptions.Exit(1) from None
    if json_file is not None:
        write_json(json_file, as_document(exercise, results))
    for result in results:
        score = "    held" if result.score is None else f"{result.score:8g}"
        odd = [reason for reason in result.reasons if reason not in _EVERYWHERE]
        told = f"  {result.status}: {'; '.join(odd)}" if odd or result.status != "graded" else ""
        click.echo(f"{result.learner:24} {score} of {result.max_score:g}{told}")
    held = sum(result.status == "held" for result in results)
    review = sum(result.status == "needs-review" for result in results)
    unmarked = sum(any(cell.score is None for cell in result.cells) for result in results)
    marking = f", {unmarked} with a part for you to mark in formgrader" if unmarked else ""
    click.echo(
        f"{len(results)} notebooks: {held} held, {review} to look at{marking}; "
        "certifiable: none (no isolation yet)"
    )


_EVERYWHERE = {"graded without isolation", "practice: the course has no secret"}


def feedback(course: Course, exercise: str, learners: tuple[str, ...]) -> None:
    """Write feedback and say where it lies."""
    from autograder.feedback.write import write_feedback

    with _bar(exercise, "learner") as progress:
        pages = write_feedback(course, exercise, learners, progress)
    click.echo(f"{len(pages)} pages of feedback, for example {pages[0]}")


def evidence(course: Course, out: Path | None, facts: Path | None, cases: Path | None) -> None:
    """Write the evidence, and say in one line what it comes to."""
    import coursefacts

    from autograder.evidence import make_evidence

    book = coursefacts.load(facts) if facts else coursefacts.load()
    if not book:
        raise InputFault("no facts in this folder", path=facts, remedy="give the folder with --facts DIR")
    if cases is not None and not cases.is_dir():
        raise InputFault("no such folder of cases", path=cases, remedy="give the folder with --cases DIR")
    made = make_evidence(course, book.digest, cases)
    if out is None:
        click.echo(json.dumps(made, indent=1, ensure_ascii=False))
        return
    write_json(out, made)
    pieces = sum(len(one["evidence"]) for one in made["learners"])
    blocked = sum(len(one["blocked"]) for one in made["learners"])
    click.echo(f"{len(made['learners'])} learners, {pieces} pieces of evidence, {blocked} blocked: {out}")


def doctor(as_json: bool) -> None:
    """Print what was found; end with 3 when a needed wall is missing."""
    from autograder.doctor import examine

    found = examine()
    able = all(one.ok for one in found if one.needed)
    if as_json:
        walls = [asdict(one) for one in found]
        click.echo(
            json.dumps({"schema": "doctor/1", "able": able, "in_use": False, "walls": walls}, indent=1)
        )
    else:
        for one in found:
            mark = "yes" if one.ok else "NO "
            mend = f"; to mend: {one.remedy}" if one.remedy else ""
            click.echo(f"{mark}  {one.wall:17} {one.detail}{mend}")
        could = "could" if able else "could not"
        click.echo(f"This machine {could} isolate learner code.")
        click.echo("Grading does not do so yet: it runs without isolation, and no result can be certified.")
    if not able:
        raise click.exceptions.Exit(3)
