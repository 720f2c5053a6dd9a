"""The page's state machine is Python's: compared in every state of a case and on random walks."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from scenarios.engine import load
from scenarios.engine.model import Case
from scenarios.engine.state import Machine, State
from tests.front_page import SAMPLE_CASE, served, write_site

ROOT = Path(__file__).resolve().parents[2]
CASES = [SAMPLE_CASE, *ROOT.glob("scenarios/cases/*/case.md"), *ROOT.glob("tests/sample_course/**/case.md")]
RANDOM_WALKS = 3_000
MOST_STATES = 20_000
WALK_ALL = """async ([logic, walks]) => {
  const { walk, offered } = await import(new URL('case.js', location.href));
  return walks.map((choices) => walk(logic, choices).map((state) => [
    state.scene, state.axes, state.flags, state.clock, state.late, state.scene ? offered(logic, state) : [],
  ]));
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
    """Give one walk to each state that can be reached, axes and all."""
    walks: dict[State, list[int]] = {machine.start: []}
    waiting = deque([machine.start])
    while waiting and len(walks) < MOST_STATES:
        state = waiting.popleft()
        for number in machine.offered(state):
            after = machine.take(state, number)
            if after not in walks:
                walks[after] = [*walks[state], number]
                waiting.append(after)
    return list(walks.values())


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
    told = []
    for state in states:
        values = dict(machine.values(state))
        axes = {name: values[name] for name in machine.logic.axes}
        flags = {name: values[name] for name in machine.logic.flags}
        late = values.get("late", 0)
        told.append([machine.scene(state), axes, flags, state.clock, late, machine.offered(state)])
    return told


def cases() -> list[Case]:
    return [case for case in map(load, CASES) if case.kind == "case"]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_script_and_python_agree(page: Page, case: Case) -> None:
    machine = Machine(case.logic)
    dice = random.Random(20261122)
    walks = [*every_state(machine), *(random_walk(machine, dice) for _ in range(RANDOM_WALKS))]
    assert len(walks) > RANDOM_WALKS
    logic = case.logic.plain()
    by_script = page.evaluate(WALK_ALL, [logic, walks])
    for choices, told in zip(walks, by_script, strict=True):
        assert told == by_python(machine, choices), choices


def test_sample_meets_every_rule() -> None:
    """The comparison is worth something only where the rules are used."""
    logic = load(SAMPLE_CASE).logic
    choices = [choice for scene in logic.scenes for choice in scene.choices]
    machine = Machine(logic)
    dice = random.Random(1)
    last = [_end(machine, random_walk(machine, dice)) for _ in range(200)]
    ends = {machine.scene(state) for state in last}
    assert logic.clock is not None
    assert any(choice.once for choice in choices) and any(not choice.once for choice in choices)
    assert any(choice.set for choice in choices) and any(choice.clear for choice in choices)
    assert any(choice.when for choice in choices)
    assert {machine.values(state)["late"] for state in last} == {0, 1}
    assert ends == {scene.id for scene in logic.scenes if scene.ending}


def _end(machine: Machine, choices: Sequence[int]) -> State:
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
