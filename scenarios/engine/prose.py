"""Blocks of a case as MyST source with lines and conditions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from coursefacts.errors import InputFault

from scenarios.engine.blocks import Block, is_condition, lines_before, source, split_condition
from scenarios.engine.conditions import ConditionFault, Vocabulary, parse
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
        for block in blocks:
            conditional = self._conditional(block)
            if conditional is None:
                plain.append(block)
            else:
                found += self._join(plain)
                plain = []
                found.append(conditional)
        return (*found, *self._join(plain))

    def _join(self, blocks: Sequence[Block]) -> list[Prose]:
        if not blocks:
            return []
        first = blocks[0].line
        return [Prose(source=source(self.lines, first, blocks[-1].end), line=first)]

    def _conditional(self, block: Block) -> Prose | None:
        self._refuse_stray(block)
        children = (block.inline.children if block.inline else None) or []
        if block.kind != "paragraph" or not children or not is_condition(children[0]):
            return None
        cut = split_condition(source(self.lines, block.line, block.end))
        if cut is None or not cut[1].strip():
            raise self._fault("a condition without a paragraph", block.line, "write the text after `if …`")
        condition, text, skipped = cut
        return Prose(source=text, line=block.line + skipped, when=self._parse(condition, block.line))

    def _parse(self, text: str, line: int) -> Condition:
        try:
            return parse(text, self.words)
        except ConditionFault as fault:
            raise self._fault(fault.what, line, fault.remedy) from None

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
                    raise self._fault(f"the condition `{child.content}` is not obeyed here", at, remedy)

    def _fault(self, what: str, line: int, remedy: str) -> InputFault:
        return InputFault(what, path=self.path, line=line, remedy=remedy)
