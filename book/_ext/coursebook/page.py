"""What the theme's templates need, page by page, and the folder of built files kept lean."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from coursebook import facts, meta
from coursebook.csp import meta_policy
from coursebook.sidebar import folded
from coursebook.stale import executable, shows_tables
from scenarios.engine import frontend

THEME = Path(__file__).resolve().parent / "theme"
# Sphinx copies these for every theme; the pages of this one do not ask for them.
UNUSED = (
    "basic.css",
    "pygments.css",
    "file.png",
    "minus.png",
    "plus.png",
    "design-style.css",
    "webpack-macros.html",
)

MARKS = {
    "case-root": "case.js",
    "prompt-root": "prompt.js",
    "review-root": "review.js",
    "review-line": "due.js",
}
"""What asks for a script of the players'."""


def live_path(env: BuildEnvironment, docname: str) -> str:
    """Return where the course's server opens a page as a notebook, or nothing."""
    offered = meta.of_page(env, docname).live
    return f"course/open/{docname}" if executable(env, docname) and offered is not False else ""


def eyebrow(env: BuildEnvironment, docname: str, parents: list[dict[str, Any]]) -> str:
    """Write the line above a title: where the page belongs, what it is, how long it takes."""
    page = meta.of_page(env, docname)
    parts = [f'<a href="{escape(parents[-1]["link"])}">{parents[-1]["title"]}</a>'] if parents else []
    parts += [meta.SHOWN[page.kind]] if page.kind in meta.SHOWN else []
    parts += [f"{page.minutes} minutes"] if page.minutes else []
    if page.outcomes:
        parts.append(("outcome " if len(page.outcomes) == 1 else "outcomes ") + ", ".join(page.outcomes))
    return " · ".join(parts)


def _assets(context: dict[str, Any], body: str) -> None:
    """Name the style sheets and scripts that this page's content asks for."""
    context["course_css"], context["course_js"], context["course_modules"] = [], [], []
    if 'class="sd-' in body or " sd-" in body:
        context["course_css"].append("sphinx-design.min.css")
        context["course_js"].append("design-tabs.js")
    if "exercise-steps" in body:
        context["course_js"].append("exercise.js")
        context["course_modules"].append("exercise.js")  # as a plain script it would share page.js's names
    for mark, script in MARKS.items():
        if f'class="{mark}' in body:
            if mark != "review-line":  # a note like any other
                context["course_css"].append(frontend.address(frontend.SHEET))
            context["course_js"].append(frontend.address(script))
            context["course_modules"].append(frontend.address(script))


def _sections(toc: str, footed: bool) -> str:
    """Write the list of a page's own sections; the title itself is dropped, a single entry is no list."""
    inner = toc.partition("</a>")[2].strip()
    start, end = inner.find("<ul>"), inner.rfind("</li>")
    listing = inner[start:end].strip() if start >= 0 else ""
    if not listing:
        return ""
    if footed:
        listing = listing[: listing.rfind("</ul>")] + '<li><a href="#sources">Sources and dates</a></li></ul>'
    return listing


def _context(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Fill the template's variables."""
    env = app.env
    body = str(context.get("body", ""))
    used = facts.uses(env).get(pagename, [])
    page = meta.of_page(env, pagename)
    context["course_kind"] = page.kind
    tables = shows_tables(env, pagename)
    foot = facts.foot(facts.facts_of(env), used, law=page.law, tables=tables)
    context["course_csp"] = meta_policy()
    context["course_foot"] = foot
    context["course_part"] = pagename.startswith("modules/")
    context["course_live"] = live_path(env, pagename)
    context["course_live_label"] = "Open this lab live" if page.kind == "lab" else "Open this page live"
    context["course_eyebrow"] = eyebrow(env, pagename, context.get("parents") or [])
    context["course_sections"] = _sections(str(context.get("toc", "")), bool(foot))
    tree = context["toctree"](collapse=False, maxdepth=3, includehidden=True, titles_only=True)
    # Sphinx calls the captions headings without a level, which no reader can use.
    context["course_contents"] = folded(
        (tree or "").replace('class="caption" role="heading"', 'class="caption"')
    )
    _assets(context, body)


def _lean(app: Sphinx, error: Exception | None) -> None:
    """Remove what no page asks for."""
    if error is not None or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    frontend.write(static)  # beside the theme's own files; only the pages with a case ask for it
    for path in [*static.rglob("*.map"), *static.rglob("*.ttf"), *static.glob("mystnb.*.css")]:
        path.unlink(missing_ok=True)
    for name in UNUSED:
        (static / name).unlink(missing_ok=True)


def setup(app: Sphinx) -> None:
    """Register the theme and the handlers."""
    app.add_html_theme("open_book", str(THEME))
    app.connect("html-page-context", _context, priority=900)
    app.connect("build-finished", _lean, priority=900)
