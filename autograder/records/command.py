"""What the commands of `records` do alike: one line for bad input, the same exit codes, the same options.

0 done · 1 refused, or a record is not valid · 2 wrong usage or unreadable input.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import IO, Any, TypeVar

import click

from autograder.records import chain, files, issuer, keys, times
from autograder.records.errors import Fault, Refused
from autograder.records.issuer import Home
from autograder.records.proof import Signer

Function = TypeVar("Function", bound=Callable[..., Any])
SHORTEST = 8
FILE = click.Path(path_type=Path)
PUBLISH = "Now publish the new status lists: records publish DIR"


class WrongUsage(click.UsageError):
    """Wrong options or arguments, told in one line instead of click's four."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print what is wrong and where help is."""
        path = self.ctx.command_path if self.ctx else Path(sys.argv[0]).name
        what = " ".join(self.format_message().split()).rstrip(".")
        click.echo(f"{path}: {what}; see '{path} --help'", file=file, err=file is None)


class Commands(click.Group):
    """A group of commands that turns a Fault into its line and its exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the chosen command; never show a traceback for bad input."""
        try:
            return super().invoke(ctx)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            raise WrongUsage(error.format_message(), error.ctx) from None
        except Fault as fault:
            click.echo(str(fault), err=True)
            raise click.exceptions.Exit(1 if isinstance(fault, Refused) else 2) from None
        except sqlite3.Error as error:
            click.echo(f"the ledger cannot be used ({error}); nothing was half-written", err=True)
            raise click.exceptions.Exit(2) from None
        except BrokenPipeError:
            raise
        except OSError as error:
            click.echo(f"{error.filename or 'a file'}: cannot be used ({error.strerror})", err=True)
            raise click.exceptions.Exit(2) from None


class Moment(click.ParamType[datetime]):
    """A day or a moment in UTC."""

    name = "date"

    def __init__(self, *, last: bool = False) -> None:
        self.last = last

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read 2026-11-22 or 2026-11-22T10:00:00Z."""
        if isinstance(value, datetime):
            return value
        try:
            return times.day_or_moment(str(value), last=self.last)
        except ValueError:
            self.fail("write 2026-11-22 or 2026-11-22T10:00:00Z", param, ctx)


def example(*lines: str) -> str:
    """The end of a command's help."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def issuer_option(function: Function) -> Function:
    """`--issuer DIR`, and `--db` for a ledger that is not in it; `open_home` reads both."""
    option = click.option("--issuer", "folder", type=FILE, required=True, help="The issuer's folder.")
    return option(db_option(function))


def db_option(function: Function) -> Function:
    """`--db ADDRESS`: where the ledger is, when it is not in the issuer's folder."""
    text = "postgresql://USER@HOST/DATABASE, where the ledger is there and not in the issuer's folder."
    option = click.option(
        "--db", envvar="RECORDS_DB", show_envvar=True, expose_value=False, callback=_keep_db, help=text
    )
    return option(function)


def _keep_db(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    ctx.meta["records.db"] = value


def db_address() -> str | None:
    """What `--db` says."""
    found: str | None = click.get_current_context().meta.get("records.db")
    return found


def open_home(folder: Path) -> Home:
    """Open an issuer's folder with the ledger that `--db` names."""
    return issuer.open_home(folder, db_address())


def open_current(folder: Path, *, published_keys: bool = True) -> Home:
    """Open an issuer's folder to write in it, or to tell others what they rely on.

    An older copy of it, and a ledger that somebody changed, are refused.
    """
    home = open_home(folder)
    chain.check_home(home, keys=published_keys)
    return home


def evidence_option(function: Function) -> Function:
    """`--evidence FILE`, as often as there are courses."""
    text = "From `autograder evidence`; several courses' files add up."
    return click.option("--evidence", type=FILE, multiple=True, required=True, help=text)(function)


def passphrase_option(function: Function) -> Function:
    """`--passphrase-file FILE`."""
    text = "First line: the passphrase of the key. Without it you are asked, where there is a terminal."
    return click.option("--passphrase-file", type=FILE, help=text)(function)


def ask_option(function: Function) -> Function:
    """`--ask-passphrase`."""
    text = "Ask for a new passphrase, twice, and encrypt the key with it."
    return click.option("--ask-passphrase", "ask", is_flag=True, help=text)(function)


def new_passphrase(file: Path | None, ask: bool) -> str | None:
    """The passphrase of a new key: from a file, from the person, or none."""
    if ask and file is not None:
        raise click.UsageError("choose between --ask-passphrase and --passphrase-file")
    if not ask:
        return read_passphrase(file)
    phrase = str(click.prompt("New passphrase", hide_input=True, confirmation_prompt=True, err=True))
    if len(phrase) < SHORTEST:
        raise Fault(f"the passphrase has fewer than {SHORTEST} characters", remedy="choose a longer one")
    return phrase


def json_option(function: Function) -> Function:
    """`--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")(function)


def left_out(faults: Iterable[Fault]) -> None:
    """Say at the end what was left out while the others went on; that is exit 1."""
    told = [str(fault) for fault in faults]
    for line in told:
        click.echo(line, err=True)
    if told:
        click.echo(f"{len(told)} left out; all others are done.", err=True)
        raise click.exceptions.Exit(1)


def open_signer(folder: Path, passphrase_file: Path | None, *, publish: bool = False) -> tuple[Home, Signer]:
    """Open an issuer's folder and its key; to publish, the one for that, where there is one."""
    home = open_home(folder)
    key = (home.publishing if publish else None) or home.active
    return home, home.signer(old_passphrase(home.key_file(key), passphrase_file), key)


def old_passphrase(key_file: Path, passphrase_file: Path | None) -> str | None:
    """The passphrase of a key that is there: from a file, from the person, or none."""
    phrase = read_passphrase(passphrase_file)
    if phrase is None and keys.encrypted(key_file) and sys.stdin.isatty():
        phrase = str(click.prompt("Passphrase", hide_input=True, err=True))
    return phrase


def read_passphrase(file: Path | None) -> str | None:
    """The first line of a file that only its owner should read."""
    if file is None:
        return None
    files.private(file, "passphrase file")
    try:
        phrase = file.read_text("utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError):
        raise Fault("cannot be read as text", path=file, remedy="name a file with the passphrase") from None
    if len(phrase) < SHORTEST:
        what = f"holds a passphrase of fewer than {SHORTEST} characters"
        raise Fault(what, path=file, remedy="use a longer one")
    return phrase


def show(content: Any) -> None:
    """Print JSON on standard output."""
    click.echo(json.dumps(content, indent=2, ensure_ascii=False))


def show_each(contents: Iterable[Any]) -> int:
    """Print a JSON array on standard output, one after the other, and tell how many: the list may be long."""
    number = 0
    for number, content in enumerate(contents, 1):
        text = json.dumps(content, indent=2, ensure_ascii=False).replace("\n", "\n  ")
        click.echo(f"{',' if number > 1 else '['}\n  {text}", nl=False)
    click.echo("\n]" if number else "[]")
    return number
