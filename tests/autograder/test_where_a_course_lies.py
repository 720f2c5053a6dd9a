"""A course lies away from what is generated, its secret away from Jupyter, and an old one is moved."""

import shutil
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.grading.lock import only_run
from tests.autograder.conftest import SAMPLE

CONFIGURATION = "c = get_config()\nc.CourseDirectory.course_id = 'theirs'\n"


@pytest.fixture
def at(run, monkeypatch):
    """Run a command in a folder."""

    def command(folder, *words):
        monkeypatch.chdir(folder)
        return run(*words)

    return command


def files(folder):
    """What lies in a folder, but for the lock that a command leaves."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


@pytest.fixture
def old(course, tmp_path):
    """A class of an earlier version, with everything in one folder below _build."""
    home = tmp_path / "clone"
    (home / "_build").mkdir(parents=True)
    target = home / "_build/course"
    shutil.copytree(course, target)
    shutil.copy2(course.parent / "secret.key", target)
    (target / "submitted/ada/greeting").mkdir(parents=True)
    (target / "submitted/ada/greeting/exercise.ipynb").write_text("{")
    return target


def test_a_course_has_its_secret_outside_of_what_jupyter_serves(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = (
        "release",
        "--quick",
        "--source",
        SAMPLE / "exercises",
        "--roster",
        SAMPLE / "roster.csv",
        "--init-secret",
    )
    assert run(*words).code == 0
    assert {path.name for path in (tmp_path / "course").iterdir()} == {"secret.key", "nbgrader"}
    assert "secret.key" not in " ".join(files(tmp_path / "course/nbgrader"))
    # The course is found from its own folder, from nbgrader's, and by either name.
    for name in ("course", "course/nbgrader", "course/nbgrader/."):
        assert Course(Path(name)).root == tmp_path / "course/nbgrader"
        assert Course(Path(name)).home == tmp_path / "course"
    monkeypatch.chdir(tmp_path / "course/nbgrader")
    assert run(*words, "--course", ".", "--json").out.count('"practice": false') == 1


def test_a_plain_course_of_nbgraders_gets_no_secret_into_its_folder(run, tmp_path):
    theirs = tmp_path / "qip"
    theirs.mkdir()
    (theirs / "nbgrader_config.py").write_text(CONFIGURATION)
    words = ("release", "--quick", "--source", SAMPLE / "exercises", "--course")
    ended = run(*words, theirs, "--init-secret")
    assert ended.code == 2 and "would serve the secret" in ended.err and len(ended.err.splitlines()) == 1
    assert list(files(theirs)) == ["nbgrader_config.py"]
    # What the line says to do.
    theirs.rename(tmp_path / "nbgrader")
    (tmp_path / "qip").mkdir()
    (tmp_path / "nbgrader").rename(tmp_path / "qip/nbgrader")
    assert run(*words, theirs, "--init-secret").code == 0
    assert (theirs / "secret.key").is_file() and (theirs / "nbgrader/gradebook.db").is_file()


def test_the_first_command_moves_an_old_course_whole_and_says_so_once(at, old):
    home, before = old.parent.parent, files(old)
    key = before.pop("secret.key")
    done = at(home, "evidence")
    assert done.code == 0
    assert "moved the course of an earlier version" in done.err and len(done.err.splitlines()) == 1
    assert not old.exists()
    assert (home / "course/secret.key").read_bytes() == key
    assert files(home / "course/nbgrader") == before
    assert at(home, "evidence").err == ""


def test_a_move_that_was_killed_is_finished_by_the_next_command(at, old):
    home = old.parent.parent
    before = files(old)
    staging, target = home / ".course.moving", home / "course"
    apart = {name if name == "secret.key" else f"nbgrader/{name}": data for name, data in before.items()}
    for killed_after in range(3):
        staging.mkdir()
        if killed_after > 0:
            old.rename(staging / "nbgrader")
        if killed_after > 1:
            (staging / "nbgrader/secret.key").rename(staging / "secret.key")
        done = at(home, "evidence")
        assert done.code == 0 and "moved the course" in done.err
        assert files(target) == apart and not staging.exists()
        (target / "secret.key").rename(target / "nbgrader/secret.key")
        (target / "nbgrader").rename(old)
        target.rmdir()


def test_what_cannot_be_moved_stays_as_it_is(at, old):
    home, before = old.parent.parent, files(old)
    with only_run(old, "greeting"):
        done = at(home, "evidence")
        assert done.code == 2 and "another run is grading 'greeting'" in done.err
    assert files(old) == before and not (home / "course").exists()


def test_a_course_with_the_secret_inside_is_parted_where_it_lies(at, old):
    before = files(old)
    done = at(old.parent, "evidence", "--course", "course")
    assert done.code == 0 and "the secret lies beside it" in done.err
    assert files(old) == {
        name if name == "secret.key" else f"nbgrader/{name}": data for name, data in before.items()
    }


def test_what_a_reader_practised_with_is_no_course_to_move(at, old):
    home = old.parent.parent
    for name in ("secret.key", "roster.csv", "variants", "submitted"):
        path = old / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    done = at(home, "evidence")
    assert done.code == 2 and "no such course directory" in done.err
    assert old.is_dir() and not (home / "course").exists()
