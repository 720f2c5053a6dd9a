"""Markdown as a list of blocks that know their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

# The book parses the prose with MyST; here it only has to be cut at the same places.
_MARKDOWN = (
    MarkdownIt("commonmark")
    .use(front_matter_plugin)
    .use(dollarmath_plugin)
    .use(colon_fence_plugin)
    .use(myst_block_plugin)
    .use(myst_role_plugin)
)
_READS_AS_CONDITION = re.compile(r"if(\s|$)|else(\s*,|$)")
_CONDITION = re.compile(r"\s*`((?:if|else)\b[^`]*)`[ \t]*\n?[ \t]*")


@dataclass(frozen=True)
class Block:
    """One block: its kind, first line (from 1), line after its last, and its tokens."""

    kind: str
    line: int
    end: int
    tokens: tuple[Token, ...]

    @property
    def inline(self) -> Token | None:
        """The first inline token: a heading's or paragraph's text, or a list's first item's."""
        return next((token for token in self.tokens if token.type == "inline"), None)

    @property
    def tag(self) -> str:
        """HTML tag of the block, such as h2."""
        return self.tokens[0].tag

    def items(self) -> list[tuple[Block, ...]]:
        """Give the blocks of each list item."""
        found: list[tuple[Block, ...]] = []
        for item in _cut(self.tokens[1:-1]):
            found.append(tuple(_cut(item.tokens[1:-1])) or (item,))
        return found


def read(text: str) -> list[Block]:
    """Cut a document into its top-level blocks, comments left out."""
    return [block for block in _cut(_MARKDOWN.parse(text)) if block.kind != "myst_line_comment"]


def _cut(tokens: Sequence[Token]) -> Iterator[Block]:
    depth, start = 0, 0
    for index, token in enumerate(tokens):
        if depth == 0:
            start = index
        depth += token.nesting
        if depth == 0:
            first = tokens[start]
            begin, end = first.map or (0, 0)
            kind = first.type.removesuffix("_open")
            yield Block(kind, begin + 1, end + 1, tuple(tokens[start : index + 1]))


def source(lines: Sequence[str], line: int, end: int) -> str:
    """Give the source of some lines without their common indentation and trailing blank lines."""
    taken = [each.expandtabs(4) for each in lines[line - 1 : end - 1]]
    depth = min((len(each) - len(each.lstrip()) for each in taken if each.strip()), default=0)
    return "\n".join(each[depth:].rstrip() for each in taken).rstrip()


def split_condition(text: str) -> tuple[str, str, int] | None:
    """Cut `if …` or `else` from a paragraph: condition, rest, lines cut; None where there is none."""
    found = _CONDITION.match(text)
    if found is None:
        return None
    return found.group(1), text[found.end() :], found.group(0).count("\n")


def is_condition(token: Token) -> bool:
    """Tell whether an inline token is a code span that reads as a condition."""
    return token.type == "code_inline" and _READS_AS_CONDITION.match(token.content) is not None


def lines_before(children: Sequence[Token], index: int) -> int:
    """Count the line breaks before a child of an inline token, to name its exact line."""
    return sum(token.type in ("softbreak", "hardbreak") for token in children[:index])
