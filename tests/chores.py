"""What `make check`, `make test`, `make proof` and `make bench` run, once the environment stands."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FAST = "not slow and not browser and not proof"
NO_TESTS_FOUND = 5  # pytest's exit code
READING = {
    "style": ["-m", "ruff", "check"],
    "format": ["-m", "ruff", "format", "--check"],
    "types": ["-m", "mypy"],
    "imports": ["-c", "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"],
}


def pytest(mark: str, rest: list[str]) -> list[str]:
    """Write the words that run the tests of a mark, two at a time."""
    return ["-m", "pytest", "-q", "-m", mark, "-n", "2", "--dist", "worksteal", *rest]


def shown(words: list[str]) -> int:
    """Run Python with its output shown as it comes."""
    return subprocess.call([sys.executable, *words], cwd=ROOT)


def together(jobs: dict[str, list[str]]) -> int:
    """Run jobs side by side; print one line for each, and the whole output of those that failed."""

    def one(name: str) -> int:
        done = subprocess.run([sys.executable, *jobs[name]], cwd=ROOT, text=True, stdout=-1, stderr=-2)
        lines = done.stdout.rstrip().splitlines() or [""]
        failed = "\n".join(["failed", *lines])
        print(f"{name:8}", lines[-1] if done.returncode == 0 else failed, flush=True)
        return done.returncode

    with ThreadPoolExecutor() as pool:
        return 1 if any(list(pool.map(one, jobs))) else 0


def bench() -> int:
    """Run every benchmark; each says what it measured and fails by its own ratio."""
    return max([shown([str(path)]) for path in sorted(ROOT.glob("tests/benchmarks/bench_*.py"))] or [0])


def main(chore: str, rest: list[str]) -> int:
    """Do one chore; 0 when all of it is good."""
    if chore == "check":
        return together({"tests": pytest(FAST, rest), **READING})
    if chore == "test":
        read = together(READING)
        return shown(pytest("not proof", rest)) or read
    if chore == "proof":
        code = shown(pytest("proof", rest))
        return 0 if code == NO_TESTS_FOUND else code
    return bench()


if __name__ == "__main__":
    # Each of the two workers has a core to itself: numerical libraries must not start more threads.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main(sys.argv[1], sys.argv[2:]))
