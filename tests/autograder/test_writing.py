"""A run notebook is written as nbformat writes it, to the byte."""

from __future__ import annotations

import nbformat
import pytest
from nbformat import v4

from autograder.grading.writing import notebook_text


def cells():
    yield v4.new_markdown_cell("one\ntwo\r\nthree\x0bfour ü \u2028 five")
    yield v4.new_markdown_cell("![](attachment:a.png)", attachments={"a.png": {"image/png": "AA\nBB=\n"}})
    yield v4.new_raw_cell("")
    yield v4.new_code_cell("x = 1\n", execution_count=3, metadata={"trusted": True, "tags": ["a"]})
    stream = v4.new_output("stream", name="stderr", text="a\nb")
    error = v4.new_output("error", ename="E", evalue="é\n", traceback=["\x1b[31mred", "two\nlines"])
    shown = v4.new_output(
        "display_data",
        {
            "text/html": "<p>\n</p>",
            "image/svg+xml": "<svg>\n</svg>",
            "image/png": "AA\n==",
            "application/javascript": "1\n2",
            "application/json": {"b": [1, 2.5, None, True], "a": "x\ny"},
            "application/vnd.x+json": {"k": "v\nw"},
            "text/plain": "plain",
        },
        metadata={"image/png": {"width": 10}},
    )
    value = v4.new_output("execute_result", {"text/plain": "'\\n'"}, execution_count=1)
    yield v4.new_code_cell("", outputs=[stream, error, shown, value])


@pytest.mark.parametrize("minor", [0, 4, 5])
def test_every_kind_of_cell_and_output_is_written_as_nbformat_does(minor):
    notebook = v4.new_notebook(cells=list(cells()))
    notebook.metadata.update({"kernelspec": {"name": "python3"}, "signature": "x", "orig_nbformat": 3})
    notebook.nbformat_minor = minor
    if minor < 5:
        for cell in notebook.cells:
            del cell["id"]
    before = repr(notebook)
    assert notebook_text(notebook) == nbformat.writes(notebook)
    assert repr(notebook) == before
