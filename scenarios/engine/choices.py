"""One list item of a case: `- **label** `marks` → [text](#scene)`, then indented feedback."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from coursefacts.errors import InputFault
from markdown_it.token import Token

from scenarios.engine import answers
from scenarios.engine.blocks import Block, lines_before
from scenarios.engine.conditions import Vocabulary
from scenarios.engine.marks import MarkFault, Marks
from scenarios.engine.model import Prose, Stance, Unit
from scenarios.engine.prose import ProseReader

BACK = "back"
"""The link `#back`: where play was going when a deadline cut in."""
# `**a; *b***` ends with the emphasis inside it: the bold part closes with the last two stars.
_LABEL = re.compile(r"\*\*(?P<label>.+?)\*\*(?!\*)", re.DOTALL)
_BOX = re.compile(r"\[(?P<tick>[^\]]{0,3})\]\s*(?P<label>.*)", re.DOTALL)
_TICKS = {
    "x": (True, False),
    "X": (True, False),
    " ": (False, False),
    "x=": (True, True),
    " =": (False, True),
}
"""What a box says: whether the answer is right, and whether it is typed."""
_SPAN = re.compile(r"`([^`]*)`")
_FILLING = re.compile(r"(→|->|=>|[\s,.])*")


@dataclass(frozen=True)
class DraftChoice:
    """A choice or a quiz option as it stands in the file."""

    label: str
    line: int
    feedback: tuple[Prose, ...]
    marks: Marks
    to: str = ""
    to_line: int = 0
    correct: bool | None = None
    typed: bool = False
    """The label is an answer that a reader types, and not one to choose."""

    @property
    def stance(self) -> Stance | None:
        """What kind of answer the author declares it to be."""
        return self.marks.stance


def is_choice(item: Sequence[Block]) -> bool:
    """Tell whether a list item begins as a choice does, in bold."""
    inline = item[0].inline if item[0].kind == "paragraph" else None
    return inline is not None and inline.content.startswith("**")


def is_option(item: Sequence[Block]) -> bool:
    """Tell whether a list item begins as a quiz option does, with a box."""
    inline = item[0].inline if item[0].kind == "paragraph" else None
    return inline is not None and _BOX.match(inline.content) is not None


class ChoiceReader:
    """Reads list items; raises InputFault at the first slip of an item."""

    def __init__(self, prose: ProseReader, words: Vocabulary, unit: Unit | None) -> None:
        self.prose = prose
        self.words = words
        self.unit = unit

    def choice(self, item: Sequence[Block]) -> DraftChoice:
        """Read a choice of a case."""
        remedy = (
            "begin the choice with its label in bold (- **Label** …), or put a sentence between the two lists"
        )
        head, inline = self._head(item, "**", remedy)
        label = _LABEL.match(inline.content)
        # Both must see it: `** a**` is bold for neither, and a code span may hide the second pair.
        closed = any(token.type == "strong_close" for token in inline.children or ())
        if label is None or not closed:
            raise self._fault("the bold label does not end", head.line, "close it with ** on both sides")
        marks, to, to_line = self._rest(head, inline.children or [], inline.content[label.end() :])
        if not to:
            remedy = "end its first line with → [Title of the scene](#its-anchor)"
            raise self._fault(f"the choice '{_flat(label['label'])}' leads nowhere", head.line, remedy)
        feedback = self.prose.read(item[1:])
        return DraftChoice(_flat(label["label"]), head.line, feedback, marks, to, to_line)

    def option(self, item: Sequence[Block]) -> DraftChoice:
        """Read an option of a quiz item."""
        head, inline = self._head(item, "[", "begin the option with - [x] (right) or - [ ] (wrong)")
        box = _BOX.match(inline.content)
        if box is None or box["tick"] not in _TICKS:
            remedy = "write [x] or [ ]; for an answer that is typed, [x=] or [ =]"
            raise self._fault("a box that is neither [x] nor [ ]", head.line, remedy)
        if not box["label"].strip():
            raise self._fault("an option without words", head.line, "write the answer after the box")
        feedback = self.prose.read(item[1:])
        if not feedback:
            remedy = "leave a blank line, then say why, indented by two spaces"
            raise self._fault("an option does not explain itself", head.line, remedy)
        right, typed = _TICKS[box["tick"]]
        label = _flat(box["label"])
        if typed and answers.written(label) is None:
            remedy = 'write a number with its tolerance and unit, 4.8 ± 0.4 %, or words in quotes, "Friday"'
            raise self._fault(f"'{label}' can be typed by nobody", head.line, remedy)
        return DraftChoice(label, head.line, feedback, Marks(), correct=right, typed=typed)

    def _head(self, item: Sequence[Block], start: str, remedy: str) -> tuple[Block, Token]:
        head = item[0]
        inline = head.inline
        if head.kind != "paragraph" or inline is None or not inline.content.startswith(start):
            raise self._fault("a list item among the choices is not one", head.line, remedy)
        return head, inline

    def _rest(self, head: Block, children: Sequence[Token], source: str) -> tuple[Marks, str, int]:
        """Read what follows the label: marks and the destination, in any order."""
        marks, to, to_line, inside = Marks(), "", 0, False
        # The parser makes a blank of a line break within a code span, so spans are read from the source.
        spans, skipped = _SPAN.findall(source), 0
        after = next(i for i, token in enumerate(children) if token.type == "strong_close") + 1
        for index in range(after, len(children)):
            token, line = children[index], head.line + lines_before(children, index) + skipped
            if token.type == "code_inline":
                span = spans.pop(0) if spans else token.content
                self._mark(marks, span, line)
                skipped += span.count("\n")
            elif token.type == "link_open":
                to, to_line, inside = self._target(token, to, line), line, True
            elif token.type == "link_close":
                inside = False
            elif not inside:
                self._filling(token, line, after_link=bool(to))
        return marks, to, to_line

    def _mark(self, marks: Marks, text: str, line: int) -> None:
        try:
            marks.read(text, self.words, self.unit)
        except MarkFault as fault:
            raise self._fault(fault.what, line + fault.lines, fault.remedy) from None

    def _target(self, token: Token, earlier: str, line: int) -> str:
        address = unquote(str(token.attrGet("href") or ""))  # the parser writes é as %C3%A9
        if earlier:
            raise self._fault("a choice leads to two scenes", line, "keep one link")
        if not address.startswith("#") or len(address) < 2:
            remedy = "write [Title of the scene](#its-anchor)"
            raise self._fault(f"'{address}' is not a scene of this file", line, remedy)
        return address[1:]

    def _filling(self, token: Token, line: int, *, after_link: bool) -> None:
        if token.type in ("softbreak", "hardbreak"):
            return
        if token.type == "text" and _FILLING.fullmatch(token.content):
            return
        words = " ".join((token.content or token.markup).split())[:40]
        if after_link:
            remedy = "leave a blank line before the feedback and indent it by two spaces"
        else:
            remedy = "only marks in backticks and the link may follow the label"
        raise self._fault(f"unexpected words '{words}' in a choice", line, remedy)

    def _fault(self, what: str, line: int, remedy: str) -> InputFault:
        return InputFault(what, path=self.prose.path, line=line, remedy=remedy)


def _flat(text: str) -> str:
    return " ".join(text.split())
