"""A course that this repository has never seen: two notebooks, a data file, a configuration of its own."""

from __future__ import annotations

import copy
import json

import pytest
from nbformat import v4, writes

from autograder.course import Course
from autograder.grading.run import Order, grade
from autograder.marks import read_marks
from tests.waiting import faults

pytestmark = pytest.mark.slow


def part(kind, text, name, **data):
    make = v4.new_code_cell if kind == "code" else v4.new_markdown_cell
    full = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    return make(text, metadata={"nbgrader": {**full, "grade_id": name, **data}})


def problem(solution):
    answer = f"def total(numbers):\n    ### BEGIN SOLUTION\n    {solution}\n    ### END SOLUTION"
    test = (
        "values = [float(line) for line in open('data.txt')]\n"
        "assert total(values) == 6, 'Add all the lines.'\n"
        "### BEGIN HIDDEN TESTS\nassert total([]) == 0, 'Think of an empty list.'\n### END HIDDEN TESTS"
    )
    cells = [
        part("code", answer, "total", solution=True),
        part("code", test, "test", grade=True, locked=True, points=4),
        part("markdown", "Draw a plan.", "plan", task=True, locked=True, points=5),
    ]
    made = v4.new_notebook(cells=cells)
    made.metadata["kernelspec"] = {
        "name": "conda-of-somebody",
        "display_name": "Python",
        "language": "python",
    }
    return made


@pytest.fixture
def course(tmp_path):
    source = tmp_path / "assignments/ps1"
    source.mkdir(parents=True)
    (source / "data.txt").write_text("1\n2\n3\n")
    for name in ("problem1", "problem2"):
        (source / f"{name}.ipynb").write_text(writes(problem("return sum(numbers)")))
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        "c.CourseDirectory.course_id = 'other'\n"
        "c.CourseDirectory.source_directory = 'assignments'\n"
    )
    return tmp_path


def put(course, learner, name, notebook):
    path = course / "submitted" / learner / "ps1" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook))
    return path


def test_it_is_graded_as_it_stands(course):
    right = json.loads(writes(problem("return sum(numbers)")))
    wrong = json.loads(writes(problem("return sum(numbers) if numbers else None")))
    put(course, "bit diddle", "problem1.ipynb", right)
    # Data that a learner changed is not what the tests read.
    (course / "submitted/bit diddle/ps1/data.txt").write_text("6\n")
    (course / "submitted/bit diddle/ps1/helper.py").write_text("x = 1\n")
    put(course, "bit diddle", "problem2.ipynb", wrong)
    put(course, "hacker", "problem1.ipynb", copy.deepcopy(right))
    found = {(one.learner, one.notebook): one for one in grade(Course(course), Order("ps1", jobs=2))}
    assert {key: one.score for key, one in found.items()} == {
        ("bit diddle", "problem1"): 4.0,
        ("bit diddle", "problem2"): 0.0,
        ("hacker", "problem1"): 4.0,
        ("hacker", "problem2"): 0.0,
    }
    assert found["bit diddle", "problem2"].cells[0].message == "Think of an empty list."
    assert found["bit diddle", "problem1"].cells[1].outcome == "manual"
    assert any(
        "files of the learner's own lay beside it: helper.py" in reason
        for reason in found["bit diddle", "problem1"].reasons
    )
    assert found["hacker", "problem2"].reasons[0] == "no notebook problem2.ipynb was handed in"
    assert "practice: the course has no secret" in found["hacker", "problem1"].reasons
    everybody = read_marks(Course(course), "ps1")
    marks = {one.learner: {(m.notebook, m.cell): m.auto for m in one.marks} for one in everybody}
    assert marks["bit diddle"]["problem1", "test"] == 4.0
    assert marks["hacker"]["problem2", "test"] == 0.0
    assert (course / "autograded/bit diddle/ps1/data.txt").read_text() == "1\n2\n3\n"


def test_marks_of_a_person_survive_a_new_run(course):
    from autograder.gradebook import gradebook, private_jupyter

    put(course, "ada", "problem1.ipynb", json.loads(writes(problem("return sum(numbers)"))))
    grade(Course(course), Order("ps1"))
    with private_jupyter(), gradebook(Course(course)) as book:
        mark = book.find_grade("plan", "problem1", "ps1", "ada")
        mark.manual_score, mark.needs_manual_grade = 4.5, False
        book.db.commit()
    grade(Course(course), Order("ps1", force=True))
    mine = read_marks(Course(course), "ps1")[0]
    plan = next(mark for mark in mine.marks if (mark.notebook, mark.cell) == ("problem1", "plan"))
    assert plan.manual == 4.5 and not plan.pending


def test_cells_that_were_added_to_a_graded_source_are_a_fault_with_its_file(course, run):
    put(course, "ada", "problem1.ipynb", json.loads(writes(problem("return sum(numbers)"))))
    grade(Course(course), Order("ps1"))
    path = course / "assignments/ps1/problem1.ipynb"
    changed = problem("return sum(numbers)")
    changed.cells.append(part("code", "assert True", "more", grade=True, locked=True, points=1))
    path.write_text(writes(changed))
    ended = run("grade", "ps1", "--course", course)
    assert ended.code == 2 and "problem1.ipynb" in ended.err and "submissions associated" in ended.err
    assert len(faults(ended.err)) == 1


def test_a_check_that_its_own_solution_fails_is_told_and_left_to_a_person(course, run):
    path = course / "assignments/ps1/problem1.ipynb"
    path.write_text(writes(problem("return sum(numbers) + 1")))
    put(course, "ada", "problem1.ipynb", json.loads(writes(problem("return sum(numbers)"))))
    put(course, "ada", "problem2.ipynb", json.loads(writes(problem("return sum(numbers)"))))
    ended = run("grade", "ps1", "--course", course)
    assert ended.code == 0, ended.said
    assert "note: problem1: the course's own solution passes none of its checks" in ended.err
    assert "Add all the lines." in ended.err and "problem2" not in ended.err
    found = {
        mark.notebook: mark for mark in read_marks(Course(course), "ps1")[0].marks if mark.cell == "test"
    }
    assert found["problem1"].auto is None and found["problem1"].pending
    assert found["problem2"].auto == 4.0


def test_a_notebook_in_another_language_is_held_with_the_way_out(course, run):
    path = course / "assignments/ps1/problem2.ipynb"
    other = problem("return sum(numbers)")
    other.metadata["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}
    path.write_text(writes(other))
    put(course, "ada", "problem1.ipynb", json.loads(writes(problem("return sum(numbers)"))))
    put(course, "ada", "problem2.ipynb", json.loads(writes(other)))
    results = {one.notebook: one for one in grade(Course(course), Order("ps1"))}
    assert results["problem1"].score == 4.0
    assert results["problem2"].status == "held" and "--without-isolation" in results["problem2"].reasons[0]
