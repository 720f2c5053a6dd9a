"""Formulas as MathML, made while the book is built: read aloud, printed and copied without any script."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from coursebook.warn import warn

# What the converter did not understand, it leaves as text.
_LEFTOVER = re.compile(r"\\[A-Za-z]+")
_LINES = re.compile(r"\\(begin|end)\{(?:aligned|split)\}")
# What it gets wrong, and what is meant instead.
_MENDED = (
    # A bare bar would be set as a relation, with air on both sides; in physics it is the edge of a ket.
    (
        re.compile(r'<mo(?: stretchy="false")?>(?:\||&#x0007C;|&#x2223;)</mo>'),
        '<mo lspace="0" rspace="0" stretchy="false">|</mo>',
    ),
    # An upright letter (written as a number) must say so: a browser slants every single letter.
    (re.compile(r"<mi>(&#x000[4-7][0-9A-F];)</mi>"), r'<mi mathvariant="normal">\1</mi>'),
    # The lines of an align are numbered by Sphinx or not at all.
    (re.compile(r"<mtd><mtext>\(\d+\)</mtext></mtd>"), ""),
)


@lru_cache(maxsize=2048)
def mathml(latex: str, *, block: bool) -> str:
    """Convert LaTeX to a <math> element."""
    # The converter knows lines set under each other by one name only.
    latex = _LINES.sub(r"\\\1{align*}", latex)
    markup: str = convert(latex, display="block" if block else "inline")
    for pattern, meant in _MENDED:
        markup = pattern.sub(meant, markup)
    return markup


def leftover(markup: str) -> str | None:
    """Return the first LaTeX command that was left in the output as text, or would not be shown."""
    if 'linebreak="newline"' in markup:
        return "\\\\"
    if "<mi>&</mi>" in markup:
        return "&"
    found = _LEFTOVER.search(html.unescape(re.sub(r"<[^>]*>", " ", markup)))
    return found[0] if found else None


def _converted(node: nodes.Element, *, block: bool) -> str:
    """Convert a node's formula; warn where the result is not what the author meant."""
    latex = node.astext().strip()
    try:
        markup = mathml(latex, block=block)
    except Exception as error:  # noqa: BLE001  # the converter raises whatever its parser met
        warn(f"the formula {latex!r} cannot be converted ({type(error).__name__}: {error})", node)
        return f"<code>{html.escape(latex)}</code>"
    command = leftover(markup)
    if command:
        warn(
            f"the formula {latex!r} uses {command}, which the book cannot show",
            node,
            "write it with commands of plain LaTeX",
        )
    return markup


def visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula inside a line."""
    self.body.append(_converted(node, block=False))
    raise nodes.SkipNode


def visit_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a displayed formula with its number and the id that `{eq}` links to."""
    ids: list[str] = list(node.get("ids", []))
    first = f' id="{html.escape(ids[0])}"' if ids else ""
    self.body.append(f'<div class="math"{first}>')
    self.body.extend(f'<span id="{html.escape(other)}"></span>' for other in ids[1:])
    if node.get("number"):
        number = get_node_equation_number(self, node)
        self.body.append(f'<span class="eqno">({number})</span>')
    self.body.append(_converted(node, block=True))
    self.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Offer the renderer; `html_math_renderer: mathml` chooses it."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
