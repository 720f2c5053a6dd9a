"""Cells run in a room as they do in Jupyter, and values come out of it by type and by value."""

from __future__ import annotations

import pytest

from autograder.rooms import RoomLost, WarmParent, visit
from autograder.rooms.pair import Pair
from tests.rooms import pairs
from tests.waiting import PATIENCE

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def warm():
    with WarmParent(imports=("numpy", "matplotlib.pyplot", "qiskit"), mains=[visit.MAIN]) as parent:
        assert parent.state()["threads"] == 1
        yield parent


@pytest.fixture
def learner(warm):
    with warm.open() as room:
        yield visit.Visit(room)


def said(ran, name="stdout"):
    return "".join(one["text"] for one in ran.outputs if one.get("name") == name)


def shown(learner, source):
    """The value of an expression, as the room prints it."""
    ran = learner.run(f"print({source})", seconds=PATIENCE)
    return said(ran) if ran.error is None else ran.error["type"]


def test_cells_share_their_names_and_print(learner):
    assert learner.run("x = 20\nprint('größer')", seconds=PATIENCE).error is None
    ran = learner.run("x += 1\r\nprint(x)\r\nx * 2", seconds=PATIENCE)
    assert ran.error is None
    assert said(ran).startswith("21\n")
    assert shown(learner, "x") == "21\n"


def test_an_error_is_told_by_its_builtin_and_the_next_cell_runs(learner):
    ran = learner.run("class Odd(ValueError): pass\nraise Odd('no')", seconds=PATIENCE)
    assert ran.error == {"type": "Odd", "builtin": "ValueError", "text": "no"}
    assert learner.run("1 +", seconds=PATIENCE).error["builtin"] == "SyntaxError"
    assert learner.run("raise SystemExit", seconds=PATIENCE).error["builtin"] == "SystemExit"
    assert learner.run("ok = 1", seconds=PATIENCE).error is None


def test_jupyters_own_language_works(learner):
    ran = learner.run("import asyncio\nawait asyncio.sleep(0)\n!echo from the shell\n%pwd", seconds=PATIENCE)
    assert ran.error is None
    assert "from the shell" in said(ran)
    assert learner.run("input('?')", seconds=PATIENCE).error["type"] == "StdinNotImplementedError"


def test_a_figure_comes_out(learner):
    ran = learner.run(
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()", seconds=60
    )
    assert ran.error is None
    assert any("image/png" in one.get("data", {}) for one in ran.outputs)


def test_values_come_out_by_type_into_the_examiners_room_alone():
    solution = (
        "import numpy as np\nfrom qiskit import QuantumCircuit\n"
        "a = np.arange(6.).reshape(2, 3)\nqc = QuantumCircuit(2); qc.h(0); qc.cx(0, 1)\nf = lambda: 1"
    )
    names = ["a", "qc", "f", "nothing"]
    with pairs.parent("numpy", "qiskit") as parent, Pair(parent) as pair:
        book = pairs.Notebook(pair)
        book.solved(solution, names)
        for test in (
            "import numpy as np\nassert np.array_equal(a, np.arange(6.0).reshape(2, 3))",
            "from qiskit.quantum_info import Operator\nassert Operator(qc).dim == (4, 4)",
            "assert type(f).__name__ == 'function' and f() == 1",
        ):
            assert book.test(test).error is None
        assert book.test("nothing").error["type"] == "NameError"


def test_a_slow_cell_is_interrupted_and_its_names_stay(learner):
    ran = learner.run("kept = 1\nwhile True: pass", seconds=0.5)
    assert ran.late
    assert ran.error["builtin"] == "KeyboardInterrupt"
    assert shown(learner, "kept") == "1\n"


def test_a_cell_that_swallows_the_interrupt_ends_its_room(warm):
    with warm.open() as room:
        with pytest.raises(RoomLost, match="would not be interrupted"):
            visit.Visit(room).run(
                "while True:\n    try:\n        while True: sum(range(9))\n    except BaseException: pass",
                seconds=0.5,
            )
        assert room.status == -9
        with pytest.raises(RoomLost, match="has ended"):
            visit.Visit(room).run("1", seconds=1)


def test_a_flood_of_output_is_cut(learner):
    ran = learner.run("print('x' * 5_000_000)", seconds=PATIENCE)
    assert ran.error is None
    assert len(said(ran)) < 1_100_000


@pytest.mark.parametrize(
    "source",
    [
        "import os; os._exit(0)",
        "import os; os.write(3, b'\\0\\0\\0\\1[')",
        "import os; os.write(3, b'\\0\\0\\0\\2[]')",
        "import os; os.write(3, b'\\xff\\xff\\xff\\xff')",
        "import os; os.write(3, b'\\0\\0\\0\\x0d{\"outputs\": 1}')",
    ],
)
def test_a_room_that_talks_for_itself_is_ended(warm, source):
    with warm.open() as room, pytest.raises(RoomLost):
        visit.Visit(room).run(source, seconds=PATIENCE)
    assert warm.state()["rooms"] == 0


def test_nothing_of_a_learner_reaches_the_next(warm):
    with warm.open() as room:
        visit.Visit(room).run("import numpy\nnumpy.pi = 3\nmark = 1\nIn_ = 5", seconds=PATIENCE)
    with warm.open() as room:
        other = visit.Visit(room)
        assert other.run("import numpy\npi = float(numpy.pi)", seconds=PATIENCE).error is None
        assert float(shown(other, "pi")) > 3
        assert shown(other, "mark") == "NameError"
