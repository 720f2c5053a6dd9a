"""The rows that grading writes are nbgrader's own: same tables, same values, and what people gave stays."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from autograder.course import Course
from autograder.gradebook import gradebook
from autograder.grading import tables
from autograder.grading.book import Book, Entry
from autograder.grading.master import load
from autograder.grading.model import CellResult
from autograder.grading.record import Graded
from autograder.grading.run import Order, grade

pytestmark = pytest.mark.slow

WRITTEN = ["student", "submitted_assignment", "submitted_notebook", "grade", "comment"]
WHEN = datetime(2026, 11, 19, 8, 30, tzinfo=UTC)


def models():
    from nbgrader.api import Base

    return Base.metadata.tables


@pytest.mark.parametrize("name", sorted(tables.METADATA.tables))
def test_each_declared_column_is_nbgraders(name):
    theirs = models()[name].columns
    for ours in tables.METADATA.tables[name].columns:
        assert repr(ours.type) == repr(theirs[ours.name].type), ours.name
        assert (ours.primary_key, ours.nullable) == (
            theirs[ours.name].primary_key,
            theirs[ours.name].nullable,
        )


@pytest.mark.parametrize("name", WRITTEN)
def test_no_column_of_a_written_table_is_left_to_a_default(name):
    left = {column.name for column in models()[name].columns} - set(
        tables.METADATA.tables[name].columns.keys()
    )
    assert left == ({"first_name", "last_name", "email", "lms_user_id"} if name == "student" else set())


def marked(auto: dict[str, float | None]) -> list[Graded]:
    cells = [
        CellResult(grade_id=name, score=score, max_score=3.0, outcome="passed")
        for name, score in auto.items()
    ]
    return [Graded("exercise", None, cells, {"half"})]


AUTO = {"test-half": 2.0, "test-area": 1.5, "partial": 0.0, "why": None}


def rows(course: Course, learner: str) -> dict[str, object]:
    """Everything that nbgrader itself says of a submission, but for the random ids."""
    with gradebook(course) as book:
        one = book.find_submission("greeting", learner)
        (paper,) = one.notebooks
        return {
            "timestamp": one.timestamp,
            "flagged": paper.flagged,
            "penalty": paper.late_submission_penalty,
            "score": (paper.score, paper.max_score, paper.written_score, paper.code_score),
            "grades": {
                grade.name: (
                    grade.auto_score,
                    grade.manual_score,
                    grade.extra_credit,
                    grade.needs_manual_grade,
                    grade.max_score,
                )
                for grade in paper.grades
            },
            "comments": {note.name: (note.auto_comment, note.manual_comment) for note in paper.comments},
        }


def by_nbgrader(course: Course, learner: str) -> None:
    """Write the same submission with nbgrader's own interface."""
    with gradebook(course) as book:
        book.update_or_create_student(learner)
        book.update_or_create_submission("greeting", learner, timestamp=WHEN.replace(tzinfo=None))
        paper = book.find_submission_notebook("exercise", "greeting", learner)
        for grade in paper.grades:
            grade.auto_score = AUTO[grade.name]
            grade.needs_manual_grade = AUTO[grade.name] is None
        for note in paper.comments:
            note.auto_comment = None if note.name == "half" else "No response."
        book.db.commit()


# nbgrader's own interface, and no code of ours, makes SQLAlchemy warn.
@pytest.mark.filterwarnings("ignore:Object of type <Submitted")
def test_rows_are_those_that_nbgraders_own_interface_writes(course):
    here = Course(course)
    load(here, "greeting")
    book = Book(here, "greeting")
    assert book.write([Entry("ours", WHEN, marked(AUTO))]) == []
    book.close()
    by_nbgrader(here, "theirs")
    assert rows(here, "ours") == rows(here, "theirs")


def test_what_a_person_gave_stays_when_a_submission_is_graded_again(course):
    here = Course(course)
    load(here, "greeting")
    book = Book(here, "greeting")
    book.write([Entry("ada", WHEN, marked(AUTO)), Entry("bob", None, marked(AUTO))])
    with gradebook(here) as theirs:
        paper = theirs.find_submission_notebook("exercise", "greeting", "ada")
        grades = {grade.name: grade for grade in paper.grades}
        grades["why"].manual_score, grades["why"].needs_manual_grade = 2.5, False
        grades["partial"].extra_credit = 0.5
        paper.comments[0].manual_comment = "well put"
        named = paper.comments[0].name
        theirs.db.commit()
    later = WHEN.replace(day=20, hour=19)
    assert book.write([Entry("ada", later, marked({**AUTO, "test-half": 1.0}))]) == ["ada"]
    book.close()
    found = rows(here, "ada")
    assert found["timestamp"] == later.replace(tzinfo=None)
    assert found["grades"]["test-half"][:1] == (1.0,)
    assert found["grades"]["why"][:4] == (None, 2.5, None, True)
    assert found["grades"]["partial"][2] == 0.5
    assert found["comments"][named][1] == "well put"
    assert rows(here, "bob")["grades"]["test-half"][0] == 2.0


def test_lateness_counts_from_the_due_date_and_the_extension(course):
    here = Course(course)
    load(here, "greeting")
    book = Book(here, "greeting")
    late = WHEN.replace(day=20, hour=19)
    assert book.write([Entry("ada", late, marked(AUTO)), Entry("bob", WHEN, marked(AUTO))]) == ["ada"]
    with gradebook(here) as theirs:
        theirs.grant_extension("greeting", "ada", hours=2)
    assert book.write([Entry("ada", late, marked(AUTO))]) == []
    book.close()


@pytest.mark.parametrize(("method", "penalty"), [("zero", 7.0), ("none", 0.0)])
def test_the_courses_own_plugin_decides_what_lateness_costs(course, hands, method, penalty):
    (course / "roster.csv").unlink()
    with (course / "nbgrader_config.py").open("a") as stream:
        stream.write(f"c.LateSubmissionPlugin.penalty_method = '{method}'\n")
    path = hands.put("ada", hands.notebook())
    (path.parent / "timestamp.txt").write_text("2026-11-21 18:00:00.000000 UTC\n")
    grade(Course(course), Order("greeting", jobs=2))
    with gradebook(Course(course)) as book:
        one = book.find_submission("greeting", "ada")
        assert (one.score, one.late_submission_penalty) == (7.0, penalty)


def test_the_grader_itself_never_imports_nbgrader(course, hands):
    hands.put("ada", hands.notebook())
    (course / "roster.csv").unlink()
    code = (
        "import sys; from autograder.cli import main\n"
        f"main(['grade', 'greeting', '--course', {str(course)!r}], standalone_mode=False)\n"
        "print(sorted({'nbgrader', 'nbconvert', 'jsonschema_specifications.iri'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]", done.stdout
