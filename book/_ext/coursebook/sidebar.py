"""The contents beside each page, folded: each page with pages below it gets a fold of its own.

`<details>` folds without a script, by keyboard and for a screen reader; the branch of the page that is read
is open. The link stays outside the `<summary>`, because what stands inside is one button.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r'<li class="([^"]*)"><a ([^>]*)>((?:(?!</a>).)*)</a>\s*<ul[^>]*>|<ul[^>]*>|</ul>', re.DOTALL
)


def folded(tree: str) -> str:
    """Put each list that stands below a page into a fold."""
    closing: list[str] = []

    def fold(found: re.Match[str]) -> str:
        if found[0] == "</ul>":
            return closing.pop()
        if found[1] is None:
            closing.append("</ul>")
            return found[0]
        closing.append("</ul></details>")
        here = " open" if "current" in found[1].split() else ""
        return (
            f'<li class="{found[1]} parent"><a {found[2]}>{found[3]}</a><details{here}>'
            f'<summary><span class="visually-hidden">Pages of {found[3]}</span></summary><ul>'
        )

    return _TOKEN.sub(fold, tree)
