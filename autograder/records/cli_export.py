"""`records export`: files that other systems take in."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.records import files
from autograder.records.command import FILE, db_option, example, open_home
from autograder.records.errors import Fault
from autograder.records.export import completions, scorm


@click.command(
    epilog=example(
        "records export --format csv --issuer issuer --out completions.csv",
        "records export --format scorm12 --html _build/html --module modules/export-controls \\",
        "    --out export-controls.zip",
    )
)
@click.option("--format", "kind", type=click.Choice(["csv", "scorm12"]), default="csv", show_default=True)
@click.option("--out", type=FILE, required=True, help="The file to write.")
@click.option("--issuer", "folder", type=FILE, help="csv: the issuer's folder.")
@click.option("--group", help="csv: what the office calls this group; without it, the id of the award.")
@click.option("--html", "site", type=FILE, help="scorm12: the folder of the built book.")
@click.option("--module", help="scorm12: the module's folder in it, such as modules/export-controls.")
@click.option(
    "--pass-mark",
    type=click.IntRange(0, 100),
    default=80,
    show_default=True,
    help="scorm12: the least score of the quiz in percent.",
)
@db_option
def export(
    kind: str,
    out: Path,
    folder: Path | None,
    group: str | None,
    site: Path | None,
    module: str | None,
    pass_mark: int,
) -> None:
    """Write the completion file of a compliance office (csv), or a module as a package (scorm12)."""
    if kind == "csv":
        if folder is None:
            raise click.UsageError("--format csv needs --issuer")
        files.write(out, completions.table(open_home(folder), group).encode("utf-8"), mode=0o600)
    else:
        if site is None or module is None:
            raise click.UsageError("--format scorm12 needs --html and --module")
        if module.startswith(("/", ".")) or ".." in Path(module).parts:
            raise Fault("--module names a folder outside of the book", remedy="give modules/NAME")
        files.write(out, scorm.pack(scorm.Package(site, module.strip("/"), pass_mark)))
    click.echo(str(out))
