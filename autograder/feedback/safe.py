"""Turn a stranger's text into HTML that only shows: no tag, script, handler or address of theirs survives."""

from __future__ import annotations

import base64
import binascii
import re
from functools import cache
from html import escape
from typing import Any

from autograder.strangers import storable

__all__ = ["code", "figure", "markdown", "outputs", "plain"]

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b.")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_STARTS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_LONGEST = 20_000


def plain(text: str) -> str:
    """Escape text; drop terminal colours, control characters and marks that turn the reading direction."""
    clean = storable(_CONTROL.sub("", _ANSI.sub("", text.replace("\r\n", "\n"))))
    if len(clean) > _LONGEST:
        clean = clean[:_LONGEST] + "\n[the rest was left out]"
    return escape(clean, quote=True)


def code(text: str, kind: str = "") -> str:
    """Show text as it is, in a box that the keyboard can scroll."""
    name = f' class="{kind}"' if kind else ""
    return f"<pre{name}>{plain(text)}</pre>"


@cache
def _reader() -> Any:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    # Formulas stay as they were typed; Markdown would take their signs for its own.
    reader.use(dollarmath_plugin, allow_labels=False, double_inline=True)
    for name, sign in (("math_inline", "$"), ("math_inline_double", "$$"), ("math_block", "$$")):
        reader.add_render_rule(name, _formula(sign))
    # Headings of an answer stand below those of the page.
    reader.validateLink = lambda url: bool(re.match(r"https?://|mailto:", url.strip(), re.IGNORECASE))  # type: ignore[method-assign]
    return reader


def _formula(sign: str) -> Any:
    def render(_: Any, tokens: Any, index: int, *__: Any) -> str:
        token = tokens[index]
        inner = f"{sign}{escape(token.content)}{sign}"
        return f"<p>{inner}</p>\n" if token.block else inner

    return render


def markdown(text: str, *, links: bool = True) -> str:
    """Render CommonMark without HTML, without pictures from elsewhere, with plain links only.

    links: whether links lead anywhere; else each is its words, with the address behind them.
    """
    tokens = _reader().parse(storable(_CONTROL.sub("", text)[:_LONGEST]))
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h3"
        if not links:
            _cut(token)
    return str(_reader().renderer.render(tokens, _reader().options, {}))


def _cut(token: Any) -> None:
    """Leave of a link what it says and where it would have led."""
    address = ""
    for one in token.children or ():
        if one.type == "link_open":
            address = str(one.attrGet("href") or "")
            one.type, one.tag, one.content = "text", "", ""
        elif one.type == "link_close":
            one.type, one.tag, one.content = "text", "", f" ({address})"


def figure(kind: str, data: str, words: str) -> str:
    """Show a picture whose bytes are what they say they are."""
    try:
        raw = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return ""
    start = _STARTS.get(kind)
    if start is None or not raw.startswith(start):
        return ""
    return f'<p><img alt="{plain(words)}" src="data:{kind};base64,{base64.b64encode(raw).decode()}"></p>'


def outputs(found: list[Any]) -> str:
    """Show outputs as text and pictures; HTML, SVG, scripts and widgets only as their plain text."""
    parts: list[str] = []
    for output in found:
        kind = output.get("output_type")
        if kind == "stream":
            parts.append(code(_text(output.get("text")), "output"))
        elif kind == "error":
            parts.append(code(f"{_text(output.get('ename'))}: {_text(output.get('evalue'))}", "output"))
        elif kind in {"execute_result", "display_data"}:
            parts.append(_rich(output.get("data", {})))
    return "".join(parts)


def _rich(data: Any) -> str:
    for kind in _STARTS:
        if kind in data:
            shown = figure(kind, _text(data[kind]), f"figure: {_text(data.get('text/plain'))[:120]}")
            if shown:
                return shown
    return code(_text(data.get("text/plain")), "output")


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""
