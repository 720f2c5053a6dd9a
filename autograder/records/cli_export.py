"""`records export`: files that other systems take in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from autograder.records import files
from autograder.records.command import FILE, Moment, db_option, example, left_out, open_current
from autograder.records.errors import Fault
from autograder.records.export import cmi5, completions, layouts, people, scorm

PACKERS = {"scorm12": scorm.pack, "cmi5": cmi5.pack}


@click.command(
    epilog=example(
        "records export --format csv --issuer issuer --out completions.csv",
        "records export --format csv --layout kuali --issuer issuer --evidence evidence.json --out kuali.csv",
        "records export --format cmi5 --html _build/html --module modules/export-controls \\",
        "    --out export-controls.zip",
    )
)
@click.option("--format", "kind", type=click.Choice(["csv", *PACKERS]), default="csv", show_default=True)
@click.option("--out", type=FILE, required=True, help="The file to write.")
@click.option("--issuer", "folder", type=FILE, help="csv: the issuer's folder.")
@click.option(
    "--layout",
    type=click.Choice(layouts.NAMES),
    help="csv: whose columns; without it, plain.",
)
@click.option("--columns", "columns", type=FILE, help="csv: your own map of columns (columns/1, YAML).")
@click.option(
    "--evidence",
    "evidence",
    type=FILE,
    multiple=True,
    help="csv: the evidence with names, addresses and sections; repeat it for earlier classes.",
)
@click.option("--group", help="csv: the group of who has no section; without it, the id of the award.")
@click.option("--roster", type=FILE, help="csv: a roster whose sections go before those of the evidence.")
@click.option("--since", type=Moment(), help="csv: only records issued on this day or later.")
@click.option("--html", "site", type=FILE, help="scorm12, cmi5: the folder of the built book.")
@click.option("--module", help="scorm12, cmi5: the module's folder in it, such as modules/export-controls.")
@click.option(
    "--pass-mark",
    type=click.IntRange(0, 100),
    default=80,
    show_default=True,
    help="scorm12, cmi5: the least score of the quiz in percent.",
)
@db_option
def export(
    kind: str,
    out: Path,
    folder: Path | None,
    layout: str | None,
    columns: Path | None,
    evidence: tuple[Path, ...],
    group: str | None,
    roster: Path | None,
    since: datetime | None,
    site: Path | None,
    module: str | None,
    pass_mark: int,
) -> None:
    """Write the completion file of a compliance office (csv), or a module as a package (scorm12, cmi5)."""
    if kind == "csv":
        if folder is None:
            raise click.UsageError("--format csv needs --issuer")
        if layout is not None and columns is not None:
            raise click.UsageError("choose between --layout and --columns")
        chosen = layouts.load(columns) if columns else layouts.builtin(layout or "plain")
        _completions(folder, out, chosen, evidence, group, roster, since)
        return
    if site is None or module is None:
        raise click.UsageError(f"--format {kind} needs --html and --module")
    if module.startswith(("/", ".")) or ".." in Path(module).parts:
        raise Fault("--module names a folder outside of the book", remedy="give modules/NAME")
    files.write(out, PACKERS[kind](scorm.Package(site, module.strip("/"), pass_mark)))
    click.echo(str(out))


def _completions(
    folder: Path,
    out: Path,
    layout: layouts.Layout,
    evidence: tuple[Path, ...],
    group: str | None,
    roster: Path | None,
    since: datetime | None,
) -> None:
    """Write the completion file, and say of whom no name is known though the layout has a place for it."""
    if layout.personal and not evidence:
        raise click.UsageError("this layout has names or addresses, which only --evidence knows")
    known, faults = people.people(evidence)
    sections = people.sections(roster) if roster else {}
    text, nameless = completions.write(
        open_current(folder), completions.Feed(layout, group, sections, known, since)
    )
    files.write(out, text.encode("utf-8"), mode=0o600)
    click.echo(str(out))
    if nameless:
        shown = ", ".join(nameless[:5]) + (" …" if len(nameless) > 5 else "")
        click.echo(
            f"{len(nameless)} of the learners have no name here ({shown}): "
            "add the --evidence of their classes",
            err=True,
        )
    left_out(faults)
