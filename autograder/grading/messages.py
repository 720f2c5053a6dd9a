"""What a learner may be told of a failed check: the author's own words, and never what learner code said."""

from __future__ import annotations

import ast
import builtins
import math

__all__ = ["explain"]

# What a value may be filled in with.
_GAP = 200
_BEGIN, _END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"


def explain(
    source: str, ename: str, evalue: str | None, *, filled: bool = True, released: str | None = None
) -> str:
    """Explain why a test cell did not pass.

    Learner code can raise any text, so a text is repeated only when the test's author wrote it: word for
    word, or with values filled in where the test itself is visible.
    evalue: the text, or None where learner code raised it, which is never repeated.
    filled: whether values may be shown; not once learner code may have seen a hidden argument.
    released: the test as learners got it; a course may mark its hidden parts as it likes.
    """
    if ename == "AssertionError" and evalue is not None:
        for words, text, visible in _messages(source, released):
            if _fits(words, evalue):
                return evalue[:500] if visible and filled else text
        return "a check of this cell failed"
    if isinstance(getattr(builtins, ename, None), type):
        return f"a check of this cell stopped with {ename}"
    return "a check of this cell stopped with an error"


def _fits(words: list[str], said: str) -> bool:
    """Tell whether a text is the author's words with at most _GAP characters filled in between them.

    Place by place, so that its time does not depend on what a learner makes the values say.
    """
    if len(said) > sum(map(len, words)) + _GAP * (len(words) - 1):
        return False
    ends = {len(words[0])} if said.startswith(words[0]) else set()
    for word in words[1:]:
        reached: set[int] = set()
        until = 0
        for end in sorted(ends):
            begins = range(max(end, until), min(end + _GAP, len(said)) + 1)
            until = max(until, begins.stop)
            reached.update(at + len(word) for at in begins if said.startswith(word, at))
        ends = reached
    return len(said) in ends


def _messages(source: str, released: str | None) -> list[tuple[list[str], str, bool]]:
    """List the author's messages: its words, the whole, and whether the filled-in form may be shown."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    hidden = _hidden_lines(source) if released is None else _kept_back(source, released)
    first = min(hidden, default=math.inf)
    found: list[tuple[list[str], str, bool]] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assert):
            continue
        if isinstance(node.msg, ast.Constant) and isinstance(node.msg.value, str):
            found.append(([node.msg.value], node.msg.value, False))
        elif isinstance(node.msg, ast.JoinedStr) and node.lineno not in hidden:
            words = _words(node.msg)
            found.append((words, "…".join(words), node.lineno < first))
    return found


def _words(text: ast.JoinedStr) -> list[str]:
    """Split an f-string at its values: one more text than there are values."""
    words = [""]
    for part in text.values:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            words[-1] += part.value
        else:
            words.append("")
    return words


def _kept_back(source: str, released: str) -> set[int]:
    """The lines that learners did not get: what was released is the rest, in its order."""
    rest = iter(released.split("\n"))
    hidden: set[int] = set()
    line = next(rest, None)
    for number, own in enumerate(source.split("\n"), start=1):
        if line is not None and own.rstrip() == line.rstrip():
            line = next(rest, None)
        else:
            hidden.add(number)
    return hidden


def _hidden_lines(source: str) -> set[int]:
    hidden: set[int] = set()
    inside = False
    for number, line in enumerate(source.split("\n"), start=1):
        inside = (inside or _BEGIN in line) and _END not in line
        if inside:
            hidden.add(number)
    return hidden
