"""One order and one sum of minutes: what a page tells is what `_toc.yml` and the front matter say."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from coursebook import plan
from coursebook.plan import hours, number
from coursebook.sidebar import folded
from coursebook.way import order_fault
from coursefacts import InputFault

ROOT = Path(__file__).resolve().parents[2]
PLAN = plan.read(ROOT)


@pytest.mark.parametrize(
    ("minutes", "says"),
    [
        (20, "20 minutes"),
        (60, "1 hour"),
        (75, "1½ hours"),
        (95, "1½ hours"),
        (228, "4 hours"),
        (267, "4½ hours"),
    ],
)
def test_a_time_is_told_as_people_plan_it(minutes: int, says: str) -> None:
    assert hours(minutes) == says


def test_a_module_is_its_pages_in_the_order_of_the_table_of_contents() -> None:
    toc = (ROOT / "book" / "_toc.yml").read_text("utf-8")
    listed = re.findall(r"file: (modules/\S+)", toc)

    assert [part.page for part in PLAN.parts()] == listed
    assert all(part.minutes for part in PLAN.parts()), "each part says how long it takes"
    assert [module.parts[0].kind for module in PLAN.modules] == ["opening"] * len(PLAN.modules)
    assert [module.parts[-1].kind for module in PLAN.modules] == ["checklist"] * len(PLAN.modules)


@pytest.mark.parametrize("module", PLAN.modules, ids=lambda module: module.id)
def test_the_opening_names_every_part_in_the_order_in_which_one_reads_on(module: plan.PlannedModule) -> None:
    text = (ROOT / "book" / f"{module.parts[0].page}.md").read_text("utf-8")
    way = text.partition("```{way-through}\n")[2].partition("\n```")[0]
    home = module.parts[0].page.rpartition("/")[0]
    named = [f"{home}/{name}" for name in re.findall(r"\]\(([\w-]+)\.md\)", way)]

    assert order_fault(named, [part.page for part in module.parts[1:]]) == ""


def test_cases_quizzes_and_exercises_are_known_by_the_item_that_they_show() -> None:
    kinds = {part.item: part.kind for part in PLAN.parts() if part.item}

    assert kinds["visitor-and-chip"] == "case" and kinds["export-controls-quiz"] == "quiz"
    assert kinds["incidents"] == "exercise"
    assert {part.kind for part in PLAN.parts() if not part.item} == {"opening", "lesson", "lab", "checklist"}


def test_the_hours_that_prose_names_are_those_of_the_parts() -> None:
    whole = round(sum(module.minutes for module in PLAN.modules) / 60)
    words = {16: "sixteen", 17: "seventeen", 18: "eighteen"}

    assert f"about {words[whole]} hours" in (ROOT / "README.md").read_text("utf-8")
    assert {round(module.minutes / 60) for module in PLAN.modules} == {4}
    assert "about four hours each" in (ROOT / "book/guides/instructor.md").read_text("utf-8")


def test_an_order_that_differs_is_named_by_its_first_link() -> None:
    assert order_fault(["a", "b"], ["a", "b"]) == ""
    assert "does not name b" in order_fault(["a"], ["a", "b"])
    assert "link 1" in order_fault(["b", "a"], ["a", "b"]) and "but a comes next" in order_fault(
        ["b", "a"], ["a", "b"]
    )
    assert "names a once more" in order_fault(["a", "b", "a"], ["a", "b"])


def test_a_page_that_is_not_there_is_a_fault_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    shutil.copy(ROOT / "book" / "_toc.yml", tmp_path / "book")
    with pytest.raises(InputFault, match="no page 'modules/classification/index'"):
        plan.read(tmp_path)


def test_small_numbers_are_words() -> None:
    assert [number(0), number(4), number(12)] == ["no", "four", "12"]


TREE = (
    '<p class="caption"><span>Modules</span></p><ul>\n'
    '<li class="toctree-l1"><a class="r" href="a">A</a><ul>\n'
    '<li class="toctree-l2"><a class="r" href="a1">A1</a></li>\n</ul>\n</li>\n'
    '<li class="toctree-l1 current"><a class="r" href="b">B</a><ul class="current">\n'
    '<li class="toctree-l2 current"><a class="r" href="b1">B1</a><ul>\n'
    '<li class="toctree-l3"><a class="r" href="b2">B2</a></li>\n</ul>\n</li>\n</ul>\n</li>\n</ul>\n'
)


def test_the_contents_fold_and_the_branch_of_this_page_is_open() -> None:
    html = folded(TREE)

    assert re.sub(r"</?(details|summary|span)[^>]*>|Pages of \w+", "", html.replace(" parent", "")) == re.sub(
        r'</?span[^>]*>|(?<=<ul) class="current"', "", TREE
    ).replace("</a><ul", "</a><ul")
    assert html.count("<details>") == 1 and html.count("<details open>") == 2
    assert html.count("<details") == html.count("</details>") == html.count("<summary>") == 3
    assert 'href="a">A</a><details><summary><span class="visually-hidden">Pages of A</span>' in html
