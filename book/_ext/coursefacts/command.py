"""What every command of the course does alike: one line for bad input, the same exit codes.

0 done · 1 the work itself failed · 2 wrong usage or unreadable input · 3 isolation cannot be had.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, Any

import click

from coursefacts.errors import InputFault


class WrongUsage(click.UsageError):
    """Wrong options or arguments, told in one line instead of click's four."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print what is wrong and where help is."""
        path = self.ctx.command_path if self.ctx else Path(sys.argv[0]).name
        what = " ".join(self.format_message().split()).rstrip(".")
        click.echo(f"{path}: {what}; see '{path} --help'", file=file, err=file is None)


def brief(error: click.UsageError) -> click.UsageError:
    """Make a usage error brief; a call without any command still shows the help."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error
    return WrongUsage(error.format_message(), error.ctx)


def harmless(text: str) -> str:
    """Give text that a terminal only shows: a fault may name a file that a stranger has named."""
    return "".join(one if one.isprintable() or one in "\n\u00a0" else "?" for one in text)


class Commands(click.Group):
    """A group of commands that turns an InputFault into its line and exit code 2."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the group's own options."""
        try:
            return super().make_context(*args, **extra)
        except click.UsageError as error:
            raise brief(error) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run the chosen command; never show a traceback for bad input."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise brief(error) from None
        except InputFault as fault:
            click.echo(harmless(str(fault)), err=True)
            raise click.exceptions.Exit(2) from None
