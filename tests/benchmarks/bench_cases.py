"""What it costs to prove a case, held against exploring it as it is played and judging it by definition.

The peer is tests/scenarios/slow.py: every state in full, every front in every state. The bar: at least four
times as quick on the same case, and 100,000 projected states in less than ten seconds. Ink's own checkers are
not measured: they sample walks, and prove nothing of scores.
Example: python tests/benchmarks/bench_cases.py
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import coursefacts

from scenarios.engine import Case, loads
from scenarios.engine.check import check
from scenarios.engine.compile import compile_case
from tests.scenarios import slow

RATIO, LARGE, SECONDS = 4.0, 100_000, 10.0
SMALL_HUB, LARGE_HUB = 10, 17
STANCES = ("open", "restrict", "escalate", "act")


def hub(errands: int) -> Case:
    """Make the hardest shape there is: errands in any order, each with its own effects on three axes."""
    dice = random.Random(errands)
    axes = ("security", "openness", "duty")
    lines = ["---", "schema: case/1", "id: hub", "title: Hub", "module: sample", "minutes: [1, 9]"]
    lines += ["outcomes: [E1]", "best: ending-out"]
    lines += [
        "axes: {" + ", ".join(f"{axis}: {{from: -99, to: 99}}" for axis in axes) + "}",
        "---",
        "## Hub",
        "",
    ]
    for number in range(errands):
        effects = ", ".join(f"{axis} {dice.choice('+-')}{dice.randint(0, 2)}" for axis in axes)
        lines += [f"- **Errand {number}** `{dice.choice(STANCES)}, {effects}` → [x](#hub)"]
        lines += ["", "  Done.", ""]
    lines += [
        "- **Out** `open` → [x](#ending-out)",
        "",
        "  Out.",
        "",
        "## Ending: Out",
        "",
        "### Debrief",
        "",
    ]
    return loads("\n".join([*lines, "{fact}`us.15cfr734.13`"]))


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """Time some work by the processor's clock: the machine may be busy with other things."""
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


def main() -> int:
    """Measure, and say so in two lines."""
    facts, small, large = coursefacts.load(), hub(SMALL_HUB), hub(LARGE_HUB)
    ours = min(seconds(lambda: check(small, facts))[0] for _ in range(3))
    naive, judge = seconds(lambda: _judged(compile_case(small)))
    whole, report = seconds(lambda: check(large, facts))
    states, ratio = report.figures["states"], naive / ours
    print(
        f"hub of {SMALL_HUB} errands: checked in {ours:.2f} s, by definition in {naive:.2f} s over "
        f"{len(judge.edges):,} full states, ratio {ratio:.1f} (at least {RATIO:g})"
    )
    print(f"hub of {LARGE_HUB} errands: {states:,} states in {whole:.1f} s ({LARGE:,} in {SECONDS:g} s)")
    return 0 if ratio >= RATIO and whole * LARGE / states <= SECONDS else 1


def _judged(compiled: dict[str, Any]) -> slow.Judge:
    judge = slow.Judge(compiled)
    judge.verdicts()
    return judge


if __name__ == "__main__":
    sys.exit(main())
