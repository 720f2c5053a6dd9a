"""How much our build adds to `jupyter-book build` on the unchanged book: at most 1.3 times its time.

Example: make bench
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = [sys.executable, "-m", "coursebook.build"]
BARE = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", "book"]
BARE += ["--config", "_config.yml", "--path-output", ".", "--quiet"]
ROUNDS, MOST = 5, 1.3


def seconds(command: list[str]) -> float:
    """Time one build; a build that fails is not a measurement."""
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> int:
    """Measure both in turn, compare their quickest rounds, and say so in one line."""
    for warm in (OURS, BARE):
        seconds(warm)
    rounds = [(seconds(OURS), seconds(BARE)) for _ in range(ROUNDS)]
    ours, bare = (min(column) for column in zip(*rounds, strict=True))
    ratio = ours / bare
    print(f"unchanged book: {ours:.1f} s, bare jupyter-book {bare:.1f} s, ratio {ratio:.2f} (at most {MOST})")
    return 0 if ratio <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
