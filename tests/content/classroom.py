"""Working through an exercise's notebook as a learner would have left it, and reading its points."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import re
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import nbformat
from answersheet import sealing
from courselab import tokens

from autograder.release.convert import to_notebook

SOURCE = Path(__file__).parents[2] / "exercises" / "source"


def cells_by_id(notebook):
    """Give nbgrader's cells by their grade_id."""
    found = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    found.pop(None, None)
    return found


def notebook_of(exercise):
    """Give the instructor's notebook, solutions included."""
    return to_notebook(SOURCE / exercise / "exercise.py")


def as_handed_out(notebook):
    """What nbgrader's own step leaves of the solution cells."""
    from nbgrader.preprocessors import ClearSolutions

    cleared, _ = ClearSolutions().preprocess(notebook, {})
    return cleared


def header_of(path):
    """Read what a wrong answer says of itself: lines `# key: value` before its first cell."""
    head = re.split(r"^# %% ", path.read_text(encoding="utf-8"), maxsplit=1, flags=re.MULTILINE)[0]
    return dict(re.findall(r"^# ([a-z-]+): (.+)$", head, flags=re.MULTILINE))


def with_answers(notebook, path):
    """Replace whole solution cells by those of a wrong answer."""
    parts = re.split(r"^# %% (\S+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    cells = cells_by_id(notebook)
    for name, source in zip(parts[1::2], parts[2::2], strict=True):
        assert cells[name].metadata.nbgrader["solution"], f"{path.name}: {name} is no solution cell"
        before = cells[name].source.partition("### BEGIN SOLUTION")[0]
        # A function that an answer defines anew is whole by itself.
        cells[name].source = (before if not before or before.endswith("\n") else "") + source
    return notebook


def practice_sheet(exercise, learner):
    """Draw a learner's sheet for practice, with its answers."""
    return sealing.for_practice(exercise, tokens.practice(exercise, learner))


def with_literals(notebook, sealed):
    """Write what this learner's variant needs where the published solution has the rehearsal's answers."""
    cells = cells_by_id(notebook)
    for name, source in sealed.literal.items():
        before = cells[name].source.partition("### BEGIN SOLUTION")[0]
        cells[name].source = f"{before}### BEGIN SOLUTION\n{source}### END SOLUTION"
    return notebook


def as_saved(course, exercise, token, wrong=None, *, blank=False, sealed=None):
    """Give the text of a released notebook as JupyterLab saves it: cell ids kept, answers filled in.

    course: where it was released. wrong: the file of a wrong answer. blank: nothing but the token is typed.
    sealed: the sheet of a token of a course, with what its answers are.
    """
    source = notebook_of(exercise)
    if not blank and sealed is None and (name := tokens.practice_name(token)):
        sealed = practice_sheet(exercise, name)
    if sealed is not None and not blank:
        source = with_literals(source, sealed)
    notebook = nbformat.read(course / "release" / exercise / "exercise.ipynb", as_version=4)
    if not blank:
        full = cells_by_id(source if wrong is None else with_answers(source, wrong))
        for name, cell in cells_by_id(notebook).items():
            if cell.metadata.nbgrader["solution"]:
                cell.source = re.sub(r" *### (BEGIN|END) SOLUTION\n?", "", full[name].source)
    first = next(cell for cell in notebook.cells if cell.source.startswith("TOKEN = "))
    first.source = re.sub(r'^TOKEN = ".*"', f'TOKEN = "{token}"', first.source)
    return nbformat.writes(notebook)


def by_kernel(notebook, exercise, folder, learner):
    """Run in a kernel with the grader's token; return points and message of each check, by nbgrader."""
    from nbclient import NotebookClient
    from nbgrader.utils import determine_grade

    sealed = practice_sheet(exercise, learner)
    _lay_out(sealed, folder)
    bound = f"ANSWERS = __import__('json').loads({json.dumps(sealed.answers)!r})"
    notebook.cells.insert(0, nbformat.v4.new_code_cell(bound))
    environment = dict(os.environ) | {"COURSE_VARIANT_TOKEN": tokens.practice(exercise, learner)}
    client = NotebookClient(
        notebook, allow_errors=True, timeout=300, resources={"metadata": {"path": str(folder)}}
    )
    client.execute(env=environment)
    found = {}
    for name, cell in cells_by_id(notebook).items():
        if cell.metadata.nbgrader["grade"] and cell.cell_type == "code":
            assert not [o for o in cell.outputs if o.get("name") == "stderr"], f"{name} writes to stderr"
            said = " ".join(o.evalue for o in cell.outputs if o.output_type == "error")
            found[name] = (determine_grade(cell)[0], said)
    return found


def warm():
    """Give a spawned process for `by_cells`: it imports once, and a process that ran Aer is never forked."""
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


def by_cells(exercise, learner, wrong=None, typed=None):
    """Run the cells one after another without a kernel, by the same rule; many learners in one process.

    wrong: the file of a wrong answer, else the reference is run. typed: a token that the notebook claims.
    """
    names = {"__name__": "__main__"}
    notebook = notebook_of(exercise)
    sealed = practice_sheet(exercise, learner)
    notebook = with_literals(notebook, sealed)
    names["ANSWERS"] = sealed.answers
    os.chdir(tempfile.mkdtemp())
    _lay_out(sealed, Path())
    if wrong is not None:
        with_answers(notebook, wrong)
    if typed is not None:
        cell = next(cell for cell in notebook.cells if cell.source.startswith("TOKEN = "))
        cell.source = re.sub(r'^TOKEN = ".*"', f'TOKEN = "{typed}"', cell.source)
    os.environ["COURSE_VARIANT_TOKEN"] = tokens.practice(exercise, learner)
    os.environ["MPLBACKEND"] = "agg"
    found = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        mark = cell.metadata.get("nbgrader", {})
        value, said = _run(cell.source, names)
        if mark.get("grade"):
            found[mark["grade_id"]] = (_points(value, said, mark["points"]), said or "")
    return found


def _lay_out(sealed, folder):
    for name, data in sealed.files().items():
        (folder / name).write_bytes(data)


def _run(source, names):
    """Run a cell; return the value of its last expression, and what it raised."""
    body = ast.parse(source).body
    last = ast.Expression(body.pop().value) if body and isinstance(body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            exec(compile(ast.Module(body, []), "<cell>", "exec"), names)
            return (None if last is None else eval(compile(last, "<cell>", "eval"), names)), None
        except Exception as error:
            return None, str(error) or type(error).__name__


def _points(value, said, most):
    """Grade by nbgrader's rule: nothing after an error, a number shown is partial credit, else all."""
    if said is not None:
        return 0
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        assert value <= most, "partial credit above the cell's points"
        return value
    return most
