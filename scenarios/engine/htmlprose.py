"""Turn the prose of a case into HTML where no book does it: in a notebook, with roles resolved to words.

Facts are written out, formulas become MathML, terms and cross-references keep their words.
Raw HTML in the source stays text: a case may come from anyone.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from coursefacts import FactBook, load
from coursefacts.errors import InputFault
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from scenarios.engine import figures
from scenarios.engine.html import Words
from scenarios.engine.plain_text import role


class HtmlProse:
    """Renders words to HTML; facts are read once, when the first is quoted."""

    def __init__(self, facts: FactBook | None = None, folder: Path | None = None) -> None:
        self._facts = facts
        self._folder = folder
        self._markdown = (
            MarkdownIt("commonmark", {"html": False, "typographer": True})
            .enable("smartquotes")
            .use(dollarmath_plugin, renderer=_math)
            .use(colon_fence_plugin)
            .use(myst_block_plugin)
            .use(myst_role_plugin)
        )
        # add_render_rule would bind the rule to the renderer, which knows no facts.
        self._markdown.renderer.rules["myst_role"] = self._role  # type: ignore[attr-defined]
        self._markdown.renderer.rules["image"] = self._image  # type: ignore[attr-defined]

    def __call__(self, words: Words) -> str:
        """Render a stretch of words."""
        if words.inline:
            return str(self._markdown.renderInline(words.source))
        return str(self._markdown.render(words.source))

    def _role(self, tokens: Sequence[Token], index: int, *_: Any) -> str:
        token = tokens[index]
        name, content = str(token.meta["name"]), token.content
        if name == "math":
            return _math(content, {"display_mode": False})
        if name == "fact" and self._facts is None:
            self._facts = load()
        return escape(role(name, content, self._facts))

    def _image(self, tokens: Sequence[Token], index: int, *_: Any) -> str:
        """Put a picture into the page itself: the notebook serves no files of the case."""
        file, caption = str(tokens[index].attrGet("src")), str(tokens[index].attrGet("title") or "")
        alt = escape(tokens[index].content)
        if self._folder is None or figures.fault(file, self._folder) is not None:
            return f"<em>{alt}</em>"
        image = f'<img src="{figures.data_uri(self._folder / file)}" alt="{alt}">'
        return f'{image}<span class="case-caption">{escape(caption)}</span>' if caption else image


def _math(latex: str, options: dict[str, Any]) -> str:
    display = "block" if options.get("display_mode") else "inline"
    try:
        return str(convert(latex.strip(), display=display))
    except Exception as error:  # the converter raises whatever its parser met
        remedy = "write it with commands of plain LaTeX"
        raise InputFault(f"the formula {latex!r} cannot be converted ({error})", remedy=remedy) from error
