"""The two classes that bench_grading.py grades: invented learners, honest work, no two texts alike."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from nbformat import v4, writes

ROOT = Path(__file__).resolve().parents[2]
AUTOGRADER = str(Path(sys.executable).parent / "autograder")
EXPORT = "export-controls"
LIGHT = "light"

_CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'light'\n"
_MEAN = [
    "def mean_error(errors):\n    return sum(errors) / len(errors)",
    "def mean_error(errors):\n    total = 0.0\n    for one in errors:\n        total += one\n"
    "    return total / len(errors)",
    "def mean_error(errors):\n    return float(np.mean(list(errors)))",
    "import statistics\n\ndef mean_error(errors):\n    return statistics.fmean(errors)",
]
_DECAY = [
    "def survival(lengths, p):\n    return 0.5 + 0.5 * p ** np.asarray(lengths)",
    "def survival(lengths, p):\n    return np.array([(1 + p**m) / 2 for m in lengths])",
    "def survival(lengths, p):\n    m = np.array(lengths, dtype=float)\n    return (np.power(p, m) + 1) / 2",
]
_BELL = [
    "bell = QuantumCircuit(2)\nbell.h(0)\nbell.cx(0, 1)\nstate = Statevector(bell)",
    "bell = QuantumCircuit(2)\nbell.h(1)\nbell.cx(1, 0)\nstate = Statevector.from_instruction(bell)",
    "state = Statevector(np.array([1, 0, 0, 1]) / np.sqrt(2))",
]
_GHZ = [
    "def ghz(n):\n    made = QuantumCircuit(n)\n    made.h(0)\n    for k in range(n - 1):\n"
    "        made.cx(k, k + 1)\n    return made",
    "def ghz(n):\n    made = QuantumCircuit(n)\n    made.h(0)\n    for k in range(1, n):\n"
    "        made.cx(0, k)\n    return made",
]
# One learner in ten has halved twice: honest work also fails, and a failure costs more than a success.
_SLIP = "def mean_error(errors):\n    return sum(errors) / len(errors) / 2"

_GIVEN = (
    "import numpy as np\nfrom qiskit import QuantumCircuit\nfrom qiskit.quantum_info import Statevector\n\n"
    "measured = [0.011, 0.014, 0.009, 0.012]"
)
_TESTS = {
    "test-mean": (
        "assert abs(mean_error([1, 2, 3]) - 2) < 1e-12, 'The mean of 1, 2, 3 is 2.'\n"
        "### BEGIN HIDDEN TESTS\n"
        "assert abs(mean_error(measured) - 0.0115) < 1e-12, 'Try it on `measured`.'\n"
        "### END HIDDEN TESTS"
    ),
    "test-decay": (
        "lengths = [1, 10, 100, 500]\n"
        "assert np.allclose(survival(lengths, 1.0), 1), 'Without error nothing decays.'\n"
        "### BEGIN HIDDEN TESTS\n"
        "for p in (0.9, 0.99, 0.999):\n"
        "    np.testing.assert_allclose(survival(lengths, p), 0.5 + 0.5 * p ** np.array(lengths))\n"
        "### END HIDDEN TESTS"
    ),
    "test-bell": (
        "assert isinstance(state, Statevector), 'state should be a Statevector.'\n"
        "### BEGIN HIDDEN TESTS\n"
        "assert state.equiv(Statevector([2**-0.5, 0, 0, 2**-0.5])), 'This is another state.'\n"
        "### END HIDDEN TESTS"
    ),
    "test-ghz": (
        "points = 0\n"
        "for n in (2, 3, 5):\n"
        "    found = Statevector(ghz(n)).probabilities_dict()\n"
        "    points += set(found) == {'0' * n, '1' * n} and abs(found['0' * n] - 0.5) < 1e-9\n"
        "points"
    ),
}
_POINTS = {"test-mean": 2, "test-decay": 2, "test-bell": 1, "test-ghz": 3}


def part(name: str, text: str, **said: Any) -> Any:
    """Make a cell as nbgrader marks it; `markdown` for a written one."""
    plain = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    make = v4.new_markdown_cell if said.pop("markdown", False) else v4.new_code_cell
    cell = make(text, metadata={"nbgrader": {**plain, "grade_id": name, **said}})
    cell["id"] = name
    return cell


def _test(name: str, *, hidden: bool) -> Any:
    text = _TESTS[name]
    if not hidden:
        text = text.partition("### BEGIN HIDDEN TESTS")[0].rstrip()
    return part(name, text, grade=True, locked=True, points=_POINTS[name])


def _notebook(answers: dict[str, str], why: str, *, hidden: bool) -> Any:
    given = v4.new_code_cell(_GIVEN)
    given["id"] = "given"
    cells = [given]
    for name, test in zip(("mean", "decay", "bell", "ghz"), _TESTS, strict=True):
        cells += [part(name, answers[name], solution=True), _test(test, hidden=hidden)]
    cells.append(part("why", why, markdown=True, grade=True, solution=True, points=2))
    made = v4.new_notebook(cells=cells)
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return made


def light_answers(number: int) -> dict[str, str]:
    """Write one learner's answers: the n-th of 72 ways, with a remark of their own."""
    ways = {"mean": _MEAN, "decay": _DECAY, "bell": _BELL, "ghz": _GHZ}
    chosen = {}
    for name, texts in ways.items():
        number_here, at = divmod(number, len(texts))
        chosen[name] = f"# attempt {number + 1}, {name}\n{texts[at]}\nprint({name!r}, {number_here})"
    if number % 10 == 9:
        chosen["mean"] = _SLIP
    return chosen


def light(course: Path, learners: int) -> Path:
    """Make a stock nbgrader course with one light exercise and so many submissions."""
    marked = {
        "mean": f"### BEGIN SOLUTION\n{_MEAN[0]}\n### END SOLUTION",
        "decay": f"### BEGIN SOLUTION\n{_DECAY[0]}\n### END SOLUTION",
        "bell": f"### BEGIN SOLUTION\n{_BELL[0]}\n### END SOLUTION",
        "ghz": f"### BEGIN SOLUTION\n{_GHZ[0]}\n### END SOLUTION",
    }
    source = course / "source" / LIGHT / "problem.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(writes(_notebook(marked, "Why do errors add?", hidden=True)), encoding="utf-8")
    (course / "nbgrader_config.py").write_text(_CONFIG, encoding="utf-8")
    command, environment = stock_command("generate_assignment", LIGHT, "--create")
    subprocess.run(command, cwd=course, env=environment, check=True, capture_output=True)
    for number in range(learners):
        why = f"Small independent errors add, to first order (learner {number})."
        text = writes(_notebook(light_answers(number), why, hidden=False))
        hand_in(course, LIGHT, f"learner{number:04}", "problem", text)
    return course


def stock_command(*words: str) -> tuple[list[str], dict[str, str]]:
    """Write one of nbgrader's own commands, away from anybody's Jupyter settings."""
    own = {"JUPYTER_NO_CONFIG": "1", "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    return [sys.executable, "-m", "nbgrader", *words], os.environ | own


def hand_in(course: Path, exercise: str, learner: str, name: str, text: str) -> None:
    """Lay one notebook into submitted/."""
    path = course / "submitted" / learner / exercise / f"{name}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")


def export(course: Path, learners: int) -> Path:
    """Release our own Qiskit exercise to a roster; everybody hands in the solution, with their own token."""
    roster = course.parent.with_name(f"{course.parent.name}-roster.csv")
    names = [f"learner{number:04}" for number in range(learners)]
    rows = "".join(f"{name},Learner {name},\n" for name in names)
    roster.write_text("learner,name,email\n" + rows, encoding="utf-8")
    words = ["release", EXPORT, "--quick", "--course", str(course), "--roster", str(roster), "--init-secret"]
    subprocess.run([AUTOGRADER, *words], cwd=ROOT, check=True, capture_output=True)
    solved = json.loads((course / "source" / EXPORT / "exercise.ipynb").read_text(encoding="utf-8"))
    for name in names:
        token = json.loads((course / "variants" / EXPORT / f"{name}.json").read_text(encoding="utf-8"))[
            "token"
        ]
        text = json.dumps(_with_token(solved, token, name))
        hand_in(course, EXPORT, name, "exercise", text)
    return course


def _with_token(notebook: dict[str, Any], token: str, name: str) -> dict[str, Any]:
    """Write a learner's token where they would, and a remark, so that no two texts are alike."""
    made: dict[str, Any] = json.loads(json.dumps(notebook))
    for cell in made["cells"]:
        text = "".join(cell["source"])
        cell["source"] = text.replace('TOKEN = "practice: your name"', f'TOKEN = "{token}"')
        if cell["metadata"].get("nbgrader", {}).get("solution") and cell["cell_type"] == "code":
            cell["source"] = f"# {name}\n" + cell["source"]
    return made
