"""What every command of the course does alike: one line for bad input, the same exit codes.

0 done · 1 the work itself failed · 2 wrong usage or unreadable input · 3 isolation cannot be had.
"""

from __future__ import annotations

from typing import Any

import click

from coursefacts.errors import InputFault


class Commands(click.Group):
    """A group of commands that turns an InputFault into its line and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the chosen command; never show a traceback for bad input."""
        try:
            return super().invoke(ctx)
        except InputFault as fault:
            click.echo(str(fault), err=True)
            raise click.exceptions.Exit(2) from None
