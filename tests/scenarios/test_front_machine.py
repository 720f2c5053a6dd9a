"""The page's state machine is Python's: compared in every state of a case and on random walks."""

from __future__ import annotations

import json
import random
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from scenarios.engine import load
from scenarios.engine.model import Case, Condition
from scenarios.engine.state import Machine, State
from tests.front_page import SAMPLE_CASE, served, write_site

ROOT = Path(__file__).resolve().parents[2]
CASES = [
    SAMPLE_CASE,
    ROOT / "tests/scenarios/clocks.md",
    *ROOT.glob("scenarios/cases/*/case.md"),
    *ROOT.glob("tests/sample_course/**/case.md"),
]
RANDOM_WALKS = 3_000
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


def every_state(machine: Machine) -> list[list[int]]:
    """Give one walk to each state; axes only add up, so they tell states apart only where they are read."""
    read = {name for condition in conditions(machine) for terms in condition for name, _, _ in terms}
    axes_read = bool(read & set(machine.logic.axes))

    def kept(state: State) -> State:
        return state if axes_read else state._replace(axes=())

    walks: dict[State, list[int]] = {kept(machine.start): []}
    waiting = deque([machine.start])
    while waiting:
        state = waiting.popleft()
        for number in machine.offered(state):
            after = machine.take(state, number)
            if kept(after) not in walks:
                walks[kept(after)] = [*walks[kept(state)], number]
                waiting.append(after)
    return list(walks.values())


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


def cases() -> list[Case]:
    return [case for case in map(load, CASES) if case.kind == "case"]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_script_and_python_agree(page: Page, case: Case) -> None:
    machine, logic = Machine(case.logic), case.logic.plain()
    dice = random.Random(20261122)
    walks = [random_walk(machine, dice) for _ in range(RANDOM_WALKS)]
    for choices, told in zip(walks, by_script(page, logic, walks, True), strict=True):
        assert told == by_python(machine, choices), choices
    states = every_state(machine)
    for choices, told in zip(states, by_script(page, logic, states, False), strict=True):
        assert told == [tell(machine, end_of(machine, choices))], choices


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
