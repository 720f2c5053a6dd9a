"""Lines for a terminal: wrapped to its width, bold where it can, plain where it cannot."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Iterator

import click

_ITEM = re.compile(r"\s*([-*+>]|\d+[.)])\s+")
WIDEST = 88


def width() -> int:
    """Give a width that reads well, within the terminal's."""
    return max(20, min(WIDEST, shutil.get_terminal_size((80, 24)).columns - 1))


def signed(value: int) -> str:
    """Write a score with its sign, and nought without one."""
    return f"{value:+d}" if value else "0"


def heading(text: str) -> str:
    """Make a heading; the styles vanish by themselves where output is no terminal."""
    return click.style(text, bold=True)


def wrap(text: str, columns: int, indent: str = "") -> str:
    """Wrap paragraphs and list items, each paragraph's lines joined first."""
    return "\n\n".join(
        _block(block, columns, indent) for block in re.split(r"\n\s*\n", text) if block.strip()
    )


def _block(block: str, columns: int, indent: str) -> str:
    return "\n".join(
        textwrap.fill(
            words,
            width=columns,
            initial_indent=indent + first,
            subsequent_indent=indent + " " * len(first),
            break_long_words=True,
            break_on_hyphens=False,
        )
        for first, words in _runs(block)
    )


def _runs(block: str) -> Iterator[tuple[str, str]]:
    """Give the items of a list, or a whole paragraph: what leads the first line, and the words."""
    first, words = "", list[str]()
    for line in block.splitlines():
        item = _ITEM.match(line)
        if item is not None:
            if words:
                yield first, " ".join(words)
            first, words = f"{item.group(1)} ", [line[item.end() :].strip()]
        else:
            words.append(line.strip())
    if words:
        yield first, " ".join(words)
