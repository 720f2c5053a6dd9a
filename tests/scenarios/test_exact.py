"""The checker's numbers against the enumeration of every walk, by a second and slower way of playing."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.engine import loads, numbers
from scenarios.engine.compile import compile_case, read_case
from scenarios.engine.conditions import Vocabulary, both, holds, negate, parse
from scenarios.engine.explore import explore
from scenarios.engine.fronts import at_least, backward, pareto

COMPARE = {
    "<=": int.__le__,
    ">=": int.__ge__,
    "<": int.__lt__,
    ">": int.__gt__,
    "=": int.__eq__,
    "!=": int.__ne__,
}


def met(condition, values):
    return condition is None or any(
        all(COMPARE[sign](values[name], value) for name, sign, value in conj) for conj in condition
    )


class Naive:
    """Plays compiled JSON with plain dictionaries, as another language would."""

    def __init__(self, compiled):
        self.logic = compiled["logic"]
        self.deadlines = self.logic["clock"]["deadlines"] if self.logic["clock"] else []
        self.scenes = {scene["id"]: scene for scene in self.logic["scenes"]}

    def start(self):
        names = [*self.logic["axes"], *self.logic["flags"], "clock"]
        names += [deadline["name"] for deadline in self.deadlines]
        return self.logic["start"], dict.fromkeys(names, 0), frozenset(), None

    def offered(self, state):
        scene, values, taken, back = state
        for number, choice in enumerate(self.scenes[scene]["choices"], 1):
            there = choice["to"] is not None or back is not None
            if met(choice["if"], values) and there and (scene, number) not in taken:
                yield number

    def take(self, state, number):
        scene, values, taken, back = state
        choice = self.scenes[scene]["choices"][number - 1]
        values = dict(values)
        for axis, change in choice["effects"].items():
            values[axis] += change
        values["clock"] += choice["takes"]
        values |= dict.fromkeys(choice["set"], 1) | dict.fromkeys(choice["clear"], 0)
        if choice["once"]:
            taken = taken | {(scene, number)}
        target, back = (choice["to"], back) if choice["to"] is not None else (back, None)
        missed = [
            deadline
            for deadline in (self.deadlines if choice["takes"] else [])
            if values["clock"] > deadline["at"] and not values[deadline["name"]]
            if deadline["unless"] is None or not met(deadline["unless"], values)
        ]
        values |= {deadline["name"]: 1 for deadline in missed}
        sent = [deadline["to"] for deadline in missed if deadline["to"] is not None]
        if sent and not self.scenes[target]["ending"]:
            target, back = sent[-1], target
        return target, values, taken, back

    def walks(self, limit=60_000):
        """Every walk to an ending: choices, last state, probability; None when there are too many."""
        found, waiting = [], [((), self.start(), Fraction(1))]
        while waiting:
            choices, state, chance = waiting.pop()
            if self.scenes[state[0]]["ending"]:
                found.append((choices, state, chance))
                continue
            offered = list(self.offered(state))
            assert offered, "stuck"
            for number in offered:
                waiting.append(((*choices, number), self.take(state, number), chance / len(offered)))
            if len(found) + len(waiting) > limit:
                return None
        return found


def random_case(seed):
    """Write a random case: layers of scenes, a hub with errands, flags, a clock, conditions of all kinds."""
    rng = random.Random(seed)
    layers, errands = rng.randint(2, 4), rng.randint(0, 3)
    axes = ["security", "openness", "duty"][: rng.randint(1, 3)]

    def marks(*more):
        items = [f"{axis} {rng.choice('+-')}{rng.randint(0, 2)}" for axis in axes if rng.random() < 0.7]
        items += [f"takes {rng.randint(1, 3)} h"] if rng.random() < 0.4 else []
        items += [f"{rng.choice(['set', 'clear'])} {rng.choice('ab')}"] if rng.random() < 0.4 else []
        return " ".join(f"`{item}`" for item in (*items, *more))

    def condition():
        terms = ["a", "not b", "late", f"{axes[0]} >= {rng.randint(-1, 2)}", f"clock < {rng.randint(1, 5)}"]
        return "if " + rng.choice([" and ", " or "]).join(rng.sample(terms, rng.randint(1, 2)))

    lines = ["---", "schema: case/1", "id: random", "title: Random", "module: sample", "minutes: [1, 9]"]
    lines += ["outcomes: [E1]", "best: ending-good", "flags: {a: it is a, b: it is b}"]
    lines += [f"clock: {{unit: h, deadline: {rng.randint(1, 6)}, late: overdue}}"]
    lines += ["axes: {" + ", ".join(f"{axis}: {{from: -9, to: 9}}" for axis in axes) + "}", "---"]
    for layer in range(layers):
        after = f"layer-{layer + 1}" if layer + 1 < layers else "hub"
        lines += [f"## Layer {layer}", "", "Text.", ""]
        for number in range(rng.randint(2, 3)):
            extra = [condition()] if number and rng.random() < 0.5 else []
            lines += [f"- **Go {number}** {marks(*extra)} → [x](#{after})", "", "  Said.", ""]
    lines += ["## Hub", "", "Text.", ""]
    for number in range(errands):
        lines += [f"- **Errand {number}** {marks()} → [x](#hub)", "", "  Done.", ""]
    lines += ["- **On** `again` → [x](#last)", "", "  Said.", ""]
    lines += ["## Overdue", "", "- **Sorry** `again` → [x](#last)", "", "  Said.", ""]
    lines += ["## Last", "", "Text.", "", f"- **One** `{condition()}` → [x](#ending-good)", "", "  Said.", ""]
    lines += ["- **Two** `else` → [x](#ending-bad)", "", "  Said.", ""]
    for ending in ("Good", "Bad"):
        lines += [f"## Ending: {ending}", "", "Text.", "", "### Debrief", "", "Text.", ""]
    return loads("\n".join(lines))


@pytest.mark.parametrize("seed", range(25))
def test_figures_agree_with_the_enumeration_of_every_walk(seed):
    agree(seed)


@pytest.mark.proof
@pytest.mark.parametrize("block", range(10))
def test_figures_agree_with_the_enumeration_for_a_thousand_cases(block):
    for seed in range(1000 + 100 * block, 1100 + 100 * block):
        agree(seed)


def agree(seed):
    case = random_case(seed)
    walks = Naive(compile_case(case)).walks()
    if walks is None:
        return
    # Twice: from the text, and read back from its JSON.
    for version in (case, read_case(compile_case(case))):
        space = explore(version)
        ordered, cycle = numbers.order(space)
        assert not cycle
        ranges, paths = numbers.ranges(space, ordered), numbers.paths(space, ordered)
        chances = numbers.chances(space, ordered)
        for ending in case.endings:
            states = [at for at in range(len(space.states)) if space.scene(at) == ending]
            mine = [(state[1], chance) for _, state, chance in walks if state[0] == ending]
            assert sum(paths[at] for at in states) == len(mine)
            assert sum((chances[at] for at in states), Fraction(0)) == sum((c for _, c in mine), Fraction(0))
            for index, axis in enumerate(case.logic.axes):
                if mine:
                    values = [each[axis] for each, _ in mine]
                    assert min(ranges[at].low[index] for at in states) == min(values)
                    assert max(ranges[at].high[index] for at in states) == max(values)


@pytest.mark.parametrize("seed", range(100, 115))
def test_the_front_at_the_start_is_the_front_of_all_walks(seed):
    case = random_case(seed)
    walks = Naive(compile_case(case)).walks()
    if walks is None:
        return
    space = explore(case)
    ordered, _ = numbers.order(space)
    ends = {tuple(state[1][axis] for axis in case.logic.axes) for _, state, _ in walks}
    assert set(backward(space, ordered)[0]) == set(pareto(ends))


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3), st.integers(-3, 3)), max_size=12))
def test_a_front_is_what_nothing_outdoes(vectors):
    kept = set(pareto(vectors))
    best = {v for v in vectors if not any(at_least(w, v) and w != v for w in vectors)}
    assert kept == best


TERMS = st.sampled_from(["a", "not a", "b", "not b", "x >= 1", "x < 2", "x = 0", "clock <= 1", "late"])
CONDITIONS = st.lists(st.lists(TERMS, min_size=1, max_size=3), min_size=1, max_size=3)
WORDS = Vocabulary(("x",), ("a", "b"), clock=True)


def read_terms(terms):
    return parse(" or ".join(" and ".join(conj) for conj in terms), WORDS)


@given(CONDITIONS, CONDITIONS)
def test_negation_and_conjunction_are_exact(first, second):
    one, other = read_terms(first), read_terms(second)
    denied, joined = negate(one, WORDS.truths), both(one, other)
    for bits in range(8):
        for x in range(-1, 4):
            for clock in range(3):
                values = {"a": bits & 1, "b": bits >> 1 & 1, "late": bits >> 2, "x": x, "clock": clock}
                assert holds(denied, values) is not holds(one, values)
                assert holds(joined, values) is (holds(one, values) and holds(other, values))


@pytest.mark.parametrize("text", ["x ≥ 1", "x >= 1", "x>=1", "  x  >=  1 "])
def test_a_comparison_reads_alike_however_it_is_typed(text):
    assert parse(text, WORDS) == ((("x", ">=", 1),),)
