"""How the tests are run: what is dear is set up once, and the last lines say what failed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import chores, grouping
from tests.machine import lack_of, no_answer, short_of_space

DEAR = """
import os, time, pytest
from pathlib import Path

HERE = Path(__file__).parent

@pytest.fixture(scope="module")
def dear():
    with (HERE / "made").open("a") as log:
        log.write("x")

@pytest.mark.parametrize("number", range(6))
def test_it(dear, number):
    pass
"""
FAILING = """
import pytest
from tests.machine import MachineFault

@pytest.fixture
def browser():
    raise MachineFault("Chromium is missing; run: apt-get install -y chromium")

def test_page(browser):
    pass

@pytest.mark.parametrize("word", ["two words"])
def test_sum(word):
    assert 1 + 1 == 3, "the sum is wrong"

@pytest.mark.proof
def test_disk():
    try:
        raise OSError(28, "No space left on device")
    except OSError as problem:
        raise AssertionError("cannot write") from problem
"""


@pytest.fixture
def run(tmp_path):
    """Run test files with two workers, as the commands do, in a folder of their own."""

    def run(**texts: str) -> str:
        for name, text in texts.items():
            (tmp_path / f"test_{name}.py").write_text(text)
        (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  proof: long\n  spread: alone\n")
        words = ["-p", "tests.summary", "-p", "tests.grouping", "-n", "2", "--dist", "loadscope"]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--no-loadscope-reorder", *words, tmp_path],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(chores.ROOT)},
            capture_output=True,
            text=True,
        )
        return done.stdout + done.stderr

    return run


@pytest.mark.slow
def test_a_module_is_set_up_once_and_what_failed_is_said_last(run, tmp_path):
    said = run(dear=DEAR, failing=FAILING)
    assert (tmp_path / "made").read_text() == "x"
    lines = [line for line in said.splitlines() if " · python3 start.py " in line]
    assert lines == [
        "Chromium is missing; run: apt-get install -y chromium · "
        "python3 start.py test test_failing.py::test_page",
        "no space is left on a disk · python3 start.py proof test_failing.py::test_disk",
        "AssertionError: the sum is wrong · python3 start.py test 'test_failing.py::test_sum[two words]'",
    ]
    tail = said[said.index("what this machine lacks") :]
    assert tail.index("what failed") > tail.index("no space is left")
    assert "2 failed, 6 passed, 1 error" in tail.splitlines()[-1]


def test_each_command_collects_the_files_that_hold_its_tests_and_no_other():
    tests, proofs = chores.files(proof=False), chores.files(proof=True)
    every = {path.relative_to(chores.ROOT).as_posix() for path in chores.ROOT.glob("tests/**/test_*.py")}
    assert {*tests, *proofs} == every
    assert "tests/autograder/test_kill_drill.py" not in tests
    assert "tests/content/test_exercises.py" in {*tests} & {*proofs}
    assert all("mark.proof" in Path(chores.ROOT, path).read_text() for path in proofs)
    named = chores.pytest("proof", ["tests/rooms/test_parent.py::test_x", "-x"], proofs)
    assert "tests/autograder/test_kill_drill.py" not in named
    assert "tests/autograder/test_kill_drill.py" in chores.pytest("proof", ["-x"], proofs)


@pytest.mark.parametrize(
    ("said", "nobody"),
    [
        ("npm error code EAI_AGAIN", True),
        ("Temporary failure in name resolution", True),
        ("npm error code E404", False),
        ("SyntaxError: Unexpected token", False),
    ],
)
def test_a_registry_that_does_not_answer_is_told_from_one_that_says_no(said, nobody):
    assert no_answer(said) is nobody


def test_a_fault_of_the_course_is_not_put_on_the_machine(monkeypatch, tmp_path):
    assert lack_of(AssertionError("no space left in this sentence")) is None
    assert lack_of(FileNotFoundError(2, "No such file")) is None
    assert short_of_space(tmp_path) is None
    monkeypatch.setattr("tests.machine.LEAST_FREE", 1 << 60)
    assert "make room, or set TMPDIR" in (short_of_space(tmp_path) or "")


def test_groups_name_modules_that_there_are():
    named = {*grouping.SPREAD, *(one for modules in grouping.TOGETHER.values() for one in modules)}
    assert [one for one in sorted(named) if not (chores.ROOT / one).is_file()] == []
    assert grouping.group_of("tests/a/test_b.py::test_c[x]") == "tests/a/test_b.py"
    assert grouping.group_of(f"{grouping.SPREAD[0]}::test_c[x]") == f"{grouping.SPREAD[0]}::test_c[x]"
