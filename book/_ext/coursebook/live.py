"""Notebooks for JupyterLab, written from the resolved pages to `_build/live/<page>.ipynb`.

JupyterLab shows directives and roles as raw text, so the prose comes from the doctree, where facts, terms,
citations and links are already resolved; the code comes from the notebook as the author wrote it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from sphinx.application import Sphinx

from coursebook import meta
from coursebook.markdown import Markdown
from coursebook.stale import executable

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def folder(app: Sphinx) -> Path:
    """Return where live notebooks lie."""
    return Path(app.outdir).parent / "live"


def cells_of(
    doctree: nodes.document, writer: Markdown, code: list[dict[str, Any]]
) -> Iterator[tuple[str, str, list[str]]]:
    """Yield (kind, source, tags) for each cell of a resolved page.

    `code` is the notebook's own list of cells: it also holds the ones that the page does not show.
    """
    prose: list[str] = []
    shown = 0
    for piece in writer.pieces(doctree):
        if isinstance(piece, str):
            prose.append(piece)
            continue
        if prose:
            yield "markdown", "\n\n".join(prose), []
            prose = []
        for index in range(shown, piece["cell_index"] + 1):
            if code[index]["cell_type"] == "code":
                yield (
                    "code",
                    code[index]["source"].rstrip("\n"),
                    list(code[index]["metadata"].get("tags", [])),
                )
        shown = piece["cell_index"] + 1
    if prose:
        yield "markdown", "\n\n".join(prose), []
    for rest in code[shown:]:
        if rest["cell_type"] == "code":
            yield "code", rest["source"].rstrip("\n"), list(rest["metadata"].get("tags", []))


def notebook(cells: Iterator[tuple[str, str, list[str]]]) -> nbformat.NotebookNode:
    """Build a notebook without outputs whose cell ids stay as long as the cell stays."""
    made = []
    for index, (kind, source, tags) in enumerate(cells):
        name = f"{index:03d}-{hashlib.sha256(source.encode()).hexdigest()[:12]}"
        if kind == "code":
            cell = nbformat.v4.new_code_cell(source, id=name)
            if {"hide-input", "hide-cell"} & set(tags):
                cell.metadata["jupyter"] = {"source_hidden": True}
        else:
            cell = nbformat.v4.new_markdown_cell(source, id=name)
        if tags:
            cell.metadata["tags"] = tags
        made.append(cell)
    return nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": KERNEL})


def _introduction(docname: str) -> str:
    return (
        f"*This is your own live copy of [a page of the book](/{docname}.html). "
        "Run its cells with Shift+Enter, change them, break them: the book stays as it is.*"
    )


def write(app: Sphinx, docname: str, doctree: nodes.document) -> Path:
    """Write one page's live notebook."""
    source = Path(app.outdir).parent / "jupyter_execute" / f"{docname}.ipynb"
    code = json.loads(source.read_text(encoding="utf-8"))["cells"]
    for cell in code:
        cell["source"] = "".join(cell["source"])
    writer = Markdown(docname, getattr(app.builder, "images", {}), introduction=_introduction(docname))
    made = notebook(cells_of(doctree, writer, code))
    nbformat.validate(made)
    target = folder(app) / f"{docname}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".ipynb.new")
    partial.write_text(nbformat.writes(made) + "\n", encoding="utf-8")
    partial.replace(target)
    return target


def _offered(app: Sphinx, docname: str) -> bool:
    return executable(app.env, docname) and meta.of_page(app.env, docname).live is not False


def _resolved(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if app.builder.format == "html" and _offered(app, docname):
        write(app, docname, doctree)


def _finish(app: Sphinx, error: Exception | None) -> None:
    """Write what is missing although its page did not change; remove what has no page any more."""
    if error is not None or app.builder.format != "html":
        return
    wanted = {docname for docname in app.env.found_docs if _offered(app, docname)}
    home = folder(app)
    for docname in sorted(wanted):
        if not (home / f"{docname}.ipynb").exists():
            write(app, docname, app.env.get_and_resolve_doctree(docname, app.builder))
    for path in home.rglob("*.ipynb") if home.is_dir() else ():
        if path.relative_to(home).with_suffix("").as_posix() not in wanted:
            path.unlink()


def setup(app: Sphinx) -> None:
    """Write a notebook whenever its page is written."""
    app.connect("doctree-resolved", _resolved, priority=900)
    app.connect("build-finished", _finish)
