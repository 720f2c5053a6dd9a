"""What `make check`, `make test`, `make proof` and `make bench` run, once the environment stands."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FAST = "not slow and not browser and not proof"
NO_TESTS_FOUND = 5  # pytest's exit code
# A third of a worker's time it waits for processes to start, end or answer, so two cores carry three.
WORKERS = 3
READING = {
    "style": ["-m", "ruff", "check"],
    "format": ["-m", "ruff", "format", "--check"],
    "types": ["-m", "mypy"],
    "imports": ["-c", "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"],
}


def pytest(mark: str, rest: list[str], files: list[str]) -> list[str]:
    """Write the words that run the tests of a mark, side by side, what shares a dear set-up together.

    rest: what the command was given; where it names tests of its own, `files` are not added.
    """
    chosen = [] if any(is_test(word) for word in rest) else files
    # Groups and their order are those of tests/grouping.py.
    spread = ["-n", str(WORKERS), "--dist", "loadscope", "--no-loadscope-reorder"]
    return ["-m", "pytest", "-q", "-m", mark, *spread, *rest, *chosen]


def is_test(word: str) -> bool:
    """Tell whether a word names a file, folder or test, and is no option."""
    return not word.startswith("-") and (ROOT / word.partition("::")[0]).exists()


def files(*, proof: bool) -> list[str]:
    """Name the test files that hold proofs, or those that hold anything else; collecting costs minutes."""
    found = sorted(ROOT.glob("tests/**/test_*.py"))
    texts = {path: path.read_text(encoding="utf-8") for path in found}
    wholly = {path for path, text in texts.items() if "\npytestmark" in text and "proof" in marks_of(text)}
    holding = {path for path, text in texts.items() if "mark.proof" in text}
    chosen = holding if proof else {*found} - wholly
    return [str(path.relative_to(ROOT)) for path in found if path in chosen]


def marks_of(text: str) -> str:
    """Give what a module says of all its tests at once."""
    after = text.partition("\npytestmark")[2]
    return after[: after.find("\n\n")]


def shown(words: list[str]) -> int:
    """Run Python with its output shown as it comes."""
    return subprocess.call([sys.executable, *words], cwd=ROOT)


def together(jobs: dict[str, list[str]]) -> list[str]:
    """Run jobs side by side; print a line for each and the output of those that failed; name these."""

    def one(name: str) -> int:
        done = subprocess.run([sys.executable, *jobs[name]], cwd=ROOT, text=True, stdout=-1, stderr=-2)
        lines = done.stdout.rstrip().splitlines() or [""]
        failed = "\n".join(["failed", *lines])
        print(f"{name:8}", lines[-1] if done.returncode == 0 else failed, flush=True)
        return done.returncode

    with ThreadPoolExecutor() as pool:
        return [name for name, code in zip(jobs, pool.map(one, jobs), strict=True) if code]


def say_again(failed: list[str]) -> None:
    """Name at the end what failed long ago, and the command that runs it alone."""
    for name in failed:
        if name in READING:
            print(f"failed: {name} · .venv/bin/python {shlex.join(READING[name])}")


def bench() -> int:
    """Run every benchmark; each says what it measured and fails by its own ratio."""
    return max([shown([str(path)]) for path in sorted(ROOT.glob("tests/benchmarks/bench_*.py"))] or [0])


def main(chore: str, rest: list[str]) -> int:
    """Do one chore; 0 when all of it is good, 2 when the machine cannot do it."""
    sys.path.insert(0, str(ROOT))
    from tests.machine import short_of_space

    if chore in ("test", "proof") and (lack := short_of_space(ROOT)):
        print(f"This machine cannot run the tests: {lack}", file=sys.stderr)
        return 2
    if chore == "check":
        failed = together({"tests": pytest(FAST, rest, files(proof=False)), **READING})
        say_again(failed)
        return 1 if failed else 0
    if chore == "test":
        alone = any(is_test(word) for word in rest)
        failed = [] if alone else together(READING)
        code = shown(pytest("not proof", rest, files(proof=False)))
        say_again(failed)
        return code or (1 if failed else 0)
    if chore == "proof":
        code = shown(pytest("proof", rest, files(proof=True)))
        return 0 if code == NO_TESTS_FOUND else code
    return bench()


if __name__ == "__main__":
    # The workers fill the cores: numerical libraries must not start more threads.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main(sys.argv[1], sys.argv[2:]))
