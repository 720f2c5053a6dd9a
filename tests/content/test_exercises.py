"""Every exercise: what nothing, everything and each named mistake score, and what its files must hold.

Nothing is listed here. An exercise is a folder of `exercises/source/` with exercise.py, meta.yml and wrong/.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest
from coursefacts import load, yamltext
from courselab import tokens, variants

from tests.content.classroom import (
    SOURCE,
    as_handed_out,
    by_cells,
    by_kernel,
    cells_by_id,
    header_of,
    notebook_of,
    practice_sheet,
    warm,
    with_literals,
)
from tests.courselab.proofs import on_both_cores

EXERCISES = sorted(path.parent.name for path in SOURCE.glob("*/meta.yml"))
WRONG = [(name, path) for name in EXERCISES for path in sorted((SOURCE / name / "wrong").glob("*.py"))]
NEIGHBOUR = "copies_the_neighbour"
LEARNERS = 50
BOOK = SOURCE.parents[1] / "book"
per_exercise = pytest.mark.parametrize("exercise", EXERCISES)


def meta_of(exercise):
    return yamltext.read(SOURCE / exercise / "meta.yml").data


def automatic(exercise):
    meta = meta_of(exercise)
    return meta["points"] - meta["rubric"]["points"]


def total(found):
    return sum(points for points, _ in found.values())


@pytest.fixture(scope="module")
def room():
    with warm() as pool:
        yield lambda *words, **more: pool.submit(by_cells, *words, **more).result()


def reference(exercise, number):
    """For a process of its own: what the reference scores for one random learner."""
    return by_cells(exercise, f"random learner {number}")


def test_there_is_an_exercise_for_each_maker_of_variants():
    assert sorted(variants.EXERCISES) == EXERCISES


@pytest.mark.slow
@per_exercise
def test_what_is_handed_out_scores_nothing_and_does_not_stop(tmp_path, exercise):
    found = by_kernel(as_handed_out(notebook_of(exercise)), exercise, tmp_path, "blank")

    assert total(found) == 0
    assert all(said for _, said in found.values())


@pytest.mark.slow
@per_exercise
def test_the_reference_scores_full(tmp_path, exercise):
    notebook = with_literals(notebook_of(exercise), practice_sheet(exercise, "ada"))

    found = by_kernel(notebook, exercise, tmp_path, "ada")

    assert total(found) == automatic(exercise), found


@pytest.mark.proof
@pytest.mark.timeout(2400)
@per_exercise
def test_the_reference_scores_full_for_many_learners(exercise):
    found = on_both_cores(partial(reference, exercise), LEARNERS)

    assert {n: checks for n, checks in enumerate(found) if total(checks) != automatic(exercise)} == {}


@pytest.mark.slow
@pytest.mark.parametrize(("exercise", "path"), WRONG, ids=[f"{e}-{p.stem}" for e, p in WRONG])
def test_a_wrong_answer_scores_what_it_claims_and_is_told_what_to_think_about(room, exercise, path):
    header = header_of(path)
    assert header["mistake"]

    found = room(exercise, header["token"].removeprefix("practice: "), wrong=path)

    assert total(found) == float(header["expected-score"]), found
    said = [words for points, words in found.values() if words]
    assert all(len(words) > 30 and words.rstrip()[-1] in ".?!" for words in said), said
    assert header.get("says", "") in " ".join(said)


@pytest.mark.slow
@per_exercise
def test_the_token_in_the_notebook_never_decides(room, exercise):
    found = room(exercise, "emmy", typed=tokens.practice(exercise, "a neighbour"))

    assert total(found) == automatic(exercise)


@per_exercise
def test_there_are_at_least_four_named_mistakes_and_copying_earns_little(exercise):
    claims = {path.stem: float(header_of(path)["expected-score"]) for name, path in WRONG if name == exercise}

    assert len(claims) >= 4
    assert claims[NEIGHBOUR] <= automatic(exercise) / 4


@per_exercise
def test_points_add_up_and_about_two_thirds_are_automatic(exercise):
    marks = [c.metadata.nbgrader | {"kind": c.cell_type} for c in cells_by_id(notebook_of(exercise)).values()]
    points = {
        kind: sum(m["points"] for m in marks if m["grade"] and m["kind"] == kind)
        for kind in ("code", "markdown")
    }
    meta = meta_of(exercise)

    assert points == {"code": automatic(exercise), "markdown": meta["rubric"]["points"]}
    assert 20 <= meta["points"] <= 30
    assert 0.6 <= automatic(exercise) / meta["points"] <= 0.75


@per_exercise
def test_the_rubric_adds_up_and_its_samples_are_marked(exercise):
    meta = meta_of(exercise)
    rubric, samples = meta["rubric"], {sample["label"]: sample for sample in meta["samples"]}
    assert sum(part["points"] for part in rubric["parts"]) == rubric["points"]
    for part in rubric["parts"]:
        assert sorted(int(score) for score in part["anchors"]) == list(range(part["points"] + 1))
    for sample in samples.values():
        assert len(sample["marks"]) == len(rubric["parts"]) and sample["text"] and sample["why"]
        assert all(0 <= m <= part["points"] for m, part in zip(sample["marks"], rubric["parts"], strict=True))
    assert sum(samples["good"]["marks"]) >= 0.9 * rubric["points"]
    assert sum(samples["poor"]["marks"]) <= 0.3 * rubric["points"]


@per_exercise
def test_questions_hold_all_points(exercise):
    meta = meta_of(exercise)

    assert sum(question["points"] for question in meta["questions"]) == meta["points"]


@per_exercise
def test_every_fact_of_the_exercise_exists_and_was_seen(exercise):
    facts = load()
    path = SOURCE / exercise / "meta.yml"

    assert [
        fact for fact in meta_of(exercise)["facts"] if facts.get(fact, path=path).confidence != "seen"
    ] == []


@per_exercise
def test_hidden_tests_ask_for_the_examiners_answers(exercise):
    for name, cell in cells_by_id(notebook_of(exercise)).items():
        for hidden in re.findall(r"### BEGIN HIDDEN TESTS(.*?)### END HIDDEN TESTS", cell.source, re.DOTALL):
            assert "ANSWERS" in hidden, name


@per_exercise
def test_the_notebook_leads_back_to_page_rubric_and_labs_and_ends_where_one_asks(exercise):
    cells = [cell.source for cell in notebook_of(exercise).cells if cell.cell_type == "markdown"]
    links = [link for text in cells for link in re.findall(r"\]\(/([^)]*)\)", text)]
    page = f"modules/{exercise}/exercise"
    labs = {path.stem for path in (BOOK / "modules" / exercise).glob("lab-*.md")}

    assert {Path(link).stem for link in links if "/lab-" in link} == labs != set()
    assert {f"{page}.html", f"{page}.html#am-i-right", f"{page}.html#hand-in"} <= set(links)
    for link in links:
        address, _, anchor = link.partition("#")
        text = (BOOK / address).with_suffix(".md").read_text(encoding="utf-8")
        heads = [head.lower().replace(" ", "-") for head in re.findall(r"(?m)^#+ (.+)$", text)]
        # The two steps with a button are written by the card.
        assert not anchor or anchor in ["am-i-right", "hand-in", *heads], link
    assert "Am I right?" in cells[-1] and f"`practice {exercise}`" in cells[-1]
