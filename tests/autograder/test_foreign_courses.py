"""Courses that nobody here has made: their configuration, their data, their languages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat import writes

from autograder.gradebook import gradebook, private_jupyter
from tests.honest import notebooks

pytestmark = pytest.mark.slow
RULES = """\
python3:
    setup: "from hashlib import sha1"
    hash: 'sha1({{snippet}}.encode("utf-8")+b"{{salt}}").hexdigest()'
    dispatch: "type({{snippet}})"
    normalize: "str({{snippet}})"
    check: 'assert {{snippet}} == \"\"\"{{value}}\"\"\", \"\"\"{{message}}\"\"\"'
    success: "print('Success!')"
    templates:
        default:
            - test: "{{snippet}}"
              fail: "not that value"
"""


def solved(text):
    return f"### BEGIN SOLUTION\n{text}\n### END SOLUTION"


def put(course, cells, answers, **metadata):
    """Make a source of cells, and hand in an answer of each learner to the first of them."""
    made = notebooks.notebook(cells)
    made.metadata.update(metadata)
    notebooks.save(made, course / "source/ps1/p.ipynb")
    for learner, answer in answers.items():
        theirs = json.loads(writes(made))
        theirs["cells"][0]["source"] = answer
        folder = course / "submitted" / learner / "ps1"
        folder.mkdir(parents=True)
        (folder / "p.ipynb").write_text(json.dumps(theirs))


def scores(file):
    return {one["learner"]: one["score"] for one in json.loads(file.read_text())["results"]}


def test_every_path_of_a_configuration_begins_at_the_course(run, tmp_path, monkeypatch):
    course = tmp_path / "course"
    cells = [notebooks.solution("s", solved("def squares(n):\n    return [i**2 for i in range(1, n + 1)]"))]
    cells.append(notebooks.test("plain", "### AUTOTEST squares(3)", 2))
    cells.append(notebooks.test("hashed", "### HASHED AUTOTEST squares(4)", 1))
    right = "def squares(n):\n    return [i * i for i in range(1, n + 1)]"
    put(course, cells, {"kim": right, "lou": "def squares(n):\n    return []"})
    head = notebooks.notebook([notebooks.v4.new_markdown_cell("From the header.")])
    notebooks.save(head, course / "parts/header.ipynb")
    (course / "autotests.yml").write_text(RULES)
    (course / "points.txt").write_text("120")
    (course / "nbgrader_config.py").write_text(
        "from pathlib import Path\nc = get_config()\nc.IncludeHeaderFooter.header = 'parts/header.ipynb'\n"
        "c.CourseDirectory.db_url = 'sqlite:///marks.db'\n"
        "c.Execute.timeout = int(Path('points.txt').read_text())\n"
    )
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "results.json"
    ended = run("grade", "ps1", "--course", "course", "--json", file)
    assert ended.code == 0, ended.said
    assert scores(file) == {"kim": 3.0, "lou": 0.0}
    assert (course / "marks.db").is_file() and not (course / "gradebook.db").exists()
    assert not (tmp_path / "marks.db").exists()
    graded = json.loads((course / "autograded/kim/ps1/p.ipynb").read_text())
    assert "".join(graded["cells"][0]["source"]) == "From the header."
    # What the checks are made from decides the score, so a change of it grades everybody again.
    (course / "autotests.yml").write_text(RULES.replace("== ", "!= "))
    assert run("grade", "ps1", "--course", "course", "--json", file).code == 0
    assert scores(file)["kim"] is None or scores(file)["kim"] == 0.0


def test_a_folder_is_shown_to_rooms_by_name_and_no_other(run, tmp_path):
    course, shared = tmp_path / "course", tmp_path / "shared"
    shared.mkdir()
    (shared / "rows.csv").write_text("1\n2\n3\n")
    right = f"n = len(open('{shared}/rows.csv').read().split())"
    cells = [notebooks.solution("s", solved(right)), notebooks.test("t", "assert n == 3", 1)]
    writing = f"n = 3\nopen('{shared}/rows.csv', 'a').write('4')"
    put(course, cells, {"kim": right.replace("n =", "n  ="), "lou": "n = 0", "mal": writing})
    ended = run("grade", "ps1", "--course", course)
    said = " ".join(ended.said.split())
    assert ended.code == 0 and "FileNotFoundError" in said and "in the cell 's'" in said
    assert "--show DIR" in said
    file = tmp_path / "results.json"
    ended = run("grade", "ps1", "--course", course, "--show", shared, "--force", "--json", file)
    assert ended.code == 0 and "note:" not in ended.said, ended.said
    assert scores(file) == {"kim": 1.0, "lou": 0.0, "mal": 1.0}
    assert (shared / "rows.csv").read_text() == "1\n2\n3\n"
    (shared / "kept").mkdir()
    (shared / "kept/answers.ipynb").write_text("{}")
    for folder in (course, course / "source", tmp_path, "/", "/etc", Path.home(), shared, shared / "no"):
        ended = run("grade", "ps1", "--course", course, "--show", folder)
        assert (ended.code == 2 and "--show" in ended.said) or "the course" in ended.said, (
            folder,
            ended.said,
        )
    ended = run("grade", "ps1", "--course", course, "--show", "/usr", "--scheduler", "tcp://127.0.0.1:1")
    assert ended.code == 2 and "rooms of this machine" in ended.said


def test_a_notebook_in_another_language_is_held_and_says_what_can_be_done(run, tmp_path):
    cells = [notebooks.solution("s", "greeting=hello"), notebooks.test("t", 'test "$greeting" = hello', 1)]
    bash = {"name": "bash", "display_name": "Bash", "language": "bash"}
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\nc.ClearSolutions.code_stub = {'bash': '# YOUR CODE HERE', 'python': ''}\n"
    )
    put(tmp_path, cells, {"kim": "greeting=hello"}, kernelspec=bash)
    file = tmp_path / "results.json"
    ended = run("grade", "ps1", "--course", tmp_path, "--json", file)
    (result,) = json.loads(file.read_text())["results"]
    assert ended.code == 0 and (result["status"], result["certifiable"]) == ("held", False)
    assert result["reasons"][0] == "a notebook in bash can be run with --without-isolation only"
    assert "whose notebooks run Python" in " ".join(run("grade", "--help").said.split())


@pytest.mark.proof
def test_a_new_gradebook_is_the_same_as_nbgraders_own(tmp_path, monkeypatch):
    from nbgrader import api

    from autograder.course import Course

    ours, stock = Course(tmp_path / "ours"), tmp_path / "stock.db"
    ours.root.mkdir(parents=True)
    with private_jupyter():
        with monkeypatch.context() as patch:
            # A second interpreter for the name of the newest tables would take two seconds.
            patch.delattr(api, "get_alembic_version")
            with gradebook(ours):
                pass
        api.Gradebook(f"sqlite:///{stock}").close()

    def dump(path):
        text = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
        command = [sys.executable, "-m", "sqlite3", str(path)]
        return [
            subprocess.run([*command, one], capture_output=True, text=True, check=False).stdout
            for one in (text, "SELECT * FROM alembic_version")
        ]

    assert dump(ours.root / "gradebook.db") == dump(stock)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda made: made.cells[0].metadata.nbgrader.update(schema_version=1), "run: nbgrader update"),
        (
            lambda made: made.cells[1].update(source="### BEGIN HIDDEN TESTS\n### BEGIN HIDDEN TESTS\n1"),
            "nested begin hidden tests",
        ),
    ],
)
def test_a_source_that_nbgrader_refuses_is_told_in_nbgraders_words(run, tmp_path, change, said):
    made = notebooks.notebook([notebooks.solution("s", solved("x = 1")), notebooks.test("t", "assert x", 1)])
    change(made)
    (tmp_path / "submitted/kim/ps1").mkdir(parents=True)
    notebooks.save(made, tmp_path / "source/ps1/p.ipynb")
    notebooks.save(made, tmp_path / "submitted/kim/ps1/p.ipynb")
    ended = run("grade", "ps1", "--course", tmp_path)
    assert ended.code == 2 and said in ended.said and "p.ipynb" in ended.said, ended.said


def test_a_source_without_a_kernel_is_python(run, tmp_path):
    cells = [notebooks.solution("s", solved("x = 1")), notebooks.test("t", "assert x == 1", 1)]
    put(tmp_path, cells, {"kim": "x = 2 - 1"}, kernelspec=None)
    assert scores_of(run, tmp_path) == {"kim": 1.0}


def scores_of(run, course):
    file = course / "results.json"
    ended = run("grade", "ps1", "--course", course, "--json", file)
    assert ended.code == 0, ended.said
    return scores(file)


def test_a_library_is_compiled_once_for_all_rooms(run, tmp_path, monkeypatch):
    tools = tmp_path / "lib/mytools"
    tools.mkdir(parents=True)
    (tools / "__init__.py").write_text("")
    (tools / "lazy.py").write_text("VALUE = 42\n")
    monkeypatch.syspath_prepend(str(tmp_path / "lib"))
    right = "import mytools, importlib\nx = importlib.import_module('mytools.' + 'lazy').VALUE"
    cells = [notebooks.solution("s", solved(right)), notebooks.test("t", "assert x == 42", 1)]
    put(tmp_path / "course", cells, {"kim": right + " + 0"})
    assert scores_of(run, tmp_path / "course") == {"kim": 1.0}
    assert list((tools / "__pycache__").glob("lazy.*.pyc"))


def test_a_value_that_is_none_is_none_and_no_missing_name(run, tmp_path):
    """A name that was missing when a test first asked for it, and None from then on, was never brought."""
    cells = [notebooks.solution("s", solved("found = 1"))]
    cells.append(notebooks.test("early", "assert found == 1\nif found == 2:\n    print(count)", 1))
    cells.append(notebooks.solution("later", solved("count = 2")))
    cells.append(notebooks.test("number", 'assert count is not None, "count should be a number"', 1))
    put(tmp_path, cells, {"kim": "found = 1", "lou": "found = 1"})
    theirs = tmp_path / "submitted/lou/ps1/p.ipynb"
    theirs.write_text(theirs.read_text().replace("count = 2", "count = None"))
    assert scores_of(run, tmp_path) == {"kim": 2.0, "lou": 1.0}
    results = {one["learner"]: one for one in json.loads((tmp_path / "results.json").read_text())["results"]}
    told = {cell["grade_id"]: cell for cell in results["lou"]["cells"]}
    assert told["number"]["message"] == "count should be a number"
    assert told["number"]["through"] == "hatch"
