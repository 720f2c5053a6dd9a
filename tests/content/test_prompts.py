"""Questions inside lessons: each stands in one lesson, and no other text of the course holds its words."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from scenarios.engine import load
from scenarios.engine.model import Case
from scenarios.engine.plain_text import plain
from scenarios.engine.rules_text import form_texts

ROOT = Path(__file__).resolve().parents[2]
SETS = {case.id: case for path in (ROOT / "scenarios/cases").glob("*/case.md") if (case := load(path)).inline}
PROMPT = re.compile(r"^```\{prompt\} (\S+)", re.MULTILINE)
LESSONS = {
    path: text
    for path in (ROOT / "book/modules").glob("*/*.md")
    if "\n  kind: lesson\n" in (text := path.read_text(encoding="utf-8"))
}
RUN = 8  # words in a row that may not stand elsewhere


def runs(text: str) -> set[tuple[str, ...]]:
    """Give every stretch of so many words."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


def texts(case: Case) -> list[str]:
    """Give what the questions of a set say, without the words of facts."""
    forms = [form for scene in case.scenes for form in scene.forms]
    return [
        plain(re.sub(r"\{fact\}`[^`]+`", "", prose.source)) for form in forms for prose in form_texts(form)
    ]


def test_each_question_stands_in_one_lesson_of_its_module_and_each_lesson_has_two_or_three() -> None:
    placed = {path: PROMPT.findall(text) for path, text in LESSONS.items()}
    assert {path.name for path, found in placed.items() if not 2 <= len(found) <= 3} == set()
    assert all(name.startswith(f"{path.parent.name}-prompts/") for path in placed for name in placed[path])
    counted = Counter(name for found in placed.values() for name in found)
    assert counted == Counter(f"{case.id}/{scene.id}" for case in SETS.values() for scene in case.scenes)


def test_no_question_repeats_a_text_of_the_course() -> None:
    others = [path for path in (ROOT / "scenarios/cases").glob("*/case.md") if path.parent.name not in SETS]
    exercises = ROOT / "exercises/source"
    others += [*LESSONS, *exercises.rglob("*.yml"), *exercises.rglob("*.py")]
    known = set().union(*(runs(path.read_text(encoding="utf-8")) for path in others))
    repeated = {" ".join(run) for case in SETS.values() for text in texts(case) for run in runs(text) & known}
    assert repeated == set()
