"""Every outcome of every module in the table of contents is taught, practised and assessed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from coursebook.outcomes import Module, modules

ROOT = Path(__file__).resolve().parents[2]
FOUND = modules(ROOT)


@pytest.mark.parametrize("module", FOUND, ids=lambda module: module.id)
def test_a_module_has_no_gap(module: Module) -> None:
    assert module.outcomes
    assert module.gaps() == []


def test_the_modules_are_those_of_the_table_of_contents() -> None:
    listed = (ROOT / "book" / "_toc.yml").read_text("utf-8")

    assert FOUND
    assert [module.id for module in FOUND] == sorted(
        {
            path.parent.name
            for path in (ROOT / "book" / "modules").glob("*/index.md")
            if path.parent.name in listed
        },
        key=lambda name: listed.index(f"modules/{name}/"),
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for part in ("book/_toc.yml", "book/modules", "scenarios/cases", "exercises/source"):
        (tmp_path / part).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, tmp_path / part)
        else:
            shutil.copy(ROOT / part, tmp_path / part)
    return tmp_path


def gaps_after(root: Path, file: str, old: str, new: str) -> str:
    path = root / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return "\n".join(gap for module in modules(root) for gap in module.gaps())


def test_an_outcome_without_a_lesson_is_a_gap(copy: Path) -> None:
    said = gaps_after(copy, "book/modules/export-controls/research-exemptions.md", "[E3]", "[E1]")

    assert "export-controls: E3 is not taught; name it in the front matter of a lesson" in said


def test_an_outcome_that_no_question_asks_is_a_gap_and_a_page_that_promises_it_too(copy: Path) -> None:
    said = gaps_after(
        copy, "exercises/source/export-controls/meta.yml", "outcomes: [E3, E4, E5]}", "outcomes: [E3, E4]}"
    )

    assert "export-controls: E5 is not assessed; name it in a question of the exercise's meta.yml" in said
    assert (
        "modules/export-controls/exercise: outcomes E1, E2, E3, E4, E5, but the exercise's questions" in said
    )


def test_an_outcome_that_nobody_defined_is_named(copy: Path) -> None:
    said = gaps_after(copy, "book/modules/export-controls/lab-road-map.md", "[E2, E4]", "[E2, E9]")

    assert "modules/export-controls/lab-road-map names E9, which the opening page does not define" in said


def test_a_module_out_of_the_table_of_contents_is_left_alone(copy: Path) -> None:
    (copy / "book" / "modules" / "unfinished").mkdir()
    (copy / "book" / "modules" / "unfinished" / "index.md").write_text("# Not yet\n", "utf-8")

    assert [module.id for module in modules(copy)] == [module.id for module in FOUND]
