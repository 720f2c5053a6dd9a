"""Blocks of a case as MyST source with lines and conditions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from coursefacts.errors import InputFault

from scenarios.engine.blocks import Block, is_condition, lines_before, source, split_condition
from scenarios.engine.conditions import ConditionFault, Vocabulary, both, negate, parse
from scenarios.engine.model import Condition, Prose


class ProseReader:
    """Turns blocks into prose; neighbouring blocks without a condition stay together."""

    def __init__(self, path: Path | None, lines: Sequence[str], words: Vocabulary) -> None:
        self.path = path
        self.lines = lines
        self.words = words

    def read(self, blocks: Iterable[Block]) -> tuple[Prose, ...]:
        """Read a run of blocks; raise InputFault at a condition that cannot be read."""
        found: list[Prose] = []
        plain: list[Block] = []
        run = _Run(self)
        for block in blocks:
            self._refuse_stray(block)
            if run.waiting is None and not _begins_with_condition(block):
                plain.append(block)
                run.earlier = None
                continue
            found += self._join(plain)
            plain = []
            conditional = run.take(block)
            if conditional is not None:
                found.append(conditional)
        if run.waiting is not None:
            raise self.fault("a condition without a text", run.line, "write the text after `if …`")
        return (*found, *self._join(plain))

    def unconditional(self, blocks: Sequence[Block]) -> tuple[Prose, ...]:
        """Read blocks that no play changes, such as speaker notes."""
        found = self.read(blocks)
        for prose in found:
            if prose.when is not None:
                remedy = "take the condition out: notes are read whatever was chosen"
                raise self.fault("a condition in speaker notes", prose.line, remedy)
        return found

    def _join(self, blocks: Sequence[Block]) -> list[Prose]:
        if not blocks:
            return []
        first = blocks[0].line
        return [Prose(source=source(self.lines, first, blocks[-1].end), line=first)]

    def _refuse_stray(self, block: Block) -> None:
        """Refuse a condition that stands where it would be shown and not obeyed."""
        for token in block.tokens:
            children = token.children or []
            line = (token.map or [block.line - 1])[0] + 1
            for index, child in enumerate(children):
                leading = block.kind == "paragraph" and index == 0
                if is_condition(child) and not leading:
                    remedy = "put it at the beginning of a paragraph"
                    at = line + lines_before(children, index)
                    raise self.fault(f"the condition `{child.content}` is not obeyed here", at, remedy)

    def fault(self, what: str, line: int, remedy: str) -> InputFault:
        """Make a fault of this file."""
        return InputFault(what, path=self.path, line=line, remedy=remedy)


def _begins_with_condition(block: Block) -> bool:
    children = (block.inline.children if block.inline else None) or []
    return block.kind == "paragraph" and bool(children) and is_condition(children[0])


class _Run:
    """Conditions one after the other: `else` is whatever none of those before it was."""

    def __init__(self, reader: ProseReader) -> None:
        self.reader = reader
        self.earlier: Condition | None = None
        """Holds when no condition of the run so far does; None at its beginning."""
        self.waiting: Condition | None = None
        """A condition that stood alone: it is for the next block, of any kind."""
        self.line = 0

    def take(self, block: Block) -> Prose | None:
        """Read one block of the run; None when it is a condition alone."""
        if self.waiting is not None and not _begins_with_condition(block):
            when, self.waiting = self.waiting, None
            text = source(self.reader.lines, block.line, block.end)
            return Prose(source=text, line=block.line, when=when)
        cut = split_condition(source(self.reader.lines, block.line, block.end))
        if cut is None or self.waiting is not None:
            raise self.reader.fault("a condition without a text", self.line or block.line, _TEXT)
        condition, text, skipped = cut
        self.line = block.line
        when = self._read(condition, block.line)
        if not text.strip():
            self.waiting = when
            return None
        return Prose(source=text, line=block.line + skipped, when=when)

    def _read(self, text: str, line: int) -> Condition:
        otherwise = text.startswith("else")
        rest = text.removeprefix("else").strip().removeprefix(",").strip()
        if otherwise and self.earlier is None:
            raise self.reader.fault("`else` with no `if` before it", line, "begin with a paragraph `if …`")
        own: Condition | None = None
        if rest or not otherwise:
            try:
                own = parse(rest.removeprefix("if"), self.reader.words)
            except ConditionFault as fault:
                raise self.reader.fault(fault.what, line, fault.remedy) from None
        when = both(self.earlier, own) if otherwise else own
        assert when is not None
        if own is not None:
            # Without `else` a condition stands for itself, but a later `else` still counts it.
            self.earlier = both(self.earlier, negate(own, self.reader.words.truths))
        else:
            self.earlier = None
        return when


_TEXT = "write the text after `if …`, or on the next lines after a blank one"
