"""The command `scenarios`: check, play, compile, replay and begin cases.

Exit codes: 0 done · 1 a case is wrong, a walk goes astray, a transcript is not valid · 2 unreadable input.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import click
from coursefacts import FactBook
from coursefacts.command import Commands
from coursefacts.errors import InputFault, shorten
from tqdm import tqdm

from scenarios.engine import (
    drawing,
    editions,
    load,
    new,
    order,
    rules_course,
    rules_walks,
    transcript,
    walks,
)
from scenarios.engine.check import check_file
from scenarios.engine.compile import compile_case, json_schema
from scenarios.engine.dated import graded_until
from scenarios.engine.findings import Report
from scenarios.engine.play import Asker, player
from scenarios.engine.replay import replay
from scenarios.engine.report import graph, summary
from scenarios.engine.shelf import DEFAULT, Shelf
from scenarios.engine.walks import Walk

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group(cls=Commands)
@click.option(
    "--cases", type=_FOLDER, default=DEFAULT, show_default="scenarios/cases", help="Folder of the cases."
)
@click.option("--facts", type=_FOLDER, help="Folder of the facts [default: book/facts of the same course].")
@click.pass_context
def main(context: click.Context, cases: Path, facts: Path | None) -> None:
    """Read, prove, play, compile and replay branching cases.

    Example: scenarios check visitor-and-chip
    """
    context.obj = Shelf(cases, facts)


class _Command(Protocol):
    """A decorated command."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Run it."""


def _cases_too(command: Any) -> _Command:
    """Let --cases and --facts stand after the command's name as well."""
    for name, text in (("--facts", "Folder of the facts."), ("--cases", "Folder of the cases.")):
        command = click.option(
            name, type=_FOLDER, expose_value=False, callback=_move_shelf, help=text, is_eager=True
        )(command)
    return command  # type: ignore[no-any-return]  # click's decorators keep what they are given


def _move_shelf(context: click.Context, option: click.Parameter, value: Path | None) -> None:
    if value is not None:
        shelf: Shelf = context.obj
        cases = value if option.name == "cases" else shelf.folder
        context.obj = Shelf(cases, value if option.name == "facts" else shelf.facts_folder)


@main.command()
@click.argument("names", nargs=-1, metavar="[CASE]...")
@click.option("--json", "as_json", is_flag=True, help="Print findings and figures as JSON.")
@click.option("--report", "as_report", is_flag=True, help="Show where play goes, scene by scene.")
@click.option("--all-rules", is_flag=True, help="Also list what newer rules would ask of older cases.")
@click.option("--svg", "svg_folder", type=_FOLDER, help="Also draw each case into this folder.")
@_cases_too
@click.pass_context
def check(
    context: click.Context,
    names: tuple[str, ...],
    as_json: bool,
    as_report: bool,
    all_rules: bool,
    svg_folder: Path | None,
) -> None:
    """Prove cases: everything reachable, real dilemmas, no luck, no single-minded way, facts that exist.

    CASE is an id, a folder or a file; without one, every case is checked, and all of them together.

    --report shows the graph of each case, and how many plays come by each scene and take each choice: of a
    player at random, and of one who gets to the best ending.

    Example: scenarios check visitor-and-chip --report
    """
    shelf: Shelf = context.obj
    facts = shelf.facts()
    paths = [shelf.path(name) for name in names or shelf.ids()]
    if not paths:
        raise InputFault("no case in this folder", path=shelf.folder, remedy="begin one: scenarios new ID")
    reports = _checked(paths, facts, all_rules)
    for path, report in zip(paths, reports, strict=True):
        report.findings += editions.undeclared(report, path.resolve().parent.parent)
    together = None if names else rules_course.check(reports, everything=all_rules)
    if as_json:
        passed = all(report.passed for report in reports)
        whole = {} if together is None else {"together": together.plain()}
        cases = [report.plain() for report in reports]
        _print_json({"schema": "check/1", "passed": passed and _passed(together), "cases": cases, **whole})
    else:
        _print_reports([*reports, *([together] if together else [])], graphs=as_report)
        older = editions.summary(reports)
        if older is not None:
            click.echo(older)
    for report in reports:
        if svg_folder is not None and report.read is not None and report.heat is not None:
            _write(svg_folder / f"{report.case}.svg", drawing.svg(report.read, report.heat) + "\n")
    if not (all(report.passed for report in reports) and _passed(together)):
        context.exit(1)


def _passed(together: Report | None) -> bool:
    return together is None or together.passed


def _checked(paths: list[Path], facts: FactBook, all_rules: bool) -> list[Report]:
    """Check one case after the other, with a bar that also counts the states of a large one."""
    reports = []
    with tqdm(paths, desc="check", unit="case", disable=None) as bar:
        for path in bar:
            told = _Counter(bar, path.parent.name if path.suffix else path.name)
            reports.append(check_file(path, facts, told, all_rules=all_rules))
    return reports


@dataclass(frozen=True)
class _Counter:
    """Shows beside a bar how many states of a case have been found."""

    bar: Any
    name: str

    def __call__(self, states: int) -> None:
        """Show it."""
        self.bar.set_postfix_str(f"{self.name}: {states:,} states")


def _print_reports(reports: list[Report], graphs: bool) -> None:
    for report in reports:
        for finding in report.findings:
            click.echo(finding.say(report.path))
        click.echo(summary(report))
        if graphs and report.read is not None and report.heat is not None:
            click.echo("\n" + graph(report.read, report.heat) + "\n")


def _seed(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not order.SEED.fullmatch(value):
        raise InputFault(f"'{value}' is no seed", remedy="write eight digits from 0 to 9 and a to f")
    return value


@main.command()
@click.argument("name", metavar="CASE")
@click.option("--walk", "walk_file", type=_FILE, help="Play the choices of this file and stop.")
@click.option("--save", type=_FILE, help="Write the transcript to this file.")
@click.option("--seed", callback=_seed, help="Order in which choices are shown: eight hexadecimal digits.")
@_cases_too
@click.pass_context
def play(
    context: click.Context, name: str, walk_file: Path | None, save: Path | None, seed: str | None
) -> None:
    """Play a case or a quiz in the terminal, or follow a walk through it.

    Choices are shown in an order drawn from a seed, which the transcript holds; along a walk, and when the
    answers come through a pipe, in the order of the file.

    Example: scenarios play visitor-and-chip --save transcript.json
    """
    shelf: Shelf = context.obj
    case = shelf.case(name)
    walk = walks.read(walk_file) if walk_file else None
    if walk is not None and case.kind == "case":
        rules_walks.run(case, walk.path)
    started = transcript.now()
    if seed is None and walk is None and sys.stdin.isatty():
        seed = order.draw()
    session = player(case, shelf.facts(), click.echo, _follow(walk) if walk else _ask, seed)
    result = session.run()
    if save is not None:
        finished = transcript.now() if result is not None else None
        note = _note(case.kind) if finished and walk is None else ""
        made = transcript.make(
            case, session.choices, started, finished, session.seed, mended=session.mended, note=note
        )
        _write(save, json.dumps(made, indent=2) + "\n")
        click.echo(f"Transcript: {shorten(save)}", err=True)
    if walk is not None and result is None:
        click.echo(f"{shorten(walk.path)}: the walk stops before the end", err=True)
        context.exit(1)


def _note(kind: str) -> str:
    """Ask for the two sentences without which a case does not count."""
    if kind == "quiz":
        return ""
    return (_ask("Two sentences, on one line: what would you decide otherwise now, and why? ") or "").strip()


def _ask(prompt: str) -> str | None:
    """Ask the reader; None at the end of input."""
    click.echo(prompt, nl=False)
    line = sys.stdin.readline()
    if not line:
        click.echo()
        return None
    if not sys.stdin.isatty():
        click.echo(line.strip())
    return line


def _follow(walk: Walk) -> Asker:
    """Answer with the steps of a walk, one after the other."""
    steps = iter(walk.steps)

    def answer(prompt: str) -> str | None:
        step = next(steps, None)
        if step is None:
            return None
        numbers = step.answer if isinstance(step.answer, tuple) else (step.answer,)
        text = ",".join(map(str, numbers))
        click.echo(f"{prompt}{text}")
        return text

    return answer


@main.command("compile")
@click.argument("name", metavar="CASE")
@_cases_too
@click.pass_context
def compile_command(context: click.Context, name: str) -> None:
    """Print a case as `scenario/1`, the JSON that every player reads.

    Example: scenarios compile visitor-and-chip > case.json
    """
    shelf: Shelf = context.obj
    _print_json(compile_case(shelf.case(name)))


@main.command("replay")
@click.argument("file", type=_FILE, metavar="TRANSCRIPT")
@_cases_too
@click.pass_context
def replay_command(context: click.Context, file: Path) -> None:
    """Say as JSON what a transcript is worth: everything is recomputed from its choices.

    Example: scenarios replay workspace/transcripts/visitor-and-chip.json
    """
    shelf: Shelf = context.obj
    read = transcript.read(file)
    case = shelf.find(read.case)
    # Only a quiz asks what the facts say, and only one that quotes some.
    until = graded_until(case, shelf.facts()) if case and case.kind == "quiz" and case.facts else {}
    verdict = replay(read, case, until)
    _print_json(verdict)
    if not verdict["valid"]:
        context.exit(1)


@main.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of `scenario/1`.

    Example: scenarios schema > scenarios/engine/scenario-1.schema.json
    """
    _print_json(json_schema())


@main.command("new")
@click.argument("case_id", metavar="CASE")
@click.option("--title", help="Title of the case [default: from the id].")
@click.option("--module", default="export-controls", show_default=True, help="Module that it belongs to.")
@_cases_too
@click.pass_context
def new_command(context: click.Context, case_id: str, title: str | None, module: str) -> None:
    """Begin a case: a small one that passes every check, to be rewritten scene by scene.

    Example: scenarios new the-shared-drive --title "The shared drive"
    """
    shelf: Shelf = context.obj
    facts = shelf.facts()
    folder = new.make(shelf.folder, case_id, title, module, facts)
    report = check_file(folder, facts)
    for finding in report.findings:
        click.echo(finding.say(report.path), err=True)
    click.echo(f"{shorten(folder / 'case.md')}: written; next: scenarios play {load(folder).id}")
    if not report.passed:
        context.exit(1)


def _print_json(data: Any) -> None:
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


def _write(path: Path, text: str) -> None:
    """Write whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(path.name + ".part")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise InputFault(
            f"cannot be written ({error.strerror})", path=path, remedy="choose another file"
        ) from None


if __name__ == "__main__":
    main()
