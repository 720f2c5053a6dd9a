"""The house style as far as a program can see it: sizes, prose, paths, what is tracked."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULE_LINES = 400
FUNCTION_LINES = 60


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


CODE = [path for path in tracked("*.py") if not {"tests", "source"} & set(path.relative_to(ROOT).parts)]
PROSE = [path for path in tracked("*.md") if "tests" not in path.relative_to(ROOT).parts]


def test_there_is_something_to_look_at() -> None:
    assert len(CODE) > 30
    assert len(PROSE) > 20


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MODULE_LINES

    long = [
        f"{node.name} ({node.end_lineno - node.lineno + 1} lines)"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > FUNCTION_LINES
    ]
    assert long == []


# A full stop, a space and a capital inside one line: two sentences, unless an abbreviation ends there.
_ABBREVIATIONS = ("Art", "no", "No", "vs", "Dr", "Prof", "Reg", "Sch", "e\\.g", "i\\.e", "Supp")
_TWO_SENTENCES = re.compile(
    r"(?<!\b[A-Z])" + "".join(f"(?<!{word})" for word in _ABBREVIATIONS) + r"[.!?] (?=[A-Z][a-z])"
)


def prose_lines(path: Path) -> list[tuple[int, str]]:
    """Lines of running prose: no code, no front matter, no table, no list of definitions."""
    found, fence, front = [], None, False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if number == 1 and line == "---":
            front = True
        elif front:
            front = line != "---"
        elif fence:
            fence = None if line.strip() == fence else fence
        elif re.match(r"\s*(`{3,}|~{3,})", line):
            fence = re.match(r"\s*(`+|~+)", line).group(1)  # type: ignore[union-attr]
        elif not line.lstrip().startswith(("|", ":::", "#", ">")):
            line = re.sub(r"^\s*(\d+\.|[-*])\s+", "", line)
            found.append((number, re.sub(r"`[^`]*`|\*\*[^*]*\*\*|\"[^\"]*\"|\([^)]*\)", "x", line)))
    return found


@pytest.mark.parametrize("path", PROSE, ids=lambda path: str(path.relative_to(ROOT)))
def test_one_sentence_per_line(path: Path) -> None:
    crowded = [number for number, line in prose_lines(path) if _TWO_SENTENCES.search(line)]

    assert crowded == [], f"two sentences on one line in {path.relative_to(ROOT)}"


def test_no_notebook_no_lock_no_unfinished_mark() -> None:
    everything = tracked()

    assert [path for path in everything if path.suffix == ".ipynb"] == []
    assert [path for path in everything if path.name in {"uv.lock", "package-lock.json", "poetry.lock"}] == []
    unfinished = re.compile(r"\b(" + "TO" + "DO|FIX" + "ME|LOREM IP" + "SUM)\\b")
    marked = [
        str(path.relative_to(ROOT))
        for path in everything
        if path.suffix in {".py", ".md", ".yml", ".js", ".css"} and unfinished.search(path.read_text("utf-8"))
    ]
    assert marked == []


def test_an_extra_is_installed_from_the_clone_and_from_no_index() -> None:
    # Nothing is published under the project's name.
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "autograder").rglob("*.py"))
    assert "pip install -e '.[" in sources and "open-by-default[" not in sources


def test_constraints_hold_versions_and_no_address() -> None:
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines():
        assert re.fullmatch(r"[A-Za-z0-9._\[\]-]+==[^\s;@]+( ; .+)?", line), line
        assert "://" not in line
