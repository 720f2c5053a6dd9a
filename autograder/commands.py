"""What the commands print; the work itself is elsewhere."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from coursefacts.errors import InputFault

from autograder.course import Course
from autograder.files import write_json
from autograder.progress import shown as shown_progress
from autograder.strangers import clean_json, shown

if TYPE_CHECKING:
    from autograder.collecting.gather import Collected
    from autograder.grading.model import Result
    from autograder.grading.run import Order

__all__ = ["collected", "doctor", "evidence", "feedback", "grade", "practise"]


def grade(course: Course, order: Order, json_file: Path | None) -> None:
    """Grade with a progress bar, then say how it went."""
    from autograder.grading.run import grade as run
    from autograder.rooms.findings import NoIsolation

    if order.without_isolation:
        click.echo(_WARNING, err=True)
    try:
        with shown_progress(order.exercise, "notebook") as progress:
            order.progress, order.stage, order.note = progress, progress.stage, _note
            results = run(course, order)
    except KeyboardInterrupt:
        click.echo("stopped; what is graded stays graded, the same command goes on from here", err=True)
        raise click.exceptions.Exit(1) from None
    except NoIsolation as lack:
        click.echo(f"nothing was graded, for learner code cannot be isolated here: {lack}; {_MEND}", err=True)
        raise click.exceptions.Exit(3) from None
    if json_file is not None:
        from autograder.grading.model import as_document

        write_json(json_file, as_document(order.exercise, results))
    for result in results:
        click.echo(_line(result))
    click.echo(_summary(results))


def _note(text: str) -> None:
    click.echo(f"note: {shown(text, 1000)}", err=True)


_WARNING = (
    "warning: without isolation learner code runs with your rights, and no result can be certified; "
    "grade so only what you trust"
)
_MEND = "run `autograder doctor`, or see --without-isolation in `autograder grade --help`"


def _line(result: Result) -> str:
    score = "    held" if result.score is None else f"{result.score:8g}"
    odd = [reason for reason in result.reasons if reason not in _EVERYWHERE]
    told = (
        f"  {result.status}: {'; '.join(shown(reason) for reason in odd)}"
        if odd or result.status != "graded"
        else ""
    )
    return f"{shown(result.learner):24} {score} of {result.max_score:g}{told}"


def _summary(results: list[Result]) -> str:
    held = sum(result.status == "held" for result in results)
    review = sum(result.status == "needs-review" for result in results)
    unmarked = sum(any(cell.score is None for cell in result.cells) for result in results)
    certifiable = sum(result.certifiable for result in results)
    how = f"autograder mark {results[0].exercise}" if unmarked else ""
    marking = f", {unmarked} with a written part to mark ({how})" if unmarked else ""
    able = certifiable or "none"
    count = f"{len(results)} notebook{'' if len(results) == 1 else 's'}"
    return f"{count}: {held} held, {review} to look at{marking}, {able} certifiable"


_EVERYWHERE = {"graded without isolation", "practice: the course has no secret"}


def collected(said: Collected) -> None:
    """Say of each file what became of it, and what is left to do."""
    for word, names in (("taken", said.taken), ("known", said.known), ("ignored", said.ignored)):
        for name in names:
            click.echo(f"{word:8} {shown(name)}")
    for item in said.remarks:
        click.echo(f"look at  {shown(item['file'])}: {shown(item['remark'])}")
    for word, items in (("refused", said.refused), ("unsettled", said.unsettled)):
        for item in items:
            click.echo(f"{word:8} {shown(item['file'])}: {shown(item['reason'])}")
    waiting = f", {len(said.unsettled)} wait for you" if said.unsettled else ""
    click.echo(f"{len(said.taken)} taken, {len(said.known)} known, {len(said.refused)} refused{waiting}")
    if said.table is not None:
        click.echo(
            f"write whose they are into the last column of {said.table}, or - for nobody, and then: "
            "autograder collect --settle that file"
        )


def feedback(course: Course, exercise: str, learners: tuple[str, ...]) -> None:
    """Write feedback and say where it lies."""
    from autograder.feedback.write import write_feedback

    with shown_progress(exercise, "learner") as progress:
        written = write_feedback(course, exercise, learners, progress)
    for folder, reason in written.blocked.items():
        click.echo(f"blocked  {shown(folder)}: {reason}", err=True)
    if written.pages:
        click.echo(f"{len(written.pages)} pages of feedback, for example {written.pages[0]}")
    if written.blocked:
        raise click.exceptions.Exit(1)


def evidence(course: Course, out: Path | None, facts: Path | None, cases: Path | None) -> None:
    """Write the evidence, and say in one line what it comes to."""
    import coursefacts

    from autograder.evidence import make_evidence, outdated, wrong

    book = coursefacts.load(facts) if facts else coursefacts.load()
    if not book:
        raise InputFault("no facts in this folder", path=facts, remedy="give the folder with --facts DIR")
    if cases is not None and not cases.is_dir():
        raise InputFault("no such folder of cases", path=cases, remedy="give the folder with --cases DIR")
    made = make_evidence(course, book.digest, cases)
    if out is None:
        click.echo(clean_json(made))
    else:
        write_json(out, made)
        pieces = sum(len(one["evidence"]) for one in made["learners"])
        blocked = sum(len(one["blocked"]) for one in made["learners"])
        click.echo(f"{len(made['learners'])} learners, {pieces} pieces of evidence, {blocked} blocked: {out}")
    for line in outdated(made):
        click.echo(f"note: {shown(line, 300)}", err=True)
    faults = [shown(line, 1000) for line in wrong(course, made)]
    for line in faults:
        click.echo(line, err=True)
    if faults:
        click.echo(f"{len(faults)} blocked by a fault; all others are in the evidence.", err=True)
        raise click.exceptions.Exit(1)


def practise(
    course: Path, workspace: Path, exercise: str, notebook: str | None, *, show: bool | None, quiet: bool
) -> dict[str, Any]:
    """Grade the learner's own notebook, say how it went, and open the page of feedback."""
    from autograder import screen
    from autograder.grading.room import RoomFailed
    from autograder.practice.grade import practise as run
    from autograder.practice.own import read_own
    from autograder.practice.told import tell

    found = Course(course).must_exist()
    own = read_own(found, workspace, exercise, notebook)
    try:
        with shown_progress(exercise, "notebook") as progress:
            done = run(found, exercise, own, workspace / "transcripts", progress.stage)
    except KeyboardInterrupt:
        click.echo("stopped; the same command begins again", err=True)
        raise click.exceptions.Exit(1) from None
    except RoomFailed as reason:
        click.echo(f"{own.path.name} could not be run: {reason}; save it and try once more", err=True)
        raise click.exceptions.Exit(1) from None
    told = tell(found, exercise, own, done, workspace)
    page = workspace / "practice" / told["feedback"]
    if not quiet:
        for line in _practised(told, own.others, page):
            click.echo(line)
    if show or (show is None and not quiet and screen.can_show_a_browser()):
        screen.show(page)
    return told


def _practised(told: dict[str, Any], others: list[str], page: Path) -> list[str]:
    """Say part by part how it went."""
    lines = []
    for part in told["parts"]:
        score = "yours to mark" if part["score"] is None else f"{part['score']:g} of {part['max_score']:g}"
        said = f"  {shown(part['message'])}" if part["message"] else ""
        lines.append(f"{part['part']:24} {score:14}{said}".rstrip())
    beside = f" (not {', '.join(repr(shown(name)) for name in others)})" if others else ""
    auto = told["automatic"]
    lines.append(
        f"{told['name'] or 'You'}: {auto['score']:g} of {auto['max_score']:g} automatic points for "
        f"{told['notebook']}{beside}, as saved at {told['saved']}"
    )
    lines += [f"note: {shown(reason)}" for reason in told["reasons"] if reason not in _EVERYWHERE]
    return [*lines, f"feedback: {page}"]


_KINDS = {
    "root": "root, which is the stronger way",
    "user namespace": "an ordinary user, in a user namespace",
}


def doctor(course: Course, as_json: bool) -> None:
    """Print what was found; end with 3 when a needed wall is missing."""
    from autograder.doctor import examine, isolation, weaker
    from autograder.marking.settings import lacking

    found = examine()
    kind = isolation(found)
    less = weaker(found)
    lines = lacking(course) if course.root.is_dir() else []
    if as_json:
        walls = [asdict(one) for one in found]
        told = {"able": kind is not None, "in_use": kind is not None, "isolation": kind, "weaker": less}
        told["lacking_in_nbgrader_config"] = lines
        click.echo(json.dumps({"schema": "doctor/1", **told, "walls": walls}, indent=1))
    else:
        for one in found:
            mark = "yes" if one.ok else "NO "
            mend = f"; to mend: {one.remedy}" if one.remedy else ""
            click.echo(f"{mark}  {one.wall:19} {one.detail}{mend}")
        if kind is None:
            click.echo("This machine cannot isolate learner code, so `autograder grade` will not grade here.")
        else:
            click.echo(f"`autograder grade` isolates learner code here, as {_KINDS[kind]}.")
        for sentence in less:
            click.echo(f"Weaker here: {sentence}.")
        _formgrader(course, lines)
    if kind is None:
        raise click.exceptions.Exit(3)


def _formgrader(course: Course, lines: list[str]) -> None:
    """Say what a course made by an older version, or by nbgrader alone, lacks."""
    if not lines:
        return
    click.echo(
        "nbgrader's own pages can run what learners wrote, with your sign-in, in this course. "
        f"Add to {course.root / 'nbgrader_config.py'}:"
    )
    for line in lines:
        click.echo(f"    {line}")
