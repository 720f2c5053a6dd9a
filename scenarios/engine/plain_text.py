"""MyST source as plain text for a terminal and for counting words."""

from __future__ import annotations

import re

from coursefacts import FactBook
from coursefacts.errors import InputFault

_ROLE = re.compile(r"\{([\w:-]+)\}`([^`]*)`")
_TITLED = re.compile(r"(?P<title>.+?)\s*<(?P<target>[^>]+)>", re.DOTALL)
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_COMMENT = re.compile(r"^\s*%.*\n?", re.MULTILINE)
_FENCE = re.compile(r"^\s*(`{3,}|:{3,}).*\n?", re.MULTILINE)
_OPTION = re.compile(r"^\s*:[\w-]+:.*\n?", re.MULTILINE)
_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])(.+?)(?<=[^\s*])\1(?![\w*])", re.DOTALL)


def plain(source: str, facts: FactBook | None = None) -> str:
    """Write some MyST source as a terminal can show it: facts filled in, marks taken off."""
    text = _OPTION.sub("", _FENCE.sub("", _COMMENT.sub("", source)))
    text = _QUOTE.sub("", text)
    text = _ROLE.sub(lambda found: role(found.group(1), found.group(2), facts), text)
    text = _LINK.sub(r"\1", _IMAGE.sub(r"[picture: \1]", text))
    text = _STRONG.sub(r"\2", text)
    text = _EMPHASIS.sub(_emphasis, text)
    # An escaped mark is itself: `1\.` begins a line and no list.
    return _ESCAPE.sub(r"\1", text.replace("`", "").replace("$", "")).strip()


def _emphasis(found: re.Match[str]) -> str:
    # Cases set what people say in italics; a terminal has none, so speech gets quotation marks.
    words = found.group(2)
    return f"“{words}”" if len(words.split()) > 3 else words


def role(name: str, content: str, facts: FactBook | None) -> str:
    """Write one role: a fact as its statement or value, anything else as its title or text."""
    titled = _TITLED.fullmatch(content)
    if name == "fact" and facts is not None:
        reference = titled["target"] if titled else content
        try:
            quote = facts.quote(reference)
        except InputFault:
            return content
        if titled:
            return titled["title"]
        if quote.value_name is None:
            return f"{quote.text} {quote.fact.label()}".rstrip()
        # A number alone says who reported it nowhere; that its status may change it says.
        return f"{quote.text} {quote.fact.label(first=False)}" if quote.fact.unsettled else quote.text
    if name.startswith("cite"):
        return f"[{content}]"
    return titled["title"] if titled else content
