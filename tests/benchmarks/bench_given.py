"""What a given cell that calls a learner's function in a loop costs, held against stock nbgrader.

Four learners hand in a step of a simulation; a given cell takes thousands of such steps, and a test looks at
where they end. In stock a call is a call. Here the learner's room runs the cell and writes down its answers,
and the examiner's room runs it after that and takes them many at a time. Both commands grade the same class
in this one run, and processor time counts, so that a busy machine is fair to both. The bar: at most 1.5 times
stock.
Example: python tests/benchmarks/bench_given.py --calls 20000
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import cohorts
import measure
from nbformat import v4, writes

CALLS, LEARNERS, MOST = 20_000, 4, 1.5
EXERCISE = "walk"
_STEP = "def step(x, v, force, dt):\n    return x + v * dt + force / 2 * dt**2, v + force * dt"
_WALK = (
    "import numpy as np\n\nxs, vs = np.zeros({calls} + 1), np.zeros({calls} + 1)\n"
    "for i in range({calls}):\n    xs[i + 1], vs[i + 1] = step(xs[i], vs[i], 5.0, 1e-3)"
)
_TEST = "assert abs(vs[-1] - 5e-3 * {calls}) < 1e-6, 'The speed grows by force times time.'"


def course(folder: Path, calls: int) -> Path:
    """Make the class, each with a step of their own."""
    source = folder / "source" / EXERCISE / "walk.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(_notebook(f"### BEGIN SOLUTION\n{_STEP}\n### END SOLUTION", calls), encoding="utf-8")
    (folder / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
    command, environment = cohorts.stock_command("generate_assignment", EXERCISE, "--create")
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    for number in range(LEARNERS):
        text = _notebook(f"# learner {number}\n{_STEP}", calls)
        cohorts.hand_in(folder, EXERCISE, f"learner{number:04}", "walk", text)
    return folder


def _notebook(step: str, calls: int) -> str:
    cells = [
        cohorts.part("step", step, solution=True),
        cohorts.part("walk", _WALK.format(calls=calls), locked=True),
        cohorts.part("test-walk", _TEST.format(calls=calls), grade=True, locked=True, points=1),
    ]
    made = v4.new_notebook(cells=cells)
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return str(writes(made))


def main() -> int:
    """Measure both, print, and fail above the bar."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=CALLS, help="how often the given cell calls")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-given-") as folder:
        made = course(Path(folder) / "walk/nbgrader", options.calls)
        stock = measure.stock(measure.fresh(made), EXERCISE, "*")
        ours = measure.ours(measure.fresh(made), EXERCISE, 2)
    ratio = ours.cpu / stock.cpu
    print(f"{LEARNERS} hand-ins, a given cell with {options.calls} calls of a learner's function")
    print(f"processor time: ours {ours.cpu:.1f} s, stock {stock.cpu:.1f} s, ratio {ratio:.2f}")
    print(f"by the clock:   ours {ours.wall:.1f} s, stock {stock.wall:.1f} s")
    print(f"bar {MOST:g}: {'good' if ratio <= MOST else 'MISSED'}")
    return 0 if ratio <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
