"""The page's state machine is Python's: compared in every state of a case and on random walks."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from scenarios.engine import answers, frontend, load
from scenarios.engine.explore import explore
from scenarios.engine.model import Case, Condition, FormLogic
from scenarios.engine.space import Space
from scenarios.engine.state import Machine, State
from scenarios.engine.walks import read as read_walk
from tests.front_page import REAL, SAMPLE_CASE, SAMPLE_FORMS, SAMPLE_QUIZ, served, write_site
from tests.scenarios.kinds import kind_of

ROOT = Path(__file__).resolve().parents[2]
CASES = [
    SAMPLE_CASE,
    ROOT / "tests/scenarios/clocks.md",
    *ROOT.glob("scenarios/cases/*/case.md"),
    *ROOT.glob("tests/sample_course/**/case.md"),
]
FEW_WALKS, MANY_WALKS = 500, 10_000
WALK_ALL = """async (text) => {
  const [logic, walks, whole] = JSON.parse(text);
  const { walk, offered } = await import(new URL('case.js', location.href));
  const tell = (state) => [
    state.scene, state.axes, state.flags, state.clock, state.back, offered(logic, state),
  ];
  return JSON.stringify(walks.map((choices) => walk(logic, choices).slice(whole ? 0 : -1).map(tell)));
}"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("site")
    write_site(folder)
    with served(folder) as address:
        page = chromium.new_page()
        page.goto(f"{address}/case.html")
        yield page
        page.close()


def endings_ahead(space: Space, at: int) -> set[str]:
    """Give the endings within reach of a state."""
    seen, waiting = {at}, [at]
    while waiting:
        for _, after in space.ways(waiting.pop()):
            if after not in seen:
                seen.add(after)
                waiting.append(after)
    return {space.scene(state) for state in seen if space.ended[state]}


def conditions(machine: Machine) -> list[Condition]:
    choices = [choice for scene in machine.logic.scenes for choice in scene.choices]
    clock = machine.logic.clock
    unless = [deadline.unless for deadline in (clock.deadlines if clock else ())]
    return [each for each in (*unless, *(choice.when for choice in choices)) if each is not None]


def random_walk(machine: Machine, dice: random.Random) -> list[int]:
    state, choices = machine.start, []
    while not machine.ended(state):
        choices.append(dice.choice(machine.offered(state)))
        state = machine.take(state, choices[-1])
    return choices


def by_python(machine: Machine, choices: Sequence[int]) -> list[Any]:
    states = [machine.start]
    for number in choices:
        states.append(machine.take(states[-1], number))
    return [tell(machine, state) for state in states]


def tell(machine: Machine, state: State) -> list[Any]:
    values = machine.values(state)
    axes = {name: values[name] for name in machine.logic.axes}
    flags = {name: values[name] for name in machine.bit}
    back = machine.logic.scenes[state.back].id if state.back >= 0 else None
    return [machine.scene(state), axes, flags, state.clock, back, machine.offered(state)]


def by_script(page: Page, logic: Any, walks: list[list[int]], whole: bool) -> list[Any]:
    # As text: handing over each number by itself takes a minute.
    return json.loads(page.evaluate(WALK_ALL, json.dumps([logic, walks, whole])))


ONLY_CASES = [path for path in CASES if kind_of(path) == "case"]
per_case = pytest.mark.parametrize("path", ONLY_CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")


def agree(page: Page, case: Case, walks: list[list[int]], whole: bool = True) -> None:
    """Hold the script against Python on some walks: at each step, or at the last alone."""
    machine, logic = Machine(case.logic), case.logic.plain()
    for choices, told in zip(walks, by_script(page, logic, walks, whole), strict=True):
        expected = by_python(machine, choices)
        assert told == (expected if whole else expected[-1:]), choices


def written_walks(case: Case) -> list[list[int]]:
    """The walks that the author has written down beside the case."""
    files = sorted((ROOT / "scenarios/cases" / case.id / "walks").glob("*.txt"))
    return [[int(str(step.answer)) for step in read_walk(file).steps] for file in files]


@per_case
def test_script_and_python_agree(page: Page, path: Path) -> None:
    case = load(path)
    machine, dice = Machine(case.logic), random.Random(20261122)
    agree(page, case, [random_walk(machine, dice) for _ in range(FEW_WALKS)] + written_walks(case))


@pytest.mark.proof
@per_case
def test_script_and_python_agree_everywhere(page: Page, path: Path) -> None:
    """In every state of the case, and at every step of ten thousand random walks."""
    case = load(path)
    machine, dice = Machine(case.logic), random.Random(20261125)
    agree(page, case, [random_walk(machine, dice) for _ in range(MANY_WALKS)])
    # One walk to each state of the checker, which tells states apart as far as something ahead does.
    space = explore(case)
    agree(page, case, [space.walk(at) for at in range(len(space))], whole=False)


def within_reach(page: Page, case: Case, walks: list[list[int]]) -> list[list[str]]:
    """What the script sees ahead at the end of some walks, when it has all the time."""
    told = page.evaluate(
        """async (text) => {
          const [logic, walks] = JSON.parse(text);
          const { walk, scout } = await import(new URL('case.js', location.href));
          return JSON.stringify(walks.map((choices) => {
            const view = scout(logic, walk(logic, choices).at(-1));
            while (!view.step(5)) continue;
            return view.endings();
          }));
        }""",
        json.dumps([case.logic.plain(), walks]),
    )
    seen: list[list[str]] = json.loads(told)
    return seen


@pytest.mark.parametrize("path", CASES[:2], ids=lambda path: path.stem)
def test_script_sees_the_endings_ahead(page: Page, path: Path) -> None:
    looks_ahead(page, load(path))


@pytest.mark.proof
@per_case
def test_script_sees_the_endings_ahead_in_every_case(page: Page, path: Path) -> None:
    looks_ahead(page, load(path))


def looks_ahead(page: Page, case: Case) -> None:
    space, dice = explore(case), random.Random(20261125)
    some = dice.sample(range(len(space)), min(40, len(space)))
    walks = [space.walk(at) for at in some]
    for at, walk, told in zip(some, walks, within_reach(page, case, walks), strict=True):
        assert set(told) == endings_ahead(space, at), walk


def test_sample_meets_every_rule() -> None:
    """The comparison is worth something only where the rules are used."""
    logic = load(SAMPLE_CASE).logic
    choices = [choice for scene in logic.scenes for choice in scene.choices]
    machine = Machine(logic)
    dice = random.Random(1)
    last = [end_of(machine, random_walk(machine, dice)) for _ in range(200)]
    ends = {machine.scene(state) for state in last}
    assert logic.clock is not None
    assert any(choice.once for choice in choices) and any(not choice.once for choice in choices)
    assert any(choice.set for choice in choices) and any(choice.clear for choice in choices)
    assert any(choice.when for choice in choices)
    assert {machine.values(state)["late"] for state in last} == {0, 1}
    assert ends == {scene.id for scene in logic.scenes if scene.ending}


def end_of(machine: Machine, choices: Sequence[int]) -> State:
    state = machine.start
    for number in choices:
        state = machine.take(state, number)
    return state


QUIZZES = [path for path in [SAMPLE_QUIZ, SAMPLE_FORMS, *REAL] if kind_of(path) == "quiz"]


@pytest.mark.parametrize("path", QUIZZES, ids=lambda path: path.parent.name)
def test_script_marks_every_possible_answer_as_python_does(page: Page, path: Path) -> None:
    forms = [(item, form) for item in load(path).logic.items for form in item.forms]
    asked = [[form.plain(), [plain_answer(each) for each in possible(form)]] for _, form in forms]
    told = page.evaluate(
        """async (asked) => {
          const { right } = await import(new URL('case.js', location.href));
          return asked.map(([form, given]) => given.map((answer) => right(form, answer)));
        }""",
        asked,
    )
    for (item, form), marked in zip(forms, told, strict=True):
        assert marked == [answers.right(form, each) for each in possible(form)], item.id
        assert answers.right(form, answers.key(form))
        assert form.asks != "choice" or sum(marked) == 1


def possible(form: FormLogic) -> list[answers.Answer]:
    """Every answer to a form in which something is chosen, and many to one in which something is typed."""
    if form.asks != "choice":
        return TYPED + [each for option in form.typed for each in option]
    numbers = range(1, form.options + 1)
    sizes = numbers if form.multiple else [1]
    several = [some for size in sizes for some in itertools.combinations(numbers, size)]
    return list(several) if form.multiple else [some[0] for some in several]


def plain_answer(answer: answers.Answer) -> int | str | list[int]:
    return list(answer) if isinstance(answer, tuple) else answer


TYPED: list[answers.Answer] = [
    *(
        "17",
        " 17 kg",
        "17kg.",
        "17 KG",
        "17 kgs",
        "17 lb",
        "16,5",
        "1,234",
        "1.234",
        "1 700",
        "1\u202f7",
        "-17",
    ),
    *("\u221217", "+17", "17.0000", "\uff11\uff17", "\u0661\u0667", "1e1", "0x11", "", ".", "17.", ".5"),
    *("4.8 %", "4.8 percent", "4.8 Per Cent", "Friday", " the  FRIDAY!", "fri.", "\uff26riday", "on-Friday"),
    *(
        "Fri\u00addy",
        "stra\u00dfe",
        "STRASSE",
        "\u0130stanbul",
        "caf\u00e9",
        "cafe\u0301",
        "\u4e00",
        "\u2167",
    ),
    *("an apple", "Another", "THE", "\x1cFriday\x1f", "\ufeffFriday", "x\u0387y", "\u03a3\u03a3", "\u00b2"),
    *("\u0e33", "\U0001d7d9", "a" * 81),
]


def test_script_reads_what_is_typed_and_draws_forms_as_python_does(page: Page) -> None:
    """Words made normal, numbers with and without units, and the form that a seed draws at each try."""
    texts = [*map(str, TYPED), *(chr(code) for code in range(0x20, 0x800, 3))]
    items = load(SAMPLE_FORMS).logic.items
    draws = [
        (item, f"{seed * 7919:08x}", tries) for item in items for seed in range(40) for tries in (0, 1, 2)
    ]
    told = page.evaluate(
        """async ([texts, draws]) => {
          const { normalWords, readNumber, drawnForm } = await import(new URL('case.js', location.href));
          const numbers = (unit) => texts.map((text) => readNumber(text, unit));
          return [texts.map(normalWords), ["kg", "%", ""].map(numbers),
            draws.map(([item, seed, tries]) => drawnForm(item, seed, tries))];
        }""",
        [texts, [[item.plain(), seed, tries] for item, seed, tries in draws]],
    )
    assert told[0] == [answers.normal(text) for text in texts]
    assert told[1] == [[answers.number(text, unit) for text in texts] for unit in ("kg", "%", "")]
    assert told[2] == [answers.drawn(*draw) for draw in draws]
    assert {tuple(told[2][at : at + 3]) for at in range(0, len(draws), 3)} == {(1, 2, 1), (2, 1, 2)}


def test_sources_load_as_they_are_and_are_the_joined_script(page: Page) -> None:
    names = sorted(file.name for file in frontend.ASSETS.glob("*.js"))
    apart, joined = page.evaluate(
        """async (names) => {
          const at = (name) => import(new URL(name, location.href));
          const apart = await Promise.all(names.map((name) => at(`front/${name}`)));
          const joined = await Promise.all(["case.js", "review.js", "prompt.js"].map(at));
          const exported = (all) => [...new Set(all.flatMap((one) => Object.keys(one)))].sort();
          return [exported(apart), exported(joined)];
        }""",
        names,
    )
    assert apart == joined
    assert {"walk", "scout", "parse", "enrol", "enhance"} <= set(joined)


def test_script_refuses_what_is_not_offered(page: Page) -> None:
    logic = load(SAMPLE_CASE).logic.plain()
    refused = page.evaluate(
        """async ([logic, walks]) => {
          const { walk } = await import(new URL('case.js', location.href));
          const name = (choices) => { try { walk(logic, choices); } catch (error) { return error.name; } };
          return walks.map(name);
        }""",
        [logic, [[4], [1, 1], [0], [-1], [9], [1.5], [5, 1], [2, 4, 1]]],
    )
    # The last asks at the counter for what only those who asked the office may say.
    assert refused == ["RangeError"] * 8
