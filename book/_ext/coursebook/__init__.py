"""The book: a Sphinx extension with a theme of its own, and the local server for learners.

The modules, from what an author writes to what a reader gets:

meta      a page's own front matter (`course:`)
facts     the `{fact}` role, and the foot that lists every source of a page
words     the glossary's meanings on the pages that use its words
tables    the `{fact-table}` directive
errata    the `{errata}` directive
cases     the `{case}` directive
prompts   the `{prompt}` directive: questions inside lessons
proofs    the `{case-proofs}` directive
review    the `{review}` directive
answers   the `{answers}` directive
cards     the `{exercise-card}` directive
rubrics   the `{exercise-rubric}` directive
plan      the modules and their parts, in the one order, with their minutes
way       the `{way-through}`, `{start-here}`, `{module-overview}` and `{reading-path}` directives
sidebar   the contents, folded
report    the `{progress-report}` directive: the page on which a learner sees all of it
front     the scripts that keep and show a learner's progress
progress  the same progress in the workspace, and the report as a file
outcomes  which outcome is taught, practised and assessed, read from what the items say
matrix    the `{outcome-matrix}` and `{award-table}` directives
mathml    formulas without a script
cells     code cells and tables as accessible HTML
stale     which pages a changed fact, library or program makes out of date
page      what the theme's templates need
search    the usual names of things, and what ranks first
live      notebooks for JupyterLab, written from the resolved pages
csp       the content security policy
build     the build as one function and one command
chores    what a learner asks of start.py once the environment stands
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["setup"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Add every part to a Sphinx application."""
    # Imported here, so that `coursebook.csp` and the server do not load Sphinx.
    from coursebook import (
        answers,
        cards,
        cases,
        cells,
        errata,
        facts,
        front,
        live,
        mathml,
        matrix,
        meta,
        page,
        prompts,
        proofs,
        report,
        review,
        rubrics,
        search,
        stale,
        tables,
        way,
        words,
    )

    # Jupyter Book sets this value even where its extension is left out of the list.
    app.add_config_value("comments_config", {}, "env")
    for part in (
        stale,
        meta,
        facts,
        words,
        tables,
        errata,
        cases,
        prompts,
        proofs,
        review,
        answers,
        cards,
        rubrics,
        matrix,
        way,
        mathml,
        cells,
        report,
        front,
        page,
        search,
        live,
    ):
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False, "env_version": 1}
