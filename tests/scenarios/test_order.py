"""Choices stand in the order of a seed: the same in Python and in the page, and kept in the transcript."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect

from scenarios.engine import load, order, transcript
from scenarios.engine.cli import main
from scenarios.engine.replay import replay
from scenarios.engine.state import Machine
from tests.front_page import SAMPLE_CASE, SAMPLE_QUIZ, served, write_site

COURSE = Path(__file__).resolve().parents[1] / "sample_course/scenarios/cases"
SEEDS = ["00000000", "0badcafe", "12345678", "ffffffff"]


def test_without_a_seed_the_written_order_stands():
    assert order.shown([1, 2, 4], None, "the-desk") == [1, 2, 4]


def test_every_place_is_as_likely_as_every_other():
    first = Counter(order.shown(range(1, 5), f"{seed:08x}", "the-desk")[0] for seed in range(4_000))
    last = Counter(order.shown(range(1, 5), f"{seed:08x}", "the-desk")[-1] for seed in range(4_000))
    assert all(850 < count[number] < 1_150 for count in (first, last) for number in range(1, 5))
    assert len({tuple(order.shown(range(1, 5), f"{seed:08x}", "x")) for seed in range(500)}) == 24


def test_a_drawn_seed_is_one_that_a_transcript_takes():
    assert order.SEED.fullmatch(order.draw())


def test_the_terminal_shows_the_order_of_the_seed_and_keeps_the_numbers_of_the_file(tmp_path):
    """Whoever types the place of a label has chosen that label, and replay knows it."""
    case = load(COURSE / "borrowed-login")
    seed = next(seed for seed in SEEDS if order.shown([1, 2, 3], seed, case.scenes[0].id) != [1, 2, 3])
    place = order.shown([1, 2, 3], seed, case.scenes[0].id).index(3) + 1
    file = tmp_path / "t.json"
    arguments = ["play", "borrowed-login", "--cases", str(COURSE), "--seed", seed, "--save", str(file)]
    shown = CliRunner().invoke(main, arguments, input=f"{place}\nq\n")
    assert shown.exit_code == 0, shown.output
    assert f"{place}. {case.scenes[0].choices[2].label}"[:40] in shown.output
    made = json.loads(file.read_text(encoding="utf-8"))
    assert (made["seed"], made["choices"]) == (seed, [3])
    read = transcript.read(file)
    assert read.seed == seed and replay(read, case)["valid"]


@pytest.mark.parametrize("seed", ["", "123", "0BADCAFE", 7, ["0badcafe"]])
def test_a_seed_that_is_none_is_refused(seed):
    made = transcript.make(load(SAMPLE_CASE), [], transcript.now(), None) | {"seed": seed}
    with pytest.raises(Exception, match="'seed' is malformed"):
        transcript.parse(json.dumps(made))


def test_figures_are_told_at_the_end_alone_unless_the_case_says_otherwise(tmp_path):
    text = (COURSE / "borrowed-login/case.md").read_text(encoding="utf-8")
    for scores, told in (("end", False), ("always", True)):
        folder = tmp_path / scores / "borrowed-login"
        folder.mkdir(parents=True)
        (folder / "case.md").write_text(text.replace("best: ", f"scores: {scores}\nbest: "), encoding="utf-8")
        shown = CliRunner().invoke(main, ["play", str(folder)], input="3\n1\n3\n1\n1\n")
        before, _, after = shown.output.rpartition("Debrief")
        assert ("Security +1" in before) is told
        assert "Security +1" in after and "Clock 2 of 12 h" in before


@pytest.fixture(scope="module")
def page(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("site")
    write_site(folder)
    with served(folder) as address:
        page = chromium.new_page()
        page.goto(f"{address}/case.html")
        yield page
        page.close()


@pytest.mark.browser
def test_the_page_draws_the_order_that_python_draws(page):
    """Hundreds of seeds, at places with letters of other alphabets too."""
    asked = [[[1, 2, 3, 4, 5][:count], f"{seed * 7919:08x}", place]
             for seed in range(100) for count in (2, 4, 5) for place in ("the-desk", "größe-ψ")]  # fmt: skip
    drawn = page.evaluate(
        """async (asked) => {
          const { shownOrder } = await import(new URL('case.js', location.href));
          return asked.map(([numbers, seed, place]) => shownOrder(numbers, seed, place));
        }""",
        asked,
    )
    assert drawn == [order.shown(*each) for each in asked]


@pytest.mark.browser
@pytest.mark.parametrize("path", [SAMPLE_CASE, SAMPLE_QUIZ], ids=["case", "quiz"])
def test_a_learner_meets_the_order_of_the_seed_which_stays_after_a_reload(page, path):
    case = load(path)
    first = case.scenes[0]
    name = "case.html" if case.kind == "case" else "quiz.html"
    choices, place = first.choices, first.id
    if case.kind == "quiz":
        choices, place = first.forms[0].choices, f"{first.id}#1"
    offered = list(range(1, len(choices) + 1))
    if case.kind == "case":
        machine = Machine(case.logic)
        offered = machine.offered(machine.start)
    seed = next(seed for seed in SEEDS if order.shown(offered, seed, place)[0] != 1)
    kept = {"schema": "progress/1", "case": case.id, "case_digest": case.digest, "choices": [],
            "started": None, "finished": None, "seed": seed}  # fmt: skip
    page.goto(page.url.rpartition("/")[0] + f"/{name}")
    page.evaluate(
        "([key, text]) => localStorage.setItem(key, text)", [f"open-by-default:{case.id}", json.dumps(kept)]
    )
    for _ in range(2):
        page.reload()
        asked = f'[data-case="{case.id}"] [data-scene="{first.id}"] '
        shown = page.locator(asked + (".case-choice" if case.kind == "case" else ".case-option"))
        number = order.shown(offered, seed, place)[0]
        expect(shown.first).to_have_text(choices[number - 1].label.replace("*", ""))
    page.evaluate("localStorage.clear()")
