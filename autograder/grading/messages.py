"""What a learner may be told of a failed check: the author's own words, and never what learner code said."""

from __future__ import annotations

import ast
import builtins
import re

__all__ = ["explain"]

_BEGIN, _END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"


def explain(source: str, ename: str, evalue: str) -> str:
    """Explain why a test cell did not pass.

    Learner code can raise any text, so a text is repeated only when the test's author wrote it: word for
    word, or with values filled in where the test itself is visible.
    """
    if ename == "AssertionError":
        for pattern, text in _messages(source):
            if re.fullmatch(pattern, evalue, re.DOTALL):
                return text if text is not None else evalue[:500]
        return "a check of this cell failed"
    if isinstance(getattr(builtins, ename, None), type):
        return f"a check of this cell stopped with {ename}"
    return "a check of this cell stopped with an error"


def _messages(source: str) -> list[tuple[str, str | None]]:
    """List the author's messages as patterns; the text is None where the filled-in form may be shown."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    hidden = _hidden_lines(source)
    found: list[tuple[str, str | None]] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assert):
            continue
        if isinstance(node.msg, ast.Constant) and isinstance(node.msg.value, str):
            found.append((re.escape(node.msg.value), node.msg.value))
        elif isinstance(node.msg, ast.JoinedStr) and node.lineno not in hidden:
            found.append((_pattern(node.msg), None))
    return found


def _pattern(text: ast.JoinedStr) -> str:
    return "".join(
        re.escape(part.value)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
        else ".{0,200}?"
        for part in text.values
    )


def _hidden_lines(source: str) -> set[int]:
    hidden: set[int] = set()
    inside = False
    for number, line in enumerate(source.split("\n"), start=1):
        inside = (inside or _BEGIN in line) and _END not in line
        if inside:
            hidden.add(number)
    return hidden
